"""Escalation: whom an alert is sent to, by which channels, and when, as long as no person acknowledges it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from pydantic import Field, model_validator

from fairway.alerting.business_days import next_business_day
from fairway.alerting.on_call import OnCallSchedule, on_call_at
from fairway.risk.causes import AlertSeverity
from fairway.texts.quantities import Duration, Switch
from fairway.texts.section import Section
from fairway.texts.validation_errors import misfit
from fairway.world.clock import DAY, HOUR, MINUTE

REPEATS_MAX: Final = 288
"""A step that repeats ends after so many times: a day at every five minutes."""


class Recipient(StrEnum):
    """Whom a step is for."""

    ON_CALL = "on call"
    NEXT_ON_CALL = "next on call"
    ALL_ON_CALL = "all on call"
    """Each person of the rotation."""


class EscalationStep(Section):
    """One step: after how long without acknowledgement it is sent, to whom, and how."""

    after: Duration = Field(default=0, description="How long after the alert fired", examples=["15m"])
    to: Recipient = Field(default=Recipient.ON_CALL, description=", ".join(Recipient), examples=["on call"])
    by: tuple[str, ...] = Field(min_length=1, description="Channels, by their names", examples=["[telegram, pager]"])
    again_every: Duration | None = Field(
        default=None, description="Sent again so often until a person acknowledges", examples=["5m"], ge=MINUTE
    )
    on_business_days: Switch = Field(default=False, description="Waits until 09:00 of the next business day", examples=["true"])


class EscalationPolicy(Section):
    """The steps of one severity: each is sent unless a person has acknowledged the incident before it is due."""

    steps: tuple[EscalationStep, ...] = Field(min_length=1, description="In order", examples=["[{by: [telegram]}]"])

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for index, (before, each) in enumerate(zip(self.steps, self.steps[1:], strict=False), 1):
            if each.after < before.after:
                raise misfit(f"steps.{index}.after", "is before the step above it")
        return self


def _step(after: int, to: Recipient, *by: str, again: int | None = None, on_business_days: bool = False) -> EscalationStep:
    return EscalationStep(after=after, to=to, by=by, again_every=again, on_business_days=on_business_days)


PAGE: Final = "pager"
CHAT: Final = "telegram"
MAIL: Final = "email"
DEFAULT_ESCALATION: Final[Mapping[AlertSeverity, EscalationPolicy]] = {
    AlertSeverity.P0: EscalationPolicy(
        steps=(
            _step(0, Recipient.ON_CALL, PAGE, CHAT, again=5 * MINUTE),
            _step(10 * MINUTE, Recipient.NEXT_ON_CALL, PAGE, CHAT, again=5 * MINUTE),
            _step(20 * MINUTE, Recipient.ALL_ON_CALL, PAGE, CHAT, MAIL, again=5 * MINUTE),
        ),
    ),
    AlertSeverity.P1: EscalationPolicy(
        steps=(
            _step(0, Recipient.ON_CALL, CHAT),
            _step(15 * MINUTE, Recipient.ON_CALL, PAGE),
            _step(30 * MINUTE, Recipient.NEXT_ON_CALL, PAGE, CHAT, again=15 * MINUTE),
        ),
    ),
    AlertSeverity.P2: EscalationPolicy(
        steps=(_step(0, Recipient.ON_CALL, CHAT), _step(4 * HOUR, Recipient.NEXT_ON_CALL, CHAT, MAIL, again=DAY)),
    ),
    AlertSeverity.P3: EscalationPolicy(steps=(_step(0, Recipient.ON_CALL, MAIL, CHAT, on_business_days=True),)),
}
"""P0 at once and again every 5 minutes, P1 pages half-way to its 30 minutes, P2 within 4 hours, P3 on the next business day."""


@dataclass(frozen=True, slots=True, order=True)
class DueNotice:
    """One sending. at: when it is due (ns). step, repeat: which one it is, from 0. to: people; by: channels."""

    at: int
    step: int
    repeat: int
    to: tuple[str, ...] = ()
    by: tuple[str, ...] = ()


def due_notices(
    policy: EscalationPolicy, schedule: OnCallSchedule, fired_at: int, since: int, until: int, acknowledged_at: int | None = None
) -> list[DueNotice]:
    """What becomes due within since < at <= until (ns), in order; nothing after a person has acknowledged.

    It is a function of instants alone: the same window gives the same notices, so a restart sends none twice and misses none.
    """
    if acknowledged_at is not None:
        until = min(until, acknowledged_at - 1)
    found = []
    for number, step in enumerate(policy.steps):
        begins = _begins(step, schedule, fired_at)
        times = REPEATS_MAX if step.again_every is not None else 1
        every = step.again_every or 1
        first = max(0, -(-(since + 1 - begins) // every)) if step.again_every is not None else 0
        for repeat in range(first, times):
            at = begins + repeat * every
            if at > until:
                break
            if at > since:
                found.append(DueNotice(at, number, repeat, recipients(step.to, schedule, at), step.by))
    return sorted(found)


def next_due(policy: EscalationPolicy, schedule: OnCallSchedule, fired_at: int, after: int) -> int | None:
    """The instant (ns) of the first notice after an instant; None where none follows."""
    ahead = max(step.again_every or 0 for step in policy.steps) + max(step.after for step in policy.steps) + 14 * DAY
    found = due_notices(policy, schedule, fired_at, after, max(after, fired_at) + ahead)
    return found[0].at if found else None


def recipients(to: Recipient, schedule: OnCallSchedule, at: int) -> tuple[str, ...]:
    """The people whom a step is for at an instant (ns); empty where the schedule has a gap."""
    if to is Recipient.ALL_ON_CALL:
        return tuple(dict.fromkeys(name for rotation in schedule.rotations for name in rotation.people))
    person = on_call_at(schedule, at, 0 if to is Recipient.ON_CALL else 1)
    return (person,) if person else ()


def _begins(step: EscalationStep, schedule: OnCallSchedule, fired_at: int) -> int:
    at = fired_at + step.after
    return next_business_day(at, schedule.zone, schedule.holidays) if step.on_business_days else at
