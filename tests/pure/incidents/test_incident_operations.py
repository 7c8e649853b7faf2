"""What people can do about incidents, through real journals: an alerting process in small answers the commands."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.pure.incidents.responses import POLICY
from tests.pure.incidents.told_incident import told, write_alerting_journal

from fairway.cli.init import TEMPLATE
from fairway.incidents.alerting_journal import (
    ALERTING_CODEC,
    ALERTING_COMMAND_CODEC,
    ALERTING_COMMAND_STREAM,
    ALERTING_STREAM,
    alerting_beside,
    alerting_inbox_beside,
)
from fairway.incidents.decision import decide
from fairway.incidents.folding import apply_event
from fairway.incidents.incident import Incidents
from fairway.incidents.incident_tick import IncidentTick
from fairway.incidents.refusal_text import SENTENCES, refusal_in_words
from fairway.incidents.troubles import TroubleChanged
from fairway.journal.command_reader import ReadCommand
from fairway.journal.port import JournalMissing
from fairway.journal.sql import open_journal, open_reader
from fairway.launch.control.command_inbox import PILOT_STREAM, launch_beside
from fairway.launch.control.launch_events import LaunchBegan
from fairway.launch.control.state import CODEC as LAUNCH_CODEC
from fairway.operations.actor import Actor, Shell, owner_of_machine
from fairway.operations.alerts.show import ALERTS, AlertsRequest
from fairway.operations.incidents import instruct
from fairway.operations.incidents.actions import (
    ADD_ACTION,
    FINISH_ACTION,
    LIST_ACTIONS,
    AddActionRequest,
    FinishActionRequest,
    ListActionsRequest,
)
from fairway.operations.incidents.postmortem import POSTMORTEM, PostmortemRequest
from fairway.operations.incidents.respond import ACKNOWLEDGE, DECLARE, PHASE, AcknowledgeRequest, DeclareRequest, PhaseRequest
from fairway.operations.incidents.show import SHOW_INCIDENT, ShowIncidentRequest
from fairway.operations.incidents.tickets import (
    LIST_TICKETS,
    OPEN_TICKET,
    SHOW_TICKET,
    ListTicketsRequest,
    OpenTicketRequest,
    ShowTicketRequest,
)
from fairway.operations.incidents.verification import verification_given
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.refusal import Refusal
from fairway.people.roles import UserRole
from fairway.risk.causes import AlertSeverity
from fairway.settings import Settings, load
from fairway.world.clock import SystemClock


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "fairway.yaml"
    path.write_text(TEMPLATE)
    return path


def settings_of(config: Path) -> Settings:
    return load(config, environ={"BINANCE_API_KEY": "x", "BINANCE_API_SECRET": "x"})


@pytest.fixture
def answered(config: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An alerting process in small: whenever a person waits for an answer, it reads the command inbox, decides, and journals."""
    settings = settings_of(config)
    where, mode, trader = alerting_beside(settings.journal), settings.mode, settings.account
    state = Incidents()
    with closing(open_journal(where, ALERTING_CODEC, mode=mode, trader=trader, stream=ALERTING_STREAM)) as journal:

        def tick(pause_s: float) -> None:
            tick = IncidentTick(now=SystemClock().now(), commands=commands_after(settings, state.commands_read))
            for event in decide(POLICY, state, tick).events:
                journal.append([event], account="", author="alerting", at=tick.now)
                apply_event(state, event, tick.now)
            journal.sync()

        monkeypatch.setattr("fairway.operations.incidents.instruct.time.sleep", tick)
        yield


def commands_after(settings: Settings, after: int) -> list[ReadCommand]:
    where = alerting_inbox_beside(settings.journal)
    try:
        with open_reader(where, trader=settings.account, stream=ALERTING_COMMAND_STREAM) as inbox:
            decoded = [(each, ALERTING_COMMAND_CODEC.decode(each)) for each in inbox.read(after)]
    except JournalMissing:
        return []
    return [ReadCommand(each.seq, each.author, each.at, command, each.digest) for each, command in decoded]


def act(operation: Any, request: Any, by: str = "ann") -> Any:
    return perform(operation, Call(actor=owner_of_machine(by), request=request))


