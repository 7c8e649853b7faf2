"""`report.html`: complete, self-contained, safe to open, and the same bytes for the same run."""

import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from itertools import combinations

import pytest
from tests.pure.reports.runs import LAST_PRICES, Scribe, two_trips
from tests.pure.reports.ten_days import candles, ten_days

from fairway.journal import kinds
from fairway.market.candles import Candle
from fairway.reports.charts import PRICE_NARROW, PRICE_WIDE, price_figure, thinned
from fairway.reports.page import page_bytes
from fairway.reports.page_svg import page_elements
from fairway.reports.report import report_of
from fairway.reports.run import DemoResult
from fairway.risk.caps import held
from fairway.world.clock import DAY

_VOID = {"meta", "br", "link", "img", "hr", "input"}


@pytest.fixture(scope="module")
def page() -> str:
    return page_bytes(report_of(ten_days())).decode()


class _Balance(HTMLParser):
    """Counts what is opened and closed, and collects ids."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.open.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for name, value in attrs if name == "id" and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_it_asks_nothing_of_any_network(page: str) -> None:
    """No address, no script, no import; the only references are to its own parts."""
    assert "http" not in page
    assert "<script" not in page
    assert "@import" not in page
    assert all(target.startswith("#") for target in re.findall(r'(?:src|href)="([^"]*)"', page))
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", page))


def test_every_trip_and_every_fill_is_on_it(page: str) -> None:
    """Nothing is summed away: what the journal says was traded can be found."""
    report = report_of(ten_days())
    assert len(report.story.trips) > 10
    assert page.count('<td class="roomy">') == len(report.story.trips)
    for booked in report.story.fills:
        assert f'<td class="num quiet">{booked.fill.trade_id}</td>' in page


def test_it_is_well_formed_and_no_id_is_used_twice(page: str) -> None:
    """Charts drawn apart must not share clip paths."""
    parser = _Balance()
    parser.feed(page)
    assert parser.open == []
    assert len(set(parser.ids)) == len(parser.ids)
    for used in re.findall(r'(?:url\(|href=")#([^")]+)', page):
        assert used in parser.ids


def test_charts_are_told_to_those_who_cannot_see_them(page: str) -> None:
    """Each has a role, a title and a description, and takes its colours from the page."""
    charts = re.findall(r"<svg[^>]*>", page)
    assert len(charts) == 8
    assert all('role="img"' in chart and "aria-labelledby" in chart for chart in charts)
    assert page.count("<desc") == page.count("<title") - 1 == 8
    assert "stroke: var(--accent)" in page
    assert "DejaVu" not in page


def test_the_same_run_gives_the_same_bytes() -> None:
    """No date, no address of memory, no random id."""
    run = two_trips().result(LAST_PRICES, candles(1, days=1))
    assert page_bytes(report_of(run)) == page_bytes(report_of(replace(run, wall_seconds=9.9)))


def test_reasons_cannot_become_markup() -> None:
    """A strategy, or a venue's error text, may say anything."""
    scribe = Scribe().begin()
    scribe.write(kinds.CapRaised(cap=held("BTC/USDT", "<img src=x onerror=alert(1)>", 1)))
    page = page_bytes(report_of(scribe.result(LAST_PRICES))).decode()
    assert "<img" not in page
    assert "&lt;img src=x" in page


def test_a_run_without_trades_is_a_page_too() -> None:
    """It says so, and shows no empty tables."""
    scribe = Scribe().begin()
    page = page_bytes(report_of(scribe.result({}))).decode()
    assert "did not trade" in page
    assert "No position was opened" in page
    assert "Nothing. No stream was lost" in page


def test_a_ledger_that_is_wrong_is_said_in_the_header() -> None:
    """The one thing that must not be overlooked."""
    run = replace(two_trips().result(LAST_PRICES), exchange_balances={"USDT": LAST_PRICES["BTC/USDT"]})
    assert "Does not tie out with the exchange" in page_bytes(report_of(run)).decode()


def _moved_by_hand(run: DemoResult, **moved: str) -> DemoResult:
    """The exchange holds so much more than what the trader has seen, and has not booked yet."""
    held = dict(run.exchange_balances)
    for asset, difference in moved.items():
        held[asset] = held.get(asset, Decimal(0)) + Decimal(difference)
    return replace(run, exchange_balances=held)


def test_what_was_moved_by_hand_and_is_not_booked_yet_is_told_with_its_amount() -> None:
    """The trader books a difference after two equal readings; a run that ends before must not be told as if all were well."""
    run = _moved_by_hand(two_trips().result(LAST_PRICES), BTC="0.1", USDT="-4700")
    page = page_bytes(report_of(run)).decode()
    assert "nobody else" not in page
    assert "Nothing. No stream was lost" not in page
    assert page.count("The exchange holds 4,700 USDT less and 0.1 BTC more than the bot&#39;s trades explain") == 2
    assert "Does not tie out" in page
    quiet = page_bytes(report_of(two_trips().result(LAST_PRICES))).decode()
    assert "and the exchange holds what the bot&#39;s own trades explain" in quiet


