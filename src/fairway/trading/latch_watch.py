"""Watches the kill latches of a trader's accounts, and puts a kill ahead of all inputs that wait."""

from collections.abc import Mapping
from itertools import islice

from fairway.trading.account_executor import AccountExecutor
from fairway.trading.event_mapping import is_news
from fairway.trading.input_queue import InputQueue
from fairway.trading.inputs import KillLatchRead


class LatchWatch:
    """executors: of the accounts traded at the moment; the account roster changes them."""

    def __init__(self, executors: Mapping[str, AccountExecutor], inputs: InputQueue) -> None:
        self._executors, self._inputs = executors, inputs

    def may_have_changed(self) -> bool:
        """All latches of a trader lie in one directory, so one of them answers for all."""
        return any(executor.latch.may_have_changed() for executor in islice(self._executors.values(), 1))

    def read_all_if_changed(self) -> None:
        if self.may_have_changed():
            self._read_all()

    def _read_all(self) -> None:
        for executor in self._executors.values():
            self.read(executor)

    def read_at_start(self, executor: AccountExecutor) -> None:
        """Reads the latch of an account that starts; those of all accounts where a change is pending, because reading one
        alone would hide the change from the others."""
        if self.may_have_changed():
            self._read_all()
        else:
            self.read(executor)

    def read(self, executor: AccountExecutor) -> None:
        """Reads one account's latch; a kill that its state does not know yet is decided on before any other input."""
        kills = executor.latch.read()
        if any(is_news(executor.state, killed) for killed in kills):
            self._inputs.put_first(executor, KillLatchRead(kills))
