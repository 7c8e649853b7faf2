"""Turns users' answers that people brought to a launch into samples: each once, whichever pilot runs."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from fairway.launch.control.launch_events import SamplesTaken
from fairway.launch.control.state import Launch

SURVEY: Final = "survey"
ANSWERS: Final = "answers"
FEEDBACK: Final = "feedback"


class Surveying:
    """A source of a pilot (see `pilot.Source`). What people say is known until the instant at which it was brought."""

    def __init__(self) -> None:
        self._has_begun = False

    async def news(self, launch: Launch, now: int) -> Sequence[SamplesTaken]:
        last = launch.external.last(SURVEY)
        known = last.counts.get(ANSWERS, 0) if last is not None else 0
        is_known = last is not None and last.seen_to == launch.answers_at and known == len(launch.answers)
        if not launch.answers_at or (is_known and self._has_begun):
            return ()
        self._has_begun = True
        rows = ((each.at, Decimal(int(each.is_positive)), each.severity, 1) for each in launch.answers[known:])
        at, count = launch.answers_at, len(launch.answers)
        return (
            SamplesTaken(source=SURVEY, values={FEEDBACK: tuple(sorted(rows))}, seen_to=at, beats=at, counts={ANSWERS: count}),
        )