def test_an_incident_is_declared_acknowledged_resolved_and_closed_by_commands(config: Path, answered: None) -> None:
    declared = act(DECLARE, DeclareRequest(config=config, title="users see no orders", severity=AlertSeverity.P1))
    assert declared.is_done
    assert declared.made.startswith("INC-")
    assert act(ACKNOWLEDGE, AcknowledgeRequest(config=config), by="eve").made == declared.made
    assert act(PHASE, PhaseRequest(config=config, phase="resolved", reason="it works again")).is_done
    refused = act(PHASE, PhaseRequest(config=config, incident=declared.made, phase="closed", reason="done"))
    assert not refused.is_done
    assert refused.lines == (
        f"NOT DONE: {declared.made} is P1, and is closed with a postmortem only: fairway incident postmortem",
    )
    draft = act(POSTMORTEM, PostmortemRequest(config=config, incident=declared.made))
    assert (draft.is_done, draft.phase) == (True, "postmortem")
    assert f"# Postmortem {declared.made}: users see no orders" in draft.markdown
    assert "| Commander | eve |" in draft.markdown
    assert "trader: UNKNOWN" in draft.markdown
    added = act(
        ADD_ACTION,
        AddActionRequest(
            config=config, incident=declared.made, text="watch it", owner="ben", due="2099-01-01", verified_by="limit-breach"
        ),
    )
    assert added.made == f"{declared.made}-A1"
    [item] = act(LIST_ACTIONS, ListActionsRequest(config=config)).items
    assert (item.owner, item.verification) == ("ben", "limits"), "the claim that the drill shows"
    not_shown = act(FINISH_ACTION, FinishActionRequest(config=config, item=added.made))
    assert not_shown.lines[0].startswith(f"NOT DONE: nothing shows that {added.made} is done, verified by limits: no launch")
    attested = act(FINISH_ACTION, FinishActionRequest(config=config, item=added.made, attest="I saw it"), by="eve")
    assert attested.lines == (f"{added.made}: attested by eve; no machine has shown it",)
    assert "attested by eve: I saw it" in act(LIST_ACTIONS, ListActionsRequest(config=config)).lines[0]
    assert act(PHASE, PhaseRequest(config=config, incident=declared.made, phase="closed", reason="done")).is_done


def test_troubles_of_alerting_itself_are_shown_with_the_alerts(config: Path) -> None:
    settings = settings_of(config)
    where, mode, trader = alerting_beside(settings.journal), settings.mode, settings.account
    troubles = [
        TroubleChanged(part="heartbeat", why="it is answered with status 404"),
        TroubleChanged(part="status page", why="the disk is full"),
        TroubleChanged(part="status page", why=""),
    ]
    with closing(open_journal(where, ALERTING_CODEC, mode=mode, trader=trader, stream=ALERTING_STREAM)) as journal:
        journal.append(troubles, account="", author="alerting", at=SystemClock().now())
        journal.sync()
    shown = act(ALERTS, AlertsRequest(config=config))
    assert [each.part for each in shown.troubles] == ["heartbeat"]
    assert any(each.startswith("! alerting itself: it is answered with status 404 (since 20") for each in shown.lines)


PLAN = """
plan: p
about: A plan with an item and a gate.
author: ann
approvals: {need: {owner: 1}}
guards: [daily loss, drawdown, position loss]
checklist: [{id: our-test, text: it passes, need: machine artifact}]
stages:
  - name: small
    stay: {at_least: 1h, at_most: 3d}
    limits: {mode: paper, capital: 100 USDT}
    gates: [{name: ready, gate: checklist}]
"""


@pytest.mark.parametrize("name", ["venue-drill", "", "I will look", "postmortem-actions"])
def test_words_of_ones_own_verify_no_action_item(config: Path, name: str) -> None:
    request = AddActionRequest(config=config, incident="x", text="a", owner="b", due="2099-01-01", verified_by=name)
    with pytest.raises(Refusal) as told:
        act(ADD_ACTION, request)
    assert told.value.code == f"VERIFICATION_UNKNOWN: verified_by={name}"
    for each in (repr(name), "limit-breach", "gates-proven", "kill-drill", "and with a launch what its plan names"):
        assert each in told.value.sentence()
    assert commands_after(settings_of(config), 0) == []


@pytest.mark.parametrize(
    ("name", "means"), [("our-test", "our-test"), ("ready", "ready"), ("kill", "kill-drill"), ("page-test", "page-test")]
)
def test_an_item_is_verified_by_what_the_launchs_plan_names_and_by_every_drill(config: Path, name: str, means: str) -> None:
    settings = settings_of(config)
    where, mode, trader = launch_beside(settings.journal), settings.mode, settings.account
    began = LaunchBegan(plan="p", text=PLAN, digest="d", release="r1", by="ann")
    with closing(open_journal(where, LAUNCH_CODEC, mode=mode, trader=trader, stream=PILOT_STREAM)) as journal:
        journal.append([began], account="", author="pilot", at=1)
        journal.sync()
    assert verification_given(settings, name) == means
    with pytest.raises(Refusal, match="our-test, ready"):
        verification_given(settings, "venue-drill")


