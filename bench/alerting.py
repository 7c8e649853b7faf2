"""How soon a message is with its channel after an event, in simulated time, and how many messages a flood of alerts brings.

The alerting process is assembled as in production: it reads the trader's journal from its file, evaluates the rules that ship,
escalates by default, keeps its own journal, and sends by its channel `webhook` to a server of the simulated network. The events
are of the kinds that a trader writes. The service looks once a second, so half a second passes on average before it can know.
The floor is a loop that looks as often, and does nothing else.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Final

from fairway.alerting.rule_files import shipped_rules
from fairway.assembly import CODEC
from fairway.journal import kinds
from fairway.journal.sql import SqlJournal, open_journal
from fairway.money.amount import Amount, use_exact_decimals
from fairway.proving.chaos.alerting_beside import AlertingBeside
from fairway.proving.harness_latch import NAME
from fairway.risk import cap_kinds
from fairway.risk.caps import Cap, reduce_only
from fairway.risk.causes import AlertSeverity
from fairway.risk.escalation import Level
from fairway.risk.limits import Limits, TradingState
from fairway.world.clock import SECOND
from fairway.world.loop import run, running

WAVES: Final = 20
WAVE_S: Final = 60
ACCOUNTS: Final = 200
FLOOD: Final = 1_000
FLOOD_S: Final = 600
"""So long messages of a flood are counted: what comes after it is collected in five minutes."""
WARM_S: Final = 5
Make = Callable[[int], kinds.Event]


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside it)."""
    use_exact_decimals()
    waves = [run(_wave, seed=seed) for seed in range(WAVES)]
    took = [seconds for wave, _ in waves for seconds in wave]
    floor = [seconds for _, wave in waves for seconds in wave]
    assert len(took) == len(floor) == WAVES * len(EVENTS)
    began = time.process_time()
    firing, causes, messages = run(_flood)
    cpu = time.process_time() - began
    assert firing >= FLOOD
    return [
        (f"event to message at its channel, {len(took)} events, simulated, p50", f"{median(took):.2f} s", "typically 1 s"),
        ("the same, p99", f"{_p99(took):.2f} s", f"at most 5 s; a bare look once a second {_p99(floor):.2f} s"),
        (f"{firing:,} alerts at once, of {causes} causes, none acknowledged: messages in 10 min", f"{messages}", "at most 20"),
        (f"a second of alerting with {firing:,} alerts that fire, CPU", f"{cpu / FLOOD_S * 1000:.0f} ms", ""),
    ]


# -- events of a trader ------------------------------------------------------------------------------------------------


def _kill(now: int) -> kinds.Event:
    limits = Limits(state=TradingState.KILLED)
    return kinds.CapRaised(
        cap=Cap(id="kill account", kind=cap_kinds.KILL, limits=limits, reason="enough", since=now, said_at=now)
    )


def _books_differ(now: int) -> kinds.Event:
    return kinds.CapRaised(cap=reduce_only(cap_kinds.UNEXPLAINED, "books differ", now))


def _all_fail(now: int) -> kinds.Event:
    return kinds.CapRaised(cap=Cap(id="breaker L3", kind=cap_kinds.BREAKER_FLEET, limits=Limits(), reason="all fail", since=now))


def _guard(now: int) -> kinds.Event:
    return kinds.GuardTripped(guard="latency", symbol="", level=Level.CRITICAL, severity=AlertSeverity.P1, code="SLOW: ms=900")


def _failed(now: int) -> kinds.Event:
    return kinds.AccountFailed(why="a bug", where="step", recent=1)


def _worth(worth: str) -> Make:
    return lambda now: kinds.Marked(worth=Amount(Decimal(worth), "USDT"), marks={})


_lost_much = _worth("850")
EVENTS: Final[dict[str, Make]] = {
    "kill": _kill,
    "books": _books_differ,
    "breaker": _all_fail,
    "guard": _guard,
    "account": _failed,
    "losses": _lost_much,
}
"""By cause of the incident, the event that must lead to it."""


class World:
    """A trader's journal on the disk, and alerting beside it."""

    def __init__(self, folder: Path, journal: SqlJournal) -> None:
        self._journal = journal
        self.alerting = AlertingBeside(folder)
        self.alerting.begin()

    async def happens(self, make: Make, accounts: Sequence[str] = (NAME,)) -> int:
        """Writes an event for each account; returns the instant (ns) at which it is durable."""
        for account in accounts:
            self._journal.append([make(running().wall_ns)], account=account, author="trader", at=running().wall_ns)
        await self._journal.commit()
        return running().wall_ns

    async def end(self) -> None:
        tasks = list(self.alerting.tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


@contextmanager
def _world() -> Iterator[World]:
    with TemporaryDirectory() as folder:
        where = Path(folder) / "fairway.journal"
        journal = open_journal(where, CODEC, mode="practice", trader=NAME, synchronous="OFF")
        try:
            yield World(Path(folder), journal)
        finally:
            journal.close()


# -- measurements ------------------------------------------------------------------------------------------------------


async def _wave() -> tuple[list[float], list[float]]:
    """Seconds from each event to its message, and to the next look of a bare loop."""
    with _world() as world:
        await world.happens(_worth("1000"))
        await asyncio.sleep(WARM_S)
        looks: dict[str, int] = {}
        happened: dict[str, int] = {}
        looking = asyncio.create_task(_look(happened, looks))
        began, chance = running().wall_ns, running().chance.stream("events")
        for after, cause in sorted((round(chance.random() * (WAVE_S - 10) * SECOND), cause) for cause in EVENTS):
            await asyncio.sleep(max(0, began + after - running().wall_ns) / SECOND)
            happened[cause] = await world.happens(EVENTS[cause])
        await asyncio.sleep(10)
        looking.cancel()
        await world.end()
        arrived = world.alerting.messages.arrived
        told = {cause: next(each.at for each in arrived if f" opened: {cause}: " in each.title) for cause in EVENTS}
    return [(told[each] - at) / SECOND for each, at in happened.items()], [
        (looks[each] - at) / SECOND for each, at in happened.items()
    ]


async def _look(happened: dict[str, int], looks: dict[str, int]) -> None:
    while True:
        for name in happened:
            looks.setdefault(name, running().wall_ns)
        await asyncio.sleep(1)


async def _flood() -> tuple[int, int, int]:
    """Alerts that fire, their causes, and messages: every account fails, loses much, and is killed, at the same instant."""
    with _world() as world:
        accounts = [f"account-{number}" for number in range(ACCOUNTS)]
        await world.happens(_worth("1000"), accounts)
        await asyncio.sleep(WARM_S)
        for make in EVENTS.values():
            await world.happens(make, accounts)
        await asyncio.sleep(FLOOD_S)
        opened = world.alerting._open
        assert opened is not None
        firing = opened.service.state.alerts.firing
        of_rule = {rule.name: rule.incident for rule in shipped_rules()}
        causes = Counter(of_rule[key.rule] for key in firing)
        await world.end()
        return len(firing), len(causes), len(world.alerting.messages.arrived)


def _p99(took: Sequence[float]) -> float:
    return quantiles(took, n=100)[98]


if __name__ == "__main__":
    for row in rows():
        print(*row, sep="  |  ")
