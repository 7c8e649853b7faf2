"""The page of caps says what the code does."""

from scripts.caps_table import PAGE, ROWS, page

from fairway.risk.cap_kinds import CAP_KINDS


def test_the_table_of_caps_is_current() -> None:
    text = PAGE.read_text()
    assert page(text) == text, "run .venv/bin/python -m scripts.caps_table"


def test_every_kind_of_cap_has_a_row() -> None:
    assert set(ROWS) == set(CAP_KINDS)
