"""A Markdown checklist or plan: what stands open in it, whatever it calls itself, with the line of each.

A tick by hand is a bare word, and so is a sentence that says READY. What such a document can show by itself is the other thing: a
phase that is pending, a box that is empty, a contact that is to be defined.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from fairway.launch.evidence import Rank
from fairway.launch.importers.port import REASONS_MAX, Importer, Reading, Reason, Source
from fairway.texts.gaps import gap_in

NAMES: Final = (".md", ".markdown", ".mdown")
SHOWN: Final = 120
DONE, OPEN, RUNNING = "✅☑✔", "❌☐⬜", "⏳🔄🚧"
PHASES_MAX: Final = 100

_BOX = re.compile(r"^\s*(?:[-*+]|\d{1,4}[.)])\s+\[(?P<mark>[ xX])\]\s*(?P<text>.*)")
_PHASE = re.compile(r"\bphases?\s*#?(\d{1,3})(?:\s*(?:-|–|—|to|through)\s*(\d{1,3}))?", re.IGNORECASE)
_PENDING = re.compile(
    r"\b(pending|not (?:yet )?(?:started|done|complete|completed|begun)|in progress|incomplete|todo|blocked|wip)\b"
    rf"|[{RUNNING}{OPEN}]",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"\b(no|none|nothing)\b[^.|]{0,20}\b(pending|blocked)\b", re.IGNORECASE)
_READY = re.compile(
    r"\bREADY\b|\b[Rr]eady (?:for|to) (?:public |full |the )?(?:launch|production|deploy|release|live|real money|go)"
    r"|\b(?:launch|production)[- ]ready\b|\bstatus\W{1,6}(?:is )?ready\b"
)
_NOT = re.compile(r"\b(not|never|nothing|isn't|un)\W*(?:yet\W*)?ready|\bnot (?:yet )?READY", re.IGNORECASE)
_CONTACT = re.compile(r"\b(contact|on.?call|owner|responsible|emergency|phone|hotline|escalation|committee)\b", re.IGNORECASE)
_FENCE = re.compile(r"^\s*(```|~~~)")


@dataclass(slots=True)
class _Seen:
    """ready: the first line that calls the document so, or 0. ticks: text and whether it is ticked, by line."""

    ready: int = 0
    ticks: list[tuple[int, str, bool]] = field(default_factory=list)
    phases: dict[str, None] = field(default_factory=dict)
    pending: dict[str, int] = field(default_factory=dict)
    gaps: list[tuple[int, str]] = field(default_factory=list)


def knows(source: Source) -> bool:
    return source.name.lower().endswith(NAMES)


def read(source: Source) -> Reading:
    seen = _look(source)
    ticked = sum(done for _, _, done in seen.ticks)
    counts = [f"{ticked} of {len(seen.ticks)} boxes are ticked by hand"] if seen.ticks else []
    counts += [f"{len(seen.pending)} of {len(seen.phases)} phases are pending"] if seen.phases else []
    counts += [f"line {seen.ready} calls it ready"] if seen.ready else []
    reasons = sorted(_reasons(seen), key=lambda reason: reason.line)
    if not source.text.strip():
        reasons = [Reason(0, "it is empty")]
    return Reading("; ".join(counts) or "a document without boxes and phases", reasons[:REASONS_MAX], 0, _items(seen))


def _look(source: Source) -> _Seen:
    seen, is_code, heading = _Seen(), False, ""
    for number, line in enumerate(source.text.splitlines(), 1):
        if _FENCE.match(line):
            is_code = not is_code
            continue
        if is_code:
            continue
        if line.startswith("#"):
            heading = line
        _read_line(seen, number, line, heading)
    return seen


def _read_line(seen: _Seen, number: int, line: str, heading: str) -> None:
    if not seen.ready and _READY.search(line) and not _NOT.search(line):
        seen.ready = number
    if gap_in(line):
        seen.gaps.append((number, line))
    box = _BOX.match(line)
    is_pending = bool(_PENDING.search(line)) and not _NOTHING.search(line)
    phases = _phases(line)
    seen.phases |= dict.fromkeys(phases)
    if not phases and is_pending and re.search(r"\bstatus\b", line, re.IGNORECASE):
        phases = _phases(heading)
    if phases and (is_pending or (box and box["mark"] == " ")):
        for phase in phases:
            seen.pending.setdefault(phase, number)
    elif box:
        seen.ticks.append((number, _plain(box["text"]), box["mark"] != " "))
    elif any(mark in line for mark in OPEN + RUNNING):
        seen.ticks.append((number, _plain(line), False))
    elif any(mark in line for mark in DONE) and not line.startswith("#"):
        seen.ticks.append((number, _plain(line), True))


def _phases(line: str) -> list[str]:
    """The phases that a line names: `Phase 3`, `Phases 1-6`."""
    found: list[str] = []
    for match in _PHASE.finditer(line):
        first, last = int(match[1]), int(match[2] or match[1])
        found += [f"phase {n}" for n in range(first, min(last, first + PHASES_MAX) + 1)]
    return found


def _reasons(seen: _Seen) -> Iterator[Reason]:
    called = f", and line {seen.ready} calls the whole of it ready" if seen.ready else ""
    for phase, line in seen.pending.items():
        yield Reason(line, f"{phase} is pending{called}")
    for line, text in seen.gaps:
        what = "nobody is named" if _CONTACT.search(text) else "this is a gap"
        yield Reason(line, f"{what} ({gap_in(text)}): {_plain(text)}")
    for line, text, is_done in seen.ticks:
        if not is_done:
            yield Reason(line, f"not done: {text}")


def _items(seen: _Seen) -> list[tuple[str, bool, str]]:
    """Each box as a claim of its own; of two with the same words the second has a number."""
    found: dict[str, tuple[str, bool, str]] = {}
    for line, text, is_done in seen.ticks[:REASONS_MAX]:
        words = "-".join(re.findall(r"[a-z0-9]+", text.lower()))[:60].strip("-") or f"line-{line}"
        claim = words if words not in found else f"{words}-{line}"
        found[claim] = (claim, is_done, f"line {line}: {text}")
    return list(found.values())


def _plain(text: str) -> str:
    """Without the marks of Markdown."""
    return " ".join(re.sub(r"[*_`#|]|\[[ xX]\]|^\s*[-+]\s", " ", text).split())[:SHOWN]


IMPORTER = Importer(
    "markdown",
    "document",
    Rank.BARE_WORD,
    "that nothing in a checklist or a plan stands open, whatever it calls itself",
    knows,
    read,
)
