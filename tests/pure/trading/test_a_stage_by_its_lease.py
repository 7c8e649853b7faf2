"""A stage comes with a lease: what the state counts from there, what it refuses, and what stays when leases change."""

from decimal import Decimal

from tests.pure.trading.test_guard_evaluation import FAR, Guarded, of
from tests.pure.trading.test_safety_checks import told
from tests.pure.trading.test_step import SYMBOL, caught, filled, report
from tests.pure.trading.test_step_under_faults import refusals

from fairway.journal.commands import AnnounceTransfer, IssueLease, LiftCap
from fairway.journal.kinds import CapLifted, CapRaised, GuardTripped, StageBegan
from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.risk.caps import Lifting
from fairway.risk.guards.rules import NO_GUARDS
from fairway.risk.limits import Limits, TradingState
from fairway.trading.exposure import at_risk
from fairway.trading.inputs import OrdersAcknowledged, Tick
from fairway.venues.port import ReportStatus
from fairway.world.clock import HOUR, MINUTE, SECOND


def usdt(text: str) -> Amount:
    return Amount.of(text, "USDT")


class Staged(Guarded):
    """An account state without any guards but those of its stage."""

    def __init__(self, **limits: object) -> None:
        super().__init__(NO_GUARDS)
        self.number = 0
        self.limits = Limits(**limits)  # type: ignore[arg-type]

    def lease(self, stage: str = "beta/internal 1", limits: Limits | None = None, epoch: int = 1) -> list[str]:
        self.number += 1
        grant = IssueLease(reason="test", epoch=epoch, until=self.now + HOUR, limits=limits or self.limits, stage=stage)
        return told(self, self.number, grant)

    def lift(self, cap_id: str) -> list[str]:
        self.number += 1
        return told(self, self.number, LiftCap(reason="looked at it", cap_id=cap_id))

    def begun(self) -> list[StageBegan]:
        return [event for event, _ in self.journal if isinstance(event, StageBegan)]

    def trading_state(self) -> TradingState:
        """Of the whole account."""
        return self.state.limits.of("").state


def test_a_stage_begins_with_its_first_lease_and_not_with_the_next_ones() -> None:
    """What the account is worth then is in the journal, once, however often the lease is renewed."""
    scene = Staged(loss=usdt("100"))
    for _ in range(3):
        scene.lease()
        scene.news(Tick(), after=MINUTE)
    assert scene.begun() == [StageBegan(stage="beta/internal 1", worth=usdt("10000"))]
    scene.lease("beta/limited 1")
    assert [event.stage for event in scene.begun()] == ["beta/internal 1", "beta/limited 1"]


def test_what_leaves_unannounced_is_lost_in_the_stage() -> None:
    """Until a person announces exactly that; what was raised for it is lifted by a person alone."""
    scene = Staged(loss=usdt("100"))
    scene.lease()
    scene.news(Tick(), after=MINUTE)
    for _ in range(2):
        scene.news(caught({"USDT": "9800"}, scene.now), after=MINUTE)
    assert [event.guard for event, _ in scene.journal if isinstance(event, GuardTripped)] == ["stage loss"]
    assert scene.state.guards.stage_loss.lost(usdt("9800")) == 200
    scene.number += 1
    assert told(scene, scene.number, AnnounceTransfer(reason="to savings", amount=usdt("-200"))) == [""]
    assert scene.state.guards.stage_loss.lost(usdt("9800")) == 0
    assert scene.replayed().guards.stage_loss.lost(usdt("9800")) == 0
    assert scene.trading_state() is TradingState.REDUCE_ONLY


