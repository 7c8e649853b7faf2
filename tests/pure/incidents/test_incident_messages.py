"""Which messages people get about an incident, when, by which channel and with which words."""

from dataclasses import replace

import pytest
from tests.pure.incidents.responses import BEGAN, P0, P1, P2, P3, POLICY, Desk, alert, messages

from fairway.incidents.incident_commands import Acknowledge, ChangeSeverity, Declare, InformUsers, MovePhase
from fairway.incidents.incident_events import MitigationDone
from fairway.incidents.incident_tick import IncidentFacts
from fairway.incidents.lifecycle import IncidentPhase
from fairway.incidents.protection import PositionProtection
from fairway.notify.message import MessagePhase
from fairway.risk.causes import AlertSeverity
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND


def test_the_first_message_says_what_fires_whether_positions_are_protected_and_what_to_do() -> None:
    desk = Desk()
    desk.fire(alert("orders-failing", subject="ann1"))
    (message,) = desk.to("chat")
    assert message.id == "INC-20260105-1-1"
    assert message.title == "INC-20260105-1 opened: orders: orders-failing is above its bound"
    assert message.lines == (
        "on call: ann",
        "orders-failing (ann1) (P1): orders-failing is above its bound",
        "positions: protected",
        "exposure 1,200 USDT; result since it began 0 USDT",
        "launch stage internal",
        "runbook orders-failing",
    )
    assert (message.severity, message.phase, message.thread) == ("P1", MessagePhase.OPENED, "INC-20260105-1")
    assert message.command == "fairway incident ack fairway.yaml INC-20260105-1"


def test_what_is_unknown_is_said_to_be_unknown() -> None:
    desk = Desk(facts=IncidentFacts())
    desk.fire(alert("orders-failing"))
    lines = desk.to("chat")[0].lines
    assert "positions: unknown" in lines
    assert "exposure unknown; result since it began unknown" in lines


def test_alerts_of_one_tick_are_one_message_that_lists_ten_and_counts_the_rest() -> None:
    desk = Desk()
    made = messages(desk.fire(*(alert("orders-failing", subject=f"account{number}") for number in range(25))))
    chat = [each for each in made if each.thread == "INC-20260105-1"]
    assert len(chat) == 1
    assert sum("is above its bound" in each for each in chat[0].lines) == 10
    assert "and 15 more alerts" in chat[0].lines


def test_later_alerts_are_collected_for_five_minutes_and_a_higher_severity_is_not() -> None:
    desk = Desk()
    desk.fire(alert("orders-failing-5"))
    for number in range(10):
        desk.now += 20 * SECOND
        desk.fire(alert("orders-failing-10", subject=f"a{number}"))
    assert len(desk.to("chat")) == 1
    desk.later(5 * MINUTE - 200 * SECOND)
    assert sum("orders-failing-10" in each for each in desk.to("chat")[1].lines) == 10
    desk.now += SECOND
    desk.fire(alert("cannot-place-orders", severity=P0))
    raised = desk.to("chat")[2]
    assert raised.title.startswith("INC-20260105-1 raised: ")
    assert [each.id for each in desk.to("pager")] == [raised.id]
    assert desk.to("pager")[0].phase is MessagePhase.OPENED
    assert raised.phase is MessagePhase.UPDATED


def test_a_thousand_alerts_at_once_over_fifteen_causes_are_at_most_twenty_messages() -> None:
    desk = Desk()
    severities = (P0, P1, P2)
    storm = [alert("rule", f"cause{number % 15}", severities[number % 3], f"s{number}") for number in range(1_000)]
    made = messages(desk.fire(*storm))
    for _ in range(240):
        made += messages(desk.later(SECOND))
    assert len(desk.state.by_id) == 15
    assert sum(len(each.alerts) for each in desk.state.by_id.values()) == 1_000
    assert len({each.id for each in made}) <= 20


@pytest.mark.parametrize(
    ("severity", "wanted"),
    [
        (P0, [(0, "pager"), (10 * MINUTE, "pager"), (20 * MINUTE, "email")]),
        (P1, [(0, "chat"), (15 * MINUTE, "pager"), (30 * MINUTE, "pager")]),
        (P2, [(0, "chat"), (4 * HOUR, "email")]),
        (P3, [(14 * HOUR, "email")]),
    ],
)
def test_an_incident_that_no_person_acknowledges_is_escalated_step_by_step(
    severity: AlertSeverity, wanted: list[tuple[int, str]]
) -> None:
    desk = Desk(policy=replace(POLICY, users=()))
    desk.fire(alert("orders-failing", severity=severity))
    while desk.now < BEGAN + 15 * HOUR:
        desk.later(MINUTE)
    sent = [(each.message.at - BEGAN, each.channel) for each in desk.queued]
    assert [each for each in sent if each in wanted] == wanted
    assert {at for at, _ in sent} == {at for at, _ in wanted}


