"""Logs the events of a launch's journal, and the leases that its pilot writes into the trader's command inbox."""

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct

from fairway.journal.port import COMMAND_STREAM
from fairway.launch.control import launch_events, lifecycle
from fairway.launch.control.command_inbox import PILOT_COMMAND_STREAM
from fairway.launch.control.pilot import Pilot
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.logs.event_lines import NAMES, command_id, name_of
from fairway.logs.log import Logger
from fairway.world.clock import text_of

_WARNINGS: Final = (
    launch_events.HoldRaised,
    launch_events.KillOrdered,
    launch_events.ReleaseChanged,
    lifecycle.TrackDemoted,
    lifecycle.TrackRearmed,
    lifecycle.TrackAborted,
)
_DETAILS: Final = (launch_events.VenueChecked, launch_events.SamplesTaken)
"""Written each minute, whatever happens."""
_LONG: Final = {"text", "values", "verdicts", "served_ns", "inputs", "limits", "answers", "digest", "binds", "login"}
"""Fields that the journal has, and a line does not: they are long, or no engineer searches for them."""


class PilotLines:
    """The lines of one pilot; without a log there are none."""

    def __init__(self, log: Logger | None, plan: CompiledPlan) -> None:
        self._log, self._plan = log.bind(launch=plan.name) if log is not None else None, plan
        self._pilot: Pilot | None = None

    def follow(self, pilot: Pilot) -> None:
        """Logs each event of this pilot from now on."""
        if self._log is not None:
            self._pilot = pilot
            pilot.watchers.append(self._hear)

    def _hear(self, event: Struct, at: int) -> None:
        getattr(self._log, level_of(event))(name_of(event), at=text_of(at), **self._fields(event))

    def lease_sent(self, lease: launch_events.LeaseIssued, numbers: Sequence[int]) -> None:
        """Logs which commands carry a lease. numbers: of their records in the trader's command inbox, one for each account."""
        if self._log is None:
            return
        fields = self._fields(lease)
        del fields["accounts"]
        for account, number in zip(lease.accounts, numbers, strict=True):
            self._log.info("lease_sent", account=account, command_id=command_id(COMMAND_STREAM, number), **fields)

    def _fields(self, event: Struct) -> dict[str, Any]:
        fields = fields_of(event)
        if isinstance(event, launch_events.LeaseIssued):
            fields |= {"stage": self._stage_of(event.track), "state": event.limits.state.name.lower()}
        return fields

    def _stage_of(self, track: str) -> str:
        """The stage that a track is in, by its name; "" before the first."""
        assert self._pilot is not None, "leases are issued by the pilot that is followed"
        progress = self._pilot.launch.track(track)
        return self._plan.track(track).stages[progress.stage].name if progress.stage >= 0 else ""


def level_of(event: Struct) -> str:
    match event:
        case launch_events.SamplesTaken(trouble=trouble) | launch_events.VenueChecked(trouble=trouble) if trouble:
            return "warning"
        case launch_events.InstructionAnswered(refused=refused) if refused:
            return "warning"
    if isinstance(event, _WARNINGS):
        return "warning"
    return "debug" if isinstance(event, _DETAILS) else "info"


def fields_of(event: Struct) -> dict[str, Any]:
    """The event's fields that have a value, without the long ones; a stage is always its name, a command its `command_id`."""
    own = {name: getattr(event, name) for name in event.__struct_fields__}
    match event:
        case launch_events.InstructionAnswered(number=number):
            own |= {"command_id": command_id(PILOT_COMMAND_STREAM, number), "number": None}
        case launch_events.Decided(number=number, commands=numbers):
            commands = [command_id(PILOT_COMMAND_STREAM, each) for each in numbers]
            own |= {"decision_id": number, "command_ids": commands, "number": None, "commands": None, "now": None}
        case lifecycle.StageEntered(stage=place, name=name) | lifecycle.TrackDemoted(stage=place, name=name):
            own |= {"stage": name, "stage_number": place, "name": None}
        case launch_events.LeaseIssued(stage=stage_id):
            own |= {"stage_id": stage_id, "stage": None}
        case launch_events.ApprovalGiven(approval=approval):
            ref = approval.stage
            own = {"track": ref.track, "stage": ref.stage, "role": approval.role, "by": approval.person}
        case launch_events.HoldRaised(hold=hold):
            own = {"hold_id": hold.id, "track": hold.track, "reason": hold.reason, "lifting": hold.lifting}
        case launch_events.EvidenceTaken(evidence=evidence, by=by):
            own = {
                "claim": evidence.claim,
                "rank": evidence.rank.name.lower(),
                "holds": evidence.holds,
                "why": evidence.why,
                "by": by,
            }
        case launch_events.AccountsSeen(accounts=accounts):
            own = {"accounts": [each.account for each in accounts]}
    return {NAMES.get(name, name): value for name, value in own.items() if name not in _LONG and value not in (None, "", ())}
