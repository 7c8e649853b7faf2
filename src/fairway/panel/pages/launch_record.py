"""The GO or NO-GO of a launch as a page that can be printed, and as PDF: what it rests on, claim by claim."""

import logging
from collections.abc import Sequence
from typing import Final

from fairway.launch.gates.verdict import Result
from fairway.launch.views.record import ClaimRow, LaunchRecord, RecordSection
from fairway.operations.launch.show import SHOW_RECORD, ShowLaunchRequest
from fairway.panel.elements import Tag, button, mark_of
from fairway.panel.facts.tracks import RESULT_MARKS
from fairway.panel.failures import told
from fairway.panel.feed import Unseen
from fairway.panel.guards import MOUNT
from fairway.panel.live import Live
from fairway.panel.moments import moment
from fairway.panel.page import Given, Page
from fairway.panel.record_download import RECORD_PDF
from fairway.panel.state_marks import Mark
from fairway.panel.tables import Column, live_table
from fairway.panel.unseen import say_unseen
from fairway.panel.visit import Visit
from fairway.world.clock import parse_instant

DIGEST_SHOWN: Final = 16
_LOG: Final = logging.getLogger(__name__)


async def build(visit: Visit, given: Given) -> None:
    """The record as it is when the page is opened: it is a document, and does not change while it is read."""
    try:
        outcome = await visit.read(SHOW_RECORD, ShowLaunchRequest(config=visit.parts.context.config))
    except Exception as error:
        Tag("h1", "Record of a launch")
        say_unseen(Unseen(told(error, _LOG, "the record of the launch")))
        return
    record = outcome.record
    _head(visit, record)
    for section in record.sections:
        _section(section)
    for title, entries in (
        ("Waivers", record.waivers),
        ("Budgets", record.budgets),
        ("Targets", record.targets),
        ("Reviews", record.reviews),
    ):
        if entries:
            Tag("h2", title)
            _listed(entries)
    _dated("Messages", record.messages)
    _dated("What happened", record.history)
    Tag("h2", "What all of it rests on")
    with Tag("dl", "", "record-pairs"):
        for name, digest in record.journals:
            Tag("dt", name)
            with Tag("dd"):
                Tag("code", digest)


def _head(visit: Visit, record: LaunchRecord) -> None:
    with Tag("h1"):
        mark_of(Mark.GOOD if record.is_go else Mark.HELD if record.is_ready else Mark.BAD)
        Tag("span", f"{record.verdict}: {record.plan}")
    with Tag("p", "", "not-printed links"):
        Tag("a", "Launch", href=f"{MOUNT}/launch")
        Tag("a", "Download as PDF", href=f"{MOUNT}{RECORD_PDF}", download=True)
        button("Print", lambda: visit.client.run_javascript("window.print()"))
    with Tag("dl", "", "record-pairs"):
        for name, words in (
            ("made", f"{record.made_at.replace('T', ' ')} UTC"),
            ("plan", f"{record.digest[:DIGEST_SHOWN]} by {record.author}"),
            ("release", record.release[:DIGEST_SHOWN] or "unknown"),
            ("money", record.mode),
            ("venue", record.venue),
            ("accounts", record.accounts),
            *(("result", each) for each in record.results),
        ):
            Tag("dt", name)
            Tag("dd", words)


def _section(section: RecordSection) -> None:
    Tag("h2", f"{section.track}: {section.where}")
    with Tag("dl", "", "record-pairs"):
        for name, words in (
            ("next", section.next or "nothing: this is the last stage"),
            ("at risk now", section.at_risk_now),
            ("at risk next", section.at_risk_next),
        ):
            Tag("dt", name)
            Tag("dd", words)
    if section.missing:
        Tag("h3", "Missing")
        _listed(section.missing)
    else:
        Tag("p", f"Nothing is missing{' but people' if section.waits_for else ''}.")
    if section.waits_for:
        Tag("h3", "Waiting for")
        _listed(section.waits_for)
    _claims("Gates", section.claims)
    _claims("Gates that are not disproven, and not proven", section.not_disproven)
    _claims("Checklist", section.checklist, is_checklist=True)
    Tag("h3", "Approvals")
    _listed(section.approvals or ("none",))


def _listed(entries: Sequence[str]) -> None:
    with Tag("ul", "", "record-list"):
        for entry in entries:
            Tag("li", entry)


def _claims(title: str, rows: Sequence[ClaimRow], *, is_checklist: bool = False) -> None:
    if not rows:
        return
    Tag("h3", title)
    columns = (*_CLAIM, _ASKED) if is_checklist else _CLAIM
    live_table(Live(tuple(rows)), columns, lambda all_rows: all_rows, lambda row: row, label=title, nothing="")


def _result(row: Live[ClaimRow]) -> None:
    its = row.facts
    if its.result in Result.__members__:
        mark_of(RESULT_MARKS[Result(its.result)])
    Tag("span", its.result)


def _rests_on(row: Live[ClaimRow]) -> None:
    with Tag("div", "", "words"):
        Tag("span", row.facts.rests_on)
        if row.facts.says:
            Tag("p", row.facts.says, "quiet")


def _digest(row: Live[ClaimRow]) -> None:
    Tag("code", row.facts.digest[:DIGEST_SHOWN] or "none", title=row.facts.digest)


_CLAIM: Final[tuple[Column[ClaimRow], ...]] = (
    Column(head="claim", words=lambda row: row.name if row.decides else f"{row.name} (told only)"),
    Column(head="result", words=lambda row: row.result, build=_result),
    Column(head="rests on", words=lambda row: row.rests_on, build=_rests_on),
    Column(head="digest", words=lambda row: row.digest, build=_digest),
)
_ASKED: Final[Column[ClaimRow]] = Column(head="asked for by", words=lambda row: row.asked or "a later stage")


def _dated(title: str, rows: Sequence[tuple[str, str]]) -> None:
    if not rows:
        return
    Tag("h2", title)
    with Tag("ol", "", "happened"):
        for at, words in rows:
            with Tag("li"):
                moment(parse_instant(at))
                Tag("span", words)


PAGE: Final = Page(styles=("launch", "launch-record"), path="/launch/record", title="Launch record", build=build)