def test_after_an_outage_of_the_process_the_steps_that_were_missed_are_one_message() -> None:
    desk = Desk()
    desk.fire(alert("orders-failing"))
    desk.later(3 * HOUR)
    assert [each.at - BEGAN for each in desk.to("pager")] == [3 * HOUR]
    assert desk.to("pager")[0].lines[0] == "not acknowledged for 3 h; this goes to ann, ben"


def test_an_acknowledgement_ends_the_escalation_and_is_said_at_once() -> None:
    desk = Desk()
    desk.fire(alert("orders-failing"))
    desk.now += MINUTE
    desk.say(Acknowledge(), by="eve")
    assert desk.to("chat")[-1].phase is MessagePhase.ACKNOWLEDGED
    assert "acknowledged by eve" in desk.to("chat")[-1].lines
    desk.later(40 * MINUTE)
    assert not desk.to("pager")


def test_every_channel_that_heard_of_it_hears_that_it_is_resolved() -> None:
    desk = Desk()
    desk.fire(alert("orders-failing", severity=P0))
    desk.later(20 * MINUTE)
    desk.clear("orders-failing")
    desk.say(MovePhase(phase=IncidentPhase.RESOLVED, reason="the venue answers"))
    for channel in ("chat", "pager", "email"):
        assert desk.to(channel)[-1].phase is MessagePhase.RESOLVED, channel
        assert desk.to(channel)[0].phase is MessagePhase.OPENED, channel
    assert desk.to("chat")[-1].command == "fairway incident postmortem fairway.yaml INC-20260105-1"
    sent = len(desk.queued)
    desk.later(DAY)
    assert len(desk.queued) == sent


def test_a_resolved_cause_that_comes_back_is_said_at_once_and_escalated_from_the_beginning() -> None:
    desk = Desk()
    desk.fire(alert("orders-failing"))
    desk.clear("orders-failing")
    desk.say(MovePhase(phase=IncidentPhase.RESOLVED, reason="over"))
    desk.now += MINUTE
    desk.fire(alert("orders-failing"))
    assert desk.to("chat")[-1].title.startswith("INC-20260105-1 reopened")
    assert desk.to("chat")[-1].phase is MessagePhase.OPENED
    desk.later(15 * MINUTE)
    assert len(desk.to("pager")) == 1


def test_what_comes_back_and_pages_at_once_names_who_is_on_call_and_no_delay() -> None:
    desk = Desk()
    desk.fire(alert("orders-failing", severity=P0))
    desk.clear("orders-failing")
    desk.say(MovePhase(phase=IncidentPhase.RESOLVED, reason="over"))
    desk.now += MINUTE
    desk.fire(alert("orders-failing", severity=P0))
    (reopened,) = (each for each in desk.to("pager") if "reopened" in each.title)
    assert any(line.startswith("on call: ") for line in reopened.lines)
    assert not any("not acknowledged" in line for line in reopened.lines)


def test_an_incident_of_p3_waits_for_the_business_day_and_is_not_mentioned_if_it_ends_before() -> None:
    desk = Desk()
    desk.fire(alert("memory-grows", "memory", P3))
    desk.clear("memory-grows")
    desk.later(DAY)
    assert desk.incident.phase is IncidentPhase.RESOLVED
    assert not desk.queued


def test_users_are_told_of_the_begin_what_is_known_and_the_end_and_no_private_word() -> None:
    desk = Desk()
    desk.fire(alert("orders-failing", subject="ann1", severity=P0))
    begun = desk.to("users")[0]
    assert begun.title == "Orders: disturbed"
    assert begun.lines == (
        "Orders (P0): something is wrong, and we are looking into it; it is not known yet how long it takes",
        "Your positions are protected: their stops rest at the exchange.",
        "How it goes on: https://status.example",
    )
    desk.now += 2 * MINUTE
    desk.say(InformUsers(impact="New orders are delayed", eta=BEGAN + 2 * HOUR))
    assert desk.to("users")[1].lines[0] == "Orders (P0): New orders are delayed; expected to be over at 2026-01-05T12:00 UTC"
    desk.now += 58 * MINUTE
    desk.clear("orders-failing")
    desk.say(MovePhase(phase=IncidentPhase.RESOLVED, reason="key of ann1 changed"))
    assert desk.to("users")[2].title == "Orders: over"
    assert desk.to("users")[2].lines == (
        "Orders (P0): it is over, after 1 h",
        "How it goes on: https://status.example",
    )
    assert [each.phase.value for each in desk.to("users")] == ["opened", "updated", "resolved"]
    assert "ann1" not in repr(desk.to("users"))


