"""The state and its guards: what is journaled, what it leads to, and that a replay of the journal knows the same."""

from decimal import Decimal

from msgspec.structs import replace
from tests.pure.trading.test_step import ENTER, SYMBOL, Scene, caught, filled, report

from fairway.journal.commands import LiftCap
from fairway.journal.kinds import (
    CapLifted,
    CapRaised,
    EntryPlanned,
    EntryRefused,
    EscalationChanged,
    Event,
    ExitWanted,
    GuardCleared,
    GuardTripped,
    InstructionTaken,
    TraderStarted,
)
from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.orders.ids import KILL_EPOCH, ClientId, Role
from fairway.orders.intent import ExitCause
from fairway.orders.lifecycle import CancelSent, OrderAccepted, OrderAdopted, OrderExpired, OrderRejected, OrderSent
from fairway.orders.order import Order, OrderState, Side
from fairway.risk import breakers
from fairway.risk.caps import Lifting
from fairway.risk.causes import AlertSeverity
from fairway.risk.disposal import Disposal
from fairway.risk.escalation import Level
from fairway.risk.guards.port import Measured, Sent
from fairway.risk.guards.rules import GuardRules
from fairway.risk.limits import Limits
from fairway.risk.rules import RiskRules
from fairway.trading.account_config import AccountConfig
from fairway.trading.account_state import AccountState
from fairway.trading.inputs import (
    CommandReceived,
    KillLatchRead,
    OrdersAcknowledged,
    PlaceFailed,
    Tick,
)
from fairway.trading.latch import KillCause, Killed
from fairway.trading.latch import KillScope as Whom
from fairway.trading.recovery import replay
from fairway.trading.step import StepOutcome
from fairway.trading.venue_requests import Place
from fairway.venues.port import Rejected, ReportStatus
from fairway.world.clock import MILLISECOND, SECOND

RULES = RiskRules(per_trade=Fraction.parse("50 %"), position_max=Fraction.parse("50 %"), positions_max=1)
LOSSES = GuardRules(daily_loss=Fraction.parse("3 %"), breaker_loss=Fraction.parse("5 %"), position_loss=Amount.of(50, "USDT"))
FAR = replace(ENTER, stop=ENTER.stop.times(Decimal("0.5")), target=ENTER.target.times(2))


class Guarded(Scene):
    """An account state with guards."""

    def __init__(self, guards: GuardRules = LOSSES, **rules: object) -> None:
        self._rules = replace(RULES, guards=guards, **rules)
        super().__init__()

    def _state(self) -> AccountState:
        terms = super()._state().config
        changed = {name: getattr(terms, name) for name in AccountConfig.__slots__} | {"rules": self._rules}
        return AccountState(AccountConfig(**changed))

    def marked(self) -> None:
        """A mark in the journal: a candle has closed and the account was tied out."""
        self.wish()
        totals = {asset: str(total) for asset, total in self.state.money.ledger.balances.totals.items()}
        self.news(caught(totals, self.now))

    def holds(self) -> Order:
        """Half of the account, bought at 100.02, with a stop far below."""
        self.marked()
        [place] = self.wish(FAR).commands
        assert isinstance(place, Place)
        entry = place.order
        self.news(OrdersAcknowledged([report(entry, ReportStatus.FILLED, filled=entry.quantity.value)]))
        self.news(filled(entry, "1", entry.quantity.value))
        return entry

    def falls_to(self, bid: str) -> StepOutcome:
        """Two quotes a second apart say so, with a candle between them that does not contradict."""
        self.quote(bid, str(Decimal(bid) + Decimal("0.02")))
        self.news(Tick(), after=SECOND)
        self.now += SECOND
        self.quote(bid, str(Decimal(bid) + Decimal("0.03")))
        return self.news(Tick(), after=SECOND)

    def replayed(self) -> AccountState:
        fresh = AccountState(self.state.config)
        replay(fresh, ((event, at) for event, at in self.journal))  # type: ignore[misc]
        return fresh


START = TraderStarted(account="main", epoch=2, release="1", venue="binance", strategy="trend", symbols=(SYMBOL,))


def of(kind: type[Event], outcome: StepOutcome) -> list[Event]:
    return [event for event in outcome.events if isinstance(event, kind)]


