"""The configuration file, its draft and its snapshots on disk. Whatever replaces the file was checked as a whole before."""

import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from fairway.operations.configuration.secrets_in_text import MASK, secrets_in
from fairway.operations.refusal import Ground, Refusal, against_rule, wrong_input
from fairway.settings import Settings, SettingsError
from fairway.settings.environment import OF_THE_FILE, OF_THE_VENUE, overrides
from fairway.settings.load import parse
from fairway.texts.problems import Problem
from fairway.texts.reading import read_text
from fairway.world.clock import text_of
from fairway.world.files import write_whole

SNAPSHOTS_MAX: Final = 50
"""The oldest go first."""
BY_HAND: Final = (
    *sorted(OF_THE_FILE),
    *(f"venue.{name}" for name in sorted(OF_THE_VENUE | {"key", "secret", "fallbacks"})),
    "master_key",
    "server",
    "up",
    "notify",
    *(f"alerts.{name}" for name in ("heartbeat", "pages", "runbooks", "status_page")),
    "log",
    "report",
)
"""What says which bot this is, where it trades and how it is reached, and what names files and secrets of the machine. A kill
must find the bot that runs, and a sign-in at the panel is no right to read files: so these change by hand, while nothing runs."""


class ConfigurationDraft(Struct, frozen=True, kw_only=True):
    """A text that waits to be written. before: the digest of the file that it was made from."""

    text: str
    before: str


def digest_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def text_now(config: Path) -> str:
    """Raises SettingsError."""
    return read_text(config, error=SettingsError, missing="there is no such file; `fairway init` writes one")


def problems_in(config: Path, text: str) -> tuple[Problem, ...]:
    """All that is wrong with a text as this configuration: its own mistakes, and secrets that stand in it."""
    found = [
        Problem(line=each.line, key=each.key, what="is a secret in the file itself", example=f"{each.key}: file:PATH")
        for each in secrets_in(text)
    ]
    try:
        _parsed(config, text)
    except SettingsError as error:
        found += error.problems
    return tuple(sorted(found, key=lambda problem: (problem.line, problem.column)))


def _parsed(config: Path, text: str) -> Settings:
    """Raises SettingsError."""
    return parse(text, name=str(config), folder=config.resolve().parent, found=overrides(os.environ))


def check_replaces(config: Path, text: str) -> Settings:
    """The settings of a text that may replace the file. Raises Refusal, which says all that is wrong."""
    if MASK in text:
        raise wrong_input(
            "TEXT_MASKED: field=text", "has a hidden secret; write file:PATH or env:NAME in its place", field="text"
        )
    problems = problems_in(config, text)
    if problems:
        said = "; ".join(map(str, problems[:5])) + ("; …" if len(problems) > 5 else "")
        raise Refusal(
            f"CONFIGURATION_WRONG: problems={len(problems)}",
            f"nothing was written, and the file is as it was: {said}",
            Ground.CONFIGURATION,
        )
    wanted = _parsed(config, text)
    _check_same_bot(config, wanted)
    return wanted


def _check_same_bot(config: Path, wanted: Settings) -> None:
    """Raises Refusal. A file with mistakes names no bot, so any may replace it."""
    try:
        now = _parsed(config, text_now(config))
    except SettingsError:
        return
    moved = [name for name in BY_HAND if _at(now, name) != _at(wanted, name)]
    if moved:
        raise against_rule(
            f"CONFIGURATION_MOVES: keys={','.join(moved)}",
            f"{', '.join(moved)} says which bot this is, where it trades, or names files and secrets of its machine: "
            "stop the system, change it in the file by hand, and start it with  fairway up",
        )


def _at(settings: Settings, name: str) -> object:
    found: object = settings
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


def draft_place(config: Path) -> Path:
    return config.with_name(f"{config.name}.draft")


def write_draft(config: Path, draft: ConfigurationDraft) -> None:
    """Raises OSError."""
    write_whole(draft_place(config), msgspec.json.encode(draft))


def read_draft(config: Path, digest: str) -> ConfigurationDraft:
    """The draft with this digest. Raises Refusal."""
    try:
        draft = msgspec.json.decode(draft_place(config).read_bytes(), type=ConfigurationDraft)
    except (OSError, msgspec.MsgspecError):
        raise against_rule("DRAFT_MISSING: draft", "no checked draft is there; check the text first") from None
    if digest_of(draft.text) != digest:
        raise against_rule(f"DRAFT_OTHER: digest={digest}", "another draft was checked meanwhile; check yours again")
    return draft


def snapshot_folder(config: Path) -> Path:
    return config.with_name(f"{config.name}.snapshots")


def snapshots(config: Path) -> Sequence[Path]:
    """The newest first."""
    return sorted(snapshot_folder(config).glob("*.yaml"), reverse=True)


def replace_with(config: Path, text: str, now: int) -> str:
    """Keeps the present file as a snapshot, and puts the text in its place. Returns the snapshot's name. Raises OSError."""
    config = config.resolve()  # a link to the file stays one
    before = text_now(config)
    folder = snapshot_folder(config)
    folder.mkdir(mode=0o700, exist_ok=True)
    kept = folder / f"{text_of(now)[:19].replace(':', '').replace('-', '')}Z-{digest_of(before)[:8]}.yaml"
    write_whole(kept, before.encode())
    write_whole(config, text.encode())
    for old in snapshots(config)[SNAPSHOTS_MAX:]:
        old.unlink(missing_ok=True)
    return kept.stem


def snapshot_named(config: Path, name: str) -> str:
    """The text of a snapshot. Raises Refusal."""
    found = next((each for each in snapshots(config) if each.stem == name), None)
    if found is None:
        what = f"no snapshot is called {name!r}; fairway keeps them in {snapshot_folder(config)}"
        raise wrong_input(f"SNAPSHOT_UNKNOWN: snapshot={name}", what, field="snapshot")
    return read_text(found, error=SettingsError, missing="the snapshot has gone")
