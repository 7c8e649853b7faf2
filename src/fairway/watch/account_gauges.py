"""Gauges of each account, from the trader's journal: worth, positions, caps in force, failures, reconnections.

They are for alerts, so they say how it is now; how it was over time is in the series. Deposits and announced withdrawals are
neither gain nor loss, by the same rule as the trader's own guards.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Final

from fairway.journal import kinds
from fairway.journal.events import Codec
from fairway.journal.port import Record, ReplayEntry
from fairway.ledger.transfers import Transfers
from fairway.money.amount import CONTEXT, ZERO, Amount
from fairway.risk import cap_kinds
from fairway.risk.caps import Cap, CapSource
from fairway.risk.causes import AlertSeverity, CauseCategory
from fairway.risk.guards.equity import Equity
from fairway.risk.guards.port import AccountMarked, Moved
from fairway.risk.limits import TradingState
from fairway.watch.account import MeasuredAccount
from fairway.watch.gauges import Gauges, GaugeSample
from fairway.watch.stream_reconnects import StreamReconnects
from fairway.world.clock import DAY, MINUTE, SECOND

CODEC: Final = Codec(
    kinds.Marked,
    kinds.Unexplained,
    kinds.TransferAnnounced,
    kinds.CapRaised,
    kinds.CapLifted,
    kinds.AccountFailed,
    kinds.GuardTripped,
    kinds.GuardCleared,
    kinds.TraderStarted,
    kinds.TraderStopped,
    kinds.StreamLost,
    kinds.CaughtUp,
)
WITH_RULES: Final = (CauseCategory.MISMATCH, CauseCategory.LOSING, CauseCategory.DATABASE)
"""Categories of causes that alert rules of their own are about."""
FAILED_FOR_NS: Final = 10 * MINUTE
"""So long a failure of an account counts as one of now: the account is made again within seconds, and may fail again."""


@dataclass(slots=True)
class AccountFacts:
    """One account as its events leave it. failed_at, killed_at: ns, 0 for never."""

    equity: Equity | None = None
    """None before the account was valued."""
    peak: Decimal | None = None
    """The highest worth that two marks agreed on, less what was paid in."""
    worth: Amount | None = None
    transfers: Transfers = field(default_factory=Transfers)
    caps: dict[str, Cap] = field(default_factory=dict)
    alarmed: dict[tuple[str, str], AlertSeverity] = field(default_factory=dict)
    """By guard and symbol, how urgent the alarm is that the guard has raised and not taken back."""
    failed_at: int = 0
    reconnects: StreamReconnects = field(default_factory=StreamReconnects)
    kill_ns: int | None = None
    """How long the newest kill waited until the trader obeyed it; None where none was ordered at a known instant."""

    @property
    def drawdown(self) -> Decimal | None:
        """The share of its peak that is lost; None before it was valued twice."""
        if self.equity is None or self.worth is None or self.peak is None:
            return None
        return self.equity.share_lost(self.peak, self.worth, None)

    def lost_since(self, begin: int) -> Decimal | None:
        """The share lost since an instant (ns), below zero for a gain; None before it was valued."""
        if self.equity is None or self.worth is None:
            return None
        return self.equity.lost_since(begin, self.worth, None)


class AccountGauges:
    """All accounts of a trader's journal. Only `fold` changes them."""

    def __init__(self) -> None:
        self.accounts: dict[str, AccountFacts] = {}
        self.folded_to = 0
        """Number of the last record that was folded."""

    def fold(self, records: Iterable[Record | ReplayEntry]) -> None:
        """Takes records in their order, each once; only the kinds of `CODEC` are decoded. Raises UnreadableRecord."""
        with localcontext(CONTEXT):
            for record in records:
                if record.kind in CODEC.kinds and record.account:
                    facts = self.accounts.setdefault(record.account, AccountFacts())
                    _apply(facts, CODEC.decode(record), record.at)
                self.folded_to = record.seq

    def gauges(self, measured: Mapping[str, MeasuredAccount], now: int) -> Gauges:
        """At an instant (ns). measured: the accounts of the same journal, whose positions count."""
        with localcontext(CONTEXT):
            return {
                **self._of_money(now),
                **self._of_positions(measured),
                **self._of_caps(),
                "fairway_account_failed": tuple(
                    GaugeSample(float(bool(each.failed_at) and now - each.failed_at < FAILED_FOR_NS), {"account": name})
                    for name, each in self.accounts.items()
                ),
                "fairway_stream_reconnects": tuple(
                    GaugeSample(float(each.reconnects.count(now)), {"account": name}) for name, each in self.accounts.items()
                ),
                "fairway_account_stream_lost": tuple(
                    GaugeSample(float(each.reconnects.is_account_down), {"account": name}) for name, each in self.accounts.items()
                ),
            }

    def _of_money(self, now: int) -> Gauges:
        drawdowns = ((name, each.drawdown) for name, each in self.accounts.items())
        changes = ((name, each.lost_since(now - DAY)) for name, each in self.accounts.items())
        return {
            "fairway_drawdown_ratio": _known(drawdowns),
            "fairway_equity_change_ratio": _known((name, None if lost is None else -lost) for name, lost in changes),
        }

    def _of_positions(self, measured: Mapping[str, MeasuredAccount]) -> Gauges:
        losses, shares, counts = list[GaugeSample](), list[GaugeSample](), list[GaugeSample]()
        for name, account in measured.items():
            if not name:
                continue
            values = list(_positions(account))
            counts.append(GaugeSample(float(len(account.trips)), {"account": name}))
            facts = self.accounts.get(name)
            if facts is not None and facts.worth is not None and facts.worth.value > 0:
                largest = max((value for value, _ in values), default=ZERO)
                loss = max((cost - value for value, cost in values), default=ZERO)
                shares.append(GaugeSample(float(largest / facts.worth.value), {"account": name}))
                losses.append(GaugeSample(float(loss / facts.worth.value), {"account": name}))
        return {
            "fairway_positions_open": tuple(counts),
            "fairway_position_loss_ratio": tuple(losses),
            "fairway_concentration_ratio": tuple(shares),
        }

    def _of_caps(self) -> Gauges:
        kills = [(name, sum(map(_is_kill, each.caps.values()))) for name, each in self.accounts.items()]
        naked = [(name, sum(cap.is_a(cap_kinds.NAKED) for cap in each.caps.values())) for name, each in self.accounts.items()]
        waited = [(name, each.kill_ns) for name, each in self.accounts.items() if each.kill_ns is not None]
        stops_all = any(cap.is_a(cap_kinds.BREAKER_FLEET) for each in self.accounts.values() for cap in each.caps.values())
        return {
            "fairway_kills_in_force": tuple(GaugeSample(float(count), {"account": name}) for name, count in kills),
            "fairway_positions_unprotected": tuple(GaugeSample(float(count), {"account": name}) for name, count in naked),
            "fairway_kill_seconds": tuple(GaugeSample(waited_ns / SECOND, {"account": name}) for name, waited_ns in waited),
            "fairway_fleet_breaker": (GaugeSample(float(stops_all)),),
            "fairway_caps": tuple(self._by_category()),
            "fairway_guards_alarmed": tuple(self._by_severity()),
        }

    def _by_category(self) -> Iterator[GaugeSample]:
        """How many caps limit each account now, by the category of their cause; every category has its number."""
        for name, facts in self.accounts.items():
            causes = [cap.kind.cause for cap in facts.caps.values()]
            found = [cause.category for cause in causes if cause is not None]
            for category in CauseCategory:
                yield GaugeSample(float(found.count(category)), {"category": category.value, "account": name})

    def _by_severity(self) -> Iterator[GaugeSample]:
        """How many alarms each account has that no other rule is about; every severity has its number."""
        for name, facts in self.accounts.items():
            found = [*facts.alarmed.values(), *(cap.kind.severity for cap in facts.caps.values() if _has_no_rule(cap))]
            for severity in AlertSeverity:
                yield GaugeSample(float(found.count(severity)), {"severity": severity.value, "account": name})