def test_an_emergency_sells_what_is_held_and_says_why() -> None:
    """One trip, one cap, one exit, one change of level; the protection is cancelled to make way for the sale."""
    scene = Guarded(LOSSES.changed(position_loss=None))
    scene.holds()
    outcome = scene.falls_to("90.05")
    assert [type(event).__name__ for event in outcome.events[:4]] == [
        "GuardTripped",
        "CapRaised",
        "ExitWanted",
        "EscalationChanged",
    ]
    tripped, raised, wanted, changed = outcome.events[:4]
    assert isinstance(tripped, GuardTripped)
    assert (tripped.guard, tripped.level) == ("daily loss", Level.EMERGENCY)
    assert isinstance(raised, CapRaised)
    assert (raised.cap.id, raised.cap.lifting) == ("breaker L2", Lifting.PERSON)
    assert wanted == ExitWanted(symbol=SYMBOL, why="daily loss is an emergency", cause=ExitCause.GUARD)
    assert changed == EscalationChanged(level=Level.EMERGENCY, was=Level.NORMAL, why="daily loss")
    assert of(GuardTripped, scene.news(Tick(), after=SECOND)) == []


def test_a_replay_of_the_journal_knows_what_the_guards_knew() -> None:
    """Alarms, counts, the level, the record of entries; and what it looks at next leads to nothing new."""
    scene = Guarded()
    scene.holds()
    scene.falls_to("90.05")
    fresh = scene.replayed()
    assert fresh.guards.alarms == scene.state.guards.alarms != {}
    assert fresh.guards.trips == scene.state.guards.trips == {"daily loss": 1, "position loss": 1}
    assert fresh.guards.level is scene.state.guards.level is Level.EMERGENCY
    assert list(fresh.guards.entries.since(0)) == list(scene.state.guards.entries.since(0)) != []
    assert fresh.limits.caps == scene.state.limits.caps


def test_a_position_that_fills_late_is_sold_too() -> None:
    """The entry was on the wire when the breaker tripped."""
    scene = Guarded()
    scene.marked()
    [place] = scene.wish(FAR).commands
    assert isinstance(place, Place)
    entry = place.order
    breaker = GuardTripped(guard="daily loss", symbol="", level=Level.EMERGENCY, severity=AlertSeverity.P0, code="test")
    scene.state.apply(breaker, scene.now)
    scene.news(OrdersAcknowledged([report(entry, ReportStatus.FILLED, filled=entry.quantity.value)]))
    outcome = scene.news(filled(entry, "1", entry.quantity.value))
    assert of(ExitWanted, outcome) == [ExitWanted(symbol=SYMBOL, why="daily loss is an emergency", cause=ExitCause.GUARD)]


def test_a_kill_that_keeps_stops_is_not_overruled() -> None:
    """Whoever killed the account wants its stops to stand; no guard sells then."""
    scene = Guarded()
    scene.holds()
    scene.news(KillLatchRead([Killed(scope=Whom.ACCOUNT, symbol="", reason="enough", by="ann", disposal=Disposal.KEEP_STOPS)]))
    scene.falls_to("90.05")
    journaled = [type(event) for event, _ in scene.journal]
    assert GuardTripped in journaled
    assert ExitWanted not in journaled
    assert CancelSent not in journaled


def test_a_cap_says_that_whoever_killed_wants_nothing_to_be_sold() -> None:
    """Also where the account was killed before, for no such reason."""
    scene = Guarded()
    killed = Killed(scope=Whom.ACCOUNT, reason="enough", by="ann")
    scene.news(KillLatchRead([killed]))
    assert [cap.must_stay for cap in scene.state.limits.caps.values()] == [False]
    scene.news(KillLatchRead([replace(killed, cause=KillCause.MISMATCH, by="eve")]))
    assert [cap.must_stay for cap in scene.state.limits.caps.values()] == [True]
    assert of(CapRaised, scene.news(KillLatchRead([replace(killed, cause=KillCause.MISMATCH, by="eve")]))) == []


def test_before_the_venue_was_asked_nothing_is_judged() -> None:
    """What a journal says of a position may be long over."""
    scene = Guarded()
    scene.holds()
    fresh = Guarded.__new__(Guarded)
    fresh.__dict__ |= scene.__dict__
    fresh.state = scene.replayed()
    fresh.state.market.quotes |= scene.state.market.quotes
    assert of(GuardTripped, fresh.falls_to("90.05")) == []


def test_a_losing_trade_counts_in_the_row_and_in_the_record() -> None:
    """Closing a trade feeds breakers, edge and sizing by one way; R is what the stop of its approval would have cost."""
    scene = Guarded(GuardRules(losses_in_a_row=1, edge=True, fees=Fraction.parse("50 %")))
    entry = scene.holds()
    stop = next(order for order in scene.state.orders.blotter.live.values() if order.stop_price is not None)
    scene.news(OrdersAcknowledged([report(stop)]))
    scene.news(OrdersAcknowledged([report(stop, ReportStatus.FILLED, filled=stop.quantity.value)]))
    outcome = scene.news(filled(stop, "2", stop.quantity.value, price="75.51"))
    [trip] = scene.state.money.trips
    assert [event.guard for event in of(GuardTripped, outcome) if isinstance(event, GuardTripped)] == ["losses in a row"]
    record = scene.state.guards.record
    assert record is not None
    assert (record.trades, record.wins) == (1, 0)
    assert record.loss == -trip.result.value / (entry.quantity.value * (Decimal("100.02") - FAR.stop.value))
    refused = scene.wish(FAR)
    assert of(EntryRefused, refused) != []


