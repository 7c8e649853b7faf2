"""A plan as text: what the linter says is told with its line, also of a plan that cannot be read; a rehearsal is bounded."""

import pytest

from fairway.launch.plan import shipped
from fairway.operations.actor import owner_of_machine
from fairway.operations.launch.plan_text import (
    LINT,
    REHEARSE,
    TEXT_MAX,
    UNREADABLE,
    LintOutcome,
    LintRequest,
    RehearseOutcome,
    RehearseRequest,
)
from fairway.operations.operation import Call, Progress
from fairway.operations.perform import perform
from fairway.operations.refusal import Refusal

PLAN = shipped.text("first-hundred")
ANN = owner_of_machine("ann")


def linted(text: str) -> LintOutcome:
    return perform(LINT, Call(actor=ANN, request=LintRequest(text=text)))


def test_a_shipped_plan_may_be_launched() -> None:
    found = linted(PLAN)
    assert found.is_done
    assert (found.name, found.stages) == ("first-hundred", (("main", "testnet, live-100"),))


def test_a_finding_stands_at_its_line() -> None:
    text = PLAN.replace("gate: proportion", "gate: proporton", 1)
    line = next(number for number, words in enumerate(text.splitlines(), 1) if "proporton" in words)
    found = linted(text)
    assert not found.is_done
    assert [(each.line, each.severity) for each in found.findings if each.name.startswith("misread")] == [(line, "refuse")]


def test_a_text_that_is_no_plan_is_told_with_its_line() -> None:
    found = linted("plan: [")
    assert not found.is_done
    assert found.digest == ""
    assert {each.severity for each in found.findings} == {UNREADABLE}
    assert found.findings[0].line > 0


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        linted(" " * (TEXT_MAX + 1))
    assert refused.value.code.startswith("PLAN_TOO_LONG")


def rehearsed(request: RehearseRequest) -> tuple[RehearseOutcome, list[str]]:
    told = list[str]()

    def tell(progress: Progress) -> None:
        told.append(progress.sentence)

    return perform(REHEARSE, Call(actor=ANN, request=request, tell=tell)), told


def test_what_is_wanted_no_more_is_not_played() -> None:
    found, told = rehearsed(RehearseRequest(text=PLAN, seeds=1, goes_on=lambda: False))
    assert not found.is_done
    assert told == []
    assert len(found.played) == 1, "its head alone"


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (RehearseRequest(text=PLAN, seeds=0), "NUMBER_WRONG"),
        (RehearseRequest(text=PLAN, days=10_000), "NUMBER_WRONG"),
        (RehearseRequest(text=PLAN, bots=("a unicorn",)), "BOT_UNKNOWN"),
    ],
)
def test_a_rehearsal_is_bounded(request_: RehearseRequest, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        rehearsed(request_)
    assert refused.value.code.startswith(code)
