"""The page of operations lists what the registry holds."""

from scripts.operations_table import PAGE, page

from fairway.operations.registry import all_operations


def test_the_table_of_operations_is_current() -> None:
    text = PAGE.read_text()
    assert page(text) == text, "run .venv/bin/python -m scripts.operations_table"
    assert all(f"| `{name}` |" in text for name in all_operations())
