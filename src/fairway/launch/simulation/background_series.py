"""All that comes by the clock, minute by minute, drawn at once for the whole time: venue, process, books, and stops.

Simplifications: the venue is there or not for all accounts alike; a death is a stop of the process, whose stops rest at the venue
meanwhile; nothing here depends on what the launch decides, so it is drawn before and shown as time goes by.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fairway.launch.simulation.bots import SimulatedBot
from fairway.watch.indicators import BY_NAME
from fairway.watch.series import Series, Spell
from fairway.world.chance import Chance
from fairway.world.clock import DAY, MINUTE

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

OUTAGES_A_DAY: Final = 0.1
"""Of the venue, each of one to six minutes."""
SLOW_HOURS_A_DAY: Final = 0.2
"""In which it answers three times as slowly."""
SLOWER: Final = 3.0
MAINTENANCE_EVERY: Final = 7 * DAY
MAINTENANCE_NS: Final = 10 * MINUTE
"""Planned, so that no minute of uptime is due in it."""
RECONNECTS_A_DAY: Final = 3.0
CALLS_A_MINUTE: Final = 20
CALLS_WHEN_DOWN: Final = 4
"""Who gets no answer asks less often."""
COMMITS_A_MINUTE: Final = 30
CALL_FAILS: Final = 0.0002
ANSWERED_IN_S: Final = 0.05
"""By a request, in the median; the logarithm spreads by so much."""
ANSWERED_SPREAD: Final = 0.4
ANSWERED: Final = "http_latency"
DECIDED_IN_S: Final = 0.02
"""By a trader once it has a closed candle, in the median."""
CANDLE_KNOWN_AFTER_S: Final = 0.55
"""From the close of a candle: a trader asks for it after a grace of half a second, and the venue takes a moment to answer."""
MEMORY: Final = 150.0 * 2**20
NAKED_NS: Final = 4 * MINUTE
RESTARTED_AT: Final = 6 * 60 + 7
"""Minutes after the beginning of each day that people restart a bot at: 14:07 UTC, when something is held most often."""


@dataclass(frozen=True, slots=True)
class BackgroundSeries:
    """begins: ns. By minute: alive, venue_up, is_naked, slower (a factor of every answer). series: whole, to be shown in part.

    deaths, births, naked, reconnects: instants (ns). maintenance: planned spells.
    """

    begins: int
    alive: Flags
    venue_up: Flags
    is_naked: Flags
    slower: Numbers
    memory: Numbers
    series: Mapping[str, Series]
    deaths: tuple[int, ...]
    births: tuple[int, ...]
    naked: tuple[int, ...]
    reconnects: tuple[int, ...]
    maintenance: tuple[Spell, ...]
    naked_ns: int = NAKED_NS

    def minute(self, at: int) -> int:
        """The number of the minute that an instant is in."""
        return min(max((at - self.begins) // MINUTE, 0), len(self.alive) - 1)

    def lives(self, at: int) -> bool:
        return bool(self.alive[self.minute(at)])

    def answers(self, at: int) -> bool:
        """Whether the venue does."""
        return bool(self.venue_up[self.minute(at)])

    def wrote_at(self, at: int) -> int:
        """When the trader wrote last."""
        if self.lives(at):
            return at
        found = np.flatnonzero(self.alive[: self.minute(at)])
        return self.begins + (int(found[-1]) + 1) * MINUTE if len(found) else 0


def draw(bot: SimulatedBot, begins: int, ns: int, chance: Chance, signals_a_day: float, *, restarts: bool) -> BackgroundSeries:
    """The pulse of a bot. chance: the market's; what is the bot's own is drawn from its child.

    restarts: whether people restart it every day, as a plan may ask for.
    """
    minutes = ns // MINUTE
    market, own = chance.columns("venue"), chance.child(bot.name).columns("process")
    outages = _spells(market, OUTAGES_A_DAY, minutes, 1, 6)
    maintenance = [(at, at + MAINTENANCE_NS // MINUTE) for at in range(3 * 1440 + 300, minutes, MAINTENANCE_EVERY // MINUTE)]
    slow_hours = _spells(market, SLOW_HOURS_A_DAY, minutes, 60, 60)
    dead_min = max(1, bot.dead_s // 60)
    deaths = _spells(own, bot.deaths_a_day, minutes, dead_min, 2 * dead_min)
    if restarts:
        deaths = sorted([*deaths, *((at, at + 1) for at in range(RESTARTED_AT, minutes, 1440))])
    naked = _spells(own, bot.naked_a_day, minutes, NAKED_NS // MINUTE, NAKED_NS // MINUTE)
    alive = ~_flags(deaths, minutes)
    venue_up = ~_flags([*outages, *maintenance], minutes)
    is_naked = _flags(naked, minutes) & alive
    slower = np.where(_flags(slow_hours, minutes), SLOWER, 1.0)
    memory = _memory(bot, own, minutes, [first for first, _ in deaths])
    spells = tuple((begins + first * MINUTE, begins + last * MINUTE) for first, last in maintenance)
    series = _series(own, begins, alive, venue_up, is_naked, slower, memory, spells, signals_a_day)
    answered = series[ANSWERED]
    series = {**series, ANSWERED: replace(answered, values=answered.values * (bot.answered_s / ANSWERED_IN_S), _memo={})}
    reconnects = np.sort(market.integers(0, minutes, market.poisson(RECONNECTS_A_DAY * minutes / 1440)))
    return BackgroundSeries(
        begins=begins,
        alive=alive,
        venue_up=venue_up,
        is_naked=is_naked,
        slower=slower,
        memory=memory,
        series=series,
        deaths=tuple(begins + first * MINUTE for first, _ in deaths),
        births=tuple(begins + last * MINUTE for _, last in deaths),
        naked=tuple(begins + first * MINUTE for first, _ in naked),
        reconnects=tuple(begins + int(at) * MINUTE for at in reconnects),
        maintenance=spells,
    )


def answers_beside(begins: int, ns: int, chance: Chance, probes: Sequence[str]) -> Series:
    """What probes of the old release are answered, each once a minute, by something that lives and is as fast as the new one."""
    minutes, count = ns // MINUTE, len(probes)
    ats = np.repeat(begins + (np.arange(minutes, dtype=np.int64) + 1) * MINUTE, count)
    values = np.exp(chance.columns("beside").normal(np.log(ANSWERED_IN_S), ANSWERED_SPREAD, len(ats)))
    labels = np.tile(np.arange(count, dtype=np.int32), minutes)
    return Series(BY_NAME[ANSWERED], ats, values, labels, tuple(probes))


def _spells(random: np.random.Generator, a_day: float, minutes: int, shortest: int, longest: int) -> list[tuple[int, int]]:
    """Spells in minutes, in order."""
    firsts = np.sort(random.integers(0, minutes, random.poisson(a_day * minutes / 1440)))
    lengths = random.integers(shortest, longest + 1, len(firsts))
    return [(int(first), int(first + length)) for first, length in zip(firsts, lengths, strict=True)]


def _flags(spells: list[tuple[int, int]], minutes: int) -> Flags:
    flags = np.zeros(minutes, dtype=bool)
    for first, last in spells:
        flags[first:last] = True
    return flags


def _memory(bot: SimulatedBot, random: np.random.Generator, minutes: int, deaths: list[int]) -> Numbers:
    """It fills its caches in its first hour; what leaks grows until it dies."""
    births = np.array([0, *deaths], dtype=np.int64)
    age = np.arange(minutes) - births[np.searchsorted(births, np.arange(minutes), side="right") - 1]
    filled = 1 - 0.2 * np.exp(-age / 20)
    noise = 1 + 0.001 * random.standard_normal(minutes)
    grown = np.minimum((1 + bot.leak_an_hour) ** (age / 60), 20.0)
    found: Numbers = MEMORY * filled * grown * noise
    return found


def _series(
    random: np.random.Generator,
    begins: int,
    alive: Flags,
    venue_up: Flags,
    is_naked: Flags,
    slower: Numbers,
    memory: Numbers,
    excused: tuple[Spell, ...],
    signals_a_day: float,
) -> Mapping[str, Series]:
    minutes = len(alive)
    ends = begins + (np.arange(minutes, dtype=np.int64) + 1) * MINUTE
    both = alive & venue_up
    failed = np.minimum(random.poisson(CALLS_A_MINUTE * CALL_FAILS, minutes), CALLS_A_MINUTE)
    failed = np.where(venue_up, failed, CALLS_WHEN_DOWN)
    answered = np.where(venue_up, CALLS_A_MINUTE - failed, 0)
    commits = np.where(random.random(minutes) < 0.95, 0.002, 0.005)
    signals = np.flatnonzero(random.random(minutes) < signals_a_day / 1440)
    signals = signals[alive[signals]]
    one = {
        "uptime": (ends, both.astype(float)),
        "reconciled": (ends[both], np.ones(int(both.sum()))),
        "tied_out": (ends[both], np.ones(int(both.sum()))),
        "protected": (ends[alive], (~is_naked[alive]).astype(float)),
        "data_age": (ends[alive], np.where(venue_up, 1 + random.exponential(0.5, minutes), 90.0)[alive]),
        "rss": (ends[alive], memory[alive]),
        "loop_lag": (ends[alive], random.exponential(0.003, minutes)[alive]),
        "decision_time": (ends[signals], decided_s := np.exp(random.normal(np.log(DECIDED_IN_S), 0.5, len(signals)))),
        "signal_latency": (ends[signals], CANDLE_KNOWN_AFTER_S + decided_s),
        "consumer_lag": (ends[alive], random.poisson(2.0, minutes).astype(float)[alive]),
        "llm_cost": (ends[signals], np.full(len(signals), 0.001)),
    }
    found = {name: _whole(name, ats, values, excused if name == "uptime" else ()) for name, (ats, values) in one.items()}
    found["venue_api"] = _counted("venue_api", ends, answered, failed, alive)
    found["db_ok"] = _counted("db_ok", ends, np.full(minutes, COMMITS_A_MINUTE), np.zeros(minutes, dtype=np.int64), alive)
    found["http_ok"] = _counted("http_ok", ends, np.full(minutes, 20), (random.random(minutes) < 0.002).astype(np.int64), alive)
    found["http_latency"] = _whole(
        "http_latency", ends[alive], np.exp(random.normal(np.log(ANSWERED_IN_S), ANSWERED_SPREAD, minutes))[alive]
    )
    counts = np.full(int(alive.sum()), COMMITS_A_MINUTE, dtype=np.int64)
    found["db_latency"] = _whole("db_latency", ends[alive], commits[alive], (), counts)
    return found


def _whole(
    name: str, ats: NDArray[np.int64], values: Numbers, excused: tuple[Spell, ...] = (), counts: NDArray[np.int64] | None = None
) -> Series:
    labels = np.zeros(len(ats), dtype=np.int32)
    return Series(BY_NAME[name], ats, values, labels, excused=excused, counts=counts)


def _counted(name: str, ends: NDArray[np.int64], good: NDArray[np.int64], bad: NDArray[np.int64], alive: Flags) -> Series:
    """Two rows a minute, one for those that were good and one for those that were bad, where there are any."""
    ats, counts = np.repeat(ends, 2), np.column_stack([good, bad]).ravel()
    values = np.tile([1.0, 0.0], len(ends))
    there = np.repeat(alive, 2) & (counts > 0)
    return _whole(name, ats[there], values[there], counts=counts[there].astype(np.int64))
