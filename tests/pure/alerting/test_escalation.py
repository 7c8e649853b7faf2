"""Escalation: who is notified when, by severity, until a person acknowledges; the same after a restart."""

from itertools import pairwise

import pytest
from pydantic import ValidationError

from fairway.alerting.escalation import (
    CHAT,
    DEFAULT_ESCALATION,
    PAGE,
    REPEATS_MAX,
    DueNotice,
    EscalationPolicy,
    due_notices,
    next_due,
)
from fairway.alerting.on_call import OnCallSchedule
from fairway.risk.causes import AlertSeverity
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND, parse_instant, text_of

SCHEDULE = OnCallSchedule.model_validate(
    {"time_zone": "Europe/Berlin", "rotations": [{"people": ["anna", "ben"], "begins": "2026-10-05"}]}
)
FIRED = parse_instant("2026-11-27T15:00Z")
"""A Friday, 16:00 in Berlin; ben's week."""
P0, P1, P2, P3 = AlertSeverity


def sent(severity: AlertSeverity, until: int, acknowledged: int | None = None) -> list[DueNotice]:
    at = None if acknowledged is None else FIRED + acknowledged
    return due_notices(DEFAULT_ESCALATION[severity], SCHEDULE, FIRED, FIRED - 1, FIRED + until, at)


def minutes(notices: list[DueNotice]) -> list[tuple[int, str, str]]:
    return [((each.at - FIRED) // MINUTE, "+".join(each.to), each.by[0]) for each in notices]


def test_p0_pages_at_once_and_again_every_five_minutes() -> None:
    first = [(minute, who, by) for minute, who, by in minutes(sent(P0, 20 * MINUTE)) if who == "ben"]
    assert first == [(minute, "ben", PAGE) for minute in (0, 5, 10, 15, 20)]


def test_p0_goes_to_the_next_person_and_then_to_all() -> None:
    found = minutes(sent(P0, 20 * MINUTE))
    assert (10, "anna", PAGE) in found
    assert (20, "anna+ben", PAGE) in found
    assert all(minute >= 10 for minute, who, _ in found if who == "anna")


def test_p1_pages_halfway_to_its_thirty_minutes() -> None:
    assert minutes(sent(P1, 45 * MINUTE)) == [(0, "ben", CHAT), (15, "ben", PAGE), (30, "anna", PAGE), (45, "anna", PAGE)]


def test_p2_goes_on_after_four_hours() -> None:
    assert minutes(sent(P2, 5 * HOUR)) == [(0, "ben", CHAT), (240, "anna", CHAT)]


def test_p3_waits_for_the_next_business_day_at_nine() -> None:
    [notice] = sent(P3, 4 * DAY)
    assert text_of(notice.at).startswith("2026-11-30T08:00")
    assert notice.to == ("anna",), "the person on call at that instant, after the hand-over"


@pytest.mark.parametrize("severity", list(AlertSeverity))
def test_nothing_is_sent_once_a_person_has_acknowledged(severity: AlertSeverity) -> None:
    everything = sent(severity, 4 * DAY)
    for acknowledged in (0, 15 * MINUTE, 16 * MINUTE, DAY):
        expected = [each for each in everything if each.at < FIRED + acknowledged]
        assert sent(severity, 4 * DAY, acknowledged) == expected


@pytest.mark.parametrize("severity", list(AlertSeverity))
def test_windows_that_follow_each_other_send_each_notice_once(severity: AlertSeverity) -> None:
    """However a restart cuts the time."""
    cuts = [FIRED - 1, FIRED, FIRED + 7 * SECOND, FIRED + 5 * MINUTE, FIRED + 17 * MINUTE, FIRED + 5 * HOUR, FIRED + 4 * DAY]
    policy = DEFAULT_ESCALATION[severity]
    pieces = [each for a, b in pairwise(cuts) for each in due_notices(policy, SCHEDULE, FIRED, a, b)]
    assert pieces == sent(severity, 4 * DAY)


def test_repeats_end() -> None:
    notices = [each for each in sent(P0, 400 * DAY) if each.step == 0]
    assert len(notices) == REPEATS_MAX
    assert next_due(DEFAULT_ESCALATION[P0], SCHEDULE, FIRED, FIRED + 400 * DAY) is None


def test_the_next_notice_is_known_ahead() -> None:
    assert next_due(DEFAULT_ESCALATION[P1], SCHEDULE, FIRED, FIRED) == FIRED + 15 * MINUTE
    assert next_due(DEFAULT_ESCALATION[P3], SCHEDULE, FIRED, FIRED) == parse_instant("2026-11-30T08:00Z")


def test_in_a_gap_a_notice_is_for_none_and_is_due_all_the_same() -> None:
    before = parse_instant("2026-10-01T00:00Z")
    [first, *_] = due_notices(DEFAULT_ESCALATION[P0], SCHEDULE, before, before - 1, before)
    assert (first.at, first.to) == (before, ())


def test_steps_that_are_not_in_order_are_refused() -> None:
    with pytest.raises(ValidationError, match="is before the step above it"):
        EscalationPolicy.model_validate({"steps": [{"after": "5m", "by": ["a"]}, {"by": ["a"]}]})