def test_users_read_no_end_that_has_passed_where_an_incident_is_back() -> None:
    desk = Desk()
    desk.fire(alert("orders-failing", severity=P0))
    desk.now += 2 * MINUTE
    desk.say(InformUsers(impact="New orders are delayed", eta=BEGAN + 5 * MINUTE))
    desk.now += 2 * MINUTE
    desk.clear("orders-failing")
    desk.say(MovePhase(phase=IncidentPhase.RESOLVED, reason="it works"))
    desk.now += 6 * MINUTE
    desk.fire(alert("orders-failing", severity=P0))
    again = desk.to("users")[-1]
    assert again.title == "Orders: disturbed"
    assert again.lines[0] == "Orders (P0): New orders are delayed; it is not known yet how long it takes"


@pytest.mark.parametrize(
    ("protection", "line"),
    [
        (PositionProtection.UNPROTECTED, "Not all positions have their stops at the exchange; we are placing them."),
        (PositionProtection.UNKNOWN, "Whether all positions have their stops is not known at the moment."),
    ],
)
def test_users_never_read_that_positions_are_protected_where_they_may_not_be(protection: PositionProtection, line: str) -> None:
    desk = Desk(facts=IncidentFacts(protection=protection))
    desk.fire(alert("orders-failing", severity=P0))
    assert line in desk.to("users")[0].lines


def test_users_hear_of_several_incidents_in_one_message_and_at_most_once_a_minute() -> None:
    desk = Desk()
    desk.fire(alert("orders-failing"), alert("venue-errors", "venue"))
    assert [each.title for each in desk.to("users")] == ["Orders, Exchange connection: disturbed"]
    desk.now += SECOND
    desk.fire(alert("data-dead", "data", P0))
    assert len(desk.to("users")) == 1
    desk.later(59 * SECOND)
    assert [each.title for each in desk.to("users")[1:]] == ["Service: disturbed"]


def test_users_hear_of_a_minor_incident_only_where_a_person_writes_to_them() -> None:
    desk = Desk()
    desk.fire(alert("slow-orders", severity=P2))
    desk.later(HOUR)
    assert not desk.to("users")
    desk.say(InformUsers(impact="Orders are slow"))
    assert desk.to("users")[0].lines[0].startswith("Orders (P2): Orders are slow")


def test_hostile_text_stays_text_and_a_title_stays_one_line() -> None:
    desk = Desk()
    desk.say(Declare(title="{{ 7*7 }}\n<script>alert(1)</script>", severity=P0))
    message = desk.to("pager")[0]
    assert message.title == "INC-20260105-1 opened: {{ 7*7 }} <script>alert(1)</script>"
    desk.now += 2 * MINUTE
    desk.say(InformUsers(impact="{% for x in y %}<b>"))
    assert "{% for x in y %}<b>" in desk.to("users")[-1].lines[0]


def test_what_fairway_did_is_in_the_next_message_and_at_once_for_p0() -> None:
    desk = Desk()
    desk.fire(alert("drawdown", "losses", P0))
    desk.now += SECOND
    desk.tick(done=[MitigationDone(incident=desk.incident.id, action="kill", outcome="2 accounts are killed")])
    assert "kill, done by Fairway: 2 accounts are killed" in desk.to("pager")[-1].lines


def test_of_what_fairway_does_for_many_accounts_the_first_is_told_at_once_and_the_others_are_collected() -> None:
    """A rule acts on sixteen accounts a second: of two hundred, each second would have a message of its own."""
    desk = Desk()
    desk.fire(alert("drawdown", "losses", P0))

    def told(outcome: str, *, is_done: bool = True) -> int:
        before = len(desk.to("pager"))
        desk.now += SECOND
        desk.tick(done=[MitigationDone(incident=desk.incident.id, action="reduce", outcome=outcome, is_done=is_done)])
        return len(desk.to("pager")) - before

    assert [told(f"account {number} only reduces") for number in range(8)] == [1, 0, 0, 0, 0, 0, 0, 0]
    assert [told(f"account {number} is unknown", is_done=False) for number in range(3)] == [1, 0, 0], "a failure is news"
    desk.later(5 * MINUTE)
    assert "reduce, NOT DONE: account 2 is unknown" in desk.to("pager")[-1].lines


def test_a_severity_that_is_lowered_is_collected_and_escalates_as_the_lower_one() -> None:
    desk = Desk()
    desk.fire(alert("orders-failing"))
    desk.say(ChangeSeverity(severity=P2, reason="test orders alone"))
    desk.later(30 * MINUTE)
    assert not desk.to("pager")
    assert any(each.startswith("severity P2, was P1: test orders alone (ann)") for each in desk.to("chat")[-1].lines)


def test_users_are_asked_how_content_they_are_by_schedule() -> None:
    desk = Desk(policy=replace(POLICY, survey_every_ns=7 * DAY, survey_channels=("users",)))
    desk.journal.clear()
    desk.now = 7 * DAY
    desk.tick()
    desk.later(7 * DAY - SECOND)
    desk.later(SECOND)
    assert [each.id for each in desk.to("users")] == ["survey-1", "survey-2"]
