"""Plays chaos scenes, and judges each by the exchange's own log: its checks, its recoveries, the oracle and all invariants."""

from collections.abc import Callable, Iterator, Sequence
from decimal import localcontext
from typing import Final, NamedTuple

from fairway.exchange.faults.counted import CountedFault
from fairway.journal.kinds import CapLifted
from fairway.money.amount import CONTEXT
from fairway.proving.chaos.result import CheckResult, RecoveryResult, SceneResult
from fairway.proving.chaos.scene import ChaosScene, Injection, SceneCheck, ScenePlay
from fairway.proving.chaos.seen import Seen
from fairway.proving.chaos.stage import ChaosHarness
from fairway.proving.invariants import violations
from fairway.proving.sweep import SweepRun, steps_of
from fairway.world.clock import SECOND, SystemClock

CRASH: Final = "kill -9"


class Played(NamedTuple):
    """What one play came to."""

    checks: Sequence[CheckResult]
    recoveries: Sequence[RecoveryResult]
    violations: Sequence[str]


def run_scene(scene: ChaosScene, seed: int, *, sample: int = 0) -> SceneResult:
    """Plays a scene. sample: of a sweep so many steps of each scenario, evenly; 0 for all."""
    began = SystemClock().monotonic()
    played = [run_play(play, seed) for play in scene.plays]
    swept = _swept(scene.swept, sample) if scene.swept else None
    if swept is not None:
        played.append(swept)
    return SceneResult(
        name=scene.name,
        kind=scene.kind.value,
        source=scene.source,
        shows=scene.shows,
        injects=scene.injects,
        assumes=scene.assumes,
        items=tuple(scene.items),
        plays=len(played),
        checks=tuple(check for each in played for check in each.checks),
        recoveries=tuple(recovery for each in played for recovery in each.recoveries),
        violations=tuple(line for each in played for line in each.violations),
        took_s=round((SystemClock().monotonic() - began) / SECOND, 2),
        again=f"fairway chaos {scene.name} --seed {seed}",
    )


def run_play(play: ScenePlay, seed: int, make: Callable[[ScenePlay, int], ChaosHarness] = ScenePlay.stage) -> Played:
    """One run of a whole system. A trader that ends in an error breaks the play like a violation."""
    stage, ended = make(play, seed), []
    try:
        stage.run(play.minutes)
    except Exception as error:
        ended = [f"{play.tells}: the trader ended: {error!r}"]
    if not stage.has_traded:
        return Played((), (), ended or [f"{play.tells}: the trader never started"])
    with localcontext(CONTEXT):
        seen = Seen(stage)
        found = [f"{play.tells}: {each}" for each in (*stage.complaints.lines, *map(str, violations(seen.result)))]
        checks = [_checked(play, check, seen) for check in play.checks]
        recoveries = [_recovered(play, injection, seen) for injection in play.injections]
    return Played(checks, recoveries, [*ended, *found, *_never_struck(play, stage)])


def _never_struck(play: ScenePlay, stage: ChaosHarness) -> Iterator[str]:
    """A fault that never struck shows nothing."""
    for fault, _ in stage.exchange.context.faults.all().values():
        if isinstance(fault, CountedFault) and not fault.struck:
            yield f"{play.tells}: the fault {type(fault).__name__} never struck, so the play shows nothing"


def _checked(play: ScenePlay, check: SceneCheck, seen: Seen) -> CheckResult:
    measured = check.ask(seen)
    measured = None if measured is None else round(float(measured), 4)
    return CheckResult(
        at_most=check.at_most,
        at_least=check.at_least,
        play=play.tells,
        tells=check.tells,
        measured=measured,
        bound=bound_in_words(check),
        unit=check.unit,
        holds=is_within(measured, check),
        part=check.part,
    )


def is_within(measured: float | None, check: SceneCheck) -> bool:
    """A check without a bound never holds, so that none is left out by mistake."""
    if measured is None or (check.at_most is None and check.at_least is None):
        return False
    is_low = check.at_most is None or measured <= check.at_most
    return is_low and (check.at_least is None or measured >= check.at_least)


def bound_in_words(check: SceneCheck) -> str:
    least = "" if check.at_least is None else f"at least {check.at_least:g}"
    most = "" if check.at_most is None else f"at most {check.at_most:g}"
    if least and check.at_least == check.at_most:
        return f"exactly {check.at_most:g} {check.unit}".strip()
    return f"{' and '.join(each for each in (least, most) if each)} {check.unit}".strip()


def _recovered(play: ScenePlay, injection: Injection, seen: Seen) -> RecoveryResult:
    took = recovered_after(injection, seen)
    return RecoveryResult(
        play=play.tells,
        tells=injection.tells,
        since_s=injection.since,
        lasted_s=round(injection.until - injection.since, 4),
        took_s=None if took is None else round(took, 4),
        within_s=injection.within_s,
    )


def recovered_after(injection: Injection, seen: Seen) -> float | None:
    """Seconds from the end of a trouble until the exchange has answered the trader, has its subscription where the stream was
    lost, and no coin of the bot is without a stop, all by the exchange's log; and until a cap that the trader raised is lifted.

    None for never.
    """
    instants = [seen.answered_from(injection.until), seen.protected_from(injection.until)]
    if injection.loses_stream:
        instants.append(seen.subscribed_from(injection.since))
    if injection.lifts_cap:
        lifted_after = seen.announced_after_s(CapLifted, since=injection.until)
        instants.append(None if lifted_after is None else injection.until + lifted_after)
    known = [each for each in instants if each is not None]
    return max(0.0, max(known) - injection.until) if len(known) == len(instants) else None


def _swept(scenarios: Sequence[str], sample: int) -> Played:
    """The trader is killed after each of its steps, one step in each run."""
    steps, found = 0, list[str]()
    for scenario in scenarios:
        there = steps_of(scenario)
        number = min(sample or there, there)
        for place in range(number):
            run = SweepRun(scenario, CRASH, 1 + place * there // number)
            steps += 1
            found += [f"{run}: {line}; again: {run.command}" for line in run.violations()]
    killed = SceneCheck(
        tells="steps that the trader was killed after", ask=lambda _: steps, at_least=len(scenarios), unit="steps"
    )
    broken = SceneCheck(tells="runs that broke a rule", ask=lambda _: len(found), at_most=0, unit="runs")
    return Played([_of_sweep(killed, steps), _of_sweep(broken, len(found))], (), found)


def _of_sweep(check: SceneCheck, measured: float) -> CheckResult:
    return CheckResult(
        at_most=check.at_most,
        at_least=check.at_least,
        play="the trader is killed at each step",
        tells=check.tells,
        measured=measured,
        bound=bound_in_words(check),
        unit=check.unit,
        holds=is_within(measured, check),
    )
