"""Leases as the issuer of a scenario issues them to the trader: for a minute, every twenty seconds."""

from dataclasses import dataclass
from typing import Final

from fairway.journal.commands import IssueLease
from fairway.risk.limits import NO_LIMITS, Limits
from fairway.world.clock import SECOND

LASTS_S: Final = 60
EVERY_S: Final = 20


@dataclass(frozen=True, slots=True)
class LeaseTerms:
    """What the issuer gives at each renewal. is_silent: it gives nothing, and what was given runs out."""

    limits: Limits = NO_LIMITS
    held_back: Limits = NO_LIMITS
    """What it takes back of that for a while."""
    epoch: int = 1
    is_silent: bool = False
    lasts_s: float = LASTS_S

    def lease(self, now: int) -> IssueLease:
        until = now + round(self.lasts_s * SECOND)
        limits = self.limits & self.held_back
        return IssueLease(reason="the play's", epoch=self.epoch, until=until, limits=limits, stage="one")
