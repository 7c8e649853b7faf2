"""Action items of postmortems: add one, show that it is done, list them."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.incidents.instruct import AlertingOutcome, incident_subject, instruct_alerting, written_down
from fairway.operations.incidents.reading import incidents_now
from fairway.operations.incidents.respond import words_given
from fairway.operations.incidents.verification import verification_given
from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview
from fairway.operations.refusal import wrong_input
from fairway.people.roles import UserAct
from fairway.settings import load
from fairway.world.clock import parse_instant, text_of

if TYPE_CHECKING:
    from fairway.incidents.incident import ActionItem


@dataclass(frozen=True, slots=True, kw_only=True)
class AddActionRequest:
    """due: a day or an instant, such as 2026-12-31. verified_by: the drill, gate or item, by name, that will show it."""

    config: Path
    incident: str
    text: str
    owner: str
    due: str
    verified_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishActionRequest:
    """attest: what the actor has seen, where no launch can show it; "" where the launch has shown the item's verification."""

    config: Path
    item: str
    attest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListActionsRequest:
    """all_items: those that a launch has shown to be done, too."""

    config: Path
    all_items: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionsOutcome(Outcome):
    items: "tuple[ActionItem, ...]"


def perform_add(call: Call[AddActionRequest]) -> AlertingOutcome:
    """Raises Refusal, SettingsError, PlanError, JournalErrors."""
    from fairway.incidents.incident_commands import AddAction

    asked, settings = call.request, load(call.request.config)
    command = AddAction(
        incident=asked.incident,
        text=words_given("text", asked.text, "lower the limit of open positions"),
        owner=words_given("owner", asked.owner, "ben"),
        due_at=_instant(asked.due),
        verification=verification_given(settings, asked.verified_by),
    )
    return instruct_alerting(settings, command, call, "is kept, and is overdue from its day on")


def _instant(text: str) -> int:
    """Raises Refusal."""
    try:
        return parse_instant(text)
    except (ValueError, OverflowError):
        raise wrong_input(f"DUE_WRONG: due={text[:40]}", "is no day", field="due", example="2026-12-31") from None


def perform_finish(call: Call[FinishActionRequest]) -> AlertingOutcome:
    """Raises SettingsError, JournalErrors."""
    from fairway.incidents.incident_commands import FinishAction

    asked = call.request
    attested = asked.attest.strip()
    command = FinishAction(item=asked.item, attested=attested)
    then = f"attested by {call.actor.name}; no machine has shown it" if attested else "is done, as the launch shows"
    return instruct_alerting(load(asked.config), command, call, then)


def perform_list(call: Call[ListActionsRequest]) -> ActionsOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    from fairway.incidents.incident import ActionState

    state = incidents_now(load(call.request.config))
    wanted = [each for each in state.actions.values() if call.request.all_items or each.state is not ActionState.DONE]
    items = tuple(sorted(wanted, key=lambda each: each.due_at))
    return ActionsOutcome(items=items, lines=tuple(map(_line, items)) or ("no action item is open",))


def _line(item: "ActionItem") -> str:
    due = text_of(item.due_at)[:10]
    how = f"; {item.shown_by}" if item.shown_by else ""
    return f"{item.id}  {item.state.value}  due {due}  {item.owner}: {item.text} (verified by {item.verification}{how})"


def _preview_add(call: Call[AddActionRequest]) -> Preview:
    return written_down("an action item is kept; overdue, it speaks against the claim postmortem-actions of a launch")


def _preview_finish(call: Call[FinishActionRequest]) -> Preview:
    if call.request.attest.strip():
        return written_down("the action item is attested by you; no machine has shown that it is done")
    return written_down("the action item is done, where the launch has shown its verification since it was added")


def _preview_list(call: Call[ListActionsRequest]) -> Preview:
    return Preview(effect="reads the alerting journal; nothing is changed")


ADD_ACTION: Final = Operation(
    name="incident action add",
    summary="Add an action item to an incident, with an owner, a day and what verifies it.",
    act=UserAct.RESPOND,
    exposure=Exposure.KEEPS,
    request=AddActionRequest,
    subject=incident_subject,
    preview=_preview_add,
    perform=perform_add,
)
FINISH_ACTION: Final = Operation(
    name="incident action done",
    summary="Finish an action item whose verification the launch has shown, or attest that it is done.",
    act=UserAct.RESPOND,
    exposure=Exposure.KEEPS,
    request=FinishActionRequest,
    subject=incident_subject,
    preview=_preview_finish,
    perform=perform_finish,
)
LIST_ACTIONS: Final = Operation(
    name="incident action list",
    summary="List the action items of postmortems, the next due first.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=ListActionsRequest,
    subject=incident_subject,
    preview=_preview_list,
    perform=perform_list,
)
OPERATIONS: Final = (ADD_ACTION, FINISH_ACTION, LIST_ACTIONS)
