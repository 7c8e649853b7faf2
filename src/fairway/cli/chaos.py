"""`fairway chaos`: injects troubles into a whole system in simulated time, measures how it comes through, and writes evidence."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from fairway.cli.exits import ExitCode, Failure
from fairway.cli.printing import say
from fairway.cli.report_folder import report_folder
from fairway.cli.shared_options import Flag
from fairway.cli.whole_numbers import whole
from fairway.texts.numbers import counted

if TYPE_CHECKING:
    from fairway.proving.chaos.report import ChaosReport
    from fairway.proving.chaos.result import CheckResult, SceneResult
    from fairway.settings import Settings

MARK: Final = "chaos.json"
USUAL_OUT: Final = Path("fairway-chaos")
SEED_MAX: Final = 2**31
_WIDTH: Final = 76


def chaos(
    what: Annotated[list[str] | None, Parameter(negative=())] = None,
    /,
    *,
    claim: str = "",
    out: Path = USUAL_OUT,
    seed: Annotated[int, whole(1)] = 1,
    busiest: Annotated[int, whole(100)] = 0,
    list_scenes: Annotated[bool, Parameter(name="--list", negative=())] = False,
    force: Flag = False,
) -> int:
    """Inject crashes, outages, locks and bad data into a whole system in simulated time, and measure how it comes through.

    The exchange's own log judges. Exit code 1 where a number is beyond its bound. Nothing outside of the directory is changed.

    Parameters
    ----------
    what: list[str]
        Scenes by name; all of them where none is named. And a configuration, whose release the report is then evidence for.
    claim: str
        Only the scenes that are evidence for this item of a checklist, such as network.
    out: Path
        Directory for chaos.json and the JUnit files; a new or an empty one.
    seed: int
        The same seed gives the same run.
    busiest: int
        Of the scene stress: orders in your busiest minute. Left out: by the configured journal, else 100.
    list_scenes: bool
        List the scenes, their items and what each shows; run none.
    force: bool
        Overwrite an earlier report in the directory.
    """
    if list_scenes:
        return _list()
    if not 0 <= seed < SEED_MAX or not 0 <= busiest <= 10_000:
        raise Failure("--seed is from 0 to 2147483647, and --busiest from 0 to 10000; a right use is --seed 1", ExitCode.USAGE)
    names, config = _told_apart(what or [], claim)
    settings = _settings(config)
    folder = report_folder(out, MARK, str(USUAL_OUT), force=force)
    again = _again(what or [], seed, busiest)
    report = _run(names, settings, seed=seed, busiest=busiest, again=f"{again} --claim {claim}" if claim else again)
    return _tell(report, folder, claim)


def _told_apart(words: Sequence[str], claim: str) -> tuple[list[str], Path | None]:
    """Scenes, and the configuration. Raises Failure."""
    from fairway.proving.chaos.catalog import items, scenes

    known, of_items = scenes(), items()
    files = [Path(word) for word in words if word not in known]
    missing = [str(file) for file in files if not file.is_file()]
    if missing:
        raise Failure(f"{missing[0]} is no scene and no file; the scenes are {', '.join(known)}", ExitCode.USAGE)
    if len(files) > 1:
        raise Failure(f"{files[0]} and {files[1]} are two configurations; name one", ExitCode.USAGE)
    if claim and claim not in of_items:
        raise Failure(f"--claim {claim}: no scene is evidence for it; there are {', '.join(of_items)}", ExitCode.USAGE)
    named = [word for word in words if word in known]
    if claim and named:
        raise Failure("--claim chooses its scenes itself; name either scenes or a claim", ExitCode.USAGE)
    chosen = of_items[claim] if claim else named or list(known)
    return list(dict.fromkeys(chosen)), files[0] if files else None


def _settings(config: Path | None) -> "Settings | None":
    from fairway.settings import load

    return load(config, environ={}) if config is not None else None


def _run(names: Sequence[str], settings: "Settings | None", *, seed: int, busiest: int, again: str) -> "ChaosReport":
    import fairway
    from fairway.assembly import bot_of
    from fairway.proving.chaos.catalog import SceneOrder, play_all
    from fairway.proving.chaos.report import ChaosReport
    from fairway.world.clock import SystemClock

    orders, basis = _busiest(settings, busiest)
    began, results = SystemClock().now(), []
    for result in play_all([SceneOrder(name, seed, 0, orders, basis) for name in names]):
        results.append(result)
        if sys.stderr.isatty():
            print(f"{'PASS' if result.holds else 'FAIL'} {result.name} ({result.took_s:g} s)", file=sys.stderr)
    return ChaosReport(
        fairway=fairway.__version__,
        release=bot_of(settings).digest if settings is not None else "",
        seed=seed,
        made_at=began,
        again=again,
        scenes=tuple(results),
    )


def _busiest(settings: "Settings | None", said: int) -> tuple[int, str]:
    """Orders of the busiest minute, and whose it was, in words."""
    from fairway.journal.port import JournalError
    from fairway.proving.chaos.busiest_minute import busiest_minute
    from fairway.proving.chaos.stress import BASIS, BUSIEST

    if said:
        return said, "as --busiest says"
    if settings is not None:
        try:
            found = busiest_minute(settings.journal, settings.account)
        except JournalError:
            found = None
        if found is not None:
            return found.orders, f"by the journal {settings.journal}, over its last {found.days} days"
    return BUSIEST, BASIS


def _again(words: Sequence[str], seed: int, busiest: int) -> str:
    return " ".join(["fairway chaos", *words, f"--seed {seed}", *([f"--busiest {busiest}"] if busiest else [])])


# -- what is shown -----------------------------------------------------------------------------------------------------


def _list() -> int:
    from fairway.proving.chaos.catalog import LEFT_OUT, scenes

    found = scenes().values()
    for it in found:
        say(f"{it.name}  ({it.source}{'; for ' + ', '.join(it.items) if it.items else ''})")
        say(f"    {it.shows}")
    for case, why in LEFT_OUT.items():
        say(f"not here yet: {case}: {why}")
    return ExitCode.OK


def _tell(report: "ChaosReport", folder: Path, claim: str) -> int:
    from fairway.proving.chaos.catalog import items
    from fairway.proving.chaos.report import write_report

    of_items = items()
    written = write_report(report, folder, {claim: of_items[claim]} if claim else of_items)
    for scene in report.scenes:
        for line in _lines(scene):
            say(line)
    say("")
    for scene in report.scenes:
        for line in scene.against():
            say(f"{scene.name}: {line}")
    for line in _summary(report):
        say(line)
    for name, path in written.items():
        say(f"{name or 'all scenes'}: {path}")
    if not report.release:
        say("no configuration was named, so the report is about no release: evidence for a launch needs one")
    return ExitCode.OK if report.holds else ExitCode.NO


def _lines(scene: "SceneResult") -> Iterator[str]:
    """Each number of a scene, the worst of all its plays, beside its bound."""
    from fairway.proving.chaos.result import number

    verdict = "PASS" if scene.holds else "FAIL"
    yield f"{verdict}  {scene.name}  ({scene.source}, {counted(scene.plays, 'play')}, {scene.took_s:g} s)"
    worst: dict[tuple[str, str], CheckResult] = {}
    for check in scene.checks:
        known = worst.get((check.tells, check.bound))
        if known is None or check.badness > known.badness:
            worst[check.tells, check.bound] = check
    for check in worst.values():
        measured = number(check.measured, check.unit)
        yield _columns("ok" if check.holds else "NO", check.tells, measured, check.bound)
    for each in sorted(scene.recoveries, key=lambda it: (it.took_s is None, it.took_s or 0))[-1:]:
        yield _columns(
            "ok" if each.is_recovered else "NO",
            f"slowest recovery: {each.tells}",
            number(each.took_s, "s"),
            f"within {each.within_s:g} s",
        )


def _columns(verdict: str, tells: str, measured: str, bound: str) -> str:
    return f"  {verdict:<3} {tells:<{_WIDTH}} {measured:>14}   {bound}"


def _summary(report: "ChaosReport") -> Iterator[str]:
    from fairway.proving.chaos.report import MTTR_MAX_S, SHARE_MIN
    from fairway.proving.chaos.result import number

    found = report.recovery
    if found is not None:
        yield (
            f"004 C-9: {found.recovered} of {found.injected} injected troubles recovered by themselves ({found.share:.1%}, "
            f"at least {SHARE_MIN:.0%}); mean time to recovery {number(found.from_its_start_s, 's')} with its own length "
            f"(at most {MTTR_MAX_S:g} s), {number(found.mean_s, 's')} from its end, {number(found.longest_s, 's')} at most"
        )
    held = sum(scene.holds for scene in report.scenes)
    yield f"004 C-10: {held} of {len(report.scenes)} scenes hold; the report was read again as evidence after it was written"
