"""A plan is read whole or not at all: every mistake is told at once, at its line, with a right example."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from fairway.launch.evidence.model import Rank
from fairway.launch.plan.limits import Mode
from fairway.launch.plan.load import PlanError, load, parse
from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.world.clock import DAY, HOUR

GOOD = """\
plan: small
about: One stage on the test network, one with money.
author: ann
approvals: {need: {owner: 1}, alone: {after: 12h, capital: 1000 USD}}
guards: [daily loss, drawdown]
expects: {order_success: 40/d}
checklist:
  - {id: tests, text: tests pass, need: machine artifact, expires: release}
  - {id: kill, text: a kill was seen, need: observed in a drill, expires: 7d, waivable: false}
stages:
  - name: testnet
    limits: {mode: testnet}
    stay: {at_least: 24h, at_most: 3d}
    gates:
      - {name: success, gate: proportion, of: order_success, at_least: 95 %, strength: proven}
  - name: first-money
    limits:
      mode: live
      capital: 100 USD
      capital_per_user: {at_least: 50 USD, at_most: 100 USD}
      symbols: [BTC/USDT]
      loss: 20 USD
      daily_loss: 3 %
      hours: 08:00-20:00
    stay: {at_least: 7d}
    gates:
      - use: testnet
      - {name: harm, gate: invariant, of: tied_out}
timeline:
  - {at: T-24h, do: back up}
  - {at: T, do: announce}
"""


def problems(text: str) -> list[str]:
    with pytest.raises(PlanError) as caught:
        parse(text)
    return [str(problem) for problem in caught.value.problems]


def check(old: str, new: str, *expected: str) -> None:
    """With this part of a good plan changed, exactly these problems are told."""
    assert old in GOOD
    assert problems(GOOD.replace(old, new, 1)) == list(expected)


def test_a_good_plan_is_read_exactly(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(GOOD)
    plan = load(tmp_path / "small.yaml").plan
    assert (plan.name, list(plan.rows), [stage.name for stage in plan.rows["main"].stages]) == (
        "small",
        ["main"],
        ["testnet", "first-money"],
    )
    money = plan.stage("first-money")
    assert money is not None
    assert (money.limits.mode, money.limits.loss, money.limits.daily_loss) == (
        Mode.LIVE,
        Amount.of(20, "USD"),
        Fraction.parse("3 %"),
    )
    assert (money.stay.at_least, money.stay.at_most) == (7 * DAY, None)
    assert plan.approvals.alone is not None
    assert plan.approvals.alone.after == 12 * HOUR
    assert [(item.need, item.expires, item.waivable) for item in plan.checklist] == [
        (Rank.MACHINE_ARTIFACT, "release", True),
        (Rank.OBSERVED_IN_A_DRILL, 7 * DAY, False),
    ]
    assert [step.at for step in plan.timeline] == [-DAY, 0]


def test_a_stage_takes_over_the_gates_of_an_earlier_one() -> None:
    """With their own place in the file, so that a mistake in one is told where it stands."""
    gates = parse(GOOD).plan.gates_of("main", "first-money")
    assert [(each.entry.name, each.path) for each in gates] == [
        ("success", ("stages", 0, "gates", 0)),
        ("harm", ("stages", 1, "gates", 1)),
    ]
    assert gates[0].entry.own == {"name": "success", "of": "order_success", "at_least": "95 %", "strength": "proven"}


def test_every_mistake_is_told_at_its_line_with_a_right_example() -> None:
    check("author: ann\n", "", "1:1: author: is missing; right is  author: ann")
    check(
        "loss: 20 USD",
        "loss: 20",
        "22:7: stages[1].limits.loss: '20' is no amount of money; write a number, a space and the asset in capitals; "
        "right is  loss: 100 USD",
    )
    check("at_most: 3d", "at_most: 3h", "13:27: stages[0].stay.at_most: is shorter than at_least; right is  at_most: 3d")
    check(
        "use: testnet",
        "use: tesnet",
        "27:9: stages[1].gates[0].use: 'tesnet' is no stage before this one; before it there are testnet; right is  use: testnet",
    )
    check("gate: proportion, ", "", "15:9: stages[0].gates[0].gate: is missing; right is  gate: proportion")
    check(
        "machine artifact",
        "a tick",
        "8:35: checklist[0].need: 'a tick' is no class of evidence; there are bare word, attested file, "
        "machine artifact, observed in a drill, observed in production; right is  need: observed in a drill",
    )
    check(
        "T-24h", "24h", "30:6: timeline[0].at: '24h' is no instant of a launch; write T, + or -, and a time; right is  at: T-24h"
    )
    check("name: first-money", "name: testnet", "16:5: stages[1].name: the name 'testnet' stands twice")
    check(
        "mode: live",
        "mode: real",
        "18:7: stages[1].limits.mode: 'real' is not one of observe, shadow, paper, testnet or live; right is  mode: live",
    )
    check("owner: 1", "owner: 0", "4:20: approvals.need.owner: 0 people are no number from 1 to 20; right is  owner: 1")
    check(
        "    stay: {at_least: 7d",
        "    approve: {owner: -1}\n    stay: {at_least: 7d",
        "25:15: stages[1].approve.owner: -1 people are no number from 1 to 20; right is  owner: 1",
    )
    check(
        "hours: 08:00-20:00",
        "hours: always",
        "24:7: stages[1].limits.hours: 'always' is no spell of hours; right is  hours: 08:00-20:00",
    )


@pytest.mark.parametrize(
    ("old", "new", "right"),
    [
        ("need: {owner: 1}", "need: {owner: two}", "owner: 1"),
        ("need: {owner: 1}", "need: {owner: 1}, who: {owner: olga}", "owner: [olga]"),
        ("order_success: 40/d", "order_success: many", "order_success: 40/d"),
        ("    stay: {at_least: 7d}", "    stay: {at_least: 7d}\n    on_fail: previus stage", "on_fail: previous stage"),
        ("timeline:", "causes: {loosing: kill}\ntimeline:", "losing: kill"),
        ("mode: live", "mode: testnett", "mode: testnet"),
    ],
)
def test_a_right_example_is_right_where_it_stands(old: str, new: str, right: str) -> None:
    """Of one name of a mapping that name's, and of a misspelt word the word that was meant."""
    (told,) = problems(GOOD.replace(old, new, 1))
    assert told.endswith(f"; right is  {right}")


