"""What the page of the practice exchange says of its market, its faults and both sides."""

from decimal import Decimal

from fairway.operations.practice.comparison import ComparedAccount, ComparedBalance
from fairway.operations.practice.show import PracticeFault, PracticeMarket
from fairway.panel.pages.practice_facts import _clock, _clock_note, _faults_on, _headline
from fairway.panel.state_marks import Mark
from fairway.world.clock import MINUTE


def market(*, ahead: int = 0, is_paused: bool = False, speed: int = 1) -> PracticeMarket:
    return PracticeMarket(now=MINUTE * 60, market_now=MINUTE * 60 + ahead, is_paused=is_paused, has_ended=False, speed=speed)


def account(*, believed: str, known: str) -> ComparedAccount:
    balance = ComparedBalance(asset="USDT", believed=Decimal(believed), known=Decimal(known))
    return ComparedAccount(name="me", balances=(balance,), orders=())


def fault(name: str) -> PracticeFault:
    return PracticeFault(number=1, name=name, account="", symbol="", endpoints=(), since=0, until=0)


def test_the_markets_time_is_told_beside_the_clock() -> None:
    assert _clock(market()) == "runs with the clock, at the clock"
    assert _clock(market(ahead=5 * MINUTE, speed=10)) == "runs 10 times as fast, 5 min ahead of the clock"
    assert _clock(market(ahead=-2 * MINUTE, is_paused=True)) == "stands still, 2 min behind the clock"


def test_a_market_away_from_the_clock_says_what_the_trader_makes_of_it() -> None:
    assert not _clock_note(market())
    assert "candles ahead of it" in _clock_note(market(ahead=MINUTE))
    assert "candles are late" in _clock_note(market(ahead=-MINUTE))


def test_the_headline_is_true() -> None:
    assert _headline((account(believed="1", known="1"),), is_running=True)[1] is Mark.GOOD
    sentence, mark = _headline((account(believed="1", known="2"),), is_running=True)
    assert (sentence, mark) == ("The trader and the exchange differ in one thing.", Mark.HELD)
    assert _headline((account(believed="1", known="1"),), is_running=False)[1] is Mark.UNKNOWN, "a dead trader believes nothing"
    assert _headline((), is_running=True)[1] is Mark.UNKNOWN


def test_faults_that_are_on_are_named_once() -> None:
    assert _faults_on(()) == "No fault is on: the exchange answers as it should."
    assert _faults_on((fault("key_revoked"), fault("key_revoked"))) == "Faults that are on: key revoked."
