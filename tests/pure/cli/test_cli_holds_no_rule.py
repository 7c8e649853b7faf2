"""A command parses, performs an operation and shows its outcome. Its imports of deciding rooms are listed, with a reason each."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import fairway.cli

ROOM = Path(fairway.cli.__file__).parent
DECIDING: Final = (
    "fairway.people",
    "fairway.trading",
    "fairway.launch.control",
    "fairway.store",
    "fairway.risk",
    "fairway.assembly",
    "fairway.venues",
)
"""Rooms that decide, store or assemble. Operations ask them; a command may not, but for what is listed below."""
VALUES: Final = {
    "fairway.people.account": "the values of options and rows: Account, Cohort, Mode",
    "fairway.people.lifecycle": "the states of a row",
    "fairway.people.roles": "the values of --role",
    "fairway.people.token": "the values of --scope, and how long a token counts",
    "fairway.people.user": "the values of --profile",
    "fairway.risk.causes": "the values of --severity",
    "fairway.trading.latch": "the values of --scope and --cause",
}
"""Plain values that any command may name."""
DISPLAY: Final = {
    "registry.py": {
        "fairway.people.master_key": "the default of --master-key",
        "fairway.people.secret": "a secret is typed unseen at the terminal, which no other shell has",
    },
    "chaos.py": {"fairway.assembly": "the digest of the release that the report is about"},
    "soak.py": {"fairway.assembly": "the same, and the configured bot that trades beside the others"},
    "caps.py": {
        "fairway.risk.guards.sentences": "what a guard says of its figures",
        "fairway.risk.caps": "which caps bind together, as lines",
        "fairway.risk.limits": "the states that lines are written of",
    },
    "exchange.py": {"fairway.assembly.operational_log": "the log of the process that the command is"},
    "watch.py": {"fairway.assembly.operational_log": "the log of the process that the command is"},
    "alerting.py": {"fairway.assembly.alerting_process": "the process that the command is"},
    "up.py": {"fairway.assembly.system_status": "the status that the supervisor keeps, and that is shown"},
    "kill.py": {"fairway.trading.kill": "the errors of a kill, each with its exit code"},
    "trade.py": {"fairway.assembly": "the finished run, of which the report at the end is made"},
    "journal.py": {"fairway.store.place": "the name of a journal's place"},
    "launch/clock.py": {"fairway.launch.control.agenda": "the day of a launch, as lines"},
    "launch/messages.py": {
        "fairway.assembly.tower": "the launch's journal, read for its messages",
        "fairway.launch.control.launch_events": "the events that are messages",
        "fairway.launch.control.state": "how they are decoded",
    },
    "launch/record.py": {"fairway.assembly.tower": "the record as it is now, to be written"},
    "launch/status.py": {
        "fairway.assembly.tower": "the launch as it is now, to be shown",
        "fairway.launch.control.holds": "the holds of a track, as rows",
        "fairway.launch.control.leases": "the limits of a stage, as a row",
    },
}
"""By file: what it imports of these rooms to display something, and why."""


def imports(file: Path) -> Iterator[str]:
    """Every module that a file imports at run time or for its types."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def deciding(file: Path) -> set[str]:
    return {
        name
        for name in imports(file)
        if name not in VALUES and any(name == room or name.startswith(f"{room}.") for room in DECIDING)
    }


@pytest.mark.parametrize("file", sorted(ROOM.rglob("*.py")), ids=lambda file: str(file.relative_to(ROOM)))
def test_a_command_imports_of_the_deciding_rooms_only_what_is_listed(file: Path) -> None:
    """And nothing is listed that is not needed any more."""
    assert deciding(file) == set(DISPLAY.get(str(file.relative_to(ROOM)), {}))


def test_no_command_opens_a_writer() -> None:
    """What is changed is changed by operations: neither a registrar nor a journal's writer is imported."""
    for file in ROOM.rglob("*.py"):
        assert not {"fairway.people.registrar", "fairway.people.tables", "fairway.journal.writer"} & set(imports(file)), file
        assert "import open_journal" not in file.read_text(), file
