"""Judges each statement of a plan: done, open, or to be done after the launch; and of what is done whether it was executed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from fairway.launch.evidence.importers.checklist.blanks import blank_in, is_nothing, names_people
from fairway.launch.evidence.importers.checklist.columns import (
    compared,
    is_silent,
    person_cells,
    seen_in,
    signed_cells,
    status_cells,
)
from fairway.launch.evidence.importers.checklist.document import Box, Cell, Statement
from fairway.launch.evidence.importers.checklist.numbers import is_met, says_enough, shortfall_in
from fairway.launch.evidence.importers.checklist.plan_parts import is_after_launch, phases_in, shows_execution, without_phase
from fairway.launch.evidence.importers.checklist.status import ItemStatus, status_of

GOOD: Final = "✅☑✔🟢"
BAD: Final = "❌✗✘☐⬜🔲🔴🛑⛔⚠🟡🟠❓"
RUNNING: Final = "⏳🔄🚧"
WORDS_OF_A_VALUE: Final = 8
"""A longer cell is a sentence."""

_KEY = re.compile(r"^\W*(?P<key>[^:|]{2,60}?)\s*(?::|\s[-–—](?=\s|$)|\s?\.{3})\s*(?P<value>.*)$")
_MARKS = re.compile(rf"(?:^\W*|[:|(–—-]\s*)([{GOOD}{BAD}{RUNNING}])|([{GOOD}{BAD}{RUNNING}])(?=\W*$|\s*[|)])")
_LEGEND = re.compile(r"\b(?:values|legend|key|meaning|options|possible\s+\w+|one\s+of)$", re.IGNORECASE)
_STATUS_KEY = re.compile(r"\b(?:status|state|outcome|results?|verdict|decision|done|progress)$", re.IGNORECASE)
_TROUBLES = re.compile(
    r"^\W*(?:\d+[.)]?\s*)?(?:(?:(?:still\s+)?open|known|remaining|outstanding|unresolved|critical|current)\s+(?:p\d\s+|critical\s+)?"
    r"(?:points?|issues?|questions?|items?|tasks?|bugs?|blockers?|incidents?|problems?|work|to-?dos?|actions?|topics|recommendations?)"
    r"|(?:minor|major|critical|launch|release)?\s*(?:blockers?|bugs?)|(?:minor|major|critical)\s+issues?|show-?stoppers?|to[-\s]?dos?"
    r"|next\s+(?:steps?|actions?)(?:\s+\w+){0,3}|still\s+to\s+do|left\s+to\s+do)(?:\s*\([^()]*\))?\s*:?$",
    re.IGNORECASE,
)


class ItemState(Enum):
    """SILENT: says nothing of that kind. LATER: open, and it can be done only after the launch."""

    SILENT = "silent"
    DONE = "done"
    OPEN = "open"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class ItemFinding:
    """One statement, judged. why: the words or the number that show it; "" for an empty box. what: which kind of gap it is.

    is_tick: a box or a mark, so a claim of its own. is_executed: it names what was executed, and when.
    """

    line: int
    text: str
    verdict: ItemState
    why: str = ""
    phases: tuple[str, ...] = ()
    lacks_person: bool = False
    is_blank: bool = False
    is_tick: bool = False
    is_executed: bool = False


def findings(statements: Iterable[Statement]) -> Iterator[ItemFinding]:
    """One for each statement that is not struck out."""
    for each in statements:
        if each.is_struck:
            continue
        found = _judged(each)
        shown = seen_in(each.cells) if each.cells else " ".join((each.text, each.below))
        is_executed = found.verdict is ItemState.DONE and shows_execution(shown, each.links)
        yield replace(found, phases=_phases(each, found), is_executed=is_executed)


def _phases(said: Statement, found: ItemFinding) -> tuple[str, ...]:
    """Those that it names; a bare status beneath a heading is about that one's."""
    own = phases_in(said.cells[0].text if said.cells else said.text)
    key = _KEY.match(said.text)
    if not own and found.verdict is not ItemState.SILENT and key and _STATUS_KEY.search(key["key"]) and not said.box:
        own = next((phases for title in reversed(said.sections) if (phases := phases_in(title))), [])
    return tuple(own)


