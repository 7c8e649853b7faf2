"""What a person is told whose command line is wrong: which word, a right example, and where the help of that command is."""

from typing import Final

from cyclopts import CycloptsError, MissingArgumentError, UnusedCliTokensError

EXAMPLES: Final = {
    "--reason": '--reason "it buys every minute"',
    "--for": "--for 12h",
    "--role": "--role trader",
    "--user": "--user ann",
    "--exchange": "--exchange binance",
    "--mode": "--mode practice",
    "--to": "--to csv",
    "CONFIG": "fairway.yaml",
    "CAP": "paused, after the configuration, as in  fairway lift fairway.yaml paused",
    "WHERE": "fairway.journal",
    "COPY": "/backup/monday.journal",
    "ACCOUNT": "ann1",
    "USER": "ann",
    "ROLE": "trader",
    "PROFILE": "moderate",
}
"""By what can be missing: a right one."""


def in_words(error: CycloptsError) -> str:
    """One sentence, and the command whose help says more."""
    chain = " ".join(("fairway", *(error.command_chain or ())))
    return f"{_sentence(error)}; see {chain} --help"


def _sentence(error: CycloptsError) -> str:
    if isinstance(error, UnusedCliTokensError):
        return f"too many words: {' '.join(map(repr, error.unused_tokens or ()))}"
    if isinstance(error, MissingArgumentError) and error.argument is not None and not error.argument.tokens:
        name = error.argument.name
        example = EXAMPLES.get(name)
        return f"{name} is missing{f'; a right one is {example}' if example else ''}"
    return " ".join(str(error).split()).removesuffix(".")
