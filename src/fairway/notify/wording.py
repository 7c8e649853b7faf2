"""Makes the texts of a message safe and short: one line stays one line, and what is cut says so. Channels escape on top of it."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from fairway.notify.message import Message, MessagePhase
from fairway.world.clock import text_of

TITLE_MAX: Final = 200
COMMAND_MAX: Final = 1_000
_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
"""Control characters, those without width, those that turn the direction of text, and halves of a surrogate pair."""
_LINK: Final = re.compile(r"https?://[!-~]{1,2000}")
_CUT: Final = " … (cut)"


def one_line(text: str, most: int = TITLE_MAX) -> str:
    """The text in one line without control characters, cut at so many characters."""
    return cut(" ".join(_UNSEEN.sub(" ", text).split()), most)


def cut(text: str, most: int) -> str:
    """The text; where it is longer than most, its beginning and a word that says so."""
    return text if len(text) <= most else text[: max(most - len(_CUT), 0)] + _CUT


def headline(message: Message) -> str:
    """The title with its severity and phase: `[P0] the stop is missing`, `[P0 resolved] …`."""
    phase = "" if message.phase in (MessagePhase.NOTE, MessagePhase.OPENED) else message.phase.value
    marks = " ".join(filter(None, (one_line(message.severity, 10), phase)))
    title = one_line(message.title) or "(no title)"
    return f"[{marks}] {title}" if marks else title


def body_lines(message: Message) -> list[str]:
    """The lines of the message, each one line."""
    return [one_line(part, 2_000) for line in message.lines for part in (line.splitlines() or [""])]


def command_of(message: Message) -> str:
    """The command to copy in one line; "" for none. A command that is too long to be whole is left out."""
    command = one_line(message.command, len(message.command) + 1)
    return command if len(command) <= COMMAND_MAX else ""


def link_of(message: Message) -> str:
    """The link where it is one of http or https; "" for any other text."""
    return message.link if _LINK.fullmatch(message.link) else ""


def time_of(message: Message) -> str:
    """When it happened, in UTC to the second: `2022-01-01 00:01:00 UTC`."""
    return f"{text_of(message.at)[:10]} {text_of(message.at)[11:19]} UTC"


def fitted(lines: Sequence[str], most: int, size: Callable[[str], int] = len) -> list[str]:
    """As many lines as fit into most with their line ends; where some do not, the last one says how many are left out."""
    if _sum(lines, size) <= most:
        return list(lines)
    kept: list[str] = []
    for index, line in enumerate(lines):
        rest = f"… ({len(lines) - index} of {len(lines)} lines left out)"
        more = f"… ({len(lines) - index - 1} of {len(lines)} lines left out)"
        if _sum([*kept, line, more], size) > most:
            return [*kept, rest] if _sum([*kept, rest], size) <= most else kept
        kept.append(line)
    return kept


def _sum(lines: Sequence[str], size: Callable[[str], int]) -> int:
    return sum(size(line) + 1 for line in lines)


def plain_lines(message: Message) -> list[str]:
    """The message below its headline, for channels of plain text."""
    parts = body_lines(message)
    if command := command_of(message):
        parts += ["", f"  {command}"]
    if link := link_of(message):
        parts += ["", link]
    return [*parts, "", time_of(message)]