def _judged(said: Statement) -> ItemFinding:
    if (key := _KEY.match(said.text)) and _LEGEND.search(key["key"].strip()):
        return _found(said, ItemState.SILENT)
    if said.is_heading:
        found = _heading(said)
    elif said.box is not None:
        found = _boxed(said)
    elif said.cells:
        found = _row(said)
    else:
        found = _marked(said) or _sentence(said)
    can_wait = found.verdict is ItemState.OPEN and not (found.is_blank or found.lacks_person or "fail" in found.why.lower())
    return replace(found, verdict=ItemState.LATER) if can_wait and is_after_launch(said.text, said.sections) else found


def _heading(said: Statement) -> ItemFinding:
    """A title says something only of a phase, and of what is to be filled in."""
    if blank_in(said.text):
        return _gap(said, blank_in(said.text))
    rest = without_phase(said.text)
    key = _KEY.match(said.text)
    if not phases_in(said.text) and not (key and _STATUS_KEY.search(key["key"])):
        return _found(said, ItemState.SILENT)
    mark = _mark(rest)
    return _of_status(said, ItemStatus(mark) if mark in BAD + RUNNING and mark else status_of(rest))


def _boxed(said: Statement) -> ItemFinding:
    if said.box is Box.MALFORMED:
        return replace(_found(said, ItemState.OPEN, "its box is none that Markdown knows: write - [x] or - [ ]"), is_tick=True)
    if said.box is Box.EMPTY:
        return replace(_found(said, ItemState.OPEN), is_tick=True)
    return replace(_ticked(said), is_tick=True)


def _ticked(said: Statement) -> ItemFinding:
    """What is ticked, and says itself that it is not done."""
    if gap := blank_in(said.text):
        return _gap(said, gap)
    status = status_of(said.text, is_ticked=True)
    why = status.open or shortfall_in(said.text) or _bad_mark(said.text)
    return _found(said, ItemState.OPEN if why else ItemState.DONE, why)


def _marked(said: Statement) -> ItemFinding | None:
    mark = _mark(said.text)
    if mark and mark in BAD + RUNNING:
        return replace(_found(said, ItemState.OPEN, mark), is_tick=True)
    return replace(_ticked(said), is_tick=True) if mark else None


def _mark(text: str) -> str:
    """The first mark of a status in a text that does not explain marks. One in the middle of a sentence is no status."""
    marks = [each[1] or each[2] for each in _MARKS.finditer(text)]
    if len(set(marks)) > 1 and re.search(r"[=:]\s*\w+.*[=:]", text):
        return ""
    return next((each for each in marks if each not in GOOD), marks[0] if marks else "")


def _bad_mark(text: str) -> str:
    mark = _mark(text)
    return mark if mark and mark not in GOOD else ""


# -- rows --------------------------------------------------------------------------------------------------------------


def _row(said: Statement) -> ItemFinding:
    cells = said.cells
    for cell in cells:
        if gap := blank_in(cell.text):
            return replace(_gap(said, gap), lacks_person=names_people(cell.column) or names_people(cell.text))
    statuses = status_cells(cells)
    told = [_cell(each) for each in cells[1:] if each in statuses or not is_silent(each, has_status=bool(statuses))]
    if bad := next((each for each in told if each.open), None):
        return _of_status(said, bad)
    is_met_by_number = _compared(said)
    if is_met_by_number is False:
        measured, aim = compared(cells) or (Cell("", ""), Cell("", ""))
        return _found(said, ItemState.OPEN, f"{measured.text or 'nothing'} ({aim.column.lower()} {aim.text})")
    is_done = is_met_by_number or any(each.is_done for each in told) or _bears_good_mark(cells)
    if not is_done and (empty := _empty(cells)):
        return _found(said, ItemState.OPEN, empty)
    blank = next((each for each in person_cells(cells) if is_nothing(each.text)), None)
    if blank is not None:
        return replace(_found(said, ItemState.OPEN, blank.text or "nothing"), lacks_person=True)
    is_signed = (
        not statuses and any(each.text for each in signed_cells(cells)) and bool(re.search(r"sign|approv", cells[0].column, re.I))
    )
    return _found(said, ItemState.DONE if is_done or is_signed else ItemState.SILENT)


