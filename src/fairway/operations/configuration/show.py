"""Configuration show, check and difference: what the file says, what is wrong with a text, and what changed. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Final

from fairway.operations.configuration.file import (
    BY_HAND,
    digest_of,
    problems_in,
    snapshot_named,
    snapshots,
    text_now,
)
from fairway.operations.configuration.secrets_in_text import masked, secrets_in
from fairway.operations.operation import WHOLE_BOT, Call, Exposure, Operation, Outcome, Preview
from fairway.people.roles import UserAct
from fairway.texts.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationRequest:
    config: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """text: that might replace the file."""

    config: Path
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRequest:
    """snapshot: that the file is compared with; "" compares with the text."""

    config: Path
    snapshot: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocatedProblem:
    """line: from 1, 0 where the file as a whole is meant."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationSnapshot:
    """A configuration that was replaced. replaced_at: ns. changed: lines that differ from the file."""

    name: str
    replaced_at: int
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationOutcome(Outcome):
    """text: secrets in it are hidden. has_secrets: whether there are any. by_hand: keys that change by hand only."""

    text: str
    digest: str
    has_secrets: bool
    by_hand: tuple[str, ...]
    snapshots: tuple[ConfigurationSnapshot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOutcome(Outcome):
    """is_done: whether nothing is wrong."""

    problems: tuple[LocatedProblem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceOutcome(Outcome):
    """changes: lines with `+`, `-` or a space before them, and `@@` where some are left out. added and removed: of the file."""

    changes: tuple[str, ...]
    added: int
    removed: int


def show_configuration(call: Call[ConfigurationRequest]) -> ConfigurationOutcome:
    """Raises SettingsError."""
    config = call.request.config
    text = text_now(config)
    return ConfigurationOutcome(
        text=masked(text),
        digest=digest_of(text),
        has_secrets=bool(secrets_in(text)),
        by_hand=BY_HAND,
        snapshots=tuple(_snapshots(config, text)),
        lines=tuple(masked(text).splitlines()),
    )


def _snapshots(config: Path, text: str) -> Iterator[ConfigurationSnapshot]:
    for place in snapshots(config):
        before = snapshot_named(config, place.stem)
        added, removed = _counts(_changes(before, text))
        yield ConfigurationSnapshot(name=place.stem, replaced_at=place.stat().st_mtime_ns, changed=max(added, removed))


def check_configuration(call: Call[CheckRequest]) -> CheckOutcome:
    """Of the whole text, all mistakes at once."""
    found = problems_in(call.request.config, call.request.text)
    problems = tuple(LocatedProblem(line=each.line, sentence=_sentence(each)) for each in found)
    lines = tuple(f"line {each.line}: {each.sentence}" for each in problems) or ("the whole configuration is right",)
    return CheckOutcome(is_done=not problems, problems=problems, lines=lines)


def _sentence(problem: Problem) -> str:
    """Without its place, which is shown beside it."""
    head = f"{problem.key}: {problem.what}" if problem.key else problem.what
    return f"{head}; right is  {problem.example}" if problem.example else head


def tell_difference(call: Call[DifferenceRequest]) -> DifferenceOutcome:
    """From the file to the text or the snapshot. Raises Refusal, SettingsError."""
    asked = call.request
    wanted = snapshot_named(asked.config, asked.snapshot) if asked.snapshot else asked.text
    changes = changes_shown(text_now(asked.config), wanted)
    added, removed = _counts(changes)
    return DifferenceOutcome(changes=changes, added=added, removed=removed, lines=changes or ("nothing differs",))


def changes_shown(before: str, after: str) -> tuple[str, ...]:
    """As of `DifferenceOutcome`, with secrets hidden."""
    return _changes(masked(before), masked(after))


def _changes(before: str, after: str) -> tuple[str, ...]:
    found = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)
    return tuple(line for line in found if not line.startswith(("---", "+++")))


def _counts(changes: tuple[str, ...]) -> tuple[int, int]:
    return sum(line.startswith("+") for line in changes), sum(line.startswith("-") for line in changes)


SHOW_CONFIGURATION = Operation(
    name="configuration show",
    summary="Show the configuration file, its secrets hidden, and the snapshots of what it was before.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=ConfigurationRequest,
    subject=lambda request: WHOLE_BOT,
    preview=lambda call: Preview(effect="reads the file; nothing is changed"),
    perform=show_configuration,
)
CHECK_CONFIGURATION = Operation(
    name="configuration check",
    summary="Say all that is wrong with a text as the configuration of this bot.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=CheckRequest,
    subject=lambda request: WHOLE_BOT,
    preview=lambda call: Preview(effect="reads the text; nothing is changed"),
    perform=check_configuration,
)
DIFFERENCE = Operation(
    name="configuration difference",
    summary="Show where a snapshot, or a text, differs from the configuration file.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=DifferenceRequest,
    subject=lambda request: WHOLE_BOT,
    preview=lambda call: Preview(effect="reads files; nothing is changed"),
    perform=tell_difference,
)
OPERATIONS: Final = (SHOW_CONFIGURATION, CHECK_CONFIGURATION, DIFFERENCE)
