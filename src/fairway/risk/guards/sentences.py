"""Says what the code of a guard means. The journal keeps the code; its sentence is made from it wherever people read it.

Each guard's file has its sentence (`GuardPlugin.says`), so a guard of another package has one too, and old journals read alike.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from fairway.plugins import BrokenPlugin
from fairway.risk.caps import Cap
from fairway.risk.escalation import Level
from fairway.risk.guards.plugin import GuardPlugin
from fairway.risk.guards.registry import guards
from fairway.risk.limits import TradingState
from fairway.texts.display import number

_VALUE: Final = r"[^\s;,()]*[^\s;,().](?: [A-Z][A-Z0-9]{1,9}\b)?"
_CODE: Final = re.compile(rf"GUARD_([A-Z0-9_]+): (\w+={_VALUE}(?: \w+={_VALUE})*)")
_FIGURE: Final = re.compile(rf"(\w+)=({_VALUE})")
_LIMIT: Final = "the limit is"
_WARNING: Final = "a warning begins at"


def with_sentences(text: str, level: Level = Level.CRITICAL) -> str:
    """A text in which each code of a guard follows its sentence, in brackets: square ones within a longer text, which may have
    others around it. level: of the alarm; the bound of a warning is no limit."""
    return _CODE.sub(lambda found: _both(found, level), text)


def sentences_of(text: str, level: Level = Level.CRITICAL) -> str:
    """The same with the sentences alone, for where there is no room for codes."""
    return _CODE.sub(lambda found: _sentence(found, level) or found[0], text)


def guard_sentence(code: str, level: Level = Level.CRITICAL) -> str:
    """What one code of a guard means; "" where no installed guard makes such a code."""
    found = _CODE.fullmatch(code)
    return _sentence(found, level) if found is not None else ""


def code_in(text: str) -> str:
    """The first code of a guard within a text, for people who look codes up; "" where there is none."""
    found = _CODE.search(text)
    return found[0] if found is not None else ""


def cap_reason(cap: Cap) -> str:
    """Why a cap is in force, in words; a guard's code stays in brackets."""
    return with_sentences(cap.reason, level_of(cap))


def cap_sentence(cap: Cap) -> str:
    """The same without codes."""
    return sentences_of(cap.reason, level_of(cap))


def level_of(cap: Cap) -> Level:
    """Of the alarm that raised a cap, as far as it matters for its words: a warning leaves the account trading."""
    return Level.WARNING if cap.limits.state is TradingState.ACTIVE else Level.CRITICAL


def _both(found: re.Match[str], level: Level) -> str:
    sentence = _sentence(found, level)
    if not sentence:
        return found[0]
    return f"{sentence} ({found[0]})" if found[0] == found.string else f"{sentence} [{found[0]}]"


def _sentence(found: re.Match[str], level: Level) -> str:
    plugin = _named(found[1])
    figures = [(name, text) for name, text in _FIGURE.findall(found[2])]
    if plugin is None or not figures:
        return ""
    known = dict(figures)
    limit = known.get("limit", "")
    unit = limit.partition(" ")[2]
    bound = _figure(plugin, limit)
    try:
        return plugin.says.format(
            value=_figure(plugin, f"{figures[0][1]} {unit}".rstrip()),
            limit=bound,
            bound=_WARNING if level is Level.WARNING else _LIMIT,
            quote=known.get("symbol", "").partition("/")[2],
        ).rstrip()
    except (LookupError, ValueError):  # a guard of another package asks for what there is not
        return ""


def _named(code: str) -> GuardPlugin | None:
    """None also where an installed guard cannot be loaded: words are wanted then more than ever, and the code has them."""
    try:
        return next((each for each in guards() if each.name.upper().replace(" ", "_") == code), None)
    except BrokenPlugin:
        return None


def _figure(plugin: GuardPlugin, text: str) -> str:
    """With its own unit, or in percent where the guard counts so; as it stands where it is no number."""
    value, _, unit = text.partition(" ")
    try:
        known = Decimal(value)
    except InvalidOperation:
        return value
    if unit:
        return f"{number(known)} {unit}"
    return f"{number((known * 100).normalize() + 0)} %" if plugin.unit == "%" else number(known)
