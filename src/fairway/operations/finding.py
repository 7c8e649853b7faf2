"""The result of one check: what was found, whether it is right, and what a person may do."""

from dataclasses import dataclass
from enum import StrEnum


class CheckVerdict(StrEnum):
    OK = "OK"
    WARN = "WARN"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """check: its subject. advice: what a person may do, "" where nothing is to be done."""

    check: str
    verdict: CheckVerdict
    found: str
    advice: str = ""


def ok(check: str, found: str) -> DoctorFinding:
    return DoctorFinding(check, CheckVerdict.OK, found)


def warn(check: str, found: str, advice: str) -> DoctorFinding:
    return DoctorFinding(check, CheckVerdict.WARN, found, advice)


def fail(check: str, found: str, advice: str) -> DoctorFinding:
    return DoctorFinding(check, CheckVerdict.FAIL, found, advice)
