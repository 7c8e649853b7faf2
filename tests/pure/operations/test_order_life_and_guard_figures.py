"""What a journal tells of one order's life, and of how near each guard is to its thresholds, whether a trader runs or not."""

from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.pure.reports.runs import PAIRS, two_trips

from fairway.journal import kinds
from fairway.journal.events import Codec
from fairway.journal.sql import open_journal
from fairway.operations.actor import Actor, Shell
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.refusal import Refusal
from fairway.operations.trader.guard_figures import GUARD_FIGURES, NOT_JOURNALED, GuardFigure, GuardFiguresRequest
from fairway.operations.trader.limit_use import LIMIT_USE, LimitUseRequest
from fairway.operations.trader.order_life import ORDER_LIFE, OrderLifeOutcome, OrderLifeRequest
from fairway.operations.trader.round_trips import OpenTrip
from fairway.operations.trader.status import STATUS, StatusRequest
from fairway.panel.pages.order_facts import facts_of_life, wire_hint
from fairway.reports.decisions import DecisionAction
from fairway.risk.caps import paused
from fairway.risk.escalation import Level
from fairway.settings.model import LogSettings
from fairway.world.clock import SECOND

CONFIG = """
mode: practice
account: main
venue: {exchange: binance, url: "http://127.0.0.1:9", key: a, secret: b}
symbols: [BTC/USDT, ETH/USDT]
strategy: {name: periodic}
risk: {profile: moderate}
"""
OWNER = Actor(name="root", shell=Shell.CLI)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two positions that were closed, a win and a loss, and a third one that is open."""
    folder = tmp_path_factory.mktemp("bot")
    path = folder / "fairway.yaml"
    path.write_text(CONFIG)
    scribe = two_trips()
    started, at = scribe.events[0]
    assert isinstance(started, kinds.TraderStarted)
    scribe.events[0] = replace(started, lots={symbol: each.lot for symbol, each in PAIRS.items()}), at
    scribe.write(kinds.CapRaised(cap=paused("lunch", "ann", scribe.now)))
    journal = open_journal(folder / "fairway.journal", Codec(*kinds.EVENTS), mode="practice", trader="main")
    for event, at in scribe.events:
        journal.append([event], account="main", author="trader", at=at)
    measured = kinds.ProcessMeasured(since=scribe.now, data_age_ns=2 * SECOND, calls=40, calls_failed=3)
    journal.append([measured], account="", author="trader", at=scribe.now)
    journal.sync()
    journal.close()
    return path


def life(config: Path, order: str) -> OrderLifeOutcome:
    return perform(ORDER_LIFE, Call(actor=OWNER, request=OrderLifeRequest(config=config, order=order)))


def figures(config: Path) -> dict[str, GuardFigure]:
    [account] = perform(GUARD_FIGURES, Call(actor=OWNER, request=GuardFiguresRequest(config=config))).accounts
    return {each.guard: each for each in account.guards}


def test_an_entry_is_told_from_its_decision_to_its_exit(config: Path) -> None:
    found = life(config, "fw-main-1-1-e")
    assert [each.action for each in found.decisions] == [DecisionAction.ENTER]
    assert found.moments[0].sentence == "close above the high"
    assert [each.order_id for each in found.family] == ["fw-main-1-2-s", "fw-main-1-3-t"]
    assert [each.kind for each in found.moments if each.order == "fw-main-1-3-t"] == ["OrderSent", "OrderAccepted", "OrderFilled"]
    assert all(each.record is not None and each.record.seq == each.number for each in found.moments)
    assert found.checks > len(found.margins) > 0
    assert found.trip is not None
    assert found.trip.number == 1


def test_a_leg_that_did_nothing_belongs_to_the_same_position(config: Path) -> None:
    found = life(config, "fw-main-1-2-s")
    assert found.order.state == "cancelled"
    assert found.trip is not None
    assert found.trip.number == 1
    assert (found.checks, found.margins) == (0, ())


def test_the_position_of_the_last_entry_is_open(config: Path) -> None:
    found = life(config, "fw-main-1-7-e")
    assert found.trip is not None
    assert isinstance(found.trip.trip, OpenTrip)
    assert facts_of_life(found, LogSettings()).sentence.endswith("Its position is open.")


def test_the_page_tells_each_step_with_its_record(config: Path) -> None:
    facts = facts_of_life(life(config, "fw-main-1-1-e"), LogSettings())
    assert [step.phase for step in facts.steps][:4] == ["Intent", "Journaled, then sent", "Taken by the exchange", "Fill"]
    assert {"Protection, stop", "Protection, target", "Fill of the target"} <= {step.phase for step in facts.steps}
    assert ("fill quantity", "0.021 BTC") in next(step for step in facts.steps if step.phase == "Fill").pairs


def test_the_page_says_where_the_requests_of_an_order_are_seen() -> None:
    assert wire_hint("fw-main-1-1-e", LogSettings()).command == "log: {file: fairway.log, level: debug}"
    kept = LogSettings(file=Path("fairway.log"))
    assert wire_hint("fw-main-1-1-e", kept).command == "log: {file: fairway.log, level: debug}"
    whole = LogSettings(file=Path("fairway.log"), level="debug")
    assert wire_hint("fw-main-1-1-e", whole).command == "jq -c 'select(.order_id == \"fw-main-1-1-e\")' fairway.log"


def test_status_has_the_newest_answer_of_the_venue_and_what_the_trader_measured(config: Path) -> None:
    found = perform(STATUS, Call(actor=OWNER, request=StatusRequest(config=config)))
    [account] = found.accounts
    assert account.answer is not None
    assert account.answer.latency_ns >= 0
    newest = max(each.at for each in life(config, "fw-main-1-7-e").moments if each.kind == "OrderAccepted")
    assert account.answer.at == newest
    measures = found.trader.measures
    assert measures is not None
    assert (measures.calls, measures.calls_failed) == (40, 3)
    assert measures.oldest_quote_at == measures.at - 2 * SECOND


def test_an_order_that_is_not_there_is_refused(config: Path) -> None:
    with pytest.raises(Refusal, match="there is no order"):
        life(config, "fw-main-1-99-e")


def test_guards_have_the_figures_that_the_journal_taught_them(config: Path) -> None:
    found = figures(config)
    assert found["losses in a row"].value == 1
    assert found["losses in a row"].bounds[Level.CRITICAL] == 4
    assert found["position loss"].symbol == "BTC/USDT"
    assert found["position loss"].value is not None
    assert found["drawdown"].value is not None
    assert found["drawdown"].value > 0


def test_what_no_journal_holds_is_unknown_and_never_zero(config: Path) -> None:
    found = figures(config)
    assert (found["memory"].value, found["memory"].unknown) == (None, NOT_JOURNALED)
    assert found["outlier bar"].value is None


def test_limits_are_counted_against_what_is_held(config: Path) -> None:
    [account] = perform(LIMIT_USE, Call(actor=OWNER, request=LimitUseRequest(config=config))).accounts
    uses = {each.limit: each for each in account.uses}
    assert uses["positions"].used == 1
    assert uses["positions"].by == "settings"
    assert uses["exposure value"].used == Decimal("0.00999") * 47200
