"""The record of a launch as text, as a page and as data. The same record gives the same bytes."""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from fairway.launch.views.record import ClaimRow, LaunchRecord

TEMPLATE: Final = "record.html.jinja"
GO_WORDS, READY_WORDS = "Nothing is missing.", "Nothing is missing but people."
LATER: Final = "a later stage"
"""Who asks for an item of the checklist that counts for nothing yet."""


def markdown(record: LaunchRecord) -> str:
    """The record as text that is read anywhere."""
    return "\n".join(_markdown(record)) + "\n"


def _markdown(record: LaunchRecord) -> Iterator[str]:
    yield f"# {record.verdict}: launch of plan {record.plan}"
    yield ""
    release = record.release[:16] or "unknown"
    yield f"Made {record.made_at} UTC. Plan `{record.digest[:16]}` by {record.author}, release `{release}`."
    yield from ("", f"- money: **{record.mode}**", f"- venue: {_cell(record.venue)}", f"- accounts: {_cell(record.accounts)}")
    yield from (f"- result: {_cell(each)}" for each in record.results)
    for section in record.sections:
        yield from ("", f"## {section.track}: {section.where}", "")
        yield f"Next: **{section.next or 'nothing: this is the last stage'}**."
        yield from ("", f"- at risk now: {_cell(section.at_risk_now)}", f"- at risk next: {_cell(section.at_risk_next)}", "")
        yield from [f"- missing: {_cell(each)}" for each in section.missing] or [READY_WORDS if section.waits_for else GO_WORDS]
        yield from (f"- waiting for {_cell(each)}" for each in section.waits_for)
        yield from _table("gate", section.claims)
        yield from _table("gate that is not disproven, and not proven", section.not_disproven)
        yield from _table("item of the checklist", section.checklist, is_list=True)
        yield from ("", "Approvals: " + ("; ".join(section.approvals) or "none."))
    if record.waivers:
        yield from ("", "## Waivers", "", *(f"- {_cell(each)}" for each in record.waivers))
    if record.budgets:
        yield from ("", "## Budgets", "", *(f"- {_cell(each)}" for each in record.budgets))
    if record.reviews:
        yield from ("", "## Reviews", "", *(f"- {_cell(each)}" for each in record.reviews))
    if record.targets:
        yield from ("", "## Targets", "", "They are looked at on their day, and decide nothing.", "")
        yield from (f"- {_cell(each)}" for each in record.targets)
    if record.messages:
        yield from ("", "## Messages", "", *(f"- {at} {_cell(words)}" for at, words in record.messages))
    yield from ("", "## What happened", "", *(f"- {at} {_cell(words)}" for at, words in record.told))
    yield from ("", "## What all of it rests on", "", *(f"- {name}: `{digest}`" for name, digest in record.journals))


def _table(head: str, claims: Sequence[ClaimRow], *, is_list: bool = False) -> Iterator[str]:
    """is_list: whether it is told which gate asks for each."""
    if not claims:
        return
    yield from (
        "",
        f"| {head} | result | rests on | digest |{' asked for by |' * is_list}",
        f"|---|---|---|---|{'---|' * is_list}",
    )
    for each in claims:
        told = "" if each.decides else " (told only)"
        digest = f"`{each.digest[:16]}`" if each.digest else "–"
        asked = f" {_cell(each.asked) or LATER} |" if is_list else ""
        yield f"| {_cell(each.name)}{told} | {each.result} | {_cell(each.rests_on)} | {digest} |{asked}"


def _cell(text: str) -> str:
    """Escapes a person's text, so that it neither ends a cell nor starts other markup."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ").replace("<", "&lt;").replace("`", "'")


def page(record: LaunchRecord) -> bytes:
    """The record as one page that needs nothing else, UTF-8. The same record gives the same bytes."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("fairway.launch.views"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(TEMPLATE).render(record=record).encode()


def data(record: LaunchRecord) -> bytes:
    """The record for other programs."""
    return msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n"
