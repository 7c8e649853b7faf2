"""`fairway incident`: the shells of the operations on incidents. They end with 0 only where the alerting process obeyed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from fairway.cli.answer import CommandOutput, instant, shows
from fairway.cli.durations import duration
from fairway.cli.exits import ExitCode
from fairway.cli.perform import outcome_of, perform_here
from fairway.cli.printing import say
from fairway.cli.shared_options import USUAL, By, Config, Flag, Why
from fairway.risk.causes import AlertSeverity

if TYPE_CHECKING:
    from fairway.incidents.incident import Incident

app = App(name="incident", help="Incidents: see, declare, acknowledge and resolve them; postmortems and their action items.")
action = App(name="action", help="Action items of postmortems: add, list and finish them.")
app.command(action)

Named = Annotated[str, Parameter(help="The incident's id; the only open one where it is left out.")]
Id = Annotated[str, Parameter(help="The incident's id, such as INC-20260105-1.")]


@app.command(name="list")
@shows
def list_incidents(
    config: Config = USUAL, /, *, all_incidents: Annotated[bool, Parameter(name="--all", negative=())] = False
) -> CommandOutput:
    """List the incidents that are not closed, the newest first.

    Parameters
    ----------
    all_incidents: bool
        Those that are closed, too.
    """
    from fairway.operations.incidents.show import LIST_INCIDENTS, ListIncidentsRequest

    outcome = outcome_of(LIST_INCIDENTS, ListIncidentsRequest(config=config, all_incidents=all_incidents))
    return CommandOutput(value={"incidents": list(map(_value, outcome.incidents))}, text=outcome.lines)


@app.command
@shows
def show(config: Config, incident: Id, /) -> CommandOutput:
    """Show an incident, with its timeline from the journals of trader, launch, server and alerting."""
    from fairway.operations.incidents.show import SHOW_INCIDENT, ShowIncidentRequest

    outcome = outcome_of(SHOW_INCIDENT, ShowIncidentRequest(config=config, incident=incident))
    timeline = [
        {"at": instant(each.at), "source": each.source, "account": each.account, "what": each.what}
        for each in outcome.timeline.lines
    ]
    value = {**_value(outcome.incident), "timeline": timeline, "unread": dict(outcome.timeline.unread)}
    return CommandOutput(value=value, text=outcome.lines)


def _value(incident: "Incident") -> dict[str, object]:
    return {
        "incident": incident.id,
        "severity": incident.severity,
        "phase": incident.phase,
        "cause": incident.cause,
        "title": incident.title,
        "commander": incident.commander,
        "began": instant(incident.since),
        "declared": instant(incident.declared_at),
        "acknowledged": instant(incident.first_acknowledged_at),
        "resolved": instant(incident.resolved_at),
        "alerts": [str(key) for key in incident.firing],
    }


@app.command
def declare(config: Config, /, *, title: str, severity: AlertSeverity, cause: str = "", by: By = "") -> int:
    """Declare an incident that no alert has opened.

    Parameters
    ----------
    title: str
        What is wrong, in a few words.
    severity: AlertSeverity
        P0 at once, P1 within 30 min, P2 within 4 h, P3 on the next business day.
    cause: str
        The cause as alert rules name it, such as orders; alerts of it then join the incident.
    """
    from fairway.operations.incidents.respond import DECLARE, DeclareRequest

    return perform_here(DECLARE, DeclareRequest(config=config, title=title, severity=severity, cause=cause), by)


@app.command
def ack(config: Config = USUAL, incident: Named = "", /, *, by: By = "") -> int:
    """Acknowledge an incident: you have seen it, and command the response where no person does."""
    from fairway.operations.incidents.respond import ACKNOWLEDGE, AcknowledgeRequest

    return perform_here(ACKNOWLEDGE, AcknowledgeRequest(config=config, incident=incident), by)


@app.command
def note(config: Config, incident: Named = "", /, *, text: str, by: By = "") -> int:
    """Add a note to the timeline; it counts as an update.

    Parameters
    ----------
    text: str
        What you have seen or done.
    """
    from fairway.operations.incidents.respond import NOTE, NoteRequest

    return perform_here(NOTE, NoteRequest(config=config, incident=incident, text=text), by)


@app.command
def take(config: Config, incident: Named = "", /, *, reason: Why, person: str = "", by: By = "") -> int:
    """Take over the command of an incident, or hand it to another person.

    Parameters
    ----------
    person: str
        Who commands from now on; you where it is left out.
    """
    from fairway.operations.incidents.respond import TAKE_OVER, TakeOverRequest

    return perform_here(TAKE_OVER, TakeOverRequest(config=config, incident=incident, person=person, reason=reason), by)


@app.command
def mitigate(config: Config, incident: Named = "", /, *, reason: Why, by: By = "") -> int:
    """State that you act on it."""
    return _move(config, incident, "mitigating", reason, by)


@app.command
def stabilise(config: Config, incident: Named = "", /, *, reason: Why, by: By = "") -> int:
    """State that nothing gets worse. Alerts that fire again lead it back by themselves."""
    return _move(config, incident, "stable", reason, by)


@app.command
def resolve(config: Config, incident: Named = "", /, *, reason: Why, by: By = "") -> int:
    """State that it is over. It is refused while an alert of it fires."""
    return _move(config, incident, "resolved", reason, by)


@app.command
def close(config: Config, incident: Id, /, *, reason: Why, by: By = "") -> int:
    """Close it for good. An incident of P0 or P1 is closed with a postmortem only."""
    return _move(config, incident, "closed", reason, by)


def _move(config: Path, incident: str, phase: str, reason: str, by: str) -> int:
    from fairway.operations.incidents.respond import PHASE, PhaseRequest

    return perform_here(PHASE, PhaseRequest(config=config, incident=incident, phase=phase, reason=reason), by)


@app.command
def severity(config: Config, severity: AlertSeverity, incident: Named = "", /, *, reason: Why, by: By = "") -> int:
    """Raise or lower the severity.

    Parameters
    ----------
    severity: AlertSeverity
        P0, P1, P2 or P3.
    """
    from fairway.operations.incidents.respond import SEVERITY, SeverityRequest

    return perform_here(SEVERITY, SeverityRequest(config=config, incident=incident, severity=severity, reason=reason), by)


@app.command
def inform(
    config: Config,
    incident: Named = "",
    /,
    *,
    impact: str,
    length: Annotated[int, duration("1m", "30d", names=["--for"])] = 0,
    by: By = "",
) -> int:
    """Tell users what it means for them, by their channels and on the status page.

    Parameters
    ----------
    impact: str
        What users notice, in words for them.
    length: int
        For how long from now on, such as 2h; it is not known where it is left out.
    """
    from fairway.operations.incidents.respond import INFORM, InformRequest

    return perform_here(INFORM, InformRequest(config=config, incident=incident, impact=impact, length=length), by)


@app.command
def postmortem(config: Config, incident: Id, /, *, file: Path | None = None, force: Flag = False, by: By = "") -> int:
    """Begin the postmortem of a resolved incident, and draft it from the journals: times, money, what went well, timeline.

    Parameters
    ----------
    file: Path
        Where the draft is written, as Markdown; it is printed where it is left out.
    force: bool
        Write over a file that is there.
    """
    from fairway.operations.incidents.postmortem import POSTMORTEM, PostmortemRequest

    if file is not None and file.exists() and not force:
        say(f"{file} is there already; write over it with --force")
        return ExitCode.NO
    outcome = outcome_of(POSTMORTEM, PostmortemRequest(config=config, incident=incident), by)
    if file is None:
        say(outcome.markdown)
    else:
        file.write_text(outcome.markdown, encoding="utf8")
        say(f"the draft is in {file}")
    for line in outcome.lines:
        say(line)
    return ExitCode.OK if outcome.is_done else ExitCode.NO


@action.command
def add(config: Config, incident: Id, /, *, text: str, owner: str, due: str, verified_by: str, by: By = "") -> int:
    """Add an action item: what is done so that it does not happen again.

    Parameters
    ----------
    text: str
        What is to be done.
    owner: str
        Who does it.
    due: str
        By which day, such as 2026-12-31. Overdue, it speaks against the claim postmortem-actions of a launch.
    verified_by: str
        What shows it: a drill, or a gate or an item of the launch's plan, by name.
    """
    from fairway.operations.incidents.actions import ADD_ACTION, AddActionRequest

    request = AddActionRequest(config=config, incident=incident, text=text, owner=owner, due=due, verified_by=verified_by)
    return perform_here(ADD_ACTION, request, by)


@action.command
def done(config: Config, item: str, /, *, attest: str = "", by: By = "") -> int:
    """Finish an action item: the launch must have shown its verification since it was added. Or attest that it is done.

    Parameters
    ----------
    item: str
        The item's id, such as INC-20260105-1-A1.
    attest: str
        What you have seen, where no launch can show it; it is kept as your word, and not as shown.
    """
    from fairway.operations.incidents.actions import FINISH_ACTION, FinishActionRequest

    return perform_here(FINISH_ACTION, FinishActionRequest(config=config, item=item, attest=attest), by)


@action.command(name="list")
@shows
def list_actions(
    config: Config = USUAL, /, *, all_items: Annotated[bool, Parameter(name="--all", negative=())] = False
) -> CommandOutput:
    """List the action items, the next due first.

    Parameters
    ----------
    all_items: bool
        Those that are done, too.
    """
    from fairway.operations.incidents.actions import LIST_ACTIONS, ListActionsRequest

    outcome = outcome_of(LIST_ACTIONS, ListActionsRequest(config=config, all_items=all_items))
    value = [
        {
            "item": each.id,
            "incident": each.incident,
            "text": each.text,
            "owner": each.owner,
            "due": instant(each.due_at),
            "verification": each.verification,
            "state": each.state,
            "shown_by": each.shown_by,
        }
        for each in outcome.items
    ]
    return CommandOutput(value={"actions": value}, text=outcome.lines)
