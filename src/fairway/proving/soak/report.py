"""The report of a soak: snapshots.ndjson while it runs, summary.json and JUnit XML at its end."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from fairway.proving.junit_file import JunitCase, write_junit
from fairway.proving.soak.meter import SoakMeter
from fairway.proving.soak.snapshot import SoakSnapshot, snapshot_of
from fairway.proving.soak.verdict import SoakBound, SoakRun, Verdict, judged, overall
from fairway.world.clock import text_of

SNAPSHOTS_FILE: Final = "snapshots.ndjson"
SUMMARY_FILE: Final = "summary.json"
JUNIT_FILE: Final = "soak-24h.junit.xml"


class SoakReport(Struct, frozen=True, kw_only=True):
    """made_at: ns of real time, when it began. what: which system ran, in words. crashes: errors in which a trader ended."""

    fairway: str
    release: str
    made_at: int
    again: str
    what: str
    run: SoakRun
    bounds: tuple[SoakBound, ...]
    last: SoakSnapshot
    snapshots: int
    crashes: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        return Verdict.FAIL if self.crashes else overall(self.bounds)


class SnapshotFile:
    """Appends one line for each snapshot, so that what was seen is there however the soak ends."""

    def __init__(self, folder: Path, since: int = 0) -> None:
        self._path = folder / SNAPSHOTS_FILE
        self.since, self.count = since, 0
        self._path.write_bytes(b"")

    def add(self, meters: Sequence[SoakMeter], now: int) -> SoakSnapshot:
        """now: ns. Raises OSError."""
        taken = snapshot_of(meters, self.since, now)
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(taken) + b"\n")
        self.count += 1
        return taken


def report_of(
    meters: Sequence[SoakMeter], run: SoakRun, *, told: dict[str, str], made_at: int, snapshots: int, crashes: Sequence[str] = ()
) -> SoakReport:
    """told: version, release, command and system, by the names of the report's fields."""
    return SoakReport(
        fairway=told["fairway"],
        release=told["release"],
        again=told["again"],
        what=told["what"],
        made_at=made_at,
        run=run,
        bounds=tuple(judged(meters, run)),
        last=snapshot_of(meters, run.since, run.until),
        snapshots=snapshots,
        crashes=tuple(crashes),
    )


def write_summary(report: SoakReport, folder: Path) -> None:
    """Writes summary.json and the JUnit file. Raises ReportBroken."""
    value = {
        "report": "soak",
        "verdict": report.verdict,
        **msgspec.to_builtins(report),
        "made_at": text_of(report.made_at),
        "from": text_of(report.run.since),
        "to": text_of(report.run.until),
    }
    (folder / SUMMARY_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(value)))
    said = {"fairway.soak": report.what}
    write_junit(
        folder / JUNIT_FILE, "fairway soak", report.made_at, _cases(report), release=report.release, again=report.again, said=said
    )


def _cases(report: SoakReport) -> Iterator[JunitCase]:
    for each in report.bounds:
        against = "" if each.verdict is Verdict.PASS else f"{each.measured}, and must be {each.bound}"
        against += f": {each.why}" if against and each.why else ""
        yield JunitCase("soak", f"{each.name}: {each.measured} ({each.bound})", against, each.verdict is Verdict.INSUFFICIENT)
    yield JunitCase("soak", "no trader ended in an error", "; ".join(report.crashes))
