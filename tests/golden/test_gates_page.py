"""The page of gates says what the code does, and the gate that it shows works as it stands there."""

import re

from scripts.gates_table import MEASURED, MEASURED_END, ORDERS, PAGE, RUNS, page

from fairway.cli.launch.error_rates import stream_cells
from fairway.launch.gates.error_rates import STREAMS, stream_error_rates
from fairway.launch.gates.registry import example_of, installed


def test_the_generated_part_is_current() -> None:
    """A gate or a key that changed without its row fails here; the script writes them anew."""
    text = PAGE.read_text()
    assert page(text) == text, "run .venv/bin/python -m scripts.gates_table"


def test_what_was_measured_stands_there_and_is_kept_below_six_percent() -> None:
    """All of it is made anew by `python -m scripts.gates_table --measure --check`; here one quick row at its full size."""
    told = PAGE.read_text().partition(MEASURED)[2].partition(MEASURED_END)[0]
    rows = {
        name: (gate, share) for name, gate, share in re.findall(r"^\| ([^|]+) \| (\w+) \| ([\d.]+) % \|$", told, re.MULTILINE)
    }
    assert [(name, gate) for name, gate, _ in STREAMS] == [(name, gate) for name, (gate, _) in rows.items()]
    assert all(float(share) <= 6 for _, share in rows.values())
    (row,) = stream_error_rates(RUNS, ORDERS, [each for each in STREAMS if each[0] == "pieces like those before by 0.9"])
    assert stream_cells(row) == (row.stream, *rows[row.stream][:1], f"{rows[row.stream][1]} %")


def test_every_gate_says_what_it_takes_for_granted() -> None:
    for found in installed().plugins.values():
        assert found.assumptions
        assert found.limitations or found.assumptions.startswith("Nothing")


def test_every_key_has_its_meaning_and_an_example() -> None:
    for found in installed().plugins.values():
        assert set(example_of(found)[0]) >= {"name", "gate"}
    rows = re.findall(r"^\| `[^|]*\| ([^|]*)\| `([^|]*)` \|$", PAGE.read_text(), re.MULTILINE)
    assert len(rows) > 30
    assert all(meaning.strip() and not example.endswith("…") for meaning, example in rows)
