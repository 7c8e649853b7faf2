"""The base of every type that holds a secret: logs replace a value of it without a look at what is inside."""


class Confidential:
    __slots__ = ()
