"""A Markdown checklist or plan: what stands open in it, whatever it calls itself, with the line of each.

A tick by hand is a bare word, and so is a sentence that says READY. What such a document can show by itself is the other thing:
a phase that is pending, a box that is empty, a contact that is to be defined. GO takes more than that nothing stands open:
something was executed, and the document names when, and the run, the file or the number.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fairway.launch.evidence.importers.checklist.document import Statement, statements
from fairway.launch.evidence.importers.checklist.findings import RUNNING, ItemFinding, ItemState, findings
from fairway.launch.evidence.importers.checklist.plan_parts import calls_all_ready, phases_in
from fairway.launch.evidence.importers.port import REASONS_MAX, ImportedFile, Importer, Reason, SourceFile
from fairway.launch.evidence.model import Rank

NAMES: Final = (".md", ".markdown", ".mdown")
SHOWN: Final = 120
LENGTH_MAX: Final = 2_000_000
"""Of a document, in characters."""
NOT_EXECUTED: Final = (
    "nothing in it was executed; GO takes items that are done and name when, and the run, the file or the number, "
    "as in  - [x] Backup restored in 41 min (2026-11-20, run 17)"
)


@dataclass(frozen=True, slots=True)
class _Seen:
    """ready: the first line that calls the document so, or 0. items: all that it says, in its order.

    untold: phases of whose state it says nothing, by the line of their heading, item or row.
    """

    ready: int
    items: Sequence[ItemFinding]
    untold: Mapping[str, int]

    def of(self, verdict: ItemState) -> list[ItemFinding]:
        return [each for each in self.items if each.verdict is verdict]


def knows(source: SourceFile) -> bool:
    return source.name.lower().endswith(NAMES)


def read(source: SourceFile) -> ImportedFile:
    """Raises ImportFailed."""
    if len(source.text) > LENGTH_MAX:
        raise source.broken(f"is longer than {LENGTH_MAX:,} characters, and no plan that people write is")
    said = statements(source.text)
    ready = (each.line for each in said if _may_call_all_ready(each.box is None, each.is_struck)
             and calls_all_ready(each.text, is_heading=each.is_heading))  # fmt: skip
    items = list(findings(said))
    seen = _Seen(next(ready, 0), items, _untold(said, items))
    if not source.text.strip():
        return ImportedFile(_about(seen), [Reason(0, "it is empty")])
    return ImportedFile(
        _about(seen),
        sorted(_open(seen), key=lambda reason: reason.line)[:REASONS_MAX],
        items=_items(seen),
        unproven=list(_unproven(seen))[:REASONS_MAX],
        later=[Reason(each.line, _shown(each)) for each in seen.of(ItemState.LATER)][:REASONS_MAX],
    )


def _untold(said: Sequence[Statement], items: Sequence[ItemFinding]) -> dict[str, int]:
    """Where a document tells of some of its phases, those of which it tells nothing, not even by what stands beneath them."""
    speaking = {each.line for each in items if each.verdict is not ItemState.SILENT}
    spoken = {phase for each in items if each.verdict is not ItemState.SILENT for phase in each.phases}
    named: dict[str, int] = {}
    for each in said:
        own = phases_in(each.cells[0].text if each.cells else each.text)
        if each.line in speaking:
            spoken |= {phase for title in each.sections for phase in phases_in(title)}
        if (each.is_heading or each.is_item or each.cells) and not each.is_struck:
            named |= {phase: each.line for phase in own if phase not in named}
    return {phase: line for phase, line in named.items() if spoken and phase not in spoken}


def _may_call_all_ready(has_no_box: bool, is_struck: bool) -> bool:
    return has_no_box and not is_struck


def _about(seen: _Seen) -> str:
    ticks = [each for each in seen.items if each.is_tick and not each.phases]
    ticked = sum(each.verdict is ItemState.DONE for each in ticks)
    pending, phases = (
        {phase for each in seen.of(ItemState.OPEN) for phase in each.phases},
        {*seen.untold} | {phase for each in seen.items for phase in each.phases},
    )
    later = seen.of(ItemState.LATER)
    counts = [f"{ticked} of {len(ticks)} boxes are ticked by hand"] if ticks else []
    counts += [f"{len(pending)} of {len(phases)} phases are pending"] if phases else []
    counts += [f"{len(later)} can be done only after the launch"] if later else []
    counts += [f"line {seen.ready} calls it ready"] if seen.ready else []
    return "; ".join(counts) or "a document without boxes and phases"


def _open(seen: _Seen) -> Iterator[Reason]:
    called = f", and line {seen.ready} calls the whole of it ready" if seen.ready else ""
    for each in seen.of(ItemState.OPEN):
        for phase in each.phases:
            yield Reason(each.line, f"{phase} is {_how(each)}{called}")
        if each.lacks_person:
            yield Reason(each.line, f"no person is named ({each.why}): {_shown(each)}")
        elif each.is_blank:
            yield Reason(each.line, f"this is a gap ({each.why}): {_shown(each)}")
        elif not each.phases:
            shown = f" ({each.why})" if each.why and each.why not in _shown(each) else ""
            yield Reason(each.line, f"not done{shown}: {_shown(each)}")


def _how(each: ItemFinding) -> str:
    is_pending = not each.why or each.why in RUNNING or each.why.lower() in ("pending", "in progress", "not started")
    return "pending" if is_pending else f"not done ({each.why})"


def _unproven(seen: _Seen) -> Iterator[Reason]:
    done = seen.of(ItemState.DONE)
    if not any(each.is_executed for each in done):
        yield Reason(0, NOT_EXECUTED)
    for each in done:
        if not each.is_executed:
            yield Reason(each.line, f"done by its word alone: {_shown(each)}")
    for phase, line in seen.untold.items():
        yield Reason(line, f"{phase} is named, and nothing says that it is done")


def _items(seen: _Seen) -> list[tuple[str, bool, str]]:
    """Each box as a claim of its own; of two with the same words the second has a number."""
    found: dict[str, tuple[str, bool, str]] = {}
    for each in [each for each in seen.items if each.is_tick and not each.phases][:REASONS_MAX]:
        words = "-".join(re.findall(r"[a-z0-9]+", each.text.lower()))[:60].strip("-") or f"line-{each.line}"
        claim = words if words not in found else f"{words}-{each.line}"
        found[claim] = (claim, each.verdict is ItemState.DONE, f"line {each.line}: {_shown(each)}")
    return list(found.values())


def _shown(each: ItemFinding) -> str:
    return each.text[:SHOWN]


IMPORTER = Importer(
    "markdown",
    "document",
    Rank.BARE_WORD,
    "that nothing in a checklist or a plan stands open, whatever it calls itself, and that what is done was executed",
    knows,
    read,
)
