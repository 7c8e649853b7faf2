"""The page of faults says what the code does, and each fault has the scene that it names."""

from pathlib import Path

from scripts.faults_table import PAGE, page

from fairway.exchange.faults.registry import faults

SCENES = Path(__file__).parents[1] / "scenes"


def test_every_fault_has_its_row_with_its_options() -> None:
    """With their defaults, in the order of the code."""
    text = PAGE.read_text()
    assert page(text) == text, "run .venv/bin/python -m scripts.faults_table"
    assert all(f"\n| `{name}` | " in text for name in faults())


def test_every_fault_has_its_scene() -> None:
    """Where the trader meets it, and its state equals the exchange's at the end."""
    for name, plugin in faults().items():
        text = (SCENES / f"test_{plugin.scene}.py").read_text()
        assert f'exchange_fault("{name}"' in text
        assert "assert_belief_is_truth()" in text
