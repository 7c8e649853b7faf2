"""The schema in the documentation is the one that is served, and the page lists its fields."""

from scripts.graphql_table import PAGE, SCHEMA, page, schema_text


def test_the_schema_in_the_documentation_is_current() -> None:
    assert SCHEMA.read_text() == schema_text(""), "run .venv/bin/python -m scripts.graphql_table"


def test_the_tables_of_fields_and_bounds_are_current() -> None:
    text = PAGE.read_text()
    assert page(text) == text, "run .venv/bin/python -m scripts.graphql_table"
