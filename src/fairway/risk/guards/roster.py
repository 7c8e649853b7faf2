"""The roster: all guards of one account, their alarms, and the changes of alarms that a look at the account makes."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from msgspec import Struct

from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.risk import breakers
from fairway.risk.caps import Cap
from fairway.risk.causes import AlertSeverity
from fairway.risk.codes import short
from fairway.risk.edge import TradeRecord
from fairway.risk.escalation import LIMITS_OF, Level
from fairway.risk.guards.drawdown import Drawdown
from fairway.risk.guards.edge_health import EdgeHealth
from fairway.risk.guards.equity import Equity
from fairway.risk.guards.guard_caps import RECOVERS_BELOW as RECOVERS_BELOW
from fairway.risk.guards.guard_caps import cap_id as cap_id
from fairway.risk.guards.guard_caps import is_breaker, kind_of, severity_at
from fairway.risk.guards.port import (
    GUARD_INPUTS,
    AccountLook,
    AccountMarked,
    Guard,
    GuardInput,
    GuardReading,
    Measured,
    Moved,
    Planned,
    Sent,
)
from fairway.risk.guards.recent import Entered, RecentEntries
from fairway.risk.guards.registry import guards_of, guards_of_stage
from fairway.risk.guards.rules import GuardRules
from fairway.risk.guards.stage_drawdown import StageDrawdown
from fairway.risk.guards.stage_loss import StageLoss
from fairway.risk.limits import Limits

CATASTROPHIC = 2
"""A loss of so many times its limit is acted on at once, …"""
CATASTROPHIC_FALL = Fraction.parse("10 %")
"""… if what is held has fallen so far, too: a small move of a large position is many times a limit in money, and one wrong price
makes it. Any other loss is acted on only when a newer price agrees."""


class GuardVerdict(Struct, frozen=True):
    """A guard's alarm rose to this level, or ended where it is NORMAL."""

    guard: str
    symbol: str
    level: Level
    code: str