def test_an_alarm_that_passes_lifts_its_own_cap_and_no_other() -> None:
    """A clock that was off and is right again; a person's cap stays."""
    scene = Guarded(GuardRules(skew_ns=500 * MILLISECOND))
    off = scene.news(Measured(600 * MILLISECOND, None, scene.now))
    assert [type(event).__name__ for event in off.events] == ["GuardTripped", "CapRaised", "EscalationChanged"]
    assert "STATE_REDUCE_ONLY" in str(scene.wish(ENTER).events)
    back = scene.news(Measured(0, None, scene.now))
    assert [type(event) for event in back.events] == [GuardCleared, CapLifted, EscalationChanged]
    assert scene.state.limits.caps == {}
    assert of(EntryPlanned, scene.wish(ENTER)) != []


def test_the_plan_says_what_it_was_sized_at_and_by_which_bound() -> None:
    """For whoever asks later why it was so small."""
    scene = Guarded(limits=Limits(order_value=Amount.of(200, "USDT")))
    [plan] = of(EntryPlanned, scene.wish(ENTER))
    assert isinstance(plan, EntryPlanned)
    assert plan.bound == "limits.order_value"
    assert plan.price is not None
    assert plan.price.value == Decimal("100.02")


def test_the_configuration_is_one_of_the_caps() -> None:
    """One list says all that is in force."""
    limits = Limits(positions=1)
    scene = Guarded(limits=limits)
    assert scene.state.limits.of(SYMBOL) == limits
    assert [cap.reason for cap in scene.state.limits.caps.values()] == ["the configuration and its profile"]


def test_a_wish_within_five_seconds_of_a_failed_one_is_a_duplicate() -> None:
    """The message that failed may have arrived all the same."""
    scene = Guarded(duplicate_ns=5 * SECOND)
    entry = scene.enter()
    scene.news(PlaceFailed([entry], Rejected("no")))
    [refused] = of(EntryRefused, scene.wish(ENTER))
    assert isinstance(refused, EntryRefused)
    assert refused.code.startswith("DUPLICATE")
    scene.now += 5 * SECOND
    assert of(EntryPlanned, scene.wish(ENTER)) != []


def test_two_emergencies_trip_the_breaker_once() -> None:
    """A day's loss and a drawdown at the same price: all is being sold already."""
    scene = Guarded(GuardRules(breaker_loss=Fraction.parse("4 %"), drawdown=Fraction.parse("4 %")))
    scene.holds()
    scene.falls_to("90.05")
    trips = [event.guard for event, _ in scene.journal if isinstance(event, GuardTripped) and event.level is Level.EMERGENCY]
    assert trips == ["daily loss"]
    scene.news(Tick(), after=SECOND)
    assert len([event for event, _ in scene.journal if isinstance(event, CapRaised) and event.cap.id == "breaker L2"]) == 1


def loss_at(scene: Guarded, bid: str) -> Amount:
    """What selling at this bid would lose in all, counted by hand: the cost, less what is received after 0.1 %."""
    position = scene.state.money.ledger.positions[SYMBOL]
    return position.cost - Amount(position.quantity.value * Decimal(bid) * Decimal("0.999"), "USDT")


def test_a_position_loses_what_selling_it_at_the_bid_would_lose() -> None:
    """After both fees: at exactly its bound nothing happens, one tick below it is sold."""
    probe = Guarded()
    probe.holds()
    scene = Guarded(GuardRules(position_loss=loss_at(probe, "99")))
    scene.holds()
    scene.falls_to("99")
    assert scene.state.guards.trips == {}
    assert of(GuardTripped, scene.falls_to("98.99")) != []


def test_an_account_is_worth_its_positions_less_the_fees_of_selling_them() -> None:
    """A day's loss at exactly its bound is allowed, a tick more is not."""
    probe = Guarded()
    probe.holds()
    fees = probe.state.money.ledger.positions[SYMBOL].quantity.value * Decimal("99.015") * Decimal("0.001")
    probe.quote("99", "99.03")
    worth = probe.state.worth()
    assert worth is not None
    bound = Fraction((10_000 - worth.value + fees) / 10_000)
    scene = Guarded(GuardRules(breaker_loss=bound))
    scene.holds()
    scene.falls_to("99")
    assert scene.state.guards.trips == {}
    scene.falls_to("98.99")
    assert scene.state.guards.trips == {"daily loss": 1}