def _cell(cell: Cell) -> ItemStatus:
    mark = _mark(cell.text)
    if mark and mark not in GOOD:
        return ItemStatus(mark)
    if short := shortfall_in(cell.text):
        return ItemStatus(short)
    return status_of(cell.text, is_value=len(cell.text.split()) <= WORDS_OF_A_VALUE)


def _compared(said: Statement) -> bool | None:
    """Whether the measurement of a row is what it should be; False, too, where there is none."""
    pair = compared(said.cells)
    if pair is None:
        return None
    measured, aim = pair
    if is_nothing(measured.text):
        return None if is_nothing(aim.text) else False
    return is_met(measured.text, aim.text, said.cells[0].text)


def _bears_good_mark(cells: tuple[Cell, ...]) -> bool:
    return any(mark in cell.text for cell in cells for mark in GOOD)


def _empty(cells: tuple[Cell, ...]) -> str:
    """Which cell should say something and does not."""
    for cell in status_cells(cells):
        if is_nothing(cell.text):
            return f"{cell.column.lower()} is {'empty' if not cell.text else cell.text}"
    signed = signed_cells(cells)
    if signed and all(is_nothing(each.text) for each in signed):
        return f"{signed[0].column.lower()} is empty"
    return ""


# -- sentences ---------------------------------------------------------------------------------------------------------


def _sentence(said: Statement) -> ItemFinding:
    key = _KEY.match(said.text)
    if key and (found := _of_key(said, key["key"].strip(), key["value"].strip())):
        return found
    if gap := blank_in(said.text):
        return _gap(said, gap)
    if short := shortfall_in(said.text):
        return _found(said, ItemState.OPEN, short)
    found = _of_status(said, status_of(said.text))
    if found.verdict is ItemState.SILENT and says_enough(said.text):
        found = _found(said, ItemState.DONE)
    if found.verdict is ItemState.SILENT and said.is_item and not is_nothing(said.text):
        return _by_its_list(said, found)
    return found


def _of_key(said: Statement, key: str, value: str) -> ItemFinding | None:
    """`Hotline: none`, `Open points: 3`, `Status: -`."""
    if names_people(key) and is_nothing(value) and not said.text.rstrip().endswith(":"):
        return replace(_found(said, ItemState.OPEN, value or "nothing"), lacks_person=True)
    if _TROUBLES.match(key) and value:
        is_none = is_nothing(value) or bool(re.match(r"(?:0|zero|no|none)\b", value, re.IGNORECASE))
        return _found(said, ItemState.DONE if is_none else ItemState.OPEN, "" if is_none else value)
    if _STATUS_KEY.search(key) and is_nothing(value) and value:
        return _found(said, ItemState.OPEN, value)
    return None


def _by_its_list(said: Statement, found: ItemFinding) -> ItemFinding:
    """An item says nothing of itself, and its list does."""
    if said.is_beside_boxes:
        return _found(said, ItemState.OPEN, "it has no box, and others of its list have")
    title = said.sections[-1] if said.sections else ""
    if _TROUBLES.match(title):
        return _found(said, ItemState.OPEN, f"it stands under {title.rstrip(':')}")
    return found


def _of_status(said: Statement, status: ItemStatus) -> ItemFinding:
    if status.open:
        return _found(said, ItemState.OPEN, status.open)
    return _found(said, ItemState.DONE if status.is_done else ItemState.SILENT)


def _gap(said: Statement, words: str) -> ItemFinding:
    return replace(_found(said, ItemState.OPEN, words), is_blank=True, lacks_person=names_people(said.text))


def _found(said: Statement, verdict: ItemState, why: str = "") -> ItemFinding:
    return ItemFinding(said.line, " ".join(said.text.replace("|", " ").replace("`", " ").split()), verdict, why)
