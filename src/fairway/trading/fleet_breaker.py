"""Decides whether so many accounts of a trader fail that the cause is common, or all have lost what they may."""

from collections.abc import Iterable, Sequence

from fairway.money.amount import Amount
from fairway.risk.breakers import EVERYONE, FAILING_MIN, TOTAL_LOSS, AccountHealth, everyones_trouble
from fairway.risk.codes import short
from fairway.risk.escalation import Level
from fairway.risk.guards.errors import Errors
from fairway.trading.account_state import AccountState
from fairway.trading.totals import Totals
from fairway.trading.venue_requests import AccountsFailing, AllHaveLost


def standing(states: Iterable[AccountState]) -> list[AccountsFailing | AllHaveLost]:
    """What stops any of these accounts because it is everyone's: whoever joins them is stopped alike."""
    caps = [state.limits.caps for state in states]
    failing = next((AccountsFailing(each[EVERYONE].reason) for each in caps if EVERYONE in each), None)
    lost = next((AllHaveLost(each[TOTAL_LOSS].reason) for each in caps if TOTAL_LOSS in each), None)
    return [news for news in (failing, lost) if news is not None]


def trouble_of(states: Sequence[AccountState]) -> str:
    """Why the breaker L3 must trip, as a code, or ""."""
    if sum((Errors.name, "") in state.guards.alarms for state in states) < FAILING_MIN:
        return ""  # asked once a second, and nearly always so
    errors = (AccountHealth(state.config.account, state.guards.alarms.get((Errors.name, ""), Level.NORMAL)) for state in states)
    return everyones_trouble(errors) or ""


class TotalLoss:
    """Watches what all accounts of a trader lose together. One price convinces nobody: it takes a second look at newer ones."""

    def __init__(self, totals: Totals) -> None:
        self._totals = totals
        self._most: Amount | None = None
        self._suspected_at = 0
        self._waits_for_a_price = False
        self._has_told = False
        self.is_due = False
        """Whether some have fallen since all were reckoned, so that nobody waits for the clock. Signals and fills do."""

    def learn(self, states: Iterable[AccountState]) -> None:
        """What all may lose: the least that any of their limits says."""
        self._most = min((limit for state in states if (limit := state.limits.of("").loss_total) is not None), default=None)

    def takes_a_price(self) -> bool:
        """Whether all are to be reckoned anew with the price that has just come: once for each suspicion."""
        waited, self._waits_for_a_price = self._waits_for_a_price, False
        return waited

    def trouble(self, now: int) -> str:
        """Why all must be stopped, as a code, once; or "". Whoever lifts that meanwhile is not overruled."""
        self.is_due = False
        if self._most is None or not self._is_lost(self._most, now):
            return ""
        self._has_told = True
        return f"LOSS_TOTAL: lost={short(self._totals.of_all().lost)} limit={self._most}"

    def _is_lost(self, most: Amount, now: int) -> bool:
        found = self._totals.of_all()
        if found.lost < most.value:
            self._suspected_at, self._has_told = 0, False
            return False
        if self._has_told:
            return False
        if not self._suspected_at:
            self._suspected_at, self._waits_for_a_price = now, True
        return not found.marked_at or found.marked_at > self._suspected_at