def test_without_an_alerting_process_a_command_waits_and_says_so(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instruct, "LOOKS_MAX", 1)
    outcome = act(DECLARE, DeclareRequest(config=config, title="x", severity=AlertSeverity.P3))
    assert (outcome.is_done, outcome.is_answered, outcome.lines) == (False, False, (instruct.UNANSWERED,))
    assert [each.by for each in commands_after(settings_of(config), 0)] == ["ann"]


def test_a_journal_that_cannot_be_read_is_named_and_the_others_are_shown(config: Path) -> None:
    desk = told()
    write_alerting_journal(settings_of(config), desk)
    outcome = act(SHOW_INCIDENT, ShowIncidentRequest(config=config, incident=desk.incident.id))
    assert set(outcome.timeline.unread) == {"trader", "launch", "server"}
    assert any("acknowledged" in line or "ann commands it" in line for line in outcome.lines)
    assert any(line.startswith("trader: UNKNOWN") for line in outcome.lines)


def test_an_unknown_incident_is_refused_with_those_that_there_are(config: Path) -> None:
    with pytest.raises(Refusal, match="no alerting process has run"):
        act(SHOW_INCIDENT, ShowIncidentRequest(config=config, incident="INC-1"))
    write_alerting_journal(settings_of(config), told())
    with pytest.raises(Refusal, match="names no incident; the newest are INC-20260105-1"):
        act(SHOW_INCIDENT, ShowIncidentRequest(config=config, incident="INC-1"))


def test_a_user_opens_and_sees_the_own_tickets_alone(config: Path, answered: None) -> None:
    tom = Actor(name="tom", shell=Shell.API, role=UserRole.TRADER)

    def as_tom(operation: Any, request: Any) -> Any:
        return perform(operation, Call(actor=tom, request=request))

    assert as_tom(OPEN_TICKET, OpenTicketRequest(config=config, subject="I see no orders", text="since noon")).made == "T-1"
    act(OPEN_TICKET, OpenTicketRequest(config=config, subject="fees", text="why", user="tim", critical=True), by="sue")
    assert [each.id for each in as_tom(LIST_TICKETS, ListTicketsRequest(config=config)).tickets] == ["T-1"]
    assert [each.id for each in act(LIST_TICKETS, ListTicketsRequest(config=config)).tickets] == ["T-2", "T-1"]
    assert [each.id for each in act(LIST_TICKETS, ListTicketsRequest(config=config, user="tom")).tickets] == ["T-1"]
    assert act(LIST_TICKETS, ListTicketsRequest(config=config, overdue=True)).lines == ("no such ticket",)
    assert as_tom(LIST_TICKETS, ListTicketsRequest(config=config, user="tim")).tickets == ()
    shown = as_tom(SHOW_TICKET, ShowTicketRequest(config=config, ticket="T-1"))
    assert (shown.ticket.text, shown.lines[1]) == ("since noon", "  since noon")
    for ticket in ("T-2", "T-9"):  # one of another user is as unknown as one that does not exist
        with pytest.raises(Refusal) as refused:
            as_tom(SHOW_TICKET, ShowTicketRequest(config=config, ticket=ticket))
        assert refused.value.sentence() == (f"ticket '{ticket}' names no ticket; the newest are T-1; a right one is ticket T-1")
    with pytest.raises(Refusal, match="for another user"):
        as_tom(OPEN_TICKET, OpenTicketRequest(config=config, subject="a", text="b", user="tim"))
    with pytest.raises(Refusal, match="does not allow"):
        as_tom(DECLARE, DeclareRequest(config=config, title="x", severity=AlertSeverity.P0))


@pytest.mark.parametrize("code", SENTENCES)
def test_every_refusal_has_a_sentence_without_gaps_where_its_values_are_given(code: str) -> None:
    values = " ".join(f"{name}=x" for name in ("incident", "phase", "wanted", "alerts", "first", "severity", "open", "actions"))
    said = refusal_in_words(f"{code}: {values} action=x verification='a b' why='c d' ticket=x")
    assert "{" not in said
    assert "?" not in said
    assert refusal_in_words("NEW_CODE: a=b") == "NEW_CODE: a=b"
