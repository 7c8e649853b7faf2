"""One order is followed by its id through the log of a run, as docs/how-to/follow-an-order-in-the-log.md says."""

import re
from pathlib import Path

import pytest
from tests.scenes.logged_harness import LoggedHarness
from tests.scenes.script import enter

from fairway.logs.log import Process
from fairway.logs.slow_calls import SlowLimits
from fairway.proving.scenario_script import ExchangeFault
from fairway.world.clock import MILLISECOND

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "follow-an-order-in-the-log.md"


def test_an_order_is_found_by_its_id_from_request_to_fill() -> None:
    stage = LoggedHarness(enter(0))
    stage.run(minutes=3)
    entry = stage.orders[0]
    followed = [line for line in stage.logs(Process.TRADER) if line.get("order_id") == entry.client_id]
    events = [line["event"] for line in followed]
    assert events[0] == "entry_planned"
    assert events.index("order_sent") < events.index("venue_request")
    assert events.index("order_accepted") < events.index("order_filled")
    assert {line["account"] for line in followed if line["event"].startswith("order_")} == {stage.name}
    assert all(line["symbol"] == "BTC/USDT" for line in followed if "symbol" in line)
    request = next(line for line in followed if line["event"] == "venue_request")
    assert request["call"] == "place"
    assert request["took_ms"] > 0


def test_the_same_id_finds_the_order_in_the_log_of_the_exchange() -> None:
    stage = LoggedHarness(enter(0))
    stage.run(minutes=3)
    entry = stage.orders[0]
    followed = [line for line in stage.logs(Process.EXCHANGE) if line.get("order_id") == entry.client_id]
    events = [line["event"] for line in followed]
    request = followed[events.index("request")]
    assert (request["call"], request["account"], request["symbol"]) == ("order.place", entry.account, entry.symbol)
    assert {"order_accepted", "order_filled"} <= set(events)
    filled = followed[events.index("order_filled")]
    assert (filled["account"], filled["venue_order_id"]) == (entry.account, entry.order_id)
    assert filled["fill"]["quantity"] == filled["executed"]


def test_what_the_exchange_refuses_is_a_warning_with_its_code_and_the_id_of_the_order() -> None:
    stage = LoggedHarness(enter(0), faults=(ExchangeFault("error_after", options={"times": 1}),))
    stage.run(minutes=3)
    (refused,) = [line for line in stage.logs(Process.EXCHANGE) if line["event"] == "request_refused" and line["code"] == -1000]
    assert (refused["level"], refused["call"], refused["order_id"]) == ("warning", "order.place", stage.orders[0].client_id)
    assert refused["why"].startswith("Unknown error")


def test_no_key_and_no_secret_stands_in_the_logs_of_trader_and_exchange() -> None:
    stage = LoggedHarness(enter(0))
    stage.run(minutes=3)
    assert stage.orders, "an order was signed with the secret"
    for line in stage.lines:
        assert stage._credentials.secret not in line
        assert stage._credentials.key not in line


def test_two_runs_of_one_seed_write_the_same_log() -> None:
    logs = []
    for _ in range(2):
        stage = LoggedHarness(enter(0))
        stage.run(minutes=2)
        logs.append(stage.lines)
    assert logs[0]
    assert logs[0] == logs[1]


def test_a_slow_request_is_a_warning_with_the_id_of_its_order() -> None:
    stage = LoggedHarness(enter(0))
    stage.limits = SlowLimits(request_ns=MILLISECOND)
    stage.run(minutes=2)
    slow = [line for line in stage.logs() if line["event"] == "venue_request_slow" and line.get("call") == "place"]
    assert slow
    assert slow[0]["level"] == "warning"
    assert slow[0]["order_id"] == stage.orders[0].client_id


@pytest.mark.parametrize(
    "field", ["entry_planned", "order_sent", "order_accepted", "order_filled", "venue_request", "order_id", "account"]
)
def test_the_page_names_what_the_log_writes(field: str) -> None:
    assert field in PAGE.read_text()


def test_every_event_that_the_page_names_is_written_by_the_code() -> None:
    from fairway.journal.kinds import EVENTS
    from fairway.logs.event_lines import name_of_kind

    names = {name_of_kind(kind) for kind in EVENTS}
    named = set(re.findall(r'"event": ?"(\w+)"', PAGE.read_text()))
    assert named
    calls = {"venue_request", "venue_request_slow", "venue_request_failed", "journal_commit_slow", "loop_stalled", "request"}
    assert named <= names | calls
