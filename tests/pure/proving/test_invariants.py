"""Each invariant has been seen to find: a play in which all went well is tampered with, and the right one says so."""

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest
from tests.ids import own_id

from fairway.exchange.answers import ExchangeRefusal
from fairway.journal.kinds import AccountFailed, CapLifted, CapRaised, EntryPlanned, Event, Unexplained
from fairway.money.amount import Amount
from fairway.orders.lifecycle import OrderFilled, OrderRejected, OrderSent, OrderUnsent
from fairway.proving.exchange_recorder import LatchChange, RecordedAnswer, RecordedEvent
from fairway.proving.harness import Harness
from fairway.proving.invariants import INVARIANTS, violations
from fairway.proving.run_result import RunResult
from fairway.proving.scenario_script import enter, leave
from fairway.risk.cap_kinds import LEASE
from fairway.risk.caps import Cap, held
from fairway.risk.hours import Hours
from fairway.risk.limits import Limits
from fairway.trading.latch import Killed, KillScope
from fairway.world.clock import SECOND
from fairway.world.loop import EPOCH_NS


def played() -> RunResult:
    """A position is opened and closed, and another one opened, which is protected at the end."""
    stage = Harness(enter(0), leave(1), enter(2))
    stage.run(minutes=4)
    return stage.run_result()


def entry_of(left: RunResult) -> str:
    """The first order."""
    return left.orders[0].client_id


def found(left: RunResult) -> set[str]:
    return {violation.invariant for violation in violations(left)}


def with_events(left: RunResult, change: Callable[[RecordedEvent], RecordedEvent]) -> RunResult:
    return replace(left, journal=[change(noted) for noted in left.journal])


def and_then(left: RunResult, event: Event, seconds: float = 200) -> RunResult:
    """Something more was journaled, so many seconds into the play."""
    at = EPOCH_NS + round(seconds * SECOND)
    return replace(left, journal=[*left.journal, RecordedEvent(event, at, at, at)])


def late(noted: RecordedEvent) -> RecordedEvent:
    return noted._replace(durable_at=noted.durable_at + SECOND) if isinstance(noted.event, OrderSent) else noted


def on_old_data(noted: RecordedEvent) -> RecordedEvent:
    if not isinstance(noted.event, EntryPlanned):
        return noted
    return noted._replace(event=msgspec.structs.replace(noted.event, quote_age_ns=-1))


def told_again(left: RunResult) -> RunResult:
    """Its first fill stands in the journal twice."""
    fill = next(noted for noted in left.journal if isinstance(noted.event, OrderFilled))
    return replace(left, journal=[*left.journal, fill])


def given_up_on(seconds: float) -> Callable[[RunResult], RunResult]:
    """The entry is booked as rejected because it was denied once, so long after it was sent."""

    def change(left: RunResult) -> RunResult:
        denied_at = EPOCH_NS + round((60.5 + seconds) * SECOND)
        denial = RecordedAnswer(
            denied_at, "order.status", (entry_of(left),), ExchangeRefusal(-2013, "Order does not exist."), is_signed=True
        )
        return replace(and_then(left, OrderRejected(entry_of(left), "no such order")), answers=[*left.answers, denial])

    return change


def without_purchases(left: RunResult) -> RunResult:
    """In the journal."""
    fills = [it for it in left.journal if isinstance(it.event, OrderFilled) and it.event.order_id.endswith("-e")]
    return replace(left, journal=[noted for noted in left.journal if noted not in fills])


def capped_and(event: Callable[[str], Event]) -> Callable[[RunResult], RunResult]:
    cap = held("BTC/USDT", "a person must look", EPOCH_NS)
    return lambda left: and_then(and_then(left, CapRaised(cap=cap)), event(cap.id))


def latched_before_the_entry(left: RunResult) -> RunResult:
    killed = Killed(scope=KillScope.ACCOUNT, reason="enough", by="ann")
    return replace(left, latchings=[LatchChange(EPOCH_NS + 30 * SECOND, killed)])