def test_a_loss_is_of_the_capital_that_caps_leave() -> None:
    """Half of 1,000 that may be used falls by a tenth: a twentieth of the capital, and a two-hundredth of the account."""
    thousand = Limits(capital=Amount.of(1_000, "USDT"))
    for bound, trips in (("5.2 %", {}), ("4.9 %", {"daily loss": 1})):
        scene = Guarded(GuardRules(breaker_loss=Fraction.parse(bound)), limits=thousand)
        scene.holds()
        scene.falls_to("90.05")
        assert scene.state.guards.trips == trips


def test_only_the_first_answer_to_an_order_is_its_latency() -> None:
    """The stream tells again what the answer told, later."""
    scene = Guarded(GuardRules(latency_ns=SECOND))
    for number in range(10):
        scene.quote("100.00", f"100.0{number + 1}")
        entry = scene.enter()
        scene.news(OrdersAcknowledged([report(entry)]))
        scene.state.apply(OrderAccepted(entry.id, venue_id="v"), scene.now + 30 * SECOND)
        scene.news(OrdersAcknowledged([report(entry, ReportStatus.EXPIRED)]), after=3 * SECOND)
    assert scene.state.guards.trips == {}


def test_how_long_a_trader_was_down_is_not_the_latency_of_the_venue() -> None:
    """Again and again it dies with an order on its way, and hears a minute later that the venue has it."""
    scene = Guarded(GuardRules(latency_ns=SECOND))
    entry = scene.enter()
    for number in range(12):
        sent_at = scene.now + number * 100 * SECOND
        order = replace(entry, id=str(ClientId("main", 1, 100 + number, Role.EXIT)), role=Role.EXIT, side=Side.SELL)
        scene.state.apply(OrderSent(order.id, order=replace(order, created_at=sent_at)), sent_at)
        scene.state.apply(START, sent_at + 60 * SECOND)
        scene.state.apply(OrderAccepted(order.id, venue_id=f"v{number}"), sent_at + 61 * SECOND)
        scene.state.apply(OrderExpired(order.id, ""), sent_at + 61 * SECOND)
    scene.news(Tick(), after=1_300 * SECOND)
    assert scene.state.guards.trips == {}


def test_a_sale_of_the_kill_is_no_order_that_failed_nor_an_answer_that_came_late() -> None:
    """It is sent by another process: when the trader hears of it is no latency, and that it never arrived no error of its own."""
    scene = Guarded(GuardRules(latency_ns=MILLISECOND, errors=Fraction.parse("1 %")))
    sent = [scene.enter()]
    sale = replace(sent[0], id=str(ClientId("main", KILL_EPOCH, 7, Role.EXIT)), role=Role.EXIT, state=OrderState.UNKNOWN)
    for number in range(30):
        own = replace(sale, id=str(ClientId("main", KILL_EPOCH, number, Role.EXIT)))
        scene.state.apply(OrderAdopted(own.id, "sent by the kill", order=own), scene.now)
        told = OrderRejected(own.id, "no such order") if number % 2 else OrderAccepted(own.id, venue_id=f"v{number}")
        scene.state.apply(told, scene.now + SECOND)
        scene.state.guards.observe(Sent(SYMBOL, own.quantity, False, scene.now))
    scene.marked()
    assert scene.state.guards.trips == {}


def test_a_cap_that_a_person_lifts_lets_its_guard_begin_anew() -> None:
    """By the journal, as whoever lifts it writes it there."""
    scene = Guarded(GuardRules(losses_in_a_row=1))
    scene.state.guards.tripped("losses in a row", "", Level.CRITICAL)
    scene.state.apply(CapLifted(cap_id="guard losses in a row", by="ann", why="looked at it"), scene.now)
    assert scene.state.guards.alarms == {}


def test_the_breaker_is_lifted_by_a_person_and_not_before_a_day_has_passed() -> None:
    """Nor by the day itself; then the loss counts from there."""
    scene = Guarded(LOSSES.changed(daily_loss=None, position_loss=None))
    scene.holds()
    scene.falls_to("90.05")
    lift = LiftCap(reason="looked at it", cap_id="breaker L2")
    [early] = of(InstructionTaken, scene.news(CommandReceived(1, "ann", lift)))
    assert isinstance(early, InstructionTaken)
    assert early.refused.startswith("CAP_TOO_EARLY: cap=breaker L2")
    scene.now += breakers.ACCOUNT_NS
    scene.news(Tick())
    assert "breaker L2" in scene.state.limits.caps
    scene.news(CommandReceived(2, "ann", lift))
    assert "breaker L2" not in scene.state.limits.caps
    assert scene.state.guards.alarms == {}