def test_nobody_grants_a_wider_lease_beside_a_launch() -> None:
    """Not under its epoch and while its own is fresh; narrower ones always, and with a later epoch it is taken over."""
    scene = Staged(loss=usdt("100"))
    scene.lease()
    assert scene.lease("", Limits(loss=usdt("900"))) == ["LEASE_OF_A_STAGE: stage=beta/internal 1 epoch=1"]
    assert scene.state.limits.of("").loss == usdt("100")
    assert scene.lease("", Limits(state=TradingState.REDUCE_ONLY)) == [""]
    assert scene.trading_state() is TradingState.REDUCE_ONLY
    scene.lease()
    scene.now += HOUR
    assert scene.lease("", Limits(loss=usdt("900"))) == [""], "the launch is silent"
    scene.lease()
    assert scene.lease("", Limits(loss=usdt("900")), epoch=2) == [""]
    assert scene.lease() == ["LEASE_FENCED: epoch=1 last=2"]


def test_a_lease_without_such_limits_begins_nothing() -> None:
    """The journal of whoever limits no loss stays as it was."""
    scene = Staged(positions=1)
    scene.lease()
    scene.wish()
    assert scene.begun() == []
    assert not scene.state.guards.is_watching


def test_a_stage_with_a_position_begins_with_what_selling_it_would_leave() -> None:
    """Less the fee of that sale, so that nothing counts as lost at once."""
    scene = Staged(loss=usdt("100"))
    scene.holds()
    held = scene.state.money.ledger.positions[SYMBOL].quantity.value
    scene.lease()
    worth = scene.state.worth()
    assert worth is not None
    assert [event.worth for event in scene.begun()] == [Amount(worth.value - held * Decimal("100.01") * Decimal("0.001"), "USDT")]


def test_a_stage_that_lost_what_it_may_only_reduces_until_a_person_lifts_it() -> None:
    """Neither a better price nor the next lease, nor a new stage, nor a replay does; the position keeps its stop."""
    scene = Staged(loss=usdt("400"))
    scene.holds()
    scene.lease(limits=Limits(loss=usdt("400")))
    scene.falls_to("90.05")
    [tripped] = [event for event, _ in scene.journal if isinstance(event, GuardTripped)]
    assert tripped.guard == "stage loss"
    assert tripped.code.startswith("GUARD_STAGE_LOSS: lost=49")
    assert tripped.code.endswith(" limit=400 USDT")
    [cap] = [event.cap for event, _ in scene.journal if isinstance(event, CapRaised) and event.cap.id == "guard stage loss"]
    assert (cap.limits.state, cap.lifting) == (TradingState.REDUCE_ONLY, Lifting.PERSON)
    scene.falls_to("101")
    scene.lease()
    scene.lease("beta/limited 1")
    scene.news(Tick(), after=SECOND)
    assert scene.trading_state() is scene.replayed().limits.of("").state is TradingState.REDUCE_ONLY
    assert SYMBOL in scene.state.money.ledger.positions
    assert scene.lift("guard stage loss") == [""]
    assert scene.trading_state() is TradingState.ACTIVE


def test_whoever_lifts_a_loss_gives_it_anew_from_there() -> None:
    """What is lost already counts no more, and is not held against the account at once."""
    scene = Staged(loss=usdt("400"))
    scene.holds()
    scene.lease()
    scene.falls_to("90.05")
    scene.lift("guard stage loss")
    scene.news(Tick(), after=SECOND)
    assert len(scene.begun()) == 2
    assert scene.begun()[1].worth < scene.begun()[0].worth
    assert scene.trading_state() is TradingState.ACTIVE
    assert len([event for event, _ in scene.journal if isinstance(event, CapLifted)]) == 1


def test_an_entry_that_could_pass_the_limit_is_refused_before_it_is_sent() -> None:
    """At its stop, with what open positions would lose at theirs: 5,000 at 100.02 with a stop at half of that may lose 2,500."""
    scene = Staged(loss=usdt("2600"))
    scene.marked()
    scene.lease()
    assert refusals(scene.wish(FAR)) == []
    tight = Staged(loss=usdt("2400"))
    tight.marked()
    tight.lease()
    [refused] = refusals(tight.wish(FAR))
    assert refused.startswith("LOSS_MAX: lost=0 at_risk=0 planned=25")


