"""Recognises in a plan its phases, what can be done only after the launch, what was executed, and where it calls itself ready."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from fairway.launch.evidence.importers.checklist.numbers import has_quantity

PHASES_MAX: Final = 100

_KIND = (
    r"(?:phase|stage|step|wave|milestone|iteration|sprint|ring|round|batch|tranche|cohort|increment|checkpoint|part|track|"
    r"level|tier)"
)
_PHASE = re.compile(
    rf"^\W{{0,6}}(?i:(?P<kind>{_KIND})s?)\s*(?:#|no\.?\s)?\s*(?:(?P<first>\d{{1,3}})(?:\s*(?:-|–|—|to|through)\s*(?P<last>\d{{1,3}}))?(?![\d.%])"
    r"|[\"“'](?P<quoted>[^\"”']{1,40})[\"”']|(?P<name>[A-Z][\w-]{0,30}|[a-z])(?=\s*(?:$|[:|(–—-]|\bis\b|\bhas\b|\bwas\b)))"
)
_AFTER = (
    r"(?:post[-\s]?(?:launch|go[-\s]?live|deploy\w*|release|rollout)|after\s+(?:the\s+)?(?:launch|go[-\s]?live|release|deployment|rollout)"
    r"|(?:days?|hours?|h|weeks?|months?|minutes?)\s*(?:\d+\s+)?after(?:\s*$|\s*[:(–—-]|\s+(?:the\s+)?(?:launch|go[-\s]?live|release|deployment))"
    r"|once\s+(?:\w+\s+)?(?:is\s+|are\s+)?(?:live|launched|in\s+production)"
    r"|(?:hours?|h|days?|weeks?|months?)\s+(?:of\s+(?:being\s+)?)?(?:live|in\s+production|of\s+production|in\s+the\s+market)\b"
    r"|(?:first|second|third)\s+(?:\d+\s+)?(?:hours?|days?|weeks?|months?)\s+(?:of\s+)?(?:live|(?:in\s+)?production|being\s+live)\b"
    r"|\bT\s?\+\s?[1-9]\d*\s?(?:h|d|m|min|hours?|days?|weeks?)?\b|\bafter\s+(?:we\s+are|being|it\s+is)\s+live\b|live\s+for\s+\d)"
)
_AFTER_LAUNCH = re.compile(rf"\b{_AFTER}", re.IGNORECASE)
_NO_LAUNCH = re.compile(
    r"\b(?:paper|testnet|test\s+network|staging|sandbox|dry[-\s]?run|rehearsal|simulat\w*|soak|before|until|pre[-\s]?launch|prior\s+to|canary|"
    r"shadow|not\s+after)\b",
    re.IGNORECASE,
)
_PREPARES = re.compile(r"^\W*(?:plan|prepare|schedule|rehearse|define|agree|assign|book|draft|decide)\b", re.IGNORECASE)
_DATE = re.compile(
    r"\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2})?|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b"
    r"|\b\d{1,2}(?:st|nd|rd|th|\.)?\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b"
    r"|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\s+\d{1,2}\b",
    re.IGNORECASE,
)
_RUN = re.compile(
    r"\b(?:run|build|job|pipeline|report|test|artifact|artefact|commit|log|drill|ticket|record|sha|sha256|digest|"
    r"exit code)\s*[#:]?\s*"
    r"(?=[\w./-]*\d)[\w./-]+|\b[\w/-]+\.(?:xml|json|log|html|sarif|csv|ndjson|txt|pdf|png)\b|\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,64}\b",
    re.IGNORECASE,
)
_READY = re.compile(
    r"\b(?:ready|cleared|approved)\s+(?:for|to)\s+(?:(?:public|full|the|a|our|real|live|general)\s+)*"
    r"(?:launch|production|deploy(?:ment)?|release|live|real\s+money|go(?:[-\s]live)?|trad(?:e|ing)|rollout)\b"
    r"|\b(?:launch|production)[-\s]ready\b|^\W*ready\W*$|\bREADY\b",
    re.IGNORECASE,
)
_UNREADY = re.compile(
    r"\b(?:not|never|nothing|isn't|un|when|once|if|until|before|almost|nearly|get|make|be|being|will|are\s+we|criteria|checklist)\b[^.]{0,30}"
    r"ready|ready\s*\?|\bready\s+(?:when|once|if|after|as\s+soon)",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"^\W*(?:(?:overall|final|current|launch|project|system|go[-\s/]*no[-\s]?go|release|deployment|production)\s+)*"
    r"(?:status|verdict|decision|conclusion|result|readiness|state|assessment|recommendation|overall|summary)\b[^:|–—-]{0,30}[:|–—-]",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"^\W*(?:(?:the|our|this|whole|entire|complete)\s+)*(?:system|bot|platform|product|project|app|application|software|release|everything|all|"
    r"we|service|plan|launch|it|fairway)\b(?:\s+\w+){0,2}\s+(?:is|are|'re|was)\s+(?:now\s+|all\s+|fully\s+|100\s*%\s+)*(?:ready|cleared|approved|"
    r"launch|production)\b",
    re.IGNORECASE,
)


def phases_in(text: str) -> list[str]:
    """The phases that a statement is about: `Phase 3`, `Stages 1-6`, `Wave "Friends"`, `Step Backups`. By their kind and name."""
    match = _PHASE.match(text)
    if match is None:
        return []
    kind = match["kind"].lower()
    if match["first"] is None:
        return [f"{kind} {match['quoted'] or match['name']}"]
    first, last = int(match["first"]), int(match["last"] or match["first"])
    return [f"{kind} {n}" for n in range(first, min(last, first + PHASES_MAX) + 1)]


def without_phase(text: str) -> str:
    """What a statement says of its phase."""
    match = _PHASE.match(text)
    return text[match.end() :] if match else text


def is_after_launch(text: str, sections: Iterable[str] = ()) -> bool:
    """Whether something can only be done once real money trades: by its own words, or by a heading above it."""
    if _PREPARES.search(text):
        return any(map(is_after_launch, sections))
    return any(_AFTER_LAUNCH.search(each) and not _NO_LAUNCH.search(each) for each in (text, *sections))


def shows_execution(text: str, links: Sequence[str] = ()) -> bool:
    """Whether a date stands there, and beside it what was run or measured: the number of a run, a file, a link, a quantity."""
    return bool(_DATE.search(text)) and bool(links or _RUN.search(text) or has_quantity(_DATE.sub("", text)))


def calls_all_ready(text: str, *, is_heading: bool) -> bool:
    """Whether a statement calls the whole of a plan ready, rather than one task of it."""
    if not _READY.search(text) or _UNREADY.search(text):
        return False
    is_alone = len(text.split()) <= 6 and bool(
        re.match(r"^\W*(?:ready|launch[-\s]ready|production[-\s]ready)\b", text, re.IGNORECASE)
    )
    return is_heading or is_alone or bool(_WHOLE.match(text) or _SUBJECT.match(text))
