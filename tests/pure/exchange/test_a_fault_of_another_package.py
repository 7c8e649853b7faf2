"""The example of docs/how-to/add-a-fault.md, installed as another package: it acts over the wire and the fuzz test draws it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.installed_package import example_of, installed
from tests.pure.exchange.wire_ground import Ground, read, run

from fairway.exchange.faults.active import ActiveFaults
from fairway.exchange.faults.port import Fault, FaultScope
from fairway.exchange.faults.registry import faults
from fairway.exchange.practice import Practice
from fairway.exchange.session import Request
from fairway.proving.draw import fault_rules, plan
from fairway.proving.harness import Harness
from fairway.world.chance import Chance

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "add-a-fault.md"


@pytest.fixture(autouse=True)
def package(tmp_path: Path) -> Iterator[None]:
    fault_rules.cache_clear()
    with installed(tmp_path, "fairway.faults", "wrong_commission", example_of(PAGE), "FAULT"):
        yield
    fault_rules.cache_clear()


def test_it_acts_over_the_wire() -> None:
    """Switched on by name over /practice, with its option; the answer to the order stays true, the stream lies."""

    async def scene() -> None:
        ground = await Ground().begin()
        practice = Practice(ground.exchange, Chance(2), _deliver)
        wish = {"name": "wrong_commission", "options": {"factor": 3}}
        request = Request("POST", "/practice/faults", "", json.dumps(wish), {"Host": "127.0.0.1:9100"}, "10.0.0.1")
        assert read(await practice.handle(request)) == {"id": 1, "name": "wrong_commission"}
        await ground.tell(ground.api(), "userDataStream.subscribe.signature", signed=True)
        order = await ground.order(type="MARKET", timeInForce=None, price=None, newOrderRespType="FULL")
        [fill] = order["fills"]
        assert fill["commission"] == "0.00001000"
        reports = [frame["event"] for frame in await ground.frames() if frame["event"]["e"] == "executionReport"]
        assert [report["n"] for report in reports if report["x"] == "TRADE"] == ["0.00003000"]

    run(scene())


async def _deliver(deliveries: list[Any]) -> None:
    """Takes what an advance of the market would send; these tests advance nothing."""


def test_the_fuzz_test_draws_it() -> None:
    """With one of its values, and it is switched on in the scenario's exchange; without the package no seed has it."""
    drawn = [(seed, fault) for seed in range(200) for fault in plan(seed).faults if fault.kind == "wrong_commission"]
    assert len(drawn) > 3
    assert {fault.options["factor"] for _, fault in drawn} <= {2, 5, 100}
    seed, _ = drawn[0]
    harness = plan(seed).on(Harness)
    assert "wrong_commission" in [it.kind for it in harness.exchange_faults]


def test_a_fault_without_a_hook_is_refused() -> None:
    """A misspelt method would otherwise be a fault that never does anything."""

    class Misspelt(Fault):
        def before_requests(self) -> None: ...

    with pytest.raises(ValueError, match="the fault 'Misspelt' has no hook"):
        ActiveFaults().add(Misspelt(FaultScope()))


def test_it_is_listed_among_the_others() -> None:
    assert "wrong_commission" in faults()
    assert list(faults()) == sorted(faults())
