"""Compares what was measured with its target, and what is done with all there is, as people write it in a sentence."""

import re
from decimal import Decimal
from typing import Final

_UNITS: Final = {
    "%": ("share", "1"), "percent": ("share", "1"), "bps": ("share", "0.01"),
    "ms": ("time", "0.001"), "s": ("time", "1"), "sec": ("time", "1"), "seconds": ("time", "1"), "min": ("time", "60"),
    "minutes": ("time", "60"), "h": ("time", "3600"), "hours": ("time", "3600"),
    "d": ("time", "86400"), "days": ("time", "86400"),
    "kb": ("bytes", "1"), "mb": ("bytes", "1000"), "gb": ("bytes", "1000000"),
}  # fmt: skip
_NUMBER = re.compile(
    r"(?<![\w.,/-])\$?(?P<number>\d[\d,]*(?:\.\d+)?)(?:\s*(?P<unit>%|percent|bps|ms|s|sec|seconds|min|minutes|h|hours|d|days|[kmg]b)"
    r"(?![\w]))?(?![\w/-]|\.\d)",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"≥|>=|=>|>|\b(?:at least|min(?:\.|imum)?(?=\s+\$?\d)|minimum|no less than|or more|from|above|over|"
    r"more than|required?|needed)\b",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    r"≤|<=|=<|<|\b(?:at most|max|maximum|no more than|or less|up to|below|under|less than|limit|budget|ceiling)\b", re.IGNORECASE
)
_TARGET = re.compile(
    r"\b(?:target(?:ed)?|goal|required?|requirement|needed|limit|budget|slo|threshold|minimum|maximum|expected|"
    r"should be|must be|wanted|instead of|vs\.?|versus)\b|(?<=[(,;]\s)(?:≥|>=|≤|<=|<|>)|(?<=[(,;])(?:≥|>=|≤|<=|<|>)",
    re.IGNORECASE,
)
_SMALL_IS_GOOD = re.compile(
    r"\b(?:latency|delays?|errors?|loss|losses|drawdown|slippage|drops?|failures?|restarts?|memory|cpu|duration|mttr|staleness|lag|gaps?|"
    r"bugs|incidents?|crashes|rejects?|rejections?|p\d\d|costs?|fees?|disk|time|skew|drift|disconnects|reconnects|downtime|growth|"
    r"orphans|findings|vulnerabilities)\b",
    re.IGNORECASE,
)
_LARGE_IS_GOOD = re.compile(
    r"\b(?:uptime|coverage|success|accuracy|free|rate of success|trades|users|retention|win rate)\b", re.IGNORECASE
)
AIM_WITHIN: Final = 40
"""So many characters after `target` its number stands."""
_WORDS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNT: Final = rf"(?:\d{{1,6}}|{'|'.join(_WORDS)})"
_OF = re.compile(
    rf"(?<![\w./-])(?P<some>{_COUNT})\s*(?:/|of|out\s+of)\s*(?:the\s+|all\s+)?(?P<all>{_COUNT})(?![\w/-]|\.\d)"
    r"(?!\s+(?:\w+\s+)?(?:may|must|can|should|will|need|have\s+to))",
    re.IGNORECASE,
)
_PROGRESS = re.compile(
    r"(?<![\w.])(\d{1,3})(?:\.\d+)?\s*%\s*(?:\w+[\s-])?(?:done|complete|completed|finished|ready|implemented|through)\b",
    re.IGNORECASE,
)


def shortfall_in(text: str) -> str:
    """Where a sentence says by a number that something is short of its aim, the place; "" where it is not, or says none."""
    if progress := _PROGRESS.search(text):
        return progress[0] if int(progress[1]) < 100 else ""
    for match in _OF.finditer(text):
        some, whole = _counted(match["some"]), _counted(match["all"])
        if some < whole and ("/" not in match[0] or whole < 1_000):
            return match[0]
    pair = _measured_and_aim(text)
    return f"{pair[0]} ({pair[1]})" if pair and is_met(*pair, text) is False else ""


def says_enough(text: str) -> bool:
    """Whether a sentence says by a number that its aim is reached: `12 of 12`, `42 ms, below the target of 100 ms`."""
    if any(_counted(match["some"]) >= _counted(match["all"]) for match in _OF.finditer(text)):
        return True
    pair = _measured_and_aim(text)
    return pair is not None and is_met(*pair, text) is True


def _measured_and_aim(text: str) -> tuple[str, str] | None:
    """What a sentence with both says: `41 % (target 80 %)`, `80 % required, 85 % measured`."""
    target = _TARGET.search(text)
    if target is None:
        return None
    before, after = text[: target.start()], text[target.start() :]
    aims = list(_NUMBER.finditer(after))
    first = _NUMBER.search(before)
    if not aims or (aims[0].start() > AIM_WITHIN and not first):
        return None
    if first and re.match(r"\s*[,;)]", text[target.end() :]):
        return aims[0][0].strip(), f"{first[0].strip()} {target[0]}"
    measured = first or (aims[1] if len(aims) > 1 else None)
    return (measured[0].strip(), after[: aims[0].end()].strip()) if measured and aims[0].start() <= AIM_WITHIN else None


def is_met(measured: str, aim: str, about: str) -> bool | None:
    """Whether a measured quantity is what was aimed at; None where that is not to be seen. about: what is measured, in words.

    Whether more is better is told by the aim (`at least`), else by what is measured; where neither tells, more is better.
    """
    got, wanted = _quantity(measured), _quantity(aim)
    if got is None or wanted is None:
        return None
    kinds = {got[0], wanted[0]} - {""}
    if len(kinds) > 1:
        return None
    return got[1] <= wanted[1] if _is_small_good(aim, about, wanted[0]) else got[1] >= wanted[1]


def has_quantity(text: str) -> bool:
    """Whether a number with a unit is there."""
    return any(match["unit"] for match in _NUMBER.finditer(text))


def _is_small_good(aim: str, about: str, kind: str) -> bool:
    aim = re.sub(r"\b(?:above|below|over|under)\s+(?=the\b|its\b)", "", aim, flags=re.IGNORECASE)
    if _AT_LEAST.search(aim):
        return False
    if _AT_MOST.search(aim) or (_LARGE_IS_GOOD.search(about) is None and _SMALL_IS_GOOD.search(about)):
        return True
    return kind == "time" and _LARGE_IS_GOOD.search(about) is None


def _quantity(text: str) -> tuple[str, Decimal] | None:
    match = _NUMBER.search(text)
    if match is None:
        return None
    kind, factor = _UNITS.get((match["unit"] or "").lower(), ("", "1"))
    return kind, Decimal(match["number"].replace(",", "")) * Decimal(factor)


def _counted(text: str) -> int:
    return int(text) if text.isdigit() else _WORDS.index(text.lower())
