"""What `fairway status` shows of an account is what the exchange has: quantity, stop, target, and what was earned."""

from decimal import Decimal

from tests.scenes import by_hand
from tests.scenes.harness import Scene
from tests.scenes.script import decimal, enter, leave

from fairway.assembly import CODEC
from fairway.exchange.terms import Side
from fairway.reports.holdings import Holdings, holdings
from fairway.world.clock import DAY
from fairway.world.loop import EPOCH_NS

RISES = {"BTC/USDT": {0: "100", 130: "103"}}
OPENED_WITH = Decimal(10_000)


def shown(stage: Scene, now: int) -> Holdings:
    events = [(CODEC.decode(record), record.at) for record in stage.file.records if record.account == "main"]
    return holdings("main", events, now)  # type: ignore[arg-type]


def earned_at_exchange(stage: Scene, price: Decimal) -> Decimal:
    """By its balances, coins at this price."""
    holding = stage.run_result().holding
    return holding["USDT"] + holding.get("BTC", Decimal(0)) * price - OPENED_WITH


def test_a_position_is_shown_with_the_orders_that_protect_it() -> None:
    stage = Scene(enter(0), prices=RISES)
    stage.run(minutes=5)
    found = shown(stage, EPOCH_NS + 300 * 10**9)
    [held] = found.held
    stop, target = sorted(stage.open_at_exchange().values(), key=lambda order: -order.stop_price)
    assert held.mark is not None
    assert held.quantity.value == stage.run_result().holding["BTC"]
    assert held.stop is not None
    assert held.target is not None
    assert {held.stop.value, held.target.value} == {
        decimal(stop.stop_price or target.stop_price),
        decimal(target.price or stop.price),
    }
    assert held.is_covered
    assert found.in_all.result is not None
    assert found.in_all.result.value == earned_at_exchange(stage, held.mark)
    assert found.worth is not None
    assert found.worth.value == earned_at_exchange(stage, held.mark) + OPENED_WITH


def test_what_was_earned_yesterday_is_not_earned_today() -> None:
    """The same journal, read a day later, and before the trader has written anything that day."""
    stage = Scene(enter(0), leave(3), prices=RISES)
    stage.run(minutes=6)
    today, tomorrow = shown(stage, EPOCH_NS + 360 * 10**9), shown(stage, EPOCH_NS + DAY)
    assert today.today.result is not None
    assert tomorrow.today.result is not None
    assert today.held == ()
    assert today.today.result.value == earned_at_exchange(stage, Decimal(103)) > 0
    assert (today.today.trades, tomorrow.today.trades, tomorrow.in_all.trades) == (1, 0, 1)
    assert tomorrow.today.result.value == 0
    assert tomorrow.in_all.result == today.in_all.result


def test_what_a_person_brings_or_trades_is_not_earned() -> None:
    acts: by_hand.Acts = {70: by_hand.move("USDT", "500"), 200: by_hand.trade(Side.BUY, "1")}
    stage = Scene(enter(0), prices=RISES, acts=acts)
    stage.run(minutes=7)
    alone = Scene(enter(0), prices=RISES)
    alone.run(minutes=7)
    beside, without = shown(stage, EPOCH_NS + 420 * 10**9), shown(alone, EPOCH_NS + 420 * 10**9)
    assert beside.in_all.result == without.in_all.result
    assert beside.worth is not None
    assert without.worth is not None
    assert beside.worth.value > without.worth.value + 490


def test_a_restart_changes_nothing_of_it() -> None:
    acts: by_hand.Acts = {150: Scene.kill_trader, 160: Scene.come_back}
    stage, alone = Scene(enter(0), prices=RISES, acts=acts), Scene(enter(0), prices=RISES)
    stage.run(minutes=6)
    alone.run(minutes=6)
    now = EPOCH_NS + 360 * 10**9
    assert shown(stage, now).held == shown(alone, now).held
    assert shown(stage, now).in_all.result == shown(alone, now).in_all.result


def test_an_account_that_was_never_started_holds_nothing() -> None:
    found = holdings("main", (), EPOCH_NS)
    assert (found.held, found.worth, found.in_all.trades, found.marked_at) == ((), None, 0, 0)


def test_worth_and_result_are_of_one_instant_after_every_event() -> None:
    """Also between a fill and the next mark: the worth is no older than the result."""
    stage = Scene(enter(0), leave(3), prices=RISES)
    stage.run(minutes=6)
    events = [(CODEC.decode(record), record.at) for record in stage.file.records if record.account == "main"]
    seen = [holdings("main", events[:count], events[count - 1][1]) for count in range(1, len(events) + 1)]  # type: ignore[arg-type]
    known = [each for each in seen if each.worth is not None and each.in_all.result is not None]
    assert len({each.worth for each in known}) > 2
    for each in known:
        assert each.worth is not None
        assert each.in_all.result is not None
        assert each.worth.value - OPENED_WITH == each.in_all.result.value