def limited(limits: Limits) -> Callable[[RunResult], RunResult]:
    """By a cap that was in force before the first entry, and that nobody asked."""
    cap = Cap(id="lease", kind=LEASE, limits=limits, reason="test", since=EPOCH_NS)
    noted = RecordedEvent(CapRaised(cap=cap), EPOCH_NS, EPOCH_NS, EPOCH_NS)
    return lambda left: replace(left, journal=[noted, *left.journal])


def with_forgotten_plans(left: RunResult) -> RunResult:
    left.account_state.protection.plans.clear()
    return left


def with_more_cash(left: RunResult) -> RunResult:
    return replace(left, holding={**left.holding, "USDT": left.holding["USDT"] + 1})


TAMPERED: list[tuple[str, Callable[[RunResult], RunResult]]] = [
    ("1 an intent is durable before the wire", lambda left: with_events(left, late)),
    ("1 an intent leads to one order", lambda left: replace(left, orders=[*left.orders, left.orders[0]])),
    ("2, 4 only the exchange's word ends an order", lambda left: and_then(left, OrderRejected(entry_of(left), "no answer came"))),
    ("2, 4 only the exchange's word ends an order", lambda left: and_then(left, OrderUnsent(entry_of(left), "no line"))),
    ("3 a denial is not believed at once", given_up_on(seconds=59)),
    (
        "3 nothing is explained away",
        lambda left: and_then(left, Unexplained(amount=Amount.of("1", "USDT"), asked_at=1)),
    ),
    ("5 orders agree", lambda left: replace(left, orders=left.orders[:-1])),
    ("5 positions agree", lambda left: replace(left, reports=[])),
    ("7 sales stay within the books", without_purchases),
    ("8 a halt stays", capped_and(lambda cap_id: CapLifted(cap_id=cap_id, by="trader", why="all seems well"))),
    ("8 a halt stays", capped_and(lambda cap_id: OrderUnsent(own_id("e", 9), "the cap is not on the account_state"))),
    ("8 a halt stays", latched_before_the_entry),
    *(
        ("8 entries are within limits", limited(limits))
        for limits in (
            Limits(symbols=frozenset({"ETH/USDT"})),
            Limits(hours=Hours.parse("23:00-23:01")),
            Limits(positions=0),
            Limits(open_orders=0),
            Limits(order_value=Amount.of(10, "USDT")),
            Limits(exposure_value=Amount.of(10, "USDT")),
            Limits(capital=Amount.of(10, "USDT")),
        )
    ),
    ("10 a replay agrees", with_forgotten_plans),
    ("10 a replay agrees", told_again),
    ("11 data is fresh", lambda left: with_events(left, on_old_data)),
    (
        "no fault of our own",
        lambda left: and_then(left, AccountFailed(why="KeyError: 'x'", where="account_state.py:1 apply", recent=1)),
    ),
    ("13 cash ties out", with_more_cash),
]


def test_a_play_in_which_all_goes_well_breaks_none() -> None:
    """And it has orders, fills and a closed position to ask about."""
    left = played()
    assert violations(left) == []
    assert len(left.orders) == 7


@pytest.mark.parametrize(("invariant", "tamper"), TAMPERED)
def test_each_finds_what_it_is_for(invariant: str, tamper: Callable[[RunResult], RunResult]) -> None:
    """By its own name, whatever else it brings to light."""
    assert invariant in found(tamper(played()))


def test_each_is_among_the_tampered() -> None:
    """None that was never seen to find counts."""
    assert {invariant for invariant, _ in TAMPERED} == set(INVARIANTS)


def test_a_denial_is_believed_after_its_time() -> None:
    """A minute is what an exchange may lag behind itself."""
    assert "3 a denial is not believed at once" not in found(given_up_on(seconds=61)(played()))


def test_what_cannot_be_checked_does_not_hold() -> None:
    """A check that raises is a violation with its error."""
    left = replace(played(), reports=[None])  # type: ignore[list-item]
    assert any("could not be checked" in violation.words for violation in violations(left))
