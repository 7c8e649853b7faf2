"""The report of chaos scenes: chaos.json, and JUnit XML that `fairway launch evidence` takes, for all scenes and for each item.

Case C-9 is computed here, over all that was injected. Case C-10 is the report itself: it is read again after it was written.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from fairway.proving.chaos.catalog import LEFT_OUT
from fairway.proving.chaos.result import RecoveryResult, SceneResult, number
from fairway.proving.junit_file import JunitCase, write_junit
from fairway.world.clock import text_of

JSON_FILE: Final = "chaos.json"
JUNIT_FILE: Final = "chaos.junit.xml"
SHARE_MIN: Final = 0.9
MTTR_MAX_S: Final = 120.0


class RecoverySummary(Struct, frozen=True, kw_only=True):
    """Case C-9. mean_s: from the end of each trouble until the system was itself again; from_its_start_s: with the trouble's own
    length. Means are over those that recovered, and None where none did."""

    injected: int
    recovered: int
    share: float
    mean_s: float | None
    from_its_start_s: float | None
    longest_s: float | None

    @property
    def holds(self) -> bool:
        return self.share >= SHARE_MIN and self.from_its_start_s is not None and self.from_its_start_s <= MTTR_MAX_S


class ChaosReport(Struct, frozen=True, kw_only=True):
    """release: digest of the configured bot, "" where no configuration was given. made_at: ns. again: makes it again."""

    fairway: str
    release: str
    seed: int
    made_at: int
    again: str
    scenes: tuple[SceneResult, ...]

    @property
    def recovery(self) -> RecoverySummary | None:
        """None where nothing was injected."""
        return recovery_of([each for scene in self.scenes for each in scene.recoveries])

    @property
    def holds(self) -> bool:
        """A report without scenes shows nothing."""
        recovery = self.recovery
        return bool(self.scenes) and all(each.holds for each in self.scenes) and (recovery is None or recovery.holds)


def recovery_of(recoveries: Sequence[RecoveryResult]) -> RecoverySummary | None:
    """None where nothing was injected: of nothing there is no share."""
    if not recoveries:
        return None
    took = [(each.took_s, each.lasted_s) for each in recoveries if each.took_s is not None and each.is_recovered]
    alone = [seconds for seconds, _ in took]
    whole = [seconds + lasted for seconds, lasted in took]
    return RecoverySummary(
        injected=len(recoveries),
        recovered=len(took),
        share=round(len(took) / len(recoveries), 4),
        mean_s=round(sum(alone) / len(alone), 3) if alone else None,
        from_its_start_s=round(sum(whole) / len(whole), 3) if whole else None,
        longest_s=max(alone, default=None),
    )


def write_report(report: ChaosReport, folder: Path, claims: Mapping[str, Sequence[str]]) -> dict[str, Path]:
    """Writes all files, reads them again, and returns where they are, by claim, and "" for all scenes.

    claims: the scenes of each item. An item of which a scene is missing gets no file. Raises ReportBroken.
    """
    by_name = {scene.name: scene for scene in report.scenes}
    (folder / JSON_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(document_of(report))))
    written = {"": folder / JUNIT_FILE}
    _write_junit(report, report.scenes, folder / JUNIT_FILE, report.again)
    for claim, names in claims.items():
        if all(name in by_name for name in names):
            written[claim] = folder / f"{claim}.junit.xml"
            _write_junit(report, [by_name[name] for name in names], written[claim], f"{report.again} --claim {claim}")
    return written


def document_of(report: ChaosReport) -> dict[str, object]:
    """The content of chaos.json."""
    return {
        "report": "chaos",
        "fairway": report.fairway,
        "release": report.release,
        "seed": report.seed,
        "made_at": text_of(report.made_at),
        "again": report.again,
        "holds": report.holds,
        "recovery": report.recovery,
        "left_out": dict(LEFT_OUT),
        "scenes": [
            {
                **msgspec.to_builtins(scene),
                "holds": scene.holds,
                "against": list(scene.against()),
            }
            for scene in report.scenes
        ],
    }


# -- JUnit -------------------------------------------------------------------------------------------------------------


def _write_junit(report: ChaosReport, scenes: Sequence[SceneResult], path: Path, again: str) -> None:
    cases = [case for scene in scenes for case in _cases(scene)]
    said = {"fairway.seed": str(report.seed)}
    write_junit(path, "fairway chaos", report.made_at, cases, release=report.release, again=again, said=said)


def _cases(scene: SceneResult) -> Iterator[JunitCase]:
    """Each number as a test, and what speaks against it."""
    for each in scene.checks:
        said = number(each.measured, each.unit)
        name = f"{each.play}: {each.tells}: {said} ({each.bound})"
        yield JunitCase(scene.name, name, "" if each.holds else f"{said}, and must be {each.bound}", each.measured is None)
    for recovery in scene.recoveries:
        said = number(recovery.took_s, "s")
        bound = f"within {recovery.within_s:g} s"
        name = f"{recovery.play}: {recovery.tells}: recovered after {said} ({bound})"
        yield JunitCase(scene.name, name, "" if recovery.is_recovered else f"{said}, and must be {bound}")
    rules = "the exchange's log and the journal keep every rule of docs/explanation/proving.md"
    yield JunitCase(scene.name, rules, "; ".join(scene.violations))
