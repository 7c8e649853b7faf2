"""Decides whether so many accounts of a trader fail that the cause is common, or all have lost what they may."""

from collections.abc import Callable, Iterable, Sequence

from fairway.money.amount import Amount
from fairway.risk.breakers import EVERYONE, FAILING_MIN, TOTAL_LOSS, AccountHealth, everyones_trouble
from fairway.risk.codes import short
from fairway.risk.escalation import Level
from fairway.risk.guards.errors import Errors
from fairway.trading.account_state import AccountState
from fairway.trading.input_queue import InputQueue
from fairway.trading.inputs import AccountsFailing, Tick, TotalLossReached
from fairway.trading.totals import Totals


def standing(states: Iterable[AccountState]) -> list[AccountsFailing | TotalLossReached]:
    """Inputs that stop an account which joins these, where a breaker of all accounts has tripped."""
    caps = [state.limits.caps for state in states]
    failing = next((AccountsFailing(each[EVERYONE].reason) for each in caps if EVERYONE in each), None)
    lost = next((TotalLossReached(each[TOTAL_LOSS].reason) for each in caps if TOTAL_LOSS in each), None)
    return [news for news in (failing, lost) if news is not None]


def trouble_of(states: Sequence[AccountState]) -> str:
    """Why the breaker L3 must trip, as a code, or ""."""
    if sum((Errors.name, "") in state.guards.alarms for state in states) < FAILING_MIN:
        return ""  # asked once a second, and nearly always so
    errors = (AccountHealth(state.config.account, state.guards.alarms.get((Errors.name, ""), Level.NORMAL)) for state in states)
    return everyones_trouble(errors) or ""


class TotalLoss:
    """Watches what all accounts of a trader lose together. A loss counts when a second look, at newer prices, confirms it."""

    def __init__(self, totals: Totals) -> None:
        self._totals = totals
        self._most: Amount | None = None
        self._suspected_at = 0
        self._waits_for_a_price = False
        self._has_reported = False
        self.is_due = False
        """Whether an account has fallen since the totals were computed: then they are computed before the next second."""

    def learn(self, states: Iterable[AccountState]) -> None:
        """What all may lose: the least that any of their limits says."""
        self._most = min((limit for state in states if (limit := state.limits.of("").loss_total) is not None), default=None)

    def takes_a_price(self) -> bool:
        """Whether the totals must be computed again with the price that has just come: once for each suspicion."""
        waited, self._waits_for_a_price = self._waits_for_a_price, False
        return waited

    def trouble(self, now: int) -> str:
        """Why all must be stopped, as a code, once; or "". A person who lifts the cap meanwhile is not overruled."""
        self.is_due = False
        if self._most is None or not self._is_lost(self._most, now):
            return ""
        self._has_reported = True
        return f"LOSS_TOTAL: lost={short(self._totals.of_all().lost)} limit={self._most}"

    def _is_lost(self, most: Amount, now: int) -> bool:
        found = self._totals.of_all()
        if found.lost < most.value:
            self._suspected_at, self._has_reported = 0, False
            return False
        if self._has_reported:
            return False
        if not self._suspected_at:
            self._suspected_at, self._waits_for_a_price = now, True
        return not found.marked_at or found.marked_at > self._suspected_at


class FleetBreaker:
    """Reports to all accounts that too many of them fail, or that they have lost together what they may.

    states: of the accounts traded at the moment.
    """

    def __init__(self, inputs: InputQueue, totals: Totals, states: Callable[[], Iterable[AccountState]]) -> None:
        self._inputs, self._states = inputs, states
        self._total_loss = TotalLoss(totals)
        self._failing = ""

    @property
    def loss_is_due(self) -> bool:
        """Whether the loss of all accounts must be looked at before the next second."""
        return self._total_loss.is_due

    def note_price(self) -> None:
        """A new price has come: it answers a suspicion that all have lost too much, where there is one."""
        if self._total_loss.takes_a_price():
            self._total_loss.is_due = True
            self._inputs.put(None, Tick())

    def note_fall(self) -> None:
        """An account's worth has fallen: the loss of all is looked at with the next inputs."""
        self._total_loss.is_due = True

    def look(self, now: int) -> None:
        """Once a second. A person who lifts the breaker while accounts still fail is not overruled."""
        states = list(self._states())
        self._total_loss.learn(states)
        self.look_at_loss(now)
        failing = trouble_of(states)
        if failing and not self._failing:
            self._inputs.put(None, AccountsFailing(failing))
        self._failing = failing

    def look_at_loss(self, now: int) -> None:
        """Reports to every account, once, that all of them have lost together what they may."""
        if lost := self._total_loss.trouble(now):
            self._inputs.put(None, TotalLossReached(lost))
