"""An incident as it is told: what the exchange did against what the journal has, and what may not be called well."""

import io
from dataclasses import replace
from decimal import Decimal

import pytest
from rich.console import Console
from tests.pure.reports.runs import LAST_PRICES, START, Scribe

from fairway.orders.ids import Role
from fairway.reports.incident_demo import ActionKind, DemoIncident, ExchangeAction, IncidentKind
from fairway.reports.incident_table import incident_table
from fairway.reports.page import page_bytes
from fairway.reports.refusals import unanswered
from fairway.reports.report import Report, report_of
from fairway.reports.run import DemoResult
from fairway.world.clock import MINUTE, SECOND

ENTRY = "fw-main-1-1-e"


def _filled(at: int, order_id: str = ENTRY, trade_id: str = "1") -> ExchangeAction:
    return ExchangeAction(
        at=at, kind=ActionKind.FILLED, order_id=order_id, trade_id=trade_id, quantity=Decimal("0.02"), price=Decimal(46000)
    )


def _run(*more: ExchangeAction) -> DemoResult:
    """Two purchases, of which the first one's answer got lost, and what the exchange did while that was watched."""
    scribe = Scribe().begin()
    for minutes in (15, 1):
        scribe.later(minutes * MINUTE).buy("BTC/USDT", "0.02", "46000", stop="45900", target="47300")
    began = START + 15 * MINUTE
    lost = DemoIncident(
        kind=IncidentKind.LOST_ANSWER,
        symbol="BTC/USDT",
        order_id=ENTRY,
        began_at=began,
        ended_at=began + 10 * SECOND,
        actions=(_filled(began), *more),
    )
    return replace(scribe.result(LAST_PRICES), incidents=(lost,))


def _terminal(report: Report) -> str:
    console = Console(file=io.StringIO(), width=80, highlight=False)
    console.print(incident_table(report))
    assert isinstance(console.file, io.StringIO)
    return " ".join(console.file.getvalue().split())


def test_the_time_without_a_stop_is_the_exchanges() -> None:
    """From its first fill until it accepted a stop, whatever the bot believed meanwhile."""
    stop = ExchangeAction(at=START + 15 * MINUTE + 1_220_000_000, kind=ActionKind.ACCEPTED, role=Role.STOP, price=Decimal(45900))
    told = _terminal(report_of(_run(stop)))
    assert "held the position without a stop for 1.22 s" in told
    assert "✓ 1 order and 1 fill at the exchange, the same in the journal: nothing was bought twice" in told


def test_a_stop_that_never_came_is_said() -> None:
    """No figure is made up for it."""
    assert "without a stop for as long as this was watched" in _terminal(report_of(_run()))


def test_a_fill_that_the_journal_does_not_have_is_not_called_well() -> None:
    """The two sides are told with their trades, in terminal and page."""
    report = report_of(_run(_filled(START + 16 * MINUTE, trade_id="9")))
    told = _terminal(report)
    assert "✕ 1 order and 2 fills at the exchange (1, 9); the journal has booked 1." in told
    assert '<li class="loss strong">' in page_bytes(report).decode()


def test_a_second_purchase_is_not_called_well() -> None:
    """Although the journal has booked both: the bot bought twice."""
    told = _terminal(report_of(_run(_filled(START + 16 * MINUTE, order_id="fw-main-1-4-e", trade_id="2"))))
    assert "✕ 2 orders and 2 fills at the exchange (1, 2); the journal has booked 1, 2." in told


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("binance: POST http://exchange:80/api (ConnectionResetError: Connection reset by peer)", "the connection was cut"),
        ("binance: GET https://somewhere.example/api/v3/order", "binance: GET /api/v3/order"),
        ("", "no reason given"),
    ],
)
def test_why_there_was_no_answer_names_no_host(why: str, words: str) -> None:
    """A report can be sent by mail; the journal keeps all of it."""
    assert unanswered(why) == words
