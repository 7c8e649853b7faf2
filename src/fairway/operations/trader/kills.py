"""Kills: every kill that is in force, from the latch itself, whether a trader runs or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import OWN_THINGS, Call, Exposure, Operation, Outcome, Preview
from fairway.operations.permissions import may_read
from fairway.operations.trader.accounts_of_trader import carried_accounts
from fairway.operations.trader.kill_latches import latch_of
from fairway.people.roles import UserAct
from fairway.settings import load

if TYPE_CHECKING:
    from fairway.trading.latch import Killed


@dataclass(frozen=True, slots=True, kw_only=True)
class KillsRequest:
    """config: of the trader."""

    config: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class KillsOutcome(Outcome):
    """By account that the actor may read: its kills, none where its latch is clear."""

    kills: "Mapping[str, tuple[Killed, ...]]"


def list_kills(call: Call[KillsRequest]) -> KillsOutcome:
    """Raises SettingsError. A latch that cannot be read counts as a kill: see `trading/latch.py`."""
    settings = load(call.request.config)
    names = [name for name in carried_accounts(settings) if may_read(call.actor, name)]
    return KillsOutcome(kills={name: tuple(latch_of(settings, name).read()) for name in names})


KILLS = Operation(
    name="kills",
    summary="Show every kill that is in force, who ordered it, and why.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=KillsRequest,
    subject=lambda asked: OWN_THINGS,
    preview=lambda call: Preview(effect="reads the kill latch; nothing is changed"),
    perform=list_kills,
)
OPERATIONS: Final = (KILLS,)
