"""Answers of what a probe asks: from a page as it came, or from silence, to what is observed. Pure; the prober asks.

A request without an answer is a bad observation, as slow as the longest that was waited: nothing is dropped from a denominator.
A number that cannot be read is no observation: its series grows old, and the explanation of the gate says why.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from prometheus_client.parser import text_string_to_metric_families

from fairway.watch.questions import Metric
from fairway.world.clock import SECOND

SIZE_MAX: Final = 1_048_576
"""Bytes of a page that are read; what is larger is not looked into."""
LINES_MAX: Final = 5_000
"""Samples of one name that are added up."""
DEEPEST: Final = 4
"""How deep in a health page a named part is looked for."""
WELL: Final = frozenset({"ok", "up", "pass", "passed", "healthy", "good", "true"})
"""How a health page says that a part works."""
SAYS: Final = ("status", "state", "ok", "healthy", "up")
"""Where a part of a health page says how it is."""


class TooMany(Exception):
    """A page has more samples of one name than the bound."""


@dataclass(frozen=True, slots=True)
class ProbedPage:
    """What came back. at: when it was asked (ns). took_ns: until all of it was there.

    silence: why there is no page, in words that do not change while that lasts; "" where there is one. is_whole: whether body is
    all of it.
    """

    at: int
    took_ns: int
    status: int = 0
    body: bytes = b""
    is_whole: bool = True
    silence: str = ""


@dataclass(frozen=True, slots=True)
class ProbeAnswer:
    """Whether a request was answered well. why: what was wrong, "" where nothing was."""

    at: int
    took_s: float
    why: str

    @property
    def is_good(self) -> bool:
        return not self.why


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """A number from a page. value: None where it could not be read, and `why` says why."""

    at: int
    value: float | None
    why: str = ""


def answered(page: ProbedPage, checks: tuple[str, ...], within_ns: int) -> ProbeAnswer:
    """A request with its page. Good is what came in time with a status below 400; with checks 200, and each of them works."""
    why = page.silence or _fault(page, checks)
    took = within_ns if page.silence else min(page.took_ns, within_ns)
    return ProbeAnswer(page.at, took / SECOND, why)


def _fault(page: ProbedPage, checks: tuple[str, ...]) -> str:
    if page.status >= 400 or (checks and page.status != 200):
        return f"it is answered with status {page.status}"
    if not checks:
        return ""
    if not page.is_whole:
        return f"its page is larger than {SIZE_MAX} bytes"
    try:
        answer = msgspec.json.decode(page.body)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return "its page is no JSON, so it names nothing that works"
    for name in checks:
        found = list(_parts(answer, name, DEEPEST))
        if not found:
            return f"its page does not name {name}"
        if not all(_works(part) for part in found):
            return f"{name} does not work, its page says"
    return ""


def _parts(answer: Any, name: str, depth: int) -> Iterator[Any]:
    """Whatever a page says of a part, wherever that stands: under its name, or in a list of sections that have a `name`.

    Upper and lower case, spaces, dashes and underscores are the same.
    """
    if not depth:
        return
    if isinstance(answer, list):
        for each in answer:
            is_it = isinstance(each, Mapping) and _plain(str(each.get("name", ""))) == _plain(name)
            yield from [each] if is_it else _parts(each, name, depth - 1)
    elif isinstance(answer, Mapping):
        for key, value in answer.items():
            yield from [value] if _plain(str(key)) == _plain(name) else _parts(value, name, depth - 1)


def _plain(name: str) -> str:
    return name.casefold().replace("_", " ").replace("-", " ").strip()


def _works(part: Any) -> bool:
    """Whether a part of a page says that it works; a page that says nothing known counts as no."""
    match part:
        case bool():
            return part
        case str():
            return part.casefold() in WELL
        case list():
            return bool(part) and all(_works(each) for each in part)
        case Mapping():
            said = [part[key] for key in SAYS if key in part]
            return bool(said) and all(_works(each) for each in said)
    return False


# -- a number on a page ----------------------------------------------------------------------------------------------------


def read(page: ProbedPage, metric: Metric) -> ReadNumber:
    """The sum of all samples of a page that fit; neither negative nor infinite."""
    if page.silence:
        return ReadNumber(page.at, None, page.silence)
    if page.status != 200:
        return ReadNumber(page.at, None, f"it is answered with status {page.status}")
    if not page.is_whole:
        return ReadNumber(page.at, None, f"its page is larger than {SIZE_MAX} bytes")
    try:
        values = list(_samples(page.body.decode(), metric))
    except TooMany:
        return ReadNumber(page.at, None, f"its page has more than {LINES_MAX} samples of {metric.name}")
    except (ValueError, KeyError, IndexError):
        return ReadNumber(page.at, None, f"its line of {metric.name} cannot be read")
    if not values:
        return ReadNumber(page.at, None, f"its page has no sample of {metric}")
    total = math.fsum(values) if all(map(math.isfinite, values)) else math.nan
    if not math.isfinite(total) or min(values) < 0:
        return ReadNumber(page.at, None, f"its sample of {metric} is negative, or no number")
    return ReadNumber(page.at, total)


def _samples(text: str, metric: Metric) -> Iterator[float]:
    """Only the lines of that name are parsed: a page may hold much else, and the launch does not wait for it."""
    lines = [line for line in map(str.lstrip, text.split("\n")) if _is_of(line, metric.name)]
    if len(lines) > LINES_MAX:
        raise TooMany
    for family in text_string_to_metric_families("\n".join(lines) + "\n"):
        for sample in family.samples:
            if sample.name == metric.name and all(sample.labels.get(key) == value for key, value in metric.labels.items()):
                yield float(sample.value)


def _is_of(line: str, name: str) -> bool:
    return line.startswith(name) and line[len(name) : len(name) + 1] in ("{", " ", "\t")


def increase(now: float, before: float | None) -> float | None:
    """By how much a counter has grown since the last page; None for the first page. A lower counter was reset to 0 in between."""
    if before is None:
        return None
    return now - before if now >= before else now
