"""What people said while no pilot flew is shown until one has heard it."""

from dataclasses import replace
from pathlib import Path

from tests.pure.launch.launches import BEGIN, Flight
from tests.pure.launch.test_record import told

from fairway.launch.control import commands as said
from fairway.launch.control.command_inbox import tell, waiting
from fairway.launch.views.status_text import explain, status
from fairway.world.clock import MINUTE


def shown(journal: Path, heard: int) -> list[str]:
    """The lines of status that are about what waits. heard: number of the last instruction that a pilot took."""
    flight = Flight()
    facts = replace(told(flight), waiting=waiting(journal, heard, trader="main"))
    lines = [line for line in status(facts) if "WAITS" in line or "a pilot hears it" in line]
    assert lines == [line for line in explain(facts) if "WAITS" in line or "a pilot hears it" in line]
    return lines


def test_nothing_waits_where_nobody_spoke(tmp_path: Path) -> None:
    assert shown(tmp_path / "fairway.journal", 0) == []


def test_what_no_pilot_has_heard_is_shown_until_one_has(tmp_path: Path) -> None:
    journal = tmp_path / "fairway.journal"
    for at, wish in enumerate((said.HoldIt(reason="smells", contains=True), said.Abort(reason="anew", track="engine"))):
        tell(journal, wish, mode="practice", trader="main", by="bob", at=BEGIN + at * MINUTE)
    hold = "instruction 1 WAITS for a pilot: hold, and open nothing, 1970-01-12T13:46:40 by bob: smells"
    abort = "instruction 2 WAITS for a pilot: abort (track engine), 1970-01-12T13:47:40 by bob: anew"
    hears = "a pilot hears it before anything else: fairway launch start CONFIG"
    assert shown(journal, 0) == [hold, abort, hears]
    assert shown(journal, 1) == [abort, hears]
    assert shown(journal, 2) == []


def test_of_many_the_first_are_shown_with_how_many_follow(tmp_path: Path) -> None:
    journal = tmp_path / "fairway.journal"
    for number in range(8):
        tell(journal, said.Review(reason=f"look {number}"), mode="practice", trader="main", by="bob", at=BEGIN)
    lines = shown(journal, 0)
    assert len(lines) == 6
    assert lines[-1].startswith("and 3 more wait; a pilot hears it")
