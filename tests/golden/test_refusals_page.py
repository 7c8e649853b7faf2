"""The page of refusals lists each reason code of an entry with the check that says it."""

import re

from scripts.refusals_table import PAGE, SET_BY, codes, page

from fairway.risk import review


def test_the_table_of_refusals_is_current() -> None:
    text = PAGE.read_text()
    assert page(text) == text, "run .venv/bin/python -m scripts.refusals_table"


def test_each_code_of_an_entry_is_listed() -> None:
    text = PAGE.read_text()
    assert all(f"| `{key.name}` |" in text for key in codes())
    assert set(SET_BY) <= set(codes())


def test_each_check_of_the_review_is_on_the_page_and_each_on_the_page_exists() -> None:
    named = set(re.findall(r"`checks/\w+\.py:(\w+)`", PAGE.read_text()))
    assert named == {check.__name__ for check in (*review.INTENT_CHECKS, *review.ORDER_CHECKS)}
