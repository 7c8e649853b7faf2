"""A crash between any two ticks changes nothing: the state folded again decides the same, and nothing is sent twice."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from tests.pure.incidents.responses import P0, P1, P2, P3, Desk, alert

from fairway.incidents.alerting_journal import ALERTING_CODEC
from fairway.incidents.folding import incidents_from
from fairway.incidents.incident_commands import Acknowledge, ChangeSeverity, InformUsers, MovePhase, OpenTicket
from fairway.incidents.lifecycle import IncidentPhase
from fairway.journal.memory import MemoryFile, open_memory
from fairway.world.clock import HOUR, MINUTE, SECOND

RULES = (
    ("orders-failing", "orders", P1),
    ("cannot-place", "orders", P0),
    ("venue-errors", "venue", P2),
    ("memory", "memory", P3),
)
SAID = (
    Acknowledge(),
    ChangeSeverity(severity=P2, reason="x"),
    InformUsers(impact="slow"),
    MovePhase(phase=IncidentPhase.RESOLVED, reason="x"),
    MovePhase(phase=IncidentPhase.MITIGATING, reason="x"),
    OpenTicket(subject="s", text="t"),
)
STEPS = st.one_of(
    st.tuples(st.just("fire"), st.integers(0, len(RULES) - 1)),
    st.tuples(st.just("clear"), st.integers(0, len(RULES) - 1)),
    st.tuples(st.just("say"), st.integers(0, len(SAID) - 1)),
    st.tuples(st.just("wait"), st.sampled_from([SECOND, MINUTE, 6 * MINUTE, 31 * MINUTE, 5 * HOUR])),
)


def run(steps: Sequence[tuple[str, Any]], crashes: frozenset[int]) -> list[tuple[int, Struct]]:
    """The journal of these steps, with a restart after each tick of a number in crashes."""
    desk = Desk()
    for number, (what, value) in enumerate(steps):
        match what:
            case "fire":
                rule, cause, severity = RULES[value]
                desk.fire(alert(rule, cause, severity))
            case "clear":
                desk.clear(RULES[value][0])
            case "say":
                desk.say(SAID[value])
            case "wait":
                desk.later(value)
        if number in crashes:
            desk.state = incidents_from(desk.journal)
    return desk.journal


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(STEPS, max_size=25), crashes=st.frozensets(st.integers(0, 25)))
def test_a_restart_at_any_point_changes_nothing_and_no_message_is_sent_twice(
    steps: list[tuple[str, Any]], crashes: frozenset[int]
) -> None:
    whole, broken = run(steps, frozenset()), run(steps, crashes)
    assert broken == whole
    desk = Desk(journal=broken)
    sent = [(each.channel, each.message.id) for each in desk.queued]
    assert len(sent) == len(set(sent))


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(STEPS, max_size=25))
def test_one_cause_has_one_open_incident_and_each_that_was_announced_is_announced_as_resolved(
    steps: list[tuple[str, Any]],
) -> None:
    journal = run(steps, frozenset())
    state = incidents_from(journal)
    causes = [each.cause for each in state.open() if each.cause]
    assert len(causes) == len(set(causes))
    for incident in state.by_id.values():
        last = [each.message for each in Desk(journal=journal).queued if each.message.thread == incident.id]
        if last and not incident.is_open:
            assert any(each.phase.value == "resolved" for each in last), incident.id


def test_every_event_comes_back_from_the_journal_as_it_was_written() -> None:
    steps = [("fire", 0), ("fire", 1), ("say", 0), ("say", 2), ("say", 5), ("wait", HOUR), ("clear", 0), ("clear", 1), ("say", 3)]
    written = run(steps, frozenset())
    journal = open_memory(MemoryFile(), ALERTING_CODEC, mode="practice", trader="main")
    for at, event in written:
        journal.append([event], account="", author="alerting", at=at)
    journal.sync()
    read = [(record.at, ALERTING_CODEC.decode(record)) for record in journal.read()]
    assert read == written
    assert incidents_from(read) == incidents_from(written)
