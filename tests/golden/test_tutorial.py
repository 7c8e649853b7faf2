"""The tutorial is true: its commands are commands, its strategy decides, and its stage is part of a plan that may be launched."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.pure.strategies.test_trend import PAIR, candle

from fairway.cli.command_lines import command_trouble
from fairway.launch.plan import shipped
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.linter import lint, may_be_launched
from fairway.launch.plan.load import parse
from fairway.orders.intent import Enter, Exit
from fairway.strategies.api import View

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "tutorials" / "first-hundred.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("page", ["tutorials/first-hundred", "explanation/launch"])
def test_every_command_of_the_page_is_one(page: str) -> None:
    text = (DOCS / f"{page}.md").read_text()
    commands = [
        line.removeprefix("$ ").partition("   #")[0] for line in text.splitlines() if re.match(r"(\$ )?fairway [a-z]+ ", line)
    ]
    assert len(commands) >= 4
    for command in commands:
        assert not command_trouble(command.partition(" > ")[0]), command


def test_its_strategy_buys_where_the_averages_cross_and_leaves_where_they_cross_back() -> None:
    [code] = blocks("python")
    made: dict[str, Any] = {}
    exec(compile(code, "ema_cross.py", "exec"), made)
    strategy = made["EmaCross"](made["EmaCrossSettings"](fast=2, slow=4))

    def decide(*closes: int, in_position: bool = False) -> Any:
        candles = [candle(number, close) for number, close in enumerate(closes)]
        return strategy.decide(View(symbol="BTC/USDT", instrument=PAIR, candles=candles, in_position=in_position, bars_held=1))

    [entry] = decide(100, 100, 100, 99, 98, 110)
    assert isinstance(entry, Enter)
    assert (entry.stop.value, entry.target.value) == (Decimal("108.5"), Decimal("112.5"))
    assert decide(100, 101, 102, 103, 104, 105) == [], "it is up already"
    assert decide(100, 101, 102, 103, 104, 105, in_position=True) == []
    [leave] = decide(100, 101, 102, 103, 104, 90, in_position=True)
    assert isinstance(leave, Exit)


def test_its_stage_stands_before_those_of_the_plan_for_one_person_alone() -> None:
    stage, _ = blocks("yaml")
    plan = shipped.text("first-hundred").replace("stages:\n", stage, 1)
    written = parse(plan, file="plan.yaml")
    assert [each.name for each in written.plan.stages] == ["practice", "testnet", "live-100"]
    assert may_be_launched(lint(Draft(written, command_trouble)))


def test_the_lines_that_it_changes_make_a_plan_without_the_test_network() -> None:
    """Each replaces the line of the plan that begins alike; the stage on the test network is left out."""
    stage, changed = blocks("yaml")
    plan = re.sub(r"  - name: testnet\n.*?(?=  - name: live-100\n)", "", shipped.text("first-hundred"), flags=re.DOTALL)
    plan = plan.replace("stages:\n", stage, 1)
    for line in changed.splitlines():
        if not line.startswith("#"):
            begins = re.match(r"\w+:|  - \{name: ready,", line)
            assert begins, line
            plan, count = re.subn(rf"^{re.escape(begins[0])}.*$", line, plan, flags=re.MULTILINE)
            assert count == 1, line
    written = parse(plan, file="plan.yaml")
    assert (written.plan.plan, [each.name for each in written.plan.stages]) == ("my-hundred", ["practice", "live-100"])
    assert may_be_launched(lint(Draft(written, command_trouble)))
