"""A request with an idempotency key has one effect, however often it is performed."""

import pytest

from fairway.operations import once
from fairway.operations.actor import owner_of_machine
from fairway.operations.once import Outcomes
from fairway.operations.operation import WHOLE_BOT, Call, Exposure, Operation, Outcome, Preview
from fairway.operations.perform import perform
from fairway.operations.refusal import Refusal, against_rule
from fairway.people.roles import UserAct


class Counter:
    """An operation that counts how often it has an effect."""

    def __init__(self) -> None:
        self.effects: list[str] = []
        self.operation: Operation[str, Outcome] = Operation(
            name="count",
            summary="Count.",
            act=UserAct.STOP,
            exposure=Exposure.KEEPS,
            request=str,
            subject=lambda request: WHOLE_BOT,
            preview=lambda call: Preview(effect="counts"),
            perform=self._count,
        )

    def call(self, request: str, key: str, outcomes: Outcomes | None, by: str = "ann") -> Outcome:
        return perform(self.operation, Call(actor=owner_of_machine(by), request=request, key=key), outcomes)

    def _count(self, call: Call[str]) -> Outcome:
        if call.request == "refused":
            raise against_rule("NOT_NOW: request=refused", "not now")
        self.effects.append(call.request)
        return Outcome(lines=(f"{call.request} {len(self.effects)}",))


def test_the_same_key_has_one_effect_and_returns_the_same_outcome() -> None:
    counter, outcomes = Counter(), Outcomes()
    assert counter.call("a", "key 1", outcomes) == counter.call("a", "key 1", outcomes) == Outcome(lines=("a 1",))
    assert counter.effects == ["a"]


def test_without_a_key_each_request_has_its_effect() -> None:
    counter, outcomes = Counter(), Outcomes()
    counter.call("a", "", outcomes)
    counter.call("a", "", outcomes)
    assert counter.effects == ["a", "a"]


def test_a_key_of_another_request_is_refused() -> None:
    counter, outcomes = Counter(), Outcomes()
    counter.call("a", "key 1", outcomes)
    with pytest.raises(Refusal, match="take a new key"):
        counter.call("b", "key 1", outcomes)
    assert counter.effects == ["a"]


def test_keys_of_two_actors_are_apart() -> None:
    counter, outcomes = Counter(), Outcomes()
    counter.call("a", "key 1", outcomes)
    counter.call("b", "key 1", outcomes, by="bob")
    assert counter.effects == ["a", "b"]


def test_a_refusal_is_not_kept() -> None:
    counter, outcomes = Counter(), Outcomes()
    with pytest.raises(Refusal, match="not now"):
        counter.call("refused", "key 1", outcomes)
    counter.call("a", "key 1", outcomes)
    assert counter.effects == ["a"]


def test_only_so_many_outcomes_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "KEPT_MAX", 2)
    counter, outcomes = Counter(), Outcomes()
    for request in ("a", "b", "c", "a"):
        counter.call(request, f"key {request}", outcomes)
    assert counter.effects == ["a", "b", "c", "a"]