def test_a_run_that_ended_before_the_balances_were_read_says_that_nothing_is_known() -> None:
    """A balance that the trader has not read yet is not reported as moved."""
    scribe = Scribe(opening={})
    scribe.exchange.totals = {"USDT": Decimal(10_000)}
    page = page_bytes(report_of(scribe.result({}))).decode()
    assert "before it had read what the account holds" in page
    assert "more than the bot" not in page
    assert "the exchange holds what" not in page


def test_a_run_in_real_time_does_not_offer_to_be_run_again() -> None:
    """There is no seed for a real market; and what traded there may have been real money."""
    run = replace(two_trips().result(LAST_PRICES), seed=None, command="", data=())
    page = page_bytes(report_of(run)).decode()
    assert "cannot be run again" in page
    assert "the market of practice, as it was" in page
    assert "ab" * 32 in page
    for untrue in ("Seed", "seed", "Command", "same run again", "generator", "Practice money"):
        assert untrue not in page


def test_thinning_keeps_every_spike() -> None:
    """Fewer points, but the highest and lowest price of all are among them."""
    line = candles(3)["BTC/USDT"]
    points = thinned(line, 100)
    assert len(points) <= 100
    assert max(point.high for point in points) == max(candle.high for candle in line)
    assert min(point.low for point in points) == min(candle.low for candle in line)
    assert points[-1].close == line[-1].close


def test_the_same_trouble_is_told_once() -> None:
    """A stream that is cut every midnight is one line, with how often and when last."""
    scribe = Scribe().begin()
    for _ in range(3):
        scribe.write(kinds.StreamLost(channel="market", why="closed"), kinds.CaughtUp(channels=("market",)))
        scribe.later(DAY)
    page = page_bytes(report_of(scribe.result(LAST_PRICES))).decode()
    assert page.count("Lost the market stream: closed") == 1
    assert "and 2 more times, last 3 Jan 00:00" in page


def test_small_prices_keep_their_digits_on_the_scale() -> None:
    """Coordinates are shortened; what a person reads is not, or five lines of a scale would all say 0.08."""
    line = [_scaled(candle) for candle in candles(5)["BTC/USDT"]]
    chart = _price_chart("ETH/BTC", line, places=6)
    texts = re.findall(r"<text[^>]*>(0\.0[^<]*)</text>", chart)
    assert len(texts) >= 6
    assert len(set(texts)) == len(texts) / 2


def test_no_two_texts_of_a_chart_touch() -> None:
    """Not even where the lowest level of the scale lies on the bottom line, and the first day under its left end."""
    line = [replace(candle, low=Decimal(104), high=Decimal(204), open=Decimal(110), close=Decimal(190)) for candle in _day()]
    chart = _price_chart("BTC/USDT", line, places=2)
    for drawing in re.findall(r"<svg.*?</svg>", chart, flags=re.DOTALL):
        boxes = [_box(*found) for found in _TEXT.findall(drawing)]
        assert len(boxes) > 6
        assert min(_apart(one, other) for one, other in combinations(boxes, 2)) >= 8


_TEXT = re.compile(r'<text style="font-size: ([\d.]+)px; text-anchor: (\w+)[^>]*x="([\d.-]+)" y="([\d.-]+)">([^<]+)')
_Box = tuple[float, float, float, float]


def _day() -> list[Candle]:
    return candles(1, days=1)["BTC/USDT"]


def _box(size: str, anchor: str, x: str, y: str, text: str) -> _Box:
    """left, top, right, bottom of a text in pixels; letters are taken for wider than fonts of pages have them."""
    em = float(size)
    width = 0.62 * em * len(text)
    left = float(x) - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    return left, float(y) - 0.75 * em, left + width, float(y) + 0.22 * em


def _apart(one: _Box, other: _Box) -> float:
    """The wider of the two gaps between them, across and down, in pixels; below zero where they overlap."""
    across = max(other[0] - one[2], one[0] - other[2])
    down = max(other[1] - one[3], one[1] - other[3])
    return max(across, down)


def _price_chart(symbol: str, line: list[Candle], *, places: int) -> str:
    figure = price_figure(symbol, line, (), (), places=places, ended_at=line[-1].close_at)
    return page_elements(lambda _: figure, wide=PRICE_WIDE, narrow=PRICE_NARROW)


def _scaled(candle: Candle) -> Candle:
    """To the size of a price in bitcoin."""
    million = 10**6
    return replace(
        candle,
        open=candle.open / million,
        high=candle.high / million,
        low=candle.low / million,
        close=candle.close / million,
    )
