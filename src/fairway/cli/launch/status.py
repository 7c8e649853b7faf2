"""`fairway launch status`, `explain` and `decision`: where a launch is, in plain words, and how it was decided."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

from fairway.cli.answer import CommandOutput, instant, shows
from fairway.cli.exits import ExitCode
from fairway.cli.shared_options import USUAL, Config
from fairway.cli.whole_numbers import whole
from fairway.settings import load

if TYPE_CHECKING:
    from fairway.launch.gates.verdict import Verdict
    from fairway.launch.plan.compiled_plan import CompiledTrack
    from fairway.launch.views.status_text import LaunchStatus


@shows
def status(config: Config = USUAL, /) -> CommandOutput:
    """Say where the launch is, in a few lines: stage, gates, holds, limits, and what the next stage needs."""
    from fairway.assembly.tower import launch_status
    from fairway.launch.views.status_text import status as lines

    shown = launch_status(load(config))
    return CommandOutput(value=_value(shown), text=list(lines(shown)))


@shows
def explain(config: Config = USUAL, /) -> CommandOutput:
    """Say all of it: each gate with its reason, when it can be decided at the present rate, what limits us and who lifts that."""
    from fairway.assembly.tower import launch_status
    from fairway.launch.views.status_text import explain as lines

    shown = launch_status(load(config))
    return CommandOutput(value=_value(shown), text=list(lines(shown)))


@shows
def decision(config: Config, number: Annotated[int, whole(7)], /) -> CommandOutput:
    """Repeat a decision from what the pilot saw then, and compare it byte by byte with what was journaled.

    Parameters
    ----------
    number: int
        Which one, from 1.
    """
    from fairway.assembly.tower import replay_decision
    from fairway.launch.views.reason_text import reason_in_words
    from fairway.world.clock import text_of

    done = replay_decision(load(config), number)
    decided = done.decided
    lines = [f"decision {number} of {text_of(decided.now)[:19]}, from the trader's journal up to record {decided.read_to}"]
    for track, verdicts in decided.verdicts.items():
        lines.append(f"  {track}: {decided.results[track].value}")
        for said in verdicts:
            lines.append(f"    {said.gate}: {said.result.value}, {reason_in_words(said.reason)}")
    lines.append(f"  it led to: {', '.join(decided.outcome) or 'nothing else'}")
    lines.append(f"  its record: {done.record.digest}")
    lines.append(f"REPEATED, IT DIFFERS: {done.differs}" if done.differs else "repeated, it is the same to the byte")
    value = {
        "number": number,
        "at": instant(decided.now),
        "read_to": decided.read_to,
        "tracks": [
            {"track": track, "result": decided.results[track], "gates": _gates(verdicts)}
            for track, verdicts in decided.verdicts.items()
        ],
        "led_to": list(decided.outcome),
        "digest": done.record.digest,
        "differs": done.differs,
    }
    return CommandOutput(value=value, text=lines, code=ExitCode.NO if done.differs else ExitCode.OK)


def _value(shown: "LaunchStatus") -> dict[str, object]:
    """Where each track is, its gates as they are now, and what holds it."""
    launch = shown.launch
    return {
        "plan": shown.plan.name,
        "begun_at": instant(launch.began_at),
        "release": launch.release,
        "tracks": [_track(shown, track) for track in shown.plan.tracks],
    }


def _track(shown: "LaunchStatus", track: "CompiledTrack") -> dict[str, object]:
    from fairway.launch.control.holds import on
    from fairway.launch.control.leases import allowed_limits

    progress = shown.launch.track(track.name)
    return {
        "track": track.name,
        "stage": track.stages[progress.stage].name if progress.stage >= 0 else "",
        "phase": progress.phase,
        "entered_at": instant(progress.entered_at),
        "gates": _gates(shown.verdicts.get(track.name, ())),
        "holds": [
            {"id": hold.id, "reason": hold.reason, "since": instant(hold.since), "contains": hold.contains, "ends": hold.lifting}
            for hold in on(track.name, shown.launch.holds.values())
        ],
        "limits": allowed_limits(track, shown.launch) if track.leads else None,
    }


def _gates(verdicts: "Iterable[Verdict]") -> list[dict[str, object]]:
    return [{"gate": each.gate, "result": each.result, "reason": each.reason, "numbers": each.numbers} for each in verdicts]
