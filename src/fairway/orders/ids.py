"""Client order ids: ours, known before anything is sent, and never repeated by another life of the journal.

`fw-<account>-<run>-<epoch>-<sequence>-<role>`, such as `fw-main-k3x9q-3-1f-s`. run is random: it is drawn when a journal is
begun and kept in it, so a journal that is begun again, or on another machine, gives other ids. epoch counts the starts of the
trader and so fences an older one of the same run; sequence counts the orders of a start. All three are in base 36.

The widths add up to the 36 characters of letters, digits and `-` that venues accept: account 12, run 5, epoch 4, sequence 7. At
a bound nothing is repeated: the start after EPOCH_MAX draws another run and counts from 1 again, and an id beyond SEQUENCE_MAX
raises OverflowError, which ends that start. Ids without a run, `fw-main-3-1f-s`, are of releases before runs were drawn.
"""

import re
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_FORM = re.compile(r"fw-([a-z0-9]{1,12})-([0-9a-z]{5})-([0-9a-z]{1,4})-([0-9a-z]{1,7})-([estxp])")
_FORM_WITHOUT_RUN = re.compile(r"fw-([a-z0-9]{1,12})()-([0-9a-z]{1,6})-([0-9a-z]{1,8})-([estxp])")
ACCOUNT_FORM = re.compile(r"[a-z0-9]{1,12}")
RUN_DIGITS: Final = 5


class Role(StrEnum):
    """What an order is for. The letter is the last of its client order id."""

    ENTRY = "e"
    STOP = "s"
    TARGET = "t"
    EXIT = "x"
    PAIR = "p"
    """The pair of a stop and a target; not an order itself."""


KILL_EPOCH: Final = int("kill", 36)
"""Stands where a trader's orders have the number of its start, in the kill command's sales: `fw-main-k3x9q-kill-1-x`. Each kill
command draws a run of its own."""
EPOCH_MAX: Final = KILL_EPOCH - 1
"""The highest number of a start within one run: about 957,000."""
SEQUENCE_MAX: Final = 36**7 - 1
"""The highest number of an order within one start: about 78 thousand million."""


class ClientId(Struct, frozen=True):
    """run is "" in ids of releases before runs were drawn."""

    account: str
    epoch: int
    sequence: int
    role: Role
    run: str = ""

    def __str__(self) -> str:
        """Raises OverflowError for a sequence beyond SEQUENCE_MAX."""
        if self.sequence > SEQUENCE_MAX and self.run:
            raise OverflowError(f"an order number of {self.sequence} does not fit into a client id; a new start counts from 1")
        run = f"-{self.run}" if self.run else ""
        return f"fw-{self.account}{run}-{_base36(self.epoch)}-{_base36(self.sequence)}-{self.role}"

    @property
    def other_leg(self) -> "ClientId | None":
        """Of a stop its target and of a target its stop, which share a number; None for any other order."""
        others = {Role.STOP: Role.TARGET, Role.TARGET: Role.STOP}
        return replace(self, role=others[self.role]) if self.role in others else None

    @property
    def is_of_a_kill(self) -> bool:
        """Whether the kill command sent it."""
        return self.epoch == KILL_EPOCH

    @classmethod
    def parse(cls, text: str) -> "ClientId | None":
        """The parts of an id of Fairway's form, of any account; None for any other text."""
        match = _FORM.fullmatch(text) or _FORM_WITHOUT_RUN.fullmatch(text)
        if match is None:
            return None
        account, run, epoch, sequence, role = match.groups()
        return cls(account, int(epoch, 36), int(sequence, 36), Role(role), run)


def _base36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
    return text or "0"
