"""Decides by how much the times of files are moved onto the present, so that each pair has a past and a market still to come."""

from collections.abc import Sequence
from typing import NamedTuple

from fairway.texts.durations import duration_words
from fairway.world.clock import HOUR, Duration, Instant, text_of


class FileSpan(NamedTuple):
    """When the market of a file begins and ends, in the file's own time."""

    file: str
    first: Instant
    last: Instant
    steps_ns: tuple[Duration, ...]
    """By multiples of the first it is moved; where too little of it would be left, by the next."""


class Alignment(NamedTuple):
    """By how much each file is moved, when each ends then, and what people should know of it."""

    shifts: tuple[Duration, ...]
    ends_at: tuple[Instant, ...]
    notes: tuple[str, ...]


def aligned(spans: Sequence[FileSpan], now: Instant, history_ns: Duration) -> Alignment:
    """Files that share time are moved together; others each by itself, for a pair must not wait a year for its market."""
    if _share_time(spans):
        opens_at, note = _opening(spans, history_ns)
        shift = _shift(spans, opens_at, now)
        shifts, notes = (shift,) * len(spans), [note]
    else:
        notes = [_apart(spans)]
        alone = []
        for span in spans:
            opens_at, note = _opening((span,), history_ns)
            alone.append(_shift((span,), opens_at, now))
            notes.append(note)
        shifts = tuple(alone)
    ends_at = tuple(span.last + shift for span, shift in zip(spans, shifts, strict=True))
    return Alignment(shifts, ends_at, tuple(note for note in notes if note))


def _share_time(spans: Sequence[FileSpan]) -> bool:
    """Whether all tell of the same time for at least half of the shortest."""
    shared = min(span.last for span in spans) - max(span.first for span in spans)
    return len(spans) == 1 or 2 * shared >= min(span.last - span.first for span in spans) > 0


def _opening(spans: Sequence[FileSpan], history_ns: Duration) -> tuple[Instant, str]:
    """The instant of the files that becomes the present, and what is to be said of it.

    That much history, unless a pair would not have begun or less than a tenth of what all pairs share would be left.
    """
    begun, end = max(span.first for span in spans), min(span.last for span in spans)
    first = min(span.first for span in spans)
    wanted = first + history_ns
    if wanted < begun:
        latest = max(spans, key=lambda span: span.first)
        return begun, f"{latest.file} begins {duration_words(begun - first)} after the first file: all before lies in the past"
    if wanted <= end - (end - begun) // 10:
        return wanted, ""
    opens_at = begun + (end - begun) // 2
    names, past_ns = ", ".join(span.file for span in spans), opens_at - first
    return opens_at, (
        f"{names}: {duration_words(end - first)} of market, of which --history {history_ns / HOUR:g} would leave too little: "
        f"{duration_words(past_ns)} lie in the past. Choose with --history {past_ns / HOUR:.3g}, or give a longer file"
    )


def _shift(spans: Sequence[FileSpan], opens_at: Instant, now: Instant) -> Duration:
    """By the largest step that leaves at least its length of the market; more of it may lie in the past, up to one step."""
    left = min(span.last for span in spans) - opens_at
    steps = max(span.steps_ns for span in spans)
    step = next((step for step in steps if left >= 2 * step), steps[-1])
    return (now - opens_at) // step * step


def _apart(spans: Sequence[FileSpan]) -> str:
    if len(spans) == 1:
        return ""
    times = "; ".join(f"{span.file} {_day(span.first)} to {_day(span.last)}" for span in spans)
    return (
        f"the files share too little time ({times}): each is moved onto the present by itself, so the prices of one pair do not "
        "belong to those of another. Give files of the same days to have them together"
    )


def _day(at: Instant) -> str:
    return text_of(at)[:16].replace("T", " ")