def _has_no_rule(cap: Cap) -> bool:
    """Whether no alert rule but the one for guards and caps is about it. Of a guard the alarm counts, and not its cap."""
    category = cap.kind.cause.category if cap.kind.cause is not None else None
    is_known = _is_kill(cap) or cap.is_a(cap_kinds.NAKED) or cap.is_a(cap_kinds.BREAKER_FLEET) or category in WITH_RULES
    return cap.source is not CapSource.GUARD and not is_known


def _apply(facts: AccountFacts, event: object, at: int) -> None:
    match event:
        case kinds.Marked(worth=worth, marks=marks):
            _mark(facts, AccountMarked(worth, marks, at))
        case kinds.Unexplained(amount=amount):
            _move(facts, facts.transfers.book(amount, at), at)
        case kinds.TransferAnnounced(amount=amount):
            _move(facts, facts.transfers.announce(amount, at), at)
        case kinds.CapRaised(cap=cap):
            if _is_kill(cap) and cap.id not in facts.caps and cap.said_at:
                facts.kill_ns = max(0, at - cap.said_at)
            facts.caps[cap.id] = cap
        case kinds.CapLifted(cap_id=cap_id):
            facts.caps.pop(cap_id, None)
        case kinds.AccountFailed():
            facts.failed_at = at
        case kinds.GuardTripped(guard=guard, symbol=symbol, severity=severity):
            facts.alarmed[guard, symbol] = severity
        case kinds.GuardCleared(guard=guard, symbol=symbol):
            facts.alarmed.pop((guard, symbol), None)
        case kinds.TraderStarted() | kinds.TraderStopped() | kinds.StreamLost() | kinds.CaughtUp():
            facts.reconnects.take(event, at)


def _mark(facts: AccountFacts, marked: AccountMarked) -> None:
    if facts.equity is None:
        facts.equity = Equity(marked.worth.asset)
    facts.worth = marked.worth
    facts.equity.observe(marked)
    believed = facts.equity.last
    if believed is not None:
        facts.peak = believed if facts.peak is None else max(facts.peak, believed)


def _move(facts: AccountFacts, moved: Amount | None, at: int) -> None:
    if moved is not None and facts.equity is not None:
        facts.equity.observe(Moved(moved, at))


def _is_kill(cap: Cap) -> bool:
    return cap.limits.state is TradingState.KILLED


def _positions(account: MeasuredAccount) -> Iterator[tuple[Decimal, Decimal]]:
    """Of each position with a price: its value, and what it has cost beyond what sales brought, in quote."""
    for symbol, trip in account.trips.items():
        price = account.prices.get(symbol)
        if price is not None:
            position = trip.position
            yield price * position.quantity.value, position.cost.value - position.result.value


def _known(values: Iterable[tuple[str, Decimal | None]]) -> tuple[GaugeSample, ...]:
    return tuple(GaugeSample(float(value), {"account": name}) for name, value in values if value is not None)
