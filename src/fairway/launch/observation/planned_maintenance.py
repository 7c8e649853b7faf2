"""Planned maintenance: which spells of it a launch leaves out of uptime, and what is to be told of each.

They are in the launch's journal, so a decision that rests on them can be repeated from there, whatever the configuration says by
then. What had begun before it was planned is no planned maintenance: minutes that were bad already are not excused.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from fairway.launch.observation.observation import Observation
from fairway.watch.measurements import without
from fairway.watch.series import Spell, merged
from fairway.world.clock import MILLISECOND, parse_instant, text_of

UPTIME: Final = "uptime"
AHEAD: Final = "maintenance ahead "
BEGUN: Final = "maintenance begun "
OVER: Final = "maintenance over "


def counted(before: Sequence[Spell], told: Sequence[Spell], at: int) -> tuple[Spell, ...]:
    """What counts when other spells are told at an instant (ns): what has passed stays as it was planned then."""
    passed = [(begins, min(ends, at)) for begins, ends in before if begins < at]
    coming = [(max(begins, at), ends) for begins, ends in told if ends > at]
    return merged([*passed, *coming])


def excused(observation: Observation, spells: Sequence[Spell]) -> Observation:
    """What is seen, with no minute of uptime due in spells of planned maintenance."""
    uptime = observation.series.get(UPTIME)
    if not spells or uptime is None:
        return observation
    return replace(observation, series={**observation.series, UPTIME: without(uptime, spells)})


class Notice(NamedTuple):
    """One notice of a spell. of, since: identify it, so that it is sent once, and again where its end has changed."""

    about: str
    says: str
    of: str
    since: int


def notices(spells: Sequence[Spell], told: Container[str], ahead_ns: int, now: int) -> Iterator[Notice]:
    """The notices that are due now. told: notices that were sent, by `of`; an end is announced only where the beginning was."""
    for begins, ends in spells:
        name = text_of(begins)
        if begins - ahead_ns <= now < begins:
            yield Notice("maintenance ahead", f"maintenance is planned {spell_text((begins, ends))}", AHEAD + name, ends)
        elif begins <= now < ends:
            says = f"planned maintenance has begun, and lasts until {text_of(ends)[:16]}"
            yield Notice("maintenance begins", says, BEGUN + name, ends)
        elif ends <= now and (AHEAD + name in told or BEGUN + name in told):
            yield Notice("maintenance over", f"the planned maintenance {spell_text((begins, ends))} is over", OVER + name, ends)


def called_off(spells: Sequence[Spell], told: Sequence[str]) -> Iterator[Notice]:
    """Notices that an announced maintenance is cancelled. told: notices that were sent, by `of`."""
    for name in (each.removeprefix(AHEAD) for each in told if each.startswith(AHEAD)):
        at = parse_instant(name)
        if not any(begins // MILLISECOND * MILLISECOND <= at < ends for begins, ends in spells):
            yield Notice("maintenance called off", f"the maintenance planned for {name[:16]} is called off", OVER + name, at)


def spell_text(spell: Spell) -> str:
    begins, ends = spell
    return f"from {text_of(begins)[:16]} to {text_of(ends)[:16]} UTC"
