"""A gate that the stage's observations cannot decide, however good the bot is."""

from collections.abc import Iterator

from fairway.launch.gates.statistics.bursts import needed, needed_without_failure
from fairway.launch.gates.statistics.series_gate import PARTS
from fairway.launch.plan.lint.draft import Draft, DraftGate, expected
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.stage import GateEntry
from fairway.texts.durations import as_setting
from fairway.texts.quantities import share_of
from fairway.world.clock import DAY, HOUR, MINUTE


def look(draft: Draft) -> Iterator[RuleFinding]:
    for asked in draft.asked:
        yield from _slides(draft, asked)
        needed, why = _needed(asked.entry)
        over = getattr(asked.settings, "over", 0)
        window = min(over or asked.horizon, asked.horizon)
        come = expected(draft.plan, asked.stage, asked.of, window)
        if needed is None or come is None or needed <= come:
            continue
        mend = "over: stage" if window < asked.horizon else _mend(asked, needed)
        told = f"{why}, and in stage {asked.stage.name} {come:,} come in {as_setting(window)}"
        yield RuleFinding(asked.path, told, mend)


def _slides(draft: Draft, asked: DraftGate) -> Iterator[RuleFinding]:
    """A sliding window restarts its evidence at each quarter. Each restart needs more observations, in the end too many."""
    share, over = proven_share(asked.entry), getattr(asked.settings, "over", 0)
    if share is None or not over or over >= asked.horizon or asked.entry.text("strength") == "not_disproven":
        return
    part = over - over // PARTS
    come, times = expected(draft.plan, asked.stage, asked.of, part), -(-(asked.horizon - over) * PARTS // over) + 1
    takes = needed(share, sequences=times)
    if come is not None and (takes is None or come < takes):
        what = (
            f"{asked.entry.name} begins its evidence {times} times while a window of {as_setting(over)} slides through "
            f"{asked.lasts}; the last time it takes {f'{takes:,}' if takes else 'more than can ever come'} observations at "
            f"best, and {come:,} come in three quarters of the window"
        )
        yield RuleFinding(asked.path, what, "over: stage")


def _needed(entry: GateEntry) -> tuple[int | None, str]:
    """The fewest observations by which a gate can pass, and why these are needed."""
    least = entry.text("at_least_n")
    fewest = int(least) if least.isdecimal() else 0
    told = f"{entry.name} wants at least {fewest:,} observations"
    share = proven_share(entry)
    if share is not None and entry.text("strength") != "not_disproven":
        best, passing_facts = needed(share), needed_without_failure(share)
        if best is not None and best > fewest:
            told = (
                f"{best:,} observations at best, and {passing_facts:,} where none is bad"
                if passing_facts
                else f"{best:,} at best"
            )
            return best, f"{entry.name} takes {told}, to prove {float(share * 100):g} %"
    if entry.gate == "count" and entry.text("at_least").isdecimal() and entry.text("distinct") != "true":
        return int(entry.text("at_least")), f"{entry.name} counts up to {entry.text('at_least')}"
    return (fewest or None), told


def proven_share(entry: GateEntry) -> float | None:
    """The share that a gate proves, where it proves one."""
    key = {"proportion": "at_least", "quantile": "q"}.get(entry.gate)
    try:
        share = float(share_of(entry.text(key)).value) if key else None
    except ValueError:
        return None
    return share if share is not None and 0 < share < 1 else None


def _mend(asked: DraftGate, needed: int) -> str:
    expected = asked.expected
    assert expected is not None
    longer = ""
    if expected:
        longer = f"stay.at_most: {_rounded_up(-(-asked.horizon * needed // expected))}, or "
    return f"{longer}strength: not_disproven with a bound on the stage's loss"


def _rounded_up(ns: int) -> str:
    """To whole minutes, hours from two on, days from two on."""
    unit = next((unit for unit in (DAY, HOUR) if ns > 2 * unit), MINUTE)
    return as_setting(-(-ns // unit) * unit)


RULE = Rule(
    "undecidable",
    Severity.REFUSE,
    "A gate that cannot gather enough observations never says PASS, so the stage ends in an argument instead of in a verdict.",
    look,
)
