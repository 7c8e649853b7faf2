"""Doctor: checks a configuration, its key and its venue, and says what to do about what it finds. Places no order."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairway.operations.finding import CheckVerdict, DoctorFinding
from fairway.operations.operation import WHOLE_BOT, Call, Exposure, Operation, Outcome, Preview
from fairway.people.roles import UserAct


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorRequest:
    config: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorOutcome(Outcome):
    """is_done: whether nothing failed. asked_at: ns."""

    findings: tuple[DoctorFinding, ...]
    asked_at: int


def see_doctor(call: Call[DoctorRequest]) -> DoctorOutcome:
    """Raises SettingsError."""
    from fairway.operations.doctor.diagnosis import diagnose
    from fairway.world.clock import SystemClock

    findings = tuple(diagnose(call.request.config))
    fails = [each for each in findings if each.verdict is CheckVerdict.FAIL]
    lines = tuple(f"{each.check}: {each.found}" for each in fails) or (f"none of {len(findings)} failed",)
    return DoctorOutcome(is_done=not fails, findings=findings, asked_at=SystemClock().now(), lines=lines)


DOCTOR = Operation(
    name="doctor",
    summary="Check a configuration, its key and its venue; no order is placed.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=DoctorRequest,
    subject=lambda request: WHOLE_BOT,
    preview=lambda call: Preview(effect="asks the machine and the venue; nothing is changed"),
    perform=see_doctor,
)
OPERATIONS: Final = (DOCTOR,)
