"""One user's account in a rehearsal. The guards are the trader's own; money is cents, and what is held is one number.

Simplifications: what is held counts at its cost until it is closed, so guards see a loss when it is made, and a stop is its whole
depth; fees are in the results.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from fairway.journal.kinds import CapLifted, CapRaised, GuardTripped, LeaseAccepted
from fairway.launch.simulation.plan_terms import QUOTE
from fairway.launch.simulation.population import SimulatedUser
from fairway.money.amount import ZERO, Amount
from fairway.risk import breakers
from fairway.risk.caps import Cap
from fairway.risk.escalation import Level
from fairway.risk.guards.port import AccountLook, AccountMarked, Begun, Closed, PositionValue
from fairway.risk.guards.roster import GuardVerdict, Roster, cap_id
from fairway.risk.limits import NO_LIMITS, Limits, TradingState
from fairway.risk.profiles import rules_of
from fairway.watch import alarms
from fairway.watch.account import MeasuredAccount

Note = Callable[..., None]

WARM: Final = Decimal("0.75")
"""An edge of which little is known is traded with so much of the size."""
PAIR: Final = "BTC/USDT"
POSITION_LOSS_CENTS: Final = 5_000
"""Below that no guard asks what a single position lost."""


@dataclass(frozen=True, slots=True)
class SimulatedPosition:
    """A position. risk: cents that were planned to be lost at its stop."""

    opened_at: int
    until: int
    signal: int
    risk: int


@dataclass(slots=True)
class SimulatedAccount:
    """worth, brought, base: cents, now, when the user came, and when the stage began. number: of the user among all. won: cents
    of real money in all, below zero where they are lost; is_real: whether what happens now is of real money.

    is_content: what the user answered when asked last, None before that; complains: severely.
    """

    user: SimulatedUser
    number: int
    brought: int
    worth: int = 0
    base: int = 0
    won: int = 0
    is_real: bool = False
    is_content: bool | None = None
    complains: bool = False
    lease: LeaseAccepted | None = None
    has_lease: bool = False
    caps: dict[str, Cap] = field(default_factory=dict)
    held: list[SimulatedPosition] = field(default_factory=list)
    roster: Roster = field(init=False)
    positions_max: int = field(init=False)
    _share: Decimal = field(init=False)
    _size: Decimal = Decimal(1)
    _alarms: MeasuredAccount = field(init=False)

    def __post_init__(self) -> None:
        self.worth = self.base = self.brought
        rules = rules_of(self.user.profile, QUOTE)
        self.roster = Roster(rules.guards, QUOTE)
        self.positions_max = rules.positions_max or 1
        self._share = rules.per_trade.value * rules.size.value * WARM
        self._alarms = MeasuredAccount(self.user.name)

    # -- money -----------------------------------------------------------------------------------------------------

    @property
    def limits(self) -> Limits:
        return self.lease.limits if self.lease is not None else NO_LIMITS

    @property
    def lost(self) -> int:
        """Since its stage began, below zero for a gain. One whose stage has not begun has lost nothing in it."""
        return self.base - self.worth if self.roster.stage_loss.stage is not None else 0

    @property
    def at_risk(self) -> int:
        return sum(each.risk for each in self.held)

    @property
    def is_free(self) -> bool:
        """Whether it may open something, for all that its lease and its caps say."""
        return self.has_lease and not any(cap.limits.state < TradingState.ACTIVE for cap in self.caps.values())

    def risk(self) -> int:
        """What an entry would risk now, in cents."""
        capital = self.limits.capital
        counts = min(self.worth, int(capital.value * 100)) if capital is not None else self.worth
        least = self.limits.capital_min
        if least is not None and self.worth < int(least.value * 100):
            return 0
        return int(counts * self._share * self._size)

    def accept(self, lease: LeaseAccepted, now: int) -> None:
        """A lease is taken."""
        self.lease, self.has_lease = lease, lease.limits.state is TradingState.ACTIVE
        self._begin(now)

    def _begin(self, now: int) -> None:
        """As a trader does: what may be lost in a stage is counted once there is a lease of it that limits what may be."""
        limits = self.limits
        has_limit = any(most is not None for most in (limits.loss, limits.daily_loss, limits.drawdown, limits.loss_total))
        if self.lease is None or not has_limit or self.lease.stage == self.roster.stage_loss.stage:
            return
        self.base = self.worth
        self.roster.observe(AccountMarked(_money(self.worth), {}, now))
        self.roster.observe(Begun(self.lease.stage, _money(self.worth), now))

    def close(self, position: SimulatedPosition, result: float, now: int) -> int:
        """Books what a position brought, in R; the cents of it."""
        self.held.remove(position)
        cents = round(result * position.risk)
        self._book(cents)
        money = _money(cents)
        self.roster.observe(Closed(PAIR, money, money, Decimal(round(result * 10_000)).scaleb(-4), now))
        self.roster.observe(AccountMarked(_money(self.worth), {}, now))
        return cents

    def pay(self, cents: int, now: int) -> None:
        """Money is gone."""
        self._book(-cents)
        self.roster.observe(AccountMarked(_money(self.worth), {}, now))

    def _book(self, cents: int) -> None:
        self.worth += cents
        self.won += cents if self.is_real else 0

    # -- guards ----------------------------------------------------------------------------------------------------

    def look(self, now: int, note: Note, lost: int = 0) -> None:
        """The guards look, and raise their caps. lost: cents by a single position, where it is worth a guard's while."""
        held = {PAIR: PositionValue(_money(-lost), _money(2 * lost), _money(lost), 0)} if lost > POSITION_LOSS_CENTS else {}
        worth, limits = _money(self.worth), self.limits
        look = AccountLook(now=now, worth=worth, marked_at=0, capital=limits.capital, held=held, markets={}, limits=limits)
        for verdict in self.roster.verdicts(look):
            self._apply_verdict(verdict, now, note)

    def _apply_verdict(self, verdict: GuardVerdict, now: int, note: Note) -> None:
        guard, symbol = verdict.guard, verdict.symbol
        if verdict.level is Level.NORMAL:
            raised = cap_id(guard, symbol, self.roster.alarms[guard, symbol])
            self.roster.cleared(guard, symbol)
            self.lower(raised, now, note)
            return
        cap = self.roster.cap_of(verdict, now)
        self.roster.tripped(guard, symbol, verdict.level)
        if cap.id == breakers.ACCOUNT and cap.id in self.caps:
            return
        severity = self.roster.severity_of(verdict)
        tripped = GuardTripped(guard=guard, symbol=symbol, level=verdict.level, severity=severity, code=verdict.code)
        alarms.of_guard(self._alarms, tripped, now, note)
        self.raise_(cap, now, note)

    def raise_(self, cap: Cap, now: int, note: Note) -> None:
        alarms.of_cap(self._alarms, CapRaised(cap=cap), now, note)
        self.caps = {**self.caps, cap.id: cap}  # what was shown of them stays as it was
        self._resize()

    def lower(self, cap_id: str, now: int, note: Note) -> None:
        """A cap goes: by itself, or because a person has looked."""
        alarms.of_lifted(self._alarms, CapLifted(cap_id=cap_id, by="", why=""), now, note)
        self.caps = {name: cap for name, cap in self.caps.items() if name != cap_id}
        self._resize()

    def lift(self, cap: Cap, now: int, note: Note) -> None:
        """A person lifts a cap, and its guard starts counting from zero."""
        self.lower(cap.id, now, note)
        self.roster.lifted(cap.id, now)
        self._begin(now)

    def _resize(self) -> None:
        sizes = [cap.limits.size.value for cap in self.caps.values() if cap.limits.size is not None]
        self._size = min(sizes, default=Decimal(1))


def _money(cents: int) -> Amount:
    return Amount(Decimal(cents).scaleb(-2) if cents else ZERO, QUOTE)
