"""What `fairway launch prove-gates` tells of the gates of the house."""

import pytest

from fairway.cli import run
from fairway.cli.exits import Exit
from fairway.launch.gates.found import installed


def test_every_gate_is_told_and_proven(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["launch", "prove-gates"]) == Exit.OK
    told = capsys.readouterr().out
    rows = [line.split() for line in told.splitlines()]
    assert {row[0] for row in rows[1:] if len(row) > 1 and row[1] == "PASS"} == set(installed().plugins)
    assert f"all {len(installed().plugins)} gates are proven" in " ".join(told.split())
