"""The book is thin: entries fill in part, targets fill bit by bit."""

from tests.scenes.harness import Scene
from tests.scenes.script import ExchangeFault, enter, exchange_fault, leave

from fairway.journal.kinds import CapRaised, DustLeft

RISES = {"BTC/USDT": {0: "100", 150: "111", 190: "100"}}


def test_what_an_entry_got_is_protected() -> None:
    """The rest of it expired, and stop and target are for exactly what was bought."""
    stage = Scene(enter(0), faults=[exchange_fault("partial_fills", quantity="2", levels=3, since=58)])
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    [entry] = stage.bought()
    assert entry.executed == 6_00000000
    assert len(stage.open_at_exchange()) == 2


def test_an_entry_that_got_nothing_leaves_nothing() -> None:
    """A book without anybody in it."""
    stage = Scene(enter(0), faults=[exchange_fault("partial_fills", levels=0, since=55, until=70)])
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert stage.account_state.money.ledger.positions == {}
    assert stage.open_at_exchange() == {}


def test_a_target_that_fills_in_parts_does_not_cost_the_rest_its_stop() -> None:
    """The exchange ends the stop with the target's first fill; what is left gets a new one."""
    thin = exchange_fault("partial_fills", quantity="0.1", levels=1, since=149, until=151)
    stage = Scene(enter(0), faults=[thin], prices={"BTC/USDT": {0: "100", 150: "111", 151: "105"}})
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    [stop] = [order for order in stage.open_at_exchange().values() if order.client_id.endswith("s")]
    target_filled_at = stage.second(150)
    assert 0 < stop.quantity < stage.bought()[0].executed
    assert stop.created_at - target_filled_at < 5_000_000_000


def test_a_target_that_fills_in_parts_while_the_price_stays_above_it() -> None:
    """A new target would be met at once, so the exchange refuses the pair, and the rest is sold at market."""
    thin = exchange_fault("partial_fills", quantity="4", levels=1, since=149)
    stage = Scene(enter(0), faults=[thin], prices={"BTC/USDT": {0: "100", 150: "111"}})
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert stage.account_state.money.ledger.positions == {}


def test_a_sale_into_an_empty_book_is_not_repeated_for_ever() -> None:
    """Two sales that sold nothing call a person, and the position gets its stop back."""
    stage = Scene(enter(0), leave(1), faults=[exchange_fault("partial_fills", levels=0, since=110)])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len([order for order in stage.orders if order.client_id.endswith("x")]) == 2
    assert len(stage.events(CapRaised)) == 1


def test_parts_of_which_some_are_never_told() -> None:
    """A later fill was told and an earlier one was not: asking from the last one on would never find it."""
    thin = exchange_fault("partial_fills", quantity="2", levels=4, since=58)
    missing = exchange_fault("missing_events", executions=["TRADE"], every=3)
    stage = Scene(enter(0), faults=[thin, missing])
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    entry, stop, _ = stage.orders
    assert (entry.executed, len(stage.open_at_exchange())) == (8_00000000, 2)
    assert stop.created_at - entry.created_at < 5_000_000_000


def test_a_sale_in_parts_is_finished() -> None:
    """Each sale gets a bit; the rest is protected or sold until nothing is left."""
    stage = Scene(enter(0), leave(1), faults=[exchange_fault("partial_fills", quantity="4", levels=2, since=100)])
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert stage.account_state.money.ledger.positions == {}
    assert len(stage.account_state.money.trips) == 1


def test_an_entry_that_got_too_little_for_any_order_is_dust() -> None:
    """One US dollar's worth: no stop and no sale could be made of it, so it is no position, and the next entry is free."""
    stage = Scene(enter(0), enter(3), faults=[exchange_fault("partial_fills", quantity="0.01", levels=1, since=58, until=120)])
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert len(stage.events(DustLeft)) == 1
    assert len(stage.bought()) == 2
    assert len(stage.open_at_exchange()) == 2


def unseen(quantity: str) -> list[ExchangeFault]:
    """The entry gets so much of the book, which is heard of two seconds later, and no new quote comes until second 150."""
    thin = exchange_fault("partial_fills", quantity=quantity, levels=1, since=58, until=120)
    return [
        thin,
        exchange_fault("missing_events", executions=["TRADE"], since=58, until=62),
        exchange_fault("frozen_book", since=51, until=150),
    ]


def test_what_is_worth_an_order_is_no_dust_because_the_quote_is_old() -> None:
    """5.20 at the price of the fill, 4.94 at the stop, and no quote for ten seconds: it is sold, and not written off."""
    stage = Scene(enter(0), enter(4), faults=unseen("0.052"))
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    assert stage.events(DustLeft) == []
    [sold] = [order for order in stage.orders if order.client_id.endswith("x")]
    assert sold.executed == 5_100_000
    assert len(stage.bought()) == 2


def test_what_may_be_dust_is_written_off_by_a_new_quote_only() -> None:
    """4.30 at the last price that was seen, and no quote since: it is kept and told until a quote says what it is worth."""
    stage = Scene(enter(0), faults=unseen("0.043"))
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert 150 < stage.seconds_of(DustLeft)[0] < 155
    assert [event.cap.id for event in stage.events(CapRaised) if isinstance(event, CapRaised)] == ["naked BTC/USDT"]
