"""The base of the events of an account in a trader's journal."""

from msgspec import Struct


class AccountEvent(Struct, frozen=True, tag=True, kw_only=True):
    """Base of the events of an account that are not of one order."""
