"""Configuration stage, write and restore: another text takes the file's place, whole and checked, or nothing changes at all.

A text is staged as a draft beside the file first, and then written by its digest: what a server keeps of commands holds no text.
The file that was there is kept as a snapshot. Running processes go on by what they have read, until they are restarted, as
`configuration apply` does.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairway.operations.configuration.file import (
    ConfigurationDraft,
    check_replaces,
    digest_of,
    draft_place,
    read_draft,
    replace_with,
    snapshot_named,
    text_now,
    write_draft,
)
from fairway.operations.operation import WHOLE_BOT, Call, Exposure, Operation, Outcome, Preview
from fairway.operations.refusal import against_rule, reason_given
from fairway.people.roles import UserAct
from fairway.world.clock import SystemClock

EXAMPLE: Final = "a smaller position until the market is calm"
LATER: Final = "processes go on by what they have read until each is restarted; `configuration apply` does both"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRequest:
    """before: the digest of the file that the text was made from."""

    config: Path
    text: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOutcome(Outcome):
    """digest: by which the draft is written."""

    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteRequest:
    """digest: of the draft."""

    config: Path
    digest: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreRequest:
    """snapshot: its name."""

    config: Path
    snapshot: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenOutcome(Outcome):
    """snapshot: the name under which the file that was there is kept."""

    snapshot: str


def stage(call: Call[StageRequest]) -> StageOutcome:
    """Raises Refusal, SettingsError."""
    asked = call.request
    check_same(asked.config, asked.before)
    check_replaces(asked.config, asked.text)
    try:
        write_draft(asked.config, ConfigurationDraft(text=asked.text, before=asked.before))
    except OSError as error:
        raise unwritten(draft_place(asked.config), error) from None
    return StageOutcome(digest=digest_of(asked.text), lines=("the whole configuration is right; it waits to be written",))


def write(call: Call[WriteRequest]) -> WrittenOutcome:
    """Raises Refusal, SettingsError."""
    asked = call.request
    reason_given(asked.reason, EXAMPLE)
    draft = read_draft(asked.config, asked.digest)
    check_same(asked.config, draft.before)
    outcome = _replaced(asked.config, draft.text)
    draft_place(asked.config).unlink(missing_ok=True)
    return outcome


def restore(call: Call[RestoreRequest]) -> WrittenOutcome:
    """Raises Refusal, SettingsError."""
    asked = call.request
    reason_given(asked.reason, EXAMPLE)
    return _replaced(asked.config, snapshot_named(asked.config, asked.snapshot))


def _replaced(config: Path, text: str) -> WrittenOutcome:
    """Raises Refusal where the text is wrong, or the disk refuses it; the file is as it was then."""
    check_replaces(config, text)
    try:
        kept = replace_with(config, text, SystemClock().now())
    except OSError as error:
        raise unwritten(config, error) from None
    return WrittenOutcome(snapshot=kept, lines=(f"{config} was written; the one before is the snapshot {kept}", LATER))


def check_same(config: Path, digest: str) -> None:
    """Raises Refusal where the file is no longer the one that was read."""
    if digest_of(text_now(config)) != digest:
        raise against_rule("CONFIGURATION_CHANGED: file", "the file was changed meanwhile; open it again, and change that")


def unwritten(place: Path, error: OSError) -> Exception:
    return against_rule(
        f"FILE_UNWRITTEN: {place.name}", f"{place} cannot be written ({error.strerror or error}); nothing changed"
    )


def preview_write(call: Call[WriteRequest]) -> Preview:
    """Raises Refusal, SettingsError."""
    draft = read_draft(call.request.config, call.request.digest)
    check_same(call.request.config, draft.before)
    check_replaces(call.request.config, draft.text)
    return Preview(effect=f"{call.request.config} is replaced as a whole, and the one before is kept as a snapshot; {LATER}")


def preview_restore(call: Call[RestoreRequest]) -> Preview:
    """Raises Refusal, SettingsError."""
    check_replaces(call.request.config, snapshot_named(call.request.config, call.request.snapshot))
    what = f"the snapshot {call.request.snapshot} takes the file's place, and the file is kept as a snapshot"
    return Preview(effect=f"{what}; {LATER}")


def preview_stage(call: Call[StageRequest]) -> Preview:
    """Raises Refusal, SettingsError."""
    check_replaces(call.request.config, call.request.text)
    return Preview(effect="the text is kept as a draft beside the file; nothing else changes")


STAGE_CONFIGURATION = Operation(
    name="configuration stage",
    summary="Check a text as a whole, and keep it as a draft beside the configuration file.",
    act=UserAct.TRADE,  # nothing counts yet: to write it asks for a right to govern, and a fresh sign-in
    exposure=Exposure.KEEPS,
    request=StageRequest,
    subject=lambda request: WHOLE_BOT,
    preview=preview_stage,
    perform=stage,
)
WRITE_CONFIGURATION = Operation(
    name="configuration write",
    summary="Put the draft in the place of the configuration file, and keep the one before as a snapshot.",
    act=UserAct.GOVERN,
    exposure=Exposure.RAISES,
    request=WriteRequest,
    subject=lambda request: WHOLE_BOT,
    preview=preview_write,
    perform=write,
)
RESTORE_CONFIGURATION = Operation(
    name="configuration restore",
    summary="Put a snapshot in the place of the configuration file, and keep the one before as a snapshot.",
    act=UserAct.GOVERN,
    exposure=Exposure.RAISES,
    request=RestoreRequest,
    subject=lambda request: WHOLE_BOT,
    preview=preview_restore,
    perform=restore,
)
OPERATIONS: Final = (STAGE_CONFIGURATION, WRITE_CONFIGURATION, RESTORE_CONFIGURATION)
