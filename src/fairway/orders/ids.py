"""Client order ids: ours, deterministic, known before anything is sent.

`fw-<account>-<epoch>-<sequence>-<role>`, such as `fw-main-3-1f-s`: epoch counts the starts of the trader and so fences an
older one; epoch and sequence are in base 36. At most 36 characters of letters, digits and `-`, which every venue accepts.
"""

import re
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_FORM = re.compile(r"fw-([a-z0-9]{1,12})-([0-9a-z]{1,6})-([0-9a-z]{1,8})-([estxp])")
ACCOUNT_FORM = re.compile(r"[a-z0-9]{1,12}")


class Role(StrEnum):
    """What an order is for. The letter is the last of its client order id."""

    ENTRY = "e"
    STOP = "s"
    TARGET = "t"
    EXIT = "x"
    PAIR = "p"
    """The pair of a stop and a target; not an order itself."""


KILL_EPOCH = int("kill", 36)
"""Stands where a trader's orders have the number of its start, in the kill command's sales: `fw-main-kill-…-x`."""


class ClientId(Struct, frozen=True):
    account: str
    epoch: int
    sequence: int
    role: Role

    def __str__(self) -> str:
        return f"fw-{self.account}-{_base36(self.epoch)}-{_base36(self.sequence)}-{self.role}"

    @property
    def other_leg(self) -> "ClientId | None":
        """Of a stop its target and of a target its stop, which share a number; None for any other order."""
        others = {Role.STOP: Role.TARGET, Role.TARGET: Role.STOP}
        return replace(self, role=others[self.role]) if self.role in others else None

    @classmethod
    def parse(cls, text: str) -> "ClientId | None":
        """The parts of an id of ours; None for an order that somebody else placed."""
        match = _FORM.fullmatch(text)
        if match is None:
            return None
        return cls(match[1], int(match[2], 36), int(match[3], 36), Role(match[4]))


def _base36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text or "0"
