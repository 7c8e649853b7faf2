"""The part of a harness that says what a run left behind: journal, balances, orders, and what hindered the trader."""

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Final

from fairway.exchange.answers import OrderSnapshot as Truth
from fairway.exchange.events import BalanceMoved, OrderReport
from fairway.exchange.practice_exchange import EVENTS_KEPT
from fairway.journal.memory import MemoryFile
from fairway.proving.coins import own_id
from fairway.proving.exchange_recorder import FOR_EVER, JournalWrites, RecordedEvent
from fairway.proving.harness_oracle import HarnessOracle
from fairway.proving.run_result import RunResult, belongs_to, decimal
from fairway.proving.scenario_script import Path
from fairway.trading.account_executor import AccountExecutor
from fairway.trading.account_state import AccountState

ACCOUNT: Final = "alice"
"""The name at the exchange of the account that calls itself `main`."""


class HarnessResult(HarnessOracle):
    """The attributes are the harness's."""

    name: str
    file: MemoryFile
    orders: list[Truth]
    lost: list[RecordedEvent]
    strangers: "Sequence[HarnessResult]"
    _prices: Mapping[str, Path]
    _writing: JournalWrites
    _trading: "asyncio.Task[None]"
    _executor: AccountExecutor
    _is_fenced: bool

    def failure(self) -> BaseException | None:
        """What its trader ended in before its time."""
        return self._trading.exception() if self._trading.done() and not self._trading.cancelled() else None

    @property
    def has_traded(self) -> bool:
        """Whether its trader has ever been up."""
        return hasattr(self, "_executor")

    @property
    def account_state(self) -> AccountState:
        return self._executor.state

    def run_result(self) -> RunResult:
        told, journal = [it.event for it in self.exchange.events], self.journaled()
        assert len(told) < EVENTS_KEPT, "the exchange has forgotten how the play began"
        reports = [event for event in told if isinstance(event, OrderReport) and event.order.account == ACCOUNT]
        elsewhere = [self.lost, *(stranger.journaled() for stranger in self.strangers)]
        is_ours = belongs_to(journal, elsewhere)
        strange = [report for report in reports if not is_ours(own_id(report))]
        troubles = self._troubles(journal)
        return RunResult(
            journal=journal,
            account_state=self.account_state,
            symbols={symbol: symbol.replace("/", "") for symbol in self._prices},
            orders=[order for order in self.orders if is_ours(order.client_id)],
            reports=[report for report in reports if report not in strange],
            shared={report.order.symbol for report in strange},
            unwritable=[*zip_longest(self._writing.failed_from, self._writing.failed_to, fillvalue=FOR_EVER)],
            moves=[event for event in told if isinstance(event, BalanceMoved)],
            answers=self._witness.answers,
            troubles=troubles,
            latchings=self._latch_log.latchings,
            opening={asset: decimal(units) for asset, units in self._start.items()},
            holding=self.held_at_exchange(),
            ended_at=self._ended_at,
            case=self.case(ACCOUNT, told, journal, troubles),
            lost=self.lost,
            is_fenced=self._is_fenced,
        )

    def journaled(self) -> list[RecordedEvent]:
        return [self._writing.noted(record) for record in self.file.records if record.account == self.name]

    def held_at_exchange(self) -> dict[str, Decimal]:
        """Free and locked together, by asset."""
        state = self.exchange.backend.engine.accounts[ACCOUNT].state()
        return {it.asset: decimal(it.free + it.locked) for it in state.balances}
