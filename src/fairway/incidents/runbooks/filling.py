"""Fills the placeholders of runbooks: {config}, {account}, {symbol}, {incident} and {journal}."""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
PLACEHOLDERS: Final = ("config", "account", "symbol", "incident", "journal")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunbookValues:
    """What one execution is about. account: one of several, "" for the configured one. symbol, incident: "" for none.

    journal: where the trader's is.
    """

    config: str
    journal: str = "fairway.journal"
    account: str = ""
    symbol: str = ""
    incident: str = ""

    def by_name(self) -> Mapping[str, str]:
        """By placeholder. A reason that names the incident reads well without one, too."""
        return {
            "config": self.config,
            "account": self.account,
            "symbol": self.symbol,
            "incident": self.incident or "none",
            "journal": self.journal,
        }


EXAMPLE_VALUES: Final = RunbookValues(config="fairway.yaml", account="main", symbol="BTC/USDT", incident="20260101-1")


def placeholders_in(text: str) -> list[str]:
    """The names in braces, known or not."""
    return _PLACEHOLDER.findall(text)


def filled_text(text: str, values: RunbookValues) -> str:
    """The text with its values; a name that is no placeholder stays as it is."""
    known = values.by_name()
    return _PLACEHOLDER.sub(lambda match: known.get(match[1], match[0]), text)


def filled_request(request: Mapping[str, str], values: RunbookValues) -> dict[str, str]:
    """The fields with their values."""
    return {name: filled_text(text, values) for name, text in request.items()}


def command_words(command: str, values: RunbookValues) -> tuple[str, ...]:
    """The words of a command line, which no shell reads. An option whose value is empty is left out with its value.

    Raises ValueError for quotes that do not match.
    """
    return tuple(_without_empty([filled_text(word, values) for word in shlex.split(command)]))


def _without_empty(words: list[str]) -> Iterator[str]:
    for index, word in enumerate(words):
        follows = words[index + 1] if index + 1 < len(words) else None
        if word and not (word.startswith("--") and follows == ""):
            yield word


def needs(texts: list[str], name: str) -> bool:
    """Whether a placeholder is in one of the texts."""
    return any(name in placeholders_in(text) for text in texts)
