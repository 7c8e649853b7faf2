"""Planned maintenance: which spells of it a launch leaves out of uptime, and which notices of each are due.

They are in the launch's journal, so a decision that rests on them can be repeated from there, whatever the configuration says by
then. What had begun before it was planned is no planned maintenance: minutes that were bad already are not excused.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from fairway.launch.control.message_subject import MessageSubject, SubjectKind
from fairway.launch.observation.observation import Observation
from fairway.watch.measurements import without
from fairway.watch.series import Spell, merged
from fairway.world.clock import text_of

UPTIME: Final = "uptime"


def counted(before: Sequence[Spell], told: Sequence[Spell], at: int) -> tuple[Spell, ...]:
    """The spells that count once others are planned at an instant (ns): what has passed stays as it was planned then."""
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
    """One notice of a spell. subject, since: identify it, so that it is sent once, and again where its end has changed."""

    about: str
    says: str
    subject: MessageSubject
    since: int


def notices(spells: Sequence[Spell], sent: Collection[MessageSubject], ahead_ns: int, now: int) -> Iterator[Notice]:
    """The notices that are due now (ns). sent: subjects of notices that were sent; an end is announced only
    where its beginning was. ahead_ns: how long before a spell its first notice is due.
    """
    for begins, ends in spells:
        ahead, begun = (
            MessageSubject(kind, at=begins) for kind in (SubjectKind.MAINTENANCE_AHEAD, SubjectKind.MAINTENANCE_BEGUN)
        )
        if begins - ahead_ns <= now < begins:
            yield Notice("maintenance ahead", f"maintenance is planned {spell_text((begins, ends))}", ahead, ends)
        elif begins <= now < ends:
            says = f"planned maintenance has begun, and lasts until {text_of(ends)[:16]}"
            yield Notice("maintenance begins", says, begun, ends)
        elif ends <= now and (ahead in sent or begun in sent):
            over = MessageSubject(SubjectKind.MAINTENANCE_OVER, at=begins)
            yield Notice("maintenance over", f"the planned maintenance {spell_text((begins, ends))} is over", over, ends)


def called_off(spells: Sequence[Spell], sent: Collection[MessageSubject]) -> Iterator[Notice]:
    """Notices that an announced maintenance is cancelled. sent: subjects of notices that were sent."""
    for at in (each.at for each in sent if each.kind is SubjectKind.MAINTENANCE_AHEAD):
        if not any(begins <= at < ends for begins, ends in spells):
            over = MessageSubject(SubjectKind.MAINTENANCE_OVER, at=at)
            yield Notice("maintenance called off", f"the maintenance planned for {text_of(at)[:16]} is called off", over, at)


def spell_text(spell: Spell) -> str:
    begins, ends = spell
    return f"from {text_of(begins)[:16]} to {text_of(ends)[:16]} UTC"
