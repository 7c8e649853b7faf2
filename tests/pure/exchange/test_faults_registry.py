"""Each faults can be asked for by name, says what is wrong with its options, and strikes only where and when it was told to."""

import msgspec
import pytest
from tests.pure.exchange.fault_values import AT, SECOND, act, fault

from fairway.exchange.faults.active import ActiveFaults
from fairway.exchange.faults.port import FaultScope, RequestEffect
from fairway.exchange.faults.registry import faults, make
from fairway.world.chance import Chance

ISSUE = (
    "absurd_prices altered_answer clock_skew crossed_book delisting duplicate_events error_after frozen_book hidden_order "
    "key_revoked latency maintenance missing_events muted_stream partial_fills rate_limit_storm rejected_alive reordered_events "
    "reset_after reset_before status_unknown"
)


def test_all_kinds_are_there() -> None:
    """One file each, found by itself."""
    assert " ".join(faults()) == ISSUE


@pytest.mark.parametrize("name", ISSUE.split())
def test_each_can_be_made_without_options(name: str) -> None:
    """Whoever knows only the name gets the usual form of it, and its options can be told as JSON."""
    made = make(name, FaultScope(account="alice"), {}, Chance(1))
    assert made.scope.account == "alice"
    msgspec.json.encode(faults()[name].options())


def test_an_unknown_kind_names_the_known_ones() -> None:
    """The error helps on."""
    with pytest.raises(ValueError, match=r"there is no fault 'gremlins'; there are: absurd_prices, altered_answer, "):
        fault("gremlins")


@pytest.mark.parametrize(
    ("kind", "option", "value"),
    [
        ("reset_after", "times", -1),
        ("reset_after", "tims", 1),
        ("error_after", "status", 404),
        ("delisting", "status", "SOMETIMES"),
        ("missing_events", "executions", ["EATEN"]),
        ("missing_events", "every", 0),
        ("hidden_order", "for_ms", -1),
        ("partial_fills", "quantity", "NaN"),
        ("partial_fills", "quantity", "0"),
        ("rate_limit_storm", "factor", 0),
        ("altered_answer", "way", "invent"),
        ("altered_answer", "way", "omit"),
        ("altered_answer", "path", "balances..free"),
    ],
)
def test_wrong_options_are_refused(kind: str, option: str, value: object) -> None:
    """With the name of the faults in the message."""
    with pytest.raises(ValueError, match=f"options of '{kind}'"):
        make(kind, FaultScope(), {option: value}, Chance(1))


@pytest.mark.parametrize(
    "scope",
    [
        FaultScope(account="bob"),
        FaultScope(symbol="ETHUSDT"),
        FaultScope(endpoints=("order.cancel",)),
        FaultScope(since=AT + 1),
        FaultScope(until=AT),
    ],
)
@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "error_after", "status_unknown", "rejected_alive"])
def test_outside_of_its_scope_nothing_happens(kind: str, scope: FaultScope) -> None:
    """Another account, symbol, endpoint or time is left alone."""
    active = ActiveFaults()
    active.add(fault(kind, scope))
    assert active.before_request(act()) is None
    assert active.after_request(act(), {"orderId": 7}) is None


def test_the_number_of_strikes_counts_only_what_was_struck() -> None:
    """Requests before its time, of others, and refused ones do not use it up."""
    active = ActiveFaults()
    active.add(fault("reset_after", FaultScope(account="alice", since=AT), times=2))
    assert active.after_request(act(at=AT - 1), {}) is None
    assert active.after_request(act(account="bob"), {}) is None
    struck = [active.after_request(act(at=AT + second * SECOND), {}) for second in range(4)]
    assert struck == [RequestEffect(reset=True), RequestEffect(reset=True), None, None]
