"""Drafts the postmortem of an incident as Markdown, from its state and its timeline: facts, and a place for the causes.

What the journals do not say is shown as unknown. Texts from outside are escaped, so that they stay text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from fairway.incidents.incident import ActionItem, Incident, Incidents
from fairway.incidents.incident_text import result_since
from fairway.incidents.protection import PositionProtection
from fairway.incidents.timeline import IncidentTimeline
from fairway.money.amount import Amount
from fairway.texts.display import amount, number
from fairway.texts.durations import duration_words
from fairway.world.clock import text_of

if TYPE_CHECKING:
    from jinja2 import Template

UNKNOWN: Final = "unknown"
_MARKUP: Final = re.compile(r"([\\`*_\[\]<>|#~])")


@dataclass(frozen=True, slots=True)
class PostmortemTime:
    what: str
    at: str
    after: str


@dataclass(frozen=True, slots=True)
class PostmortemFigure:
    what: str
    value: str
    source: str


def plain_markdown(text: str) -> str:
    """A text in one line that Markdown shows as it is."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def draft_postmortem(state: Incidents, incident: Incident, timeline: IncidentTimeline, *, config: str = "fairway.yaml") -> str:
    """The draft, Markdown.  config: for commands to copy."""
    actions = [each for each in state.actions.values() if each.incident == incident.id]
    return _template().render(
        id=incident.id,
        title=plain_markdown(incident.title),
        severity=incident.severity.value,
        cause=plain_markdown(incident.cause) or UNKNOWN,
        phase=incident.phase.value,
        commander=plain_markdown(incident.commander) or "no person acknowledged it",
        stage=plain_markdown(incident.stage) or UNKNOWN,
        summary=_summary(incident),
        times=list(_times(incident)),
        detection=_detection(incident),
        money=list(_money(incident, timeline)),
        users=[f"{_minute(at)} {plain_markdown(said.impact)}" for at, said in incident.updates],
        well=list(_well(incident, timeline)),
        wrong=list(_wrong(incident, timeline)),
        author=plain_markdown(incident.commander) or "the commander",
        actions=[_action(each) for each in actions],
        timeline=[_line(each.at, each.source, each.account, each.what) for each in timeline.lines],
        missing=list(_missing(timeline)),
        config=config,
    )


@cache
def _template() -> "Template":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    found = Environment(
        loader=PackageLoader("fairway.incidents"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # Markdown: `plain_markdown` escapes each text
    return found.get_template("postmortem.md.jinja")


def _minute(at: int) -> str:
    return text_of(at)[:19].replace("T", " ") if at else UNKNOWN


def _summary(incident: Incident) -> str:
    alerts = _count(len(incident.alerts), "alert") if incident.alerts else "no alert"
    first = next(iter(incident.alerts.values()), None)
    reason = f" The first: {plain_markdown(first.reason)}" if first is not None else ""
    by = "by alerts" if incident.by == "alerting" else f"by {plain_markdown(incident.by)}"
    again = f" It was opened again {_count(incident.reopened, 'time')}." if incident.reopened else ""
    return f"It was declared {by}, with {alerts} in all.{reason}{again}"


def _times(incident: Incident) -> Iterator[PostmortemTime]:
    steps = (
        ("it began", incident.since),
        ("first alert, or declared", incident.first_seen_at),
        ("acknowledged", incident.first_acknowledged_at),
        ("first mitigation", incident.mitigated_at),
        ("stable", incident.stable_at),
        ("resolved", incident.resolved_at),
    )
    for what, at in steps:
        yield PostmortemTime(what, _minute(at), duration_words(at - incident.since) if at else "")


def _detection(incident: Incident) -> str:
    found = duration_words(incident.first_seen_at - incident.since)
    if not incident.first_acknowledged_at:
        return f"It was detected {found} after it began, and no person acknowledged it."
    heard = duration_words(incident.first_acknowledged_at - incident.first_seen_at)
    return f"It was detected {found} after it began, and acknowledged {heard} later."


def _money(incident: Incident, timeline: IncidentTimeline) -> Iterator[PostmortemFigure]:
    money = timeline.money
    result = result_since(incident, incident.figures.realized if incident.figures is not None else None)
    yield PostmortemFigure("result of all accounts from its declaration to its end", _amount(result), "round trips, after fees")
    fees = ", ".join(f"{number(value)} {asset}" for asset, value in sorted(money.fees.items()))
    is_read = "trader" not in timeline.unread
    yield PostmortemFigure("fees", (fees or "none") if is_read else UNKNOWN, f"{_count(money.fills, 'fill')} of the span")
    fall = money.deepest_fall()
    source = "worth at market, each account at its lowest"
    if money.disturbed:
        source = f"money was moved in {_count(len(money.disturbed), 'account')}"
    yield PostmortemFigure("worst fall of what is held and not realized", _amount(fall), source)


def _count(number: int, one: str) -> str:
    return f"{number} {one}{'s' if number != 1 else ''}"


def _amount(value: Amount | None) -> str:
    return amount(value) if value is not None else UNKNOWN


def _well(incident: Incident, timeline: IncidentTimeline) -> Iterator[str]:
    """Facts alone."""
    if incident.is_of_alerts:
        yield f"An alert fired {duration_words(incident.first_seen_at - incident.since)} after it began."
    if incident.first_acknowledged_at:
        yield f"A person acknowledged it {duration_words(incident.first_acknowledged_at - incident.first_seen_at)} later."
    is_known = incident.protections == {PositionProtection.PROTECTED} and "trader" not in timeline.unread
    if is_known and not timeline.money.unprotected:
        yield "Stops held: no position was without its protection for too long."
    done = [each for each in incident.mitigations if each.is_done]
    yield from (f"Fairway did {each.action} by itself: {plain_markdown(each.outcome)}." for each in done)


def _wrong(incident: Incident, timeline: IncidentTimeline) -> Iterator[str]:
    if not incident.first_acknowledged_at:
        yield "No person acknowledged it."
    if incident.steps > 1:
        yield f"It took {_count(incident.steps, 'step')} of escalation."
    naked = timeline.money.unprotected
    if naked:
        yield f"Positions were without their whole protection for too long {_count(naked, 'time')}."
    failed = [each for each in incident.mitigations if not each.is_done]
    yield from (f"Fairway could not do {each.action}: {plain_markdown(each.outcome)}." for each in failed)
    if timeline.money.rejected:
        yield f"The venue rejected {_count(timeline.money.rejected, 'order')}."
    if incident.reopened:
        yield f"Its cause came back {_count(incident.reopened, 'time')} after it was resolved."


@dataclass(frozen=True, slots=True)
class PostmortemAction:
    id: str
    text: str
    owner: str
    due: str
    verification: str
    state: str


def _action(item: ActionItem) -> PostmortemAction:
    return PostmortemAction(
        item.id,
        plain_markdown(item.text),
        plain_markdown(item.owner),
        text_of(item.due_at)[:10],
        plain_markdown(item.verification),
        item.state.value,
    )


def _line(at: int, source: str, account: str, what: str) -> dict[str, str]:
    return {"at": _minute(at), "source": source, "account": plain_markdown(account), "what": plain_markdown(what)}


def _missing(timeline: IncidentTimeline) -> Sequence[str]:
    left_out = [f"{count:,} more lines of {name} are left out" for name, count in timeline.left_out.items()]
    return [*left_out, *(f"{name}: UNKNOWN, {plain_markdown(why)}" for name, why in timeline.unread.items())]
