"""What the columns of a plan's table are about, by their headings: a status, a person, an aim, a measurement."""

import re

from fairway.launch.evidence.importers.checklist.document import Cell

_STATUS = re.compile(
    r"\b(?:status|state|done|outcome|progress|completed?|checked|verdict|pass(?:ed)?|ok|finished|ready|reached|met|fulfilled|achieved|result|✅|☑|go\s*/\s*no-?go)\b|^\s*[✓✔✅☑?]\s*$",
    re.IGNORECASE,
)
_AIM = re.compile(
    r"\b(?:target|goal|required?|requirement|threshold|limit|slo|expected|objective|aim|minimum|maximum|pass if|bar)\b",
    re.IGNORECASE,
)
_MEASURED = re.compile(r"\b(?:actual|measured|current|observed|now|today|got|value|seen|found)\b", re.IGNORECASE)
_PROOF = re.compile(r"\b(?:evidence|proof|link|run|report|artifact|source)\b", re.IGNORECASE)
_REMARK = re.compile(r"\b(?:notes?|remarks?|comments?|reason)\b", re.IGNORECASE)
_SIGNED = re.compile(r"\b(?:sign(?:ed|ature|-?off)?|approv\w+|date|name)\b", re.IGNORECASE)
_PERSON = re.compile(
    r"\b(?:owner|responsible|contact|assignee|assigned to|lead|approver|reviewer|person|on.?call|phone|who)\b", re.IGNORECASE
)


def status_cells(cells: tuple[Cell, ...]) -> list[Cell]:
    return [each for each in cells[1:] if _STATUS.search(each.column) and not _AIM.search(each.column)]


def person_cells(cells: tuple[Cell, ...]) -> list[Cell]:
    return [each for each in cells[1:] if _PERSON.search(each.column)]


def signed_cells(cells: tuple[Cell, ...]) -> list[Cell]:
    """The cells that a person fills in when signing."""
    return [each for each in cells[1:] if _SIGNED.search(each.column)]


def compared(cells: tuple[Cell, ...]) -> tuple[Cell, Cell] | None:
    """The measurement of a row, and its aim."""
    aims = [each for each in cells if _AIM.search(each.column)]
    measured = [each for each in cells if _MEASURED.search(each.column) and each not in aims]
    if aims and not measured:
        measured = [each for each in cells if re.search(r"\bresult\b", each.column, re.IGNORECASE)]
    return (measured[0], aims[0]) if aims and measured else None


def seen_in(cells: tuple[Cell, ...]) -> str:
    """What a row says of what was seen, without what it asks for."""
    asked = re.compile(r"\b(?:criteri\w+|condition|entry|exit|task|what|who|when)\b", re.IGNORECASE)
    return " | ".join(each.text for each in cells[1:] if not (_AIM.search(each.column) or asked.search(each.column)))


def is_silent(cell: Cell, *, has_status: bool) -> bool:
    """Whether a cell shows or explains, and says nothing of how things stand. has_status: whether another cell does."""
    return bool(_PROOF.search(cell.column) or (has_status and _REMARK.search(cell.column)))
