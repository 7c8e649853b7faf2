"""`fairway launch status`, `explain` and `decision`: where a launch is, in plain words, and how it was decided."""

from typing import Annotated

from fairway.cli.asked import USUAL, Config
from fairway.cli.exits import Exit
from fairway.cli.numbers import whole
from fairway.settings import load


def status(config: Config = USUAL, /) -> int:
    """Say where the launch is, in a few lines: stage, gates, holds, limits, and what the next stage needs."""
    from fairway.assembly.tower import told_of
    from fairway.launch.words import status as lines

    for line in lines(told_of(load(config))):
        print(line)
    return Exit.OK


def explain(config: Config = USUAL, /) -> int:
    """Say all of it: each gate with its reason, when it can be decided at the present rate, what limits us and who lifts that."""
    from fairway.assembly.tower import told_of
    from fairway.launch.words import explain as lines

    for line in lines(told_of(load(config))):
        print(line)
    return Exit.OK


def decision(config: Config, number: Annotated[int, whole(7)], /) -> int:
    """Make a decision anew from what was there then, and compare it with what was written, byte by byte.

    Parameters
    ----------
    number: int
        Which one, from 1.
    """
    from fairway.assembly.tower import replay_decision
    from fairway.launch.plain import plainly
    from fairway.world.clock import text_of

    done = replay_decision(load(config), number)
    decided = done.decided
    print(f"decision {number} of {text_of(decided.now)[:19]}, from the trader's journal up to record {decided.read_to}")
    for track, verdicts in decided.verdicts.items():
        print(f"  {track}: {decided.results[track].value}")
        for said in verdicts:
            print(f"    {said.gate}: {said.result.value}, {plainly(said.reason)}")
    print(f"  it led to: {', '.join(decided.outcome) or 'nothing else'}")
    print(f"  its record: {done.record.digest}")
    if done.differs:
        print(f"MADE ANEW IT DIFFERS: {done.differs}")
        return Exit.NO
    print("made anew it is the same, to the byte")
    return Exit.OK
