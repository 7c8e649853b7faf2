"""A second trader on the same key, with a machine and a journal of its own, as when a container is started twice."""

from collections.abc import Mapping
from typing import Final

from fairway.exchange.faults.fuzz_rule import FuzzRule
from fairway.proving.harness import Harness
from fairway.proving.harness_latch import HarnessLatch
from fairway.proving.injected_fault import HarnessActions, HarnessFault, InjectedFault, add
from fairway.world.loop import running

SECOND: Final = "second trader"
OTHER_NAME: Final = "other"


class SecondTrader(Harness):
    """Configured as the first one, perhaps under another name. It trades at the first one's exchange until it is killed."""

    stops_where_fenced = True

    def begin_beside(self, first: Harness, name: str) -> None:
        self.name = name
        self.exchange, self._rules, self._signals, self._prices = first.exchange, first._rules, first._signals, first._prices
        self.interval, self.needs_lease, self.delayed_inbox = first.interval, first.needs_lease, first.delayed_inbox
        self.latch = HarnessLatch(first.latch.folder_of_files, name, tuple(first._prices), first._latch_log)
        self._left_at = first._left_at
        first.strangers.append(self)
        self._node = f"{SECOND} {len(first.strangers)}"
        self._trading = running().spawn(self._node, self._supervise(first._credentials))

    def end(self) -> None:
        """`kill -9`, unless it has ended already."""
        if self._node in running().alive():
            running().kill(self._node)
            self._forget_unsynced()


def _second(fault: InjectedFault, actions: HarnessActions) -> None:
    second = SecondTrader()

    def begin(first: Harness) -> None:
        second.begin_beside(first, OTHER_NAME if fault.options["name"] == "other" else first.name)

    add(actions, fault.since, begin)
    add(actions, fault.until, lambda _: second.end())


SECOND_TRADER: Final[Mapping[str, HarnessFault]] = {
    "second trader": HarnessFault(
        inject=_second,
        fuzz=FuzzRule(options={"name": ["the same", "other"]}, lasts_long=True),
        leaves_unknown_orders=True,
    )
}
