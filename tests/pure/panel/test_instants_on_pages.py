"""Instants on pages: each with its day, following its facts, and told once more as its local time on hover."""

from dataclasses import dataclass
from typing import Any

import pytest
from nicegui import Client
from tests.pure.panel.elements import on_a_page, tags

from fairway.panel.elements import Tag
from fairway.panel.facts.caps import CapFacts
from fairway.panel.live import Live
from fairway.panel.moments import InstantPrecision, live_age, live_moment, moment_words
from fairway.panel.order_columns import ORDER_COLUMNS, TRADE_COLUMNS
from fairway.panel.pages.incidents import _ALERTS, _SILENCES
from fairway.panel.pages.incidents_facts import AlertLine, SilenceLine
from fairway.panel.pages.risk import CAP_COLUMNS
from fairway.panel.pages.settings import COLUMNS as SIGN_IN_COLUMNS
from fairway.panel.pages.settings import SignInFacts
from fairway.panel.state_marks import Mark
from fairway.panel.tables import Column, as_csv, cell
from fairway.world.clock import HOUR, parse_instant

AT = parse_instant("2026-11-25T14:05:09.120Z")


@pytest.mark.parametrize(
    ("precision", "words"),
    [
        (InstantPrecision.DAY, "2026-11-25"),
        (InstantPrecision.MINUTE, "25 Nov 14:05"),
        (InstantPrecision.SECOND, "2026-11-25 14:05:09"),
        (InstantPrecision.MILLISECOND, "2026-11-25 14:05:09.120"),
    ],
)
def test_an_instant_is_shown_with_its_day_at_every_precision(precision: InstantPrecision, words: str) -> None:
    assert moment_words(AT, precision) == words
    assert moment_words(0, precision, "never") == "never"


def test_an_instant_on_a_page_follows_its_facts() -> None:
    def act(client: Client) -> None:
        live = Live(AT)
        found, age = live_moment(live, lambda at: at, nothing="never"), live_age(live, lambda at: at)
        assert (found.text, found.props["datetime"]) == ("25 Nov 14:05", "2026-11-25T14:05:09.120Z")
        assert age.props["data-at"] == "1795615509120"
        live.show(AT + HOUR)
        assert (found.text, found.props["datetime"]) == ("25 Nov 15:05", "2026-11-25T15:05:09.120Z")
        live.show(0)
        assert found.text == "never"
        assert "datetime" not in found.props
        assert "data-at" not in age.props

    on_a_page(act)


@dataclass(frozen=True)
class Row:
    at: int
    words: str = "it is"


def test_a_cell_of_an_instant_follows_its_row_and_is_copied_and_ordered_by_it() -> None:
    column: Column[Row] = Column(head="Since", at=lambda row: row.at, nothing="never")

    def act(client: Client) -> None:
        row = Live(Row(AT))
        (shown,) = tags(cell(row, column), "time")
        row.show(Row(AT + HOUR))
        assert shown.text == "2026-11-25 15:05:09"

    on_a_page(act)
    assert as_csv([column], [Row(AT), Row(0)]) == '"Since"\n"2026-11-25 14:05:09"\n"never"'
    assert sorted((Row(AT), Row(1)), key=column.order) == [Row(1), Row(AT)]


CAP = CapFacts(id="", account="main", what="paused", symbol="", allows="", reason="", since=AT, lifted_by="", mark=Mark.HELD)
ALERT = AlertLine(
    rule="slow",
    subject="",
    severity="P2",
    since=AT,
    reason="",
    incident="",
    runbook="",
    quiet="silenced until ",
    silenced_until=AT,
)
SILENCE = SilenceLine(id="S1", what="slow", until=AT, by="ann", reason="")
SIGN_IN = SignInFacts(id="1", kind="session", name="", scope="write", begun_at=AT, ends_at=AT, used_at=AT, is_good=True)


@pytest.mark.parametrize(
    ("columns", "head", "row"),
    [
        (CAP_COLUMNS, "Since", CAP),
        (_ALERTS, "Since, UTC", ALERT),
        (_ALERTS, "People are notified", ALERT),
        (_SILENCES, "Until, UTC", SILENCE),
        (SIGN_IN_COLUMNS, "Last used, UTC", SIGN_IN),
    ],
)
def test_instants_in_lists_have_a_day_and_the_local_time_on_hover(columns: Any, head: str, row: Any) -> None:
    def act(client: Client) -> None:
        (column,) = [each for each in columns if each.head == head]
        (shown,) = tags(cell(Live(row), column), "time")
        assert shown.text in ("2026-11-25 14:05:09", "25 Nov 14:05")
        assert shown.props["datetime"] == "2026-11-25T14:05:09.120Z"

    on_a_page(act)


def test_orders_and_trades_are_copied_with_the_day_of_their_instant() -> None:
    sent, closed = (next(each for each in columns if each.at is not None) for columns in (ORDER_COLUMNS, TRADE_COLUMNS))
    assert (sent.head, closed.head) == ("Sent", "Closed")
    assert {sent.precision, closed.precision} == {InstantPrecision.SECOND}


def test_long_words_of_a_cell_are_prose_and_quotes_are_copied_twice() -> None:
    column: Column[Row] = Column(head="Why", words=lambda row: row.words, prose=True)

    def act(client: Client) -> None:
        (shown,) = tags(cell(Live(Row(0)), column), "span")
        assert isinstance(shown, Tag)
        assert "prose" in shown.classes

    on_a_page(act)
    assert as_csv([column], [Row(0, 'he said "no"')]) == '"Why"\n"he said ""no"""'
