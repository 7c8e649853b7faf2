"""A gate that cuts time into blocks, where the stage is too short for them, or an observation comes too seldom to fill them."""

from collections.abc import Iterator
from typing import Final

from fairway.launch.gates.kinds.regression import BLOCKS_MAX, BLOCKS_MIN, RegressionSettings
from fairway.launch.gates.kinds.trend import PIECES, TrendGateSettings
from fairway.launch.plan.lint.draft import Draft, DraftGate
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.texts.durations import as_setting
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND

BLOCKS: Final = (
    *(each * SECOND for each in (10, 30)),
    *(each * MINUTE for each in (1, 2, 5, 10, 30)),
    *(each * HOUR for each in (1, 2, 6, 12, 24)),
)


def look(draft: Draft) -> Iterator[RuleFinding]:
    for asked in draft.asked:
        pace = asked.horizon // asked.expected if asked.expected else 0
        match asked.settings:
            case RegressionSettings() as settings:
                yield from _of_regression(asked, settings, pace)
            case TrendGateSettings() as settings:
                yield from _of_trend(asked, settings, pace)


def _of_regression(asked: DraftGate, settings: RegressionSettings, pace: int) -> Iterator[RuleFinding]:
    window = min(settings.over or asked.horizon, asked.horizon)
    filled = _filled(window, settings.block, pace)
    if filled < BLOCKS_MIN:
        told = f"{settings.name} compares blocks of {as_setting(settings.block)}, {BLOCKS_MIN} with an observation in each"
        yield RuleFinding(
            asked.path,
            f"{told}, and {_why(asked, settings.over, pace)} {filled} are at best",
            _mend(settings.block, window, pace),
        )


def _filled(window: int, block: int, pace: int) -> int:
    """How many blocks have an observation at best: of the newest ones, and the first one is cut off."""
    return max(0, min(window, BLOCKS_MAX * block) - block) // max(block, pace)


def _why(asked: DraftGate, over: int, pace: int) -> str:
    lasts = f"over {as_setting(over)}" if 0 < over < asked.horizon else f"in {asked.lasts} of stage {asked.stage.name}"
    comes = f", with {asked.of} every {_rounded(pace)}," if pace else ""
    return f"{lasts}{comes}"


def _mend(block: int, window: int, pace: int) -> str:
    """The nearest block with which there are enough, else how long it takes."""
    nearest = [*(each for each in BLOCKS if each > block), *(each for each in reversed(BLOCKS) if each < block)]
    for each in nearest:
        if _filled(window, each, pace) >= BLOCKS_MIN:
            return f"block: {as_setting(each)}"
    return f"stay.at_most: {_rounded((BLOCKS_MIN + 2) * max(pace, MINUTE))} with block: {_rounded(max(pace, MINUTE))}"


def _of_trend(asked: DraftGate, settings: TrendGateSettings, pace: int) -> Iterator[RuleFinding]:
    piece, needed = settings.piece_ns, settings.span + settings.piece_ns
    if asked.horizon < needed:
        told = f"{settings.name} tells a trend from {as_setting(settings.span)}, and stage {asked.stage.name} lasts {asked.lasts}"
        yield RuleFinding(
            asked.path,
            told,
            f"span: {_rounded(asked.horizon * PIECES // (PIECES + 1), up=False)}, or stay.at_most: {_rounded(needed)}",
        )
    elif pace > piece:
        told = f"{settings.name} cuts {as_setting(settings.span)} into {PIECES} pieces of {_rounded(piece)}"
        what = f"{told}, and {asked.of} comes every {_rounded(pace)}, so that many are empty"
        yield RuleFinding(asked.path, what, f"span: {_rounded(PIECES * pace)}, or a source that measures it more often")


def _rounded(ns: int, *, up: bool = True) -> str:
    """To whole seconds, minutes from two on, hours from two on, days from two on."""
    unit = next((unit for unit in (DAY, HOUR, MINUTE) if ns >= 2 * unit), SECOND)
    return as_setting((-(-ns // unit) if up else ns // unit) * unit)


RULE = Rule(
    "few-blocks",
    Severity.REFUSE,
    "Neighbours in time are alike, so what is told apart are spells of time, and it takes enough of them with something in each.",
    look,
)
