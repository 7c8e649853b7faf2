"""The feed asks each question once for all pages that show its answer, and one page's trouble is that page's alone."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from fairway.operations.actor import Actor, owner_of_machine
from fairway.panel.failures import MISTAKE
from fairway.panel.feed import Feed, Question, Unseen
from fairway.panel.sources import Sources
from fairway.world.clock import SystemClock

ME = owner_of_machine("me")


class Asked:
    """A question that counts how often it is asked."""

    def __init__(self, *answers: object) -> None:
        self.answers, self.times = list(answers), 0

    def __call__(self, sources: Sources, actor: Actor) -> Any:
        self.times += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def feed() -> Feed:
    return Feed(cast(Sources, SimpleNamespace(context=SimpleNamespace(clock=SystemClock()))))


def test_all_pages_that_show_the_same_are_told_of_one_answer_and_only_where_it_has_changed() -> None:
    asked, shown = Asked("a", "a", "b"), list[str]()
    found, question = feed(), Question("one", asked)
    for _ in range(3):
        found.watch(question, ME, lambda answer: shown.append(str(answer)))
    asyncio.run(found.refresh())
    asyncio.run(found.refresh())
    assert (shown, asked.times) == (["a"] * 3, 2)
    asyncio.run(found.refresh())
    assert (shown[3:], asked.times) == (["b"] * 3, 3)
    assert asyncio.run(found.first(question, ME)) == "b"
    assert asked.times == 3, "a page that is opened was not shown what others see already"


def test_people_who_may_see_different_things_are_asked_for_apart() -> None:
    asked = Asked("a")
    found, question = feed(), Question("one", asked)
    found.watch(question, ME, lambda answer: None)
    found.watch(question, owner_of_machine("you"), lambda answer: None)
    asyncio.run(found.refresh())
    assert asked.times == 2


def test_a_page_that_has_left_is_told_nothing_and_nobody_asks_for_it() -> None:
    asked, shown = Asked("a"), list[object]()
    found = feed()
    leave = found.watch(Question("one", asked), ME, shown.append)
    leave()
    leave()
    asyncio.run(found.refresh())
    assert (shown, asked.times) == ([], 0)


def test_an_answer_that_fails_is_told_to_its_page_alone() -> None:
    """Neither what the mistake was nor the other page's answer is lost: the one is in the log, the other is shown."""
    broken, well = list[object](), list[object]()
    found = feed()
    found.watch(Question("broken", Asked(RuntimeError("a secret"))), ME, broken.append)
    found.watch(Question("well", Asked("a")), ME, well.append)
    asyncio.run(found.refresh())
    assert broken == [Unseen(MISTAKE)]
    assert well == ["a"]


def test_a_page_that_cannot_show_what_is_new_does_not_keep_it_from_the_others() -> None:
    shown = list[object]()
    found, question = feed(), Question("one", Asked("a"))

    def fails(answer: object) -> None:
        raise RuntimeError("this page is broken")

    found.watch(question, ME, fails)
    found.watch(question, ME, shown.append)
    asyncio.run(found.refresh())
    assert shown == ["a"]