class Roster:
    """Guards that the rules ask for, and those of a stage, which are asked once one has begun."""

    remembers: ClassVar[Mapping[str, Any]] = {
        "entries": RecentEntries,
        "alarms": dict[tuple[str, str], Level],
        "trips": dict[str, int],
        "level": Level,
        "_equity": Equity,
        "guards": tuple[Guard, ...],
        "of_stage": tuple[Guard, ...],
        "_plans": dict[str, Planned],
    }

    def __init__(self, rules: GuardRules, quote: str) -> None:
        self.rules = rules
        self.entries = RecentEntries()
        self.alarms: dict[tuple[str, str], Level] = {}
        """How alarmed a guard is, by its name and the symbol, "" for the account."""
        self.trips: dict[str, int] = {}
        """How often each guard was alarmed, by its name."""
        self.level = Level.NORMAL
        """The account's level, as it was journaled last."""
        self.has_news = True
        """Whether anything was observed since the guards looked last, or they have not looked yet."""
        self.skew_ns: int | None = None
        """How far the venue's clock was ahead of ours when it was measured last."""
        self._equity = Equity(quote)
        self.guards: tuple[Guard, ...] = tuple(each.guard(rules, self._equity) for each in guards_of(rules))
        self.of_stage: tuple[Guard, ...] = tuple(each.guard(rules, self._equity) for each in guards_of_stage())
        self._all = (*self.guards, *self.of_stage)
        self._drawdown = next((each for each in self.guards if isinstance(each, Drawdown)), None)
        self._edge = next((each for each in self.guards if isinstance(each, EdgeHealth)), None)
        self.stage_loss = next(each for each in self.of_stage if isinstance(each, StageLoss))
        self._stage_drawdown = next(each for each in self.of_stage if isinstance(each, StageDrawdown))
        self._first_bounds = {guard.name: min(guard.bounds.values()) for guard in self._all}
        self._live = tuple(guard for guard in self.guards if guard.is_live)
        self._hearers = self._all_hearers()
        self._suspected: dict[tuple[str, str], int] = {}
        self._plans: dict[str, Planned] = {}

    def observe(self, seen: GuardInput) -> None:
        self.has_news = True
        for hear in self._hearers[type(seen)]:
            hear(seen)

    def _all_hearers(self) -> dict[type[GuardInput], tuple[Callable[[Any], None], ...]]:
        """By kind of observation, who receives it: the roster first, because guards read it. A replay has millions."""
        own: dict[type[GuardInput], Callable[[Any], None]] = {
            Sent: self._note_entry,
            Planned: self._note_plan,
            AccountMarked: self._equity.observe,
            Moved: self._equity.observe,
            Measured: self._note_skew,
        }
        guards = {kind: [guard.observe for guard in self._all if kind in guard.hears] for kind in GUARD_INPUTS}
        return {kind: (*([own[kind]] if kind in own else []), *told) for kind, told in guards.items()}

    def _note_plan(self, planned: Planned) -> None:
        self._plans[planned.symbol] = planned

    def _note_skew(self, measured: Measured) -> None:
        self.skew_ns = measured.skew_ns if measured.skew_ns is not None else self.skew_ns

    def _note_entry(self, sent: Sent) -> None:
        plan = self._plans.get(sent.symbol) if sent.is_entry else None
        if plan is not None:
            self.entries.add(Entered(sent.symbol, sent.quantity, plan.stop, plan.target, sent.at))

    def bounds(self) -> dict[str, dict[str, Decimal]]:
        """The guards that are on, each with its bounds by level; those of a stage are not among them, for they are always on."""
        return {guard.name: {str(level): bound for level, bound in guard.bounds.items()} for guard in self.guards}

    @property
    def names(self) -> tuple[str, ...]:
        """Of the guards that are on, in the order of the alphabet."""
        return tuple(sorted(guard.name for guard in self.guards))

    @property
    def is_watching(self) -> bool:
        return bool(self.guards) or self.stage_loss.stage is not None

    @property
    def suspects(self) -> bool:
        """Whether a guard has seen one price that would alarm it, and waits for another."""
        return bool(self._suspected)

    def take_plan(self, symbol: str) -> Planned | None:
        """The plan that a position was entered with; asked for once, when it has closed."""
        return self._plans.pop(symbol, None)

    @property
    def record(self) -> TradeRecord | None:
        """The record of the last trades; None where the guard that keeps it is off."""
        return self._edge.record if self._edge else None

    def drawdown(self, worth: Amount, capital: Amount | None) -> Fraction:
        """How far below its highest an account of this worth is; 0 where that is not known, for it is new."""
        share = self._drawdown.share(worth, capital) if self._drawdown else None
        return Fraction(max(share or Decimal(0), Decimal(0)))

    def is_new_high(self, worth: Amount, limits: Limits) -> bool:
        """Whether an account of this worth is above the peak that a drawdown is counted from: that worth must be journaled, for
        the next mark may be a candle away."""
        is_higher = self._drawdown is not None and self._drawdown.is_new_high(worth)
        return is_higher or self._stage_drawdown.is_new_high(worth, limits.drawdown)

    # -- looking ---------------------------------------------------------------------------------------------------

    def verdicts(self, look: AccountLook) -> Iterator[GuardVerdict]:
        """The alarms that changed. The caller applies each before it takes the next.

        Where only time has passed, only guards that a price alone may alarm are evaluated.
        """
        guards = self.guards if self.has_news or look.markets else self._live
        if self.stage_loss.stage is not None:
            guards += self.of_stage
        self.has_news = False
        for guard in guards:
            for reading in guard.readings(look):
                if not self.alarms and not self._suspected and reading.value < self._first_bounds[guard.name]:
                    continue  # by far the most
                yield from self._judged(guard, reading, look)

    def _judged(self, guard: Guard, reading: GuardReading, look: AccountLook) -> Iterator[GuardVerdict]:
        key = (guard.name, reading.symbol)
        before, level = self.alarms.get(key, Level.NORMAL), _level(guard, reading.value)
        if level > before:
            if self._is_believed(guard, level, reading, look):
                yield GuardVerdict(*key, level, _code(guard, reading, level))
            return
        if not look.is_whole and guard.watches_losses:
            return  # what is unknown clears nothing
        self._suspected.pop(key, None)
        if before < guard.person_from and _has_recovered(guard, reading.value, before):
            yield GuardVerdict(*key, Level.NORMAL, _code(guard, reading, before))
            if level is not Level.NORMAL:
                yield GuardVerdict(*key, level, _code(guard, reading, level))

    def _is_believed(self, guard: Guard, level: Level, reading: GuardReading, look: AccountLook) -> bool:
        """What only a person can lift again is not raised on one price alone, unless it is a catastrophe."""
        if not reading.marked_at or level < guard.person_from or _is_catastrophe(reading, guard.bounds[level], look):
            return True
        return reading.marked_at > self._suspected.setdefault((guard.name, reading.symbol), look.now)

    def cap_of(self, verdict: GuardVerdict, now: int) -> Cap:
        """The cap that an alarm raises."""
        if is_breaker(verdict.level, verdict.symbol):
            return breakers.stopped(verdict.code, now)
        guard = self._named(verdict.guard)
        return Cap(
            id=cap_id(verdict.guard, verdict.symbol, verdict.level),
            kind=kind_of(guard, verdict.level),
            limits=LIMITS_OF[verdict.level],
            reason=verdict.code,
            since=now,
            symbol=verdict.symbol,
        )

    def severity_of(self, verdict: GuardVerdict) -> AlertSeverity:
        """Of the alert of a verdict that is no NORMAL one."""
        return severity_at(self._named(verdict.guard), verdict.level)

    def _named(self, name: str) -> Guard:
        return next(guard for guard in self._all if guard.name == name)

    # -- what was journaled ----------------------------------------------------------------------------------------

    def tripped(self, guard: str, symbol: str, level: Level) -> None:
        self.trips[guard] = self.trips.get(guard, 0) + 1
        self.alarms[guard, symbol] = level

    def cleared(self, guard: str, symbol: str) -> None:
        self.alarms.pop((guard, symbol), None)

    def lifted(self, lifted_id: str, at: int) -> None:
        """A person lifted a cap at an instant (ns). Its guard counts from there, or it would raise the cap again at once."""
        if lifted_id == breakers.TOTAL_LOSS:
            self._restart_stage_loss(at)
        for (name, symbol), level in list(self.alarms.items()):
            if cap_id(name, symbol, level) == lifted_id:
                del self.alarms[name, symbol]
                self.has_news = True
                for guard in self._all:
                    if guard.name == name:
                        guard.forget(at, symbol)

    def _restart_stage_loss(self, at: int) -> None:
        """The loss of all accounts was allowed again, so the account's part of it is counted from here."""
        self.has_news = True
        self.stage_loss.forget(at, "")

    def account_level(self) -> Level:
        """That of the most alarmed guard of the account; what is wrong with one symbol alone does not count."""
        return max((level for (_, symbol), level in self.alarms.items() if not symbol), default=Level.NORMAL)


