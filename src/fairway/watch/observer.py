"""The observer: turns the events of a trader's journal into observations of indicators.

It reads no clock. Its state is one value for each account, which can be encoded for a checkpoint.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Struct

from fairway.journal import kinds
from fairway.orders.lifecycle import EVENTS, OrderEvent
from fairway.watch import alarms, process, process_lifetimes, streams, trips
from fairway.watch.account import MeasuredAccount, Note

RULES: Final = 3
"""Counts what this module makes of events: raise it with each change of that, so that checkpoints of other rules are
discarded."""

TRADER: Final = ""
"""The account of what is of the whole trader."""

_Teller = Callable[[MeasuredAccount, Any, int, Note], None]


class Measurement(NamedTuple):
    """What was observed at an instant (ns), and how many times."""

    indicator: str
    at: int
    value: float
    label: str = ""
    times: int = 1


class Observer:
    """Takes each event once, in the order of the journal. observations: made since `away` was called last."""

    def __init__(self, accounts: Iterable[MeasuredAccount] = ()) -> None:
        self.accounts = {account.name: account for account in accounts}
        self._prices = self.accounts[TRADER].prices if TRADER in self.accounts else {}
        for account in self.accounts.values():
            account.prices = self._prices
        self.observations: list[Measurement] = []
        self.touched: dict[str, None] = {}
        """Accounts that have changed since the last snapshot."""
        self.seen_to = 0
        """The instant of the last event (ns): until then all that is noted is complete."""
        self.beats = 0
        """When the trader last measured itself (ns)."""

    def take(self, event: Struct, account: str, at: int) -> None:
        """Moves one account by an event of its journal, at an instant (ns)."""
        self.seen_to = at
        if type(event) is kinds.Marked:
            self._mark(event)
            return
        if type(event) is kinds.ProcessMeasured:
            self.beats = at
            self._look_at_doubts(at)
        known = self._account(account)
        if known.doubted:
            process_lifetimes.of_doubts(known, at, self._note)
        if isinstance(event, OrderEvent):
            process_lifetimes.of_order(known, event, at, self._note)
            return
        handler = _OF_THE_TRADER.get(type(event))
        if handler is not None:
            handler(known, event, at, self._note)

    def _account(self, name: str) -> MeasuredAccount:
        """The account, to be changed by the caller."""
        self.touched[name] = None
        known = self.accounts.get(name)
        if known is None:
            known = self.accounts[name] = MeasuredAccount(name, prices=self._prices)
        return known

    def _mark(self, event: kinds.Marked) -> None:
        """Prices are the market's, so all accounts know the same ones, and those of the trader are kept."""
        self._account(TRADER)
        self._prices.clear()
        self._prices.update(event.marks)

    def _look_at_doubts(self, now: int) -> None:
        """Once a minute: an account whose venue does not answer may have no events of its own."""
        for account in self.accounts.values():
            if account.doubted:
                process_lifetimes.of_doubts(self._account(account.name), now, self._note)

    def pass_over(self, at: int) -> None:
        """An event that measures nothing happened at an instant (ns)."""
        self.seen_to = at

    def away(self) -> list[Measurement]:
        """What was observed since the last time, which is forgotten here."""
        observations, self.observations = self.observations, []
        return observations

    def _note(self, indicator: str, at: int, value: float, label: str = "", count: int = 1) -> None:
        self.observations.append(Measurement(indicator, at, value, label, count))


def alone(account: MeasuredAccount) -> MeasuredAccount:
    """The account as it is saved: prices are saved once, with the trader's own."""
    return msgspec.structs.replace(account, prices={}) if account.name != TRADER else account


_OF_THE_TRADER: Final[dict[type[Struct], _Teller]] = {
    kinds.ProcessMeasured: process.of_measures,
    kinds.TraderStarted: streams.of_start,
    kinds.StreamLost: streams.of_loss,
    kinds.CaughtUp: streams.of_catch_up,
    kinds.EntryRefused: streams.of_refusal,
    kinds.Unexplained: streams.of_unexplained,
    kinds.EntryPlanned: trips.of_plan,
    kinds.ExternalFill: trips.of_external,
    kinds.DustLeft: trips.of_dust,
    kinds.GuardTripped: alarms.of_guard,
    kinds.CapRaised: alarms.of_cap,
    kinds.CapLifted: alarms.of_lifted,
    kinds.AccountFailed: alarms.of_failure,
    kinds.StopFailed: alarms.of_broken_stop,
    kinds.NakedTooLong: alarms.of_nakedness,
}
"""Events that are not named here are not measured."""

PASSED_OVER: Final = frozenset(kind.__name__ for kind in kinds.EVENTS if kind not in (*EVENTS, *_OF_THE_TRADER, kinds.Marked))
"""The kinds of events from which nothing is measured: only their instant counts, and their bodies are not decoded."""
