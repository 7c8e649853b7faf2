"""What a value of the exchange is: told once, and never changed."""

import msgspec


class Value(msgspec.Struct, frozen=True, gc=False):
    """What is told and never changes. It is made fast, and as it holds numbers, texts and values alone, no garbage collector
    needs to look after it.
    """