def test_what_is_held_and_what_is_on_its_way_counts_with_its_stop() -> None:
    """An entry that was sent risks what the position will that it becomes, and the costs of both ways."""
    scene = Staged(loss=usdt("2600"))
    scene.marked()
    scene.lease()
    entry = scene.wish(FAR).commands[0].order  # type: ignore[union-attr]
    flying = at_risk(scene.state)
    assert 2_500 < flying < 2_600
    scene.news(OrdersAcknowledged([report(entry, ReportStatus.FILLED, filled=entry.quantity.value)]))
    scene.news(filled(entry, "1", entry.quantity.value))
    held = at_risk(scene.state)
    spent_on_both_ways = entry.quantity.value * Decimal("100.02") * Decimal("0.004")
    assert flying - spent_on_both_ways < held < flying
    del scene.state.protection.plans[SYMBOL]
    worth = scene.state.money.ledger.positions[SYMBOL].quantity.value * Decimal("100.01") * Decimal("0.999")
    assert at_risk(scene.state) == worth, "without a plan all of it may be lost"


def test_nobody_opens_before_it_is_known_what_was_lost() -> None:
    """A stage whose beginning could not be told, for something held has no price: unknown is never allowed."""
    scene = Staged(loss=usdt("400"))
    scene.lease()
    scene.state.guards.stage_loss.forget(scene.now, "")
    scene.state.transient.asked_at = 0
    assert refusals(scene.wish(FAR)) == ["LOSS_UNKNOWN: the loss since the stage began is not known max=400 USDT"]


def test_a_replay_counts_the_same_losses() -> None:
    """And a stage that had begun begins no second time."""
    scene = Staged(loss=usdt("400"), daily_loss=Fraction.parse("3 %"), drawdown=Fraction.parse("4 %"))
    scene.holds()
    scene.lease()
    scene.falls_to("99")
    again, worth = scene.replayed(), usdt("9900")
    assert again.limits.lease == scene.state.limits.lease
    assert again.limits.caps == scene.state.limits.caps
    assert again.guards.stage_loss.lost(worth) == scene.state.guards.stage_loss.lost(worth) is not None


def test_strategy_profile_and_hours_of_the_lease_are_those_of_the_account_state() -> None:
    """The check knows the state's own: who has no name, or the wrong one, opens nothing."""
    scene = Staged(strategies=frozenset({"trend"}))
    scene.lease()
    assert refusals(scene.wish(FAR)) == ["STRATEGY_NOT_ALLOWED: strategy=none allowed=trend"]
    scene.lease(limits=Limits(profiles=frozenset({"moderate"})))
    assert refusals(scene.wish(FAR)) == ["PROFILE_NOT_ALLOWED: profile=none allowed=moderate"]
    scene.lease(limits=Limits(open_orders=0))
    assert refusals(scene.wish(FAR)) == ["OPEN_ORDERS_MAX: open=0 max=0"]


def test_a_stop_that_has_lost_its_stage_its_limit_ends_it_too() -> None:
    """Realised, net of fees: the position is gone, and no price is needed to say so."""
    scene = Staged(loss=usdt("1200"))
    scene.marked()
    scene.lease(limits=Limits(loss=usdt("2600")))
    scene.holds()
    stop = next(order for order in scene.state.orders.blotter.live.values() if order.stop_price is not None)
    scene.news(OrdersAcknowledged([report(stop)]))
    scene.news(OrdersAcknowledged([report(stop, ReportStatus.FILLED, filled=stop.quantity.value)]))
    scene.lease(limits=Limits(loss=usdt("1200")))
    outcome = scene.news(filled(stop, "2", stop.quantity.value, price="75.51"))
    [tripped] = of(GuardTripped, outcome)
    assert isinstance(tripped, GuardTripped)
    assert tripped.guard == "stage loss"