def _is_catastrophe(reading: GuardReading, bound: Decimal, look: AccountLook) -> bool:
    return reading.value >= CATASTROPHIC * bound and look.fallen(reading.symbol) >= CATASTROPHIC_FALL.value


def _level(guard: Guard, value: Decimal) -> Level:
    reached = (level for level, bound in guard.bounds.items() if value > bound or (guard.includes_limit and value == bound))
    return max(reached, default=Level.NORMAL)


def _has_recovered(guard: Guard, value: Decimal, level: Level) -> bool:
    """Below 80 % of the bound that was reached, or where the configuration draws that bound no more."""
    bound = guard.bounds.get(level)
    return level is not Level.NORMAL and (bound is None or value < bound * RECOVERS_BELOW.value)


def _code(guard: Guard, reading: GuardReading, level: Level) -> str:
    symbol = f" symbol={reading.symbol}" if reading.symbol else ""
    bound = short(guard.bounds[level]) if level in guard.bounds else None
    figures = " ".join(f"{name}={_decimal_text(value)}" for name, value in reading.figures)
    figures = figures or f"{reading.what}={short(reading.value)} limit={bound}"
    return f"GUARD_{guard.name.upper().replace(' ', '_')}: {figures}{symbol}"


def _decimal_text(value: Decimal | Amount) -> str:
    return short(value) if isinstance(value, Decimal) else str(value)
