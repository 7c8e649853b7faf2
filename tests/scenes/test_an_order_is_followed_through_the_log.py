"""One order is followed by its id through the log of a run, as docs/how-to/follow-an-order-in-the-log.md says."""

import json
import re
from pathlib import Path
from typing import Any, cast

import pytest
from tests.scenes.harness import Stage
from tests.scenes.script import enter

from fairway.exchange.practice_exchange import Credentials
from fairway.journal.port import Journal
from fairway.logs.event_lines import EventLines
from fairway.logs.log import new_log
from fairway.logs.slow_calls import SlowLimits, logged_journal, logged_venue
from fairway.trading.trader import Trader
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.world.clock import MILLISECOND, Clock
from fairway.world.loop import SimLoop, running

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "follow-an-order-in-the-log.md"


class LoggedStage(Stage):
    """A stage whose trader writes the operational log, as one in real time does."""

    limits = SlowLimits()

    def logs(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines]

    @property
    def lines(self) -> list[str]:
        self.__dict__.setdefault("kept_lines", [])
        return cast(list[str], self.__dict__["kept_lines"])

    def _client(self, credentials: Credentials, loop: SimLoop, name: str, clock: Clock) -> CcxtVenue:
        venue = super()._client(credentials, loop, name, clock)
        return cast(CcxtVenue, logged_venue(venue, self._log(clock), clock, self.limits))

    def open_journal(self) -> Journal:
        clock = running().clock
        return logged_journal(super().open_journal(), self._log(clock), clock, self.limits)

    def meet(self, trader: Trader) -> None:
        trader.watchers.append(EventLines(self._log(running().clock)).hear)

    def _log(self, clock: Clock) -> Any:
        return new_log(self.lines.append, clock, level="debug")


def test_an_order_is_found_by_its_id_from_request_to_fill() -> None:
    stage = LoggedStage(enter(0))
    stage.run(minutes=3)
    entry = stage.orders[0]
    followed = [line for line in stage.logs() if line.get("order_id") == entry.client_id]
    events = [line["event"] for line in followed]
    assert events[0] == "entry_planned"
    assert events.index("order_sent") < events.index("venue_request")
    assert events.index("order_accepted") < events.index("order_filled")
    assert {line["account"] for line in followed if line["event"].startswith("order_")} == {stage.name}
    assert all(line["symbol"] == "BTC/USDT" for line in followed if "symbol" in line)
    request = next(line for line in followed if line["event"] == "venue_request")
    assert request["call"] == "place"
    assert request["took_ms"] > 0


def test_two_runs_of_one_seed_write_the_same_log() -> None:
    logs = []
    for _ in range(2):
        stage = LoggedStage(enter(0))
        stage.run(minutes=2)
        logs.append(stage.lines)
    assert logs[0]
    assert logs[0] == logs[1]


def test_a_slow_request_is_a_warning_with_the_id_of_its_order() -> None:
    stage = LoggedStage(enter(0))
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
    from fairway.logs.event_lines import _HUMP

    names = {_HUMP.sub("_", kind.__name__).lower() for kind in EVENTS}
    named = set(re.findall(r'"event": ?"(\w+)"', PAGE.read_text()))
    assert named
    assert named <= names | {"venue_request", "venue_request_slow", "venue_request_failed", "journal_commit_slow", "loop_stalled"}
