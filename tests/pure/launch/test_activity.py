"""A stage in which the bot has placed no order is not passed, unless its plan says that none is expected."""

from dataclasses import replace

import pytest
from tests.pure.launch.launches import STAGES, Flight, plan
from tests.pure.launch.lint.drafts import changed, findings, stages

from fairway.launch.control.activity import activity_asked, needs_orders
from fairway.launch.gates.registry import gate
from fairway.launch.gates.verdict import Result
from fairway.launch.plan.compile import PlanCompiler
from fairway.launch.plan.compiled_plan import CompiledGate, CompiledPlan, CompiledTrack, OnFail
from fairway.launch.plan.limits import Mode
from fairway.launch.plan.load import parse
from fairway.watch.indicators import BY_NAME
from fairway.watch.series_builder import SeriesBuilder
from fairway.world.clock import HOUR, MINUTE

TOLD = "{name: told, gate: report_only, of: order_success}"
BOOKS = "{name: books, gate: invariant, of: tied_out}"
ORDERS = "{name: orders, gate: proportion, of: order_success, at_least: 95 %}"


def asked(name: str, **settings: object) -> CompiledGate:
    found = gate(name)
    return CompiledGate("a", found, found.settings.model_validate({"name": "a", **settings}))


@pytest.mark.parametrize(
    ("one", "needs"),
    [
        (asked("proportion", of="order_success", at_least="95 %"), True),
        (asked("coverage", paths={"open": "1", "ws_reconnect": "1"}), True),
        (asked("coverage", paths={"ws_reconnect": "1"}), False),
        (asked("count", of="round_trips", at_least="5"), True),
        (asked("count", of="round_trips", at_most="5"), False),
        (asked("expectancy", of="trade_pnl_r", not_below="-0.2 R", winsorise="3 R"), True),
        (asked("zero_events", of="order_paths", only=["reject"]), False),
        (asked("zero_events", of="incidents"), False),
        (asked("invariant", of="tied_out"), False),
        (asked("proportion", of="uptime", at_least="95 %"), False),
    ],
)
def test_a_gate_needs_orders_where_it_cannot_pass_without_one(one: CompiledGate, needs: bool) -> None:
    assert needs_orders(one.gate, one.settings) is needs


def test_a_gate_that_only_tells_asks_for_no_order() -> None:
    telling = replace(asked("proportion", of="order_success", at_least="95 %"), on_fail=OnFail.TELL)
    assert [each.name for each in activity_asked((telling,))] == ["activity"]


def test_the_default_gate_takes_no_name_of_the_plan_s_own() -> None:
    taken = replace(asked("invariant", of="tied_out"), name="activity")
    assert [each.name for each in activity_asked((taken,))] == ["activity of the bot"]


def charted(text: str) -> CompiledPlan:
    return PlanCompiler(parse(text), "USDT", Mode.TESTNET).compiled()


def gates_of_first(text: str) -> list[str]:
    return [each.name for each in charted(text).tracks[0].stages[0].gates]


def test_a_stage_without_a_gate_on_orders_asks_for_one_order() -> None:
    assert gates_of_first(changed(stages=stages(BOOKS))) == ["books", "activity"]
    assert gates_of_first(changed(stages=stages(BOOKS, ORDERS))) == ["books", "orders"]
    assert gates_of_first(changed(stages=stages(BOOKS, TOLD))) == ["books", "told", "activity"]


def test_a_plan_may_say_that_no_activity_is_expected() -> None:
    quiet = stages(BOOKS).replace("name: first,", "name: first, expects_activity: false,")
    assert gates_of_first(changed(stages=quiet)) == ["books"]
    assert gates_of_first(changed(stages=quiet.replace("false", "true"))) == ["books", "activity"]


def test_a_stage_that_places_no_order_asks_for_none() -> None:
    assert gates_of_first(changed(stages=stages(BOOKS, limits="{mode: observe}"))) == ["books"]


def test_a_plan_that_does_not_say_it_keeps_its_digest() -> None:
    plain, said = (parse(changed(stages=stages(BOOKS).replace("name: first,", key))) for key in KEYS)
    assert plain.plan.digest != said.plan.digest
    assert plain.plan.digest == "6f754723a45968546c10ee3ffa12203e197e42f74e7f57c4ea818ee38ed59c2d", "as before there was the key"


KEYS = ("name: first,", "name: first, expects_activity: true,")


def test_a_stage_without_one_order_is_not_passed_and_with_one_it_is() -> None:
    first = replace(STAGES[0], gates=activity_asked(()))
    flight = Flight(plan=plan(CompiledTrack("engine", (first, STAGES[1]))))
    acks = SeriesBuilder(BY_NAME["order_ack"])
    for _ in range(180):
        flight.series = {"order_ack": acks.series(watermark=flight.now, beats=flight.now)}
        flight.fly(MINUTE)
    assert flight.where == (0, "dwelling")
    [verdict] = flight.tick().verdicts["engine"]
    assert (verdict.result, verdict.reason) == (Result.INSUFFICIENT, "COUNT_LOW: n=0 at_least=1")
    acks.add(flight.now, 0.2, "main")
    flight.series = {"order_ack": acks.series(watermark=flight.now, beats=flight.now)}
    flight.fly(MINUTE)
    assert flight.where == (1, "dwelling")


def test_an_order_before_the_stage_is_no_activity_in_it() -> None:
    first = replace(STAGES[0], gates=activity_asked(()))
    flight = Flight(plan=plan(CompiledTrack("engine", (first, STAGES[1]))))
    acks = SeriesBuilder(BY_NAME["order_ack"])
    acks.add(flight.now, 0.2, "main")
    flight.fly(MINUTE)
    for _ in range(120):
        flight.series = {"order_ack": acks.series(watermark=flight.now, beats=flight.now)}
        flight.fly(MINUTE)
    assert flight.track.served_ns(flight.now) > HOUR
    assert flight.where == (0, "dwelling")


def test_a_larger_stage_after_one_that_expects_no_activity_is_refused() -> None:
    quiet = stages(BOOKS).replace("name: first,", "name: first, expects_activity: false,")
    [found] = [each for each in findings(changed(stages=quiet)) if each.rule == "unseen-orders"]
    assert (found.severity, "first says that it expects no activity" in found.what) == ("refuse", True)


def test_a_stage_with_the_limits_of_the_one_before_follows_on_what_that_needs() -> None:
    again = stages(BOOKS).replace("{mode: live, capital: 100 USD, loss: 20 USD}", "{mode: testnet}")
    assert not [each for each in findings(changed(stages=again, timeline="[]")) if each.rule == "unseen-orders"]