def test_a_misspelt_key_of_a_mapping_is_told_itself() -> None:
    (told,) = problems(GOOD + "causes: {loosing: kill}\n")
    assert "causes.loosing: 'loosing' is not one of runaway orders, " in told


@pytest.mark.parametrize(
    ("old", "new", "right"),
    [
        ("of: tied_out", "of: tied_uot", "of: tied_out"),
        ("gate: invariant", "gate: invaraint", "gate: invariant"),
        ("gate: invariant, of: tied_out", "gate: expectancym, of: trade_pnl_r, not_below: -0.2 R", "gate: expectancy"),
    ],
)
def test_a_misspelt_gate_or_indicator_is_answered_with_the_nearest(old: str, new: str, right: str) -> None:
    assert [each.example for each in parse(GOOD.replace(old, new, 1)).misfits] == [right]


def test_no_stages_is_told_as_that_and_at_its_place() -> None:
    head = GOOD.partition("stages:\n")[0]
    right = "; right is  stages: [{name: internal}]"
    assert problems(head + "stages: []\n") == [f"10:1: stages: is empty; a plan has one stage at least{right}"]
    assert problems(head + "tracks: {}\n") == [f"10:1: tracks: is empty; a plan has one stage at least{right}"]
    assert problems(head) == [f"1:1: stages: is missing{right}"]


def test_a_character_that_is_no_text_has_its_place() -> None:
    what = "the character U+0000 stands here, which belongs in no text; leave it out"
    assert problems(GOOD.replace("a kill was", "a \0kill was", 1)) == [f"9:24: {what}"]


def test_several_mistakes_are_told_together() -> None:
    assert len(problems(GOOD.replace("40/d", "many").replace("95 %", "95 %").replace("24h, at_most", "a day, at_most"))) == 2


def test_stages_and_tracks_do_not_stand_together() -> None:
    assert problems(
        GOOD + "tracks: {}\n".replace("{}", "{api: {stages: [{name: a, limits: {mode: live}, stay: {at_least: 1h}}]}}")
    ) == ["10:1: stages: stands beside tracks; a plan has one of them; right is  stages: [{name: internal}]"]


def test_the_digest_is_of_what_is_said_and_not_of_how_it_is_written() -> None:
    plan = parse(GOOD).plan
    assert parse("# a comment\n" + GOOD.replace("24h,", "1440m,").replace("100 USD}", "100.00 USD}")).plan.digest == plan.digest
    for old, new in (("loss: 20 USD", "loss: 21 USD"), ("strength: proven", "strength: not_disproven"), ("40/d", "41/d")):
        assert parse(GOOD.replace(old, new)).plan.digest != plan.digest


def test_a_file_that_is_not_there_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="there is no such file; `fairway launch plans` lists"):
        load(tmp_path / "none.yaml")


LINES = GOOD.splitlines()


@given(some.data())
def test_a_plan_of_garbage_gives_problems_and_no_traceback(data: some.DataObject) -> None:
    """Lines lost, doubled, cut, or filled with anything; whatever is told has a place in the file, or is about all of it."""
    lines = list(LINES)
    for _ in range(data.draw(some.integers(1, 4))):
        at = data.draw(some.integers(0, len(lines) - 1))
        match data.draw(some.integers(0, 3)):
            case 0:
                lines[at] = ""
            case 1:
                lines.insert(at, data.draw(some.sampled_from(LINES)))
            case 2:
                lines[at] = lines[at][: data.draw(some.integers(0, 40))]
            case _:
                lines[at] = lines[at].partition(":")[0] + ": " + data.draw(some.text(max_size=20))
    text = "\n".join(lines)
    try:
        parsed = parse(text)
    except PlanError as error:
        told = error.problems
    else:
        assert parsed.plan.digest
        return
    assert told
    assert all(0 <= problem.line <= len(text.splitlines()) + 1 for problem in told)


@given(some.text(max_size=200))
def test_any_text_at_all_is_no_traceback(text: str) -> None:
    with pytest.raises(PlanError):
        parse(text)


def test_a_configuration_where_a_plan_belongs_is_told_as_such() -> None:
    with pytest.raises(PlanError) as caught:
        parse("mode: practice\nvenue: {exchange: binance}\nsymbols: [BTC/USDT]\n", file="bot.yaml")
    assert str(caught.value).startswith("bot.yaml: is a trader's configuration, and here the plan of a launch belongs; right is ")
