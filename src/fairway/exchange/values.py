"""Base of the exchange's values, which never change."""

import msgspec


class Value(msgspec.Struct, frozen=True, gc=False):
    """An immutable value. It is fast to make, and holds only numbers, texts and values, so it needs no garbage collector."""
