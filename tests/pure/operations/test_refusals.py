"""A refusal carries a code for programs, and a sentence with a right example for people."""

import pytest

from fairway.cli.exits import ExitCode, known
from fairway.operations.refusal import Ground, Refusal, against_rule, reason_given, wrong_input


def test_a_field_is_named_as_the_shell_calls_it() -> None:
    refused = wrong_input("REASON_EMPTY: field=reason", "is empty", field="reason", example='"a holiday"')
    assert str(refused) == 'reason is empty; a right one is reason "a holiday"'
    assert refused.sentence("--reason") == '--reason is empty; a right one is --reason "a holiday"'


def test_an_empty_reason_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        reason_given("  ", "a holiday")
    assert (refused.value.code, refused.value.field) == ("REASON_EMPTY: field=reason", "reason")
    assert reason_given(" lunch ", "a holiday") == "lunch"


def test_a_code_has_a_category_and_a_condition() -> None:
    with pytest.raises(AssertionError):
        Refusal("wrong", "it is wrong", Ground.RULE)


@pytest.mark.parametrize("ground", Ground)
def test_each_ground_ends_a_command_with_a_code(ground: Ground) -> None:
    known_as = known(Refusal("STATE_WRONG: key=value", "it is wrong", ground))
    assert known_as is not None
    assert known_as[0] is not ExitCode.OK


def test_the_error_that_caused_a_refusal_gives_the_exit_code() -> None:
    refused = against_rule("KILL_NOT_CARRIED_OUT: account=main", "nothing was done")
    refused.cause = PermissionError(13, "no", "file")
    assert known(refused) == (ExitCode.FORBIDDEN, "nothing was done")
