"""Stages whose trader, pilot and exchange write the operational log, as those in real time do."""

import json
from typing import Any, cast

from tests.scenes.harness import Scene

from fairway.assembly.pilot_log import PilotLines
from fairway.exchange.practice_exchange import Credentials
from fairway.journal.port import Journal
from fairway.logs.event_lines import EventLines
from fairway.logs.exchange_lines import ExchangeLines
from fairway.logs.log import Logger, Process, new_log
from fairway.logs.redaction import Redaction
from fairway.logs.slow_calls import SlowLimits, logged_journal, logged_venue
from fairway.proving.exchange_log import RecordedExchange
from fairway.proving.flown import LaunchHarness
from fairway.trading.trader import Trader
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.world.clock import Clock
from fairway.world.loop import SimLoop, running


class LogTexts:
    """The lines of all processes of a scene."""

    limits = SlowLimits()

    @property
    def lines(self) -> list[str]:
        self.__dict__.setdefault("kept_lines", [])
        return cast(list[str], self.__dict__["kept_lines"])

    @property
    def redaction(self) -> Redaction:
        self.__dict__.setdefault("hides", Redaction())
        return cast(Redaction, self.__dict__["hides"])

    def logs(self, process: Process | None = None) -> list[dict[str, Any]]:
        """The lines, of one process or of all."""
        found = [json.loads(line) for line in self.lines]
        return [line for line in found if process is None or line["process"] == process.value]

    def _log(self, process: Process, clock: Clock) -> Logger:
        return new_log(self.lines.append, clock, level="debug", redaction=self.redaction).bind(process=process.value)


class LoggedHarness(LogTexts, Scene):
    """A stage whose trader and exchange are logged."""

    def _exchange(self, loop: SimLoop, minutes: float) -> RecordedExchange:
        exchange = super()._exchange(loop, minutes)
        ExchangeLines(self._log(Process.EXCHANGE, loop.clock), self.redaction, self.limits).follow(exchange)
        return exchange

    def _client(self, credentials: Credentials, loop: SimLoop, name: str, clock: Clock) -> CcxtVenue:
        venue = super()._client(credentials, loop, name, clock)
        return cast(CcxtVenue, logged_venue(venue, self._log(Process.TRADER, clock), clock, self.limits))

    def open_journal(self) -> Journal:
        clock = running().clock
        return logged_journal(super().open_journal(), self._log(Process.TRADER, clock), clock, self.limits)

    def meet(self, trader: Trader) -> None:
        trader.watchers.append(EventLines(self._log(Process.TRADER, running().clock)).hear)


class LoggedLaunch(LoggedHarness, LaunchHarness):
    """The same with a pilot, whose log has its events and its leases."""

    pilot_lines: PilotLines

    def meet_pilot(self, pilot: Any) -> None:
        self.pilot_lines = PilotLines(self._log(Process.PILOT, running().clock), self.plan)
        self.pilot_lines.follow(pilot)

    def lease_sent(self, lease: Any, numbers: Any) -> None:
        self.pilot_lines.lease_sent(lease, numbers)
