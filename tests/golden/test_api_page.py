"""The page of the HTTP API is written from the description that the server gives, and each command has an example."""

from scripts.api_page import PAGE, described, page

from fairway.api.command_bodies import command_forms
from fairway.api.command_examples import EXAMPLES


def test_the_page_of_the_api_is_current() -> None:
    text = PAGE.read_text()
    assert page(text) == text, "run .venv/bin/python -m scripts.api_page"


def test_each_command_has_a_right_example() -> None:
    for form in command_forms().values():
        assert form.operation.name in EXAMPLES, form.slug
        form.body.model_validate(EXAMPLES[form.operation.name])


def test_every_path_names_what_it_answers_and_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for methods in described()["paths"].values() for operation in methods.values()]
    assert len(names) == len(set(names))
