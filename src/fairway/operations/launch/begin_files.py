"""What lies beside a journal before a launch begins: the draft of a plan that a person looks at, and the begin that is asked for.

The pilot that `fairway up` starts reads who asked for it, and by which plan. What is asked for counts for two minutes only: a
launch does not begin later, when the person who confirmed it no longer looks.
"""

from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from fairway.launch.plan import shipped
from fairway.operations.refusal import against_rule
from fairway.settings import Settings
from fairway.world.clock import MINUTE, SystemClock
from fairway.world.files import write_whole

ASKED_NS: Final = 2 * MINUTE


class PlanDraft(Struct, frozen=True, kw_only=True):
    """A plan that waits to be launched. digest: of the plan, as a launch names it."""

    text: str
    digest: str


class RequestedBegin(Struct, frozen=True, kw_only=True):
    """A begin that a person asked for. by: who; at: when (ns)."""

    text: str
    digest: str
    by: str
    reason: str
    at: int


def keep_draft(settings: Settings, draft: PlanDraft) -> None:
    """In the place of the draft before. Raises OSError."""
    write_whole(_beside(settings, "draft"), msgspec.json.encode(draft))


def kept_draft(settings: Settings, digest: str) -> PlanDraft:
    """The draft of the plan with this digest. Raises Refusal."""
    try:
        draft = msgspec.json.decode(_beside(settings, "draft").read_bytes(), type=PlanDraft)
    except (OSError, msgspec.MsgspecError):
        raise against_rule("PLAN_NOT_DRAFTED: draft", "no plan was checked to be launched; check one first") from None
    if draft.digest != digest:
        raise against_rule(
            f"PLAN_OTHER: digest={digest[:12]} draft={draft.digest[:12]}",
            f"the plan that was checked last is {draft.digest[:12]}, and you looked at {digest[:12]}; check yours again",
        )
    return draft


def request_begin(settings: Settings, asked: RequestedBegin) -> None:
    """Keeps it where the pilot reads it. Raises OSError."""
    write_whole(_beside(settings, "begin"), msgspec.json.encode(asked))


def recent_begin(settings: Settings) -> RequestedBegin | None:
    """The begin that counts now; None where none was asked for lately, or where it cannot be read."""
    asked, now = _last_begin(settings), SystemClock().now()
    return asked if asked is not None and now - ASKED_NS <= asked.at <= now else None


def _last_begin(settings: Settings) -> RequestedBegin | None:
    with suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(_beside(settings, "begin").read_bytes(), type=RequestedBegin)
    return None


def withdraw_begin(settings: Settings) -> None:
    """No pilot begins by it any more. Raises OSError."""
    _beside(settings, "begin").unlink(missing_ok=True)


def plan_file(config: Path, settings: Settings) -> Path | None:
    """The file that `up.plan` names; None where it names none, or a plan that comes with Fairway."""
    named = config.parent / settings.up.plan
    return named if settings.up.plan and (named.is_file() or settings.up.plan not in shipped.names()) else None


def pilot_plan(config: Path, settings: Settings) -> str:
    """The plan as `fairway launch start` takes it: a file beside the configuration, or the name of a shipped one; "" for none."""
    return str(plan_file(config, settings) or settings.up.plan)


def why_no_plan(config: Path, settings: Settings) -> str:
    """Why the pilot of `fairway up` has nothing to fly, "" where it has. Raises JournalErrors."""
    place = plan_file(config, settings)
    if recent_begin(settings) is not None or (settings.up.plan and (place is None or place.is_file())):
        return ""
    if (place is not None or _last_begin(settings) is not None) and _is_begun(settings):
        return ""
    missing = f"there is no plan at {place}" if place is not None else "`up.plan` names no plan"
    return f"no launch was begun yet, and {missing}; begin one in the panel, or by  fairway launch begin {config} PLAN"


def _is_begun(settings: Settings) -> bool:
    from fairway.assembly.tower import NotBegun, launch_as_begun

    try:
        launch_as_begun(settings)
    except NotBegun:
        return False
    return True


def _beside(settings: Settings, what: str) -> Path:
    """Beside the journal's file, or among the kill latches where the journal is in a database."""
    if isinstance(settings.journal, Path):
        return settings.journal.with_name(f"{settings.journal.name}.launch.{what}")
    return settings.latch_folder / f"{settings.account}.launch.{what}"
