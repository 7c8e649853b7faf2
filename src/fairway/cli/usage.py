"""Says what is wrong with a command line: which word, a right example, and where the help of that command is."""

from collections.abc import Mapping
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
    "CHANNEL": "console, as in  fairway notify test console",
    "CAP": "paused, after the configuration, as in  fairway lift fairway.yaml paused",
    "WHERE": "fairway.journal",
    "COPY": "/backup/monday.journal",
    "ACCOUNT": "ann1",
    "USER": "ann",
    "ROLE": "trader",
    "PROFILE": "moderate",
}
"""By what can be missing: a right one."""
OF_LAUNCH: Final = {
    "--role": "--role owner, one of those that the plan asks for",
    "--reason": '--reason "a week without an incident"',
    "--asked-by": "--asked-by ann",
    "--word": '--word "restored on a second machine, all records there"',
    "--claim": "--claim backup",
    "--by": "--by ann",
    "STAGE": "small, after the configuration, as `fairway launch status` names it",
    "PLAN": "beta, or the file of one",
    "CLAIM": "backup, after the configuration, as the plan's checklist names it",
    "HOLD_ID": '"person ann", after the configuration, as `fairway launch status` shows it',
    "NUMBER": "7, after the configuration",
    "FILE": "report.xml",
}
"""The same for the commands of a launch, where they have words of their own."""


def in_words(error: CycloptsError) -> str:
    """One sentence, and the command whose help says more."""
    chain = error.command_chain or ()
    examples = {**EXAMPLES, **OF_LAUNCH} if "launch" in chain else EXAMPLES
    if "survey" in chain:
        examples = {**examples, "FILE": "answers.csv, after the configuration"}
    return f"{_sentence(error, examples)}; see {' '.join(('fairway', *chain))} --help"


def _sentence(error: CycloptsError, examples: Mapping[str, str]) -> str:
    if isinstance(error, UnusedCliTokensError):
        return f"too many words: {' '.join(map(repr, error.unused_tokens or ()))}"
    if isinstance(error, MissingArgumentError) and error.argument is not None and not error.argument.tokens:
        name = error.argument.name
        example = examples.get(name)
        return f"{name} is missing{f'; a right one is {example}' if example else ''}"
    return " ".join(str(error).split()).removesuffix(".")
