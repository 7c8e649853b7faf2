"""The judgement on a signal: repeated, late and lost are told apart, and a sale is obeyed where an entry is not."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from fairway.assembly import CODEC
from fairway.journal.kinds import SignalReceived
from fairway.journal.memory import MemoryFile, open_memory
from fairway.orders.external_signal import ExternalSignal, SignalAction, SignalPosition
from fairway.trading.account.received_signals import IDS_MAX, SOURCES_MAX, ReceivedSignals, content_of
from fairway.trading.signal_checks import AHEAD_MAX_NS, SignalTerms, SignalVerdict, judge
from fairway.world.clock import DAY, MINUTE, SECOND

NOW = 10 * DAY
FLAT, LONG = SignalPosition.FLAT, SignalPosition.LONG
TERMS = SignalTerms(symbols=("BTC/USDT", "ETH/USDT"), position=FLAT, age_max_ns=MINUTE, now=NOW)
SIGNAL = ExternalSignal(source="tv", id="1", symbol="BTC/USDT", action=SignalAction.BUY, sent_at=NOW)


class Account:
    """The signals of one account, received one after the other, and the position as its orders leave it."""

    def __init__(self) -> None:
        self.signals = ReceivedSignals()
        self.terms = TERMS
        self.ids = 0

    def gets(self, position: SignalPosition = FLAT, **changes: Any) -> SignalVerdict:
        """The verdict on a signal that differs from `SIGNAL` in these fields; each has an id of its own, if none is named."""
        self.ids += 1
        signal = msgspec.structs.replace(SIGNAL, **({"id": f"signal {self.ids}"} | changes))
        verdict = judge(self.signals, signal, replace(self.terms, position=position))
        if verdict.is_noted:
            noted = SignalReceived(signal=signal, lost=verdict.lost, doubted=verdict.doubted, is_settled=verdict.is_settled)
            self.signals.apply(noted, self.terms.now)
        return verdict

    def buys(self, position: SignalPosition = FLAT, **changes: Any) -> str:
        """Why a signal to buy is refused, "" where it is not."""
        return self.gets(position, **changes).refused

    def sells(self, position: SignalPosition = LONG, **changes: Any) -> str:
        return self.gets(position, action=SignalAction.SELL, **changes).refused


def test_the_first_signal_of_a_source_is_obeyed_whatever_its_number() -> None:
    assert Account().buys() == Account().buys(number=40) == Account().sells(number=0) == ""


# -- repeated --------------------------------------------------------------------------------------------------------


def test_the_same_id_again_is_repeated_and_with_other_content_altered() -> None:
    account = Account()
    assert account.buys(id="7", stop=Decimal("95.0")) == ""
    assert account.buys(id="7", stop=Decimal(95)) == "SIGNAL_REPEATED: source=tv id=7"
    assert account.buys(id="7", stop=Decimal(95), sent_at=NOW + SECOND) == "SIGNAL_REPEATED: source=tv id=7"
    assert account.buys(id="7", stop=Decimal(94)) == "SIGNAL_ALTERED: source=tv id=7"
    assert account.sells(id="7") == "SIGNAL_ALTERED: source=tv id=7"
    assert account.buys(id="7", source="other") == ""


def test_what_was_refused_counts_as_received_and_a_repetition_changes_nothing() -> None:
    account = Account()
    assert account.buys(id="7", sent_at=NOW - DAY).startswith("SIGNAL_LATE")
    assert account.gets(id="7", number=90) == SignalVerdict(refused="SIGNAL_ALTERED: source=tv id=7", is_noted=False)
    assert account.buys(number=3) == ""


@pytest.mark.parametrize("change", [{"symbol": "ETH/USDT"}, {"number": 2}, {"expected": FLAT}, {"target": Decimal(1)}])
def test_each_part_of_what_is_asked_is_content(change: dict[str, Any]) -> None:
    assert content_of(msgspec.structs.replace(SIGNAL, **change)) != content_of(SIGNAL)


def test_the_journal_gives_back_the_same_content() -> None:
    """Its decimals are written in one form, however the sender wrote them."""
    signal = msgspec.structs.replace(SIGNAL, stop=Decimal("95.00"), target=Decimal("1E+2"), number=4, expected=LONG)
    journal = open_memory(MemoryFile(), CODEC, mode="test", trader="main")
    [record] = journal.append([SignalReceived(signal=signal)], account="main", author="trader", at=NOW)
    read = CODEC.decode(record)
    assert isinstance(read, SignalReceived)
    assert content_of(read.signal) == content_of(signal)


def test_an_id_that_is_forgotten_makes_all_that_was_sent_by_then_late() -> None:
    """Ten thousand are known; whether an older one was received before cannot be known, so it is not obeyed."""
    account = Account()
    ages = {0: 2 * SECOND, 1: 9 * SECOND}
    for number in range(IDS_MAX + 2):
        account.buys(id=f"{number}", sent_at=NOW - ages.get(number, 0))
    assert len(account.signals.seen) == IDS_MAX
    assert account.buys(id="2").startswith("SIGNAL_REPEATED")
    assert account.buys(id="0", sent_at=NOW - 2 * SECOND) == "SIGNAL_LATE: age_ms=2000 ids_known_ms=2000"


# -- late ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", SignalAction)
@pytest.mark.parametrize(
    ("age_ns", "refused"),
    [
        (MINUTE, ""),
        (MINUTE + 1, "SIGNAL_LATE: age_ms=60000 max_ms=60000"),
        (3 * DAY, "SIGNAL_LATE: age_ms=259200000 max_ms=60000"),
        (-AHEAD_MAX_NS, ""),
        (-AHEAD_MAX_NS - 1, "SIGNAL_LATE: ahead_ms=5000 max_ms=5000"),
    ],
)
def test_what_was_sent_too_long_ago_or_in_the_future_is_late_also_a_sale(age_ns: int, refused: str, action: SignalAction) -> None:
    assert Account().gets(LONG, action=action, sent_at=NOW - age_ns).refused == refused


def test_a_late_signal_was_received_so_its_number_is_not_lost() -> None:
    account = Account()
    assert account.buys(number=1) == ""
    assert account.buys(number=2, sent_at=NOW - DAY).startswith("SIGNAL_LATE")
    assert account.buys(number=3) == ""


def test_a_late_signal_says_nothing_of_the_position() -> None:
    """Neither that it differs nor that it agrees: it is of another time."""
    account = Account()
    account.buys(number=1)
    account.buys(number=3, id="x")
    for late in (account.gets(LONG, expected=FLAT, sent_at=NOW - DAY), account.gets(expected=FLAT, sent_at=NOW - DAY)):
        assert (late.refused.split(":")[0], late.lost, late.is_settled) == ("SIGNAL_LATE", "", False)
    assert account.sells(sent_at=NOW - DAY).startswith("SIGNAL_LATE")
    assert account.buys() == "SIGNAL_LOST: source=tv id=x missing=2"


# -- lost ------------------------------------------------------------------------------------------------------------


def test_a_number_that_is_skipped_is_named_and_nothing_is_bought() -> None:
    account = Account()
    assert account.buys(number=3) == ""
    assert account.buys(number=5, id="x") == "SIGNAL_LOST: source=tv id=x missing=4"
    assert account.gets(number=9, id="y").lost == "SIGNAL_LOST: source=tv id=y missing=6-8"


def test_a_sale_is_obeyed_although_numbers_are_missing_and_the_loss_is_told() -> None:
    account = Account()
    account.buys(number=3)
    sale = account.gets(LONG, action=SignalAction.SELL, number=5, id="x")
    assert (sale.refused, sale.lost) == ("", "SIGNAL_LOST: source=tv id=x missing=4")


def test_after_a_loss_entries_wait_in_each_symbol_until_the_position_agrees() -> None:
    """A lost signal may have been of any symbol. A sale settles its own; so does an expected position that fits."""
    account = Account()
    account.buys(number=1)
    assert account.sells(number=3, id="x") == ""
    assert account.buys(number=4) == ""
    other: dict[str, Any] = {"symbol": "ETH/USDT"}
    assert account.buys(number=5, **other) == "SIGNAL_LOST: source=tv id=x missing=2"
    assert account.buys(number=6, expected=LONG, **other).endswith("symbol=ETH/USDT expected=long held=flat")
    assert account.gets(number=7, expected=FLAT, **other) == SignalVerdict(is_settled=True)
    assert account.buys(number=8, **other) == ""


def test_a_signal_that_shows_a_loss_buys_nothing_even_where_its_position_fits() -> None:
    account = Account()
    account.buys(number=1)
    assert account.buys(number=3, expected=FLAT).startswith("SIGNAL_LOST")
    assert account.buys(number=4, expected=FLAT) == ""


def test_a_position_that_is_not_expected_is_told_with_both() -> None:
    account = Account()
    told = "SIGNAL_LOST: source=tv id=x symbol=BTC/USDT expected=flat held=long"
    assert account.buys(LONG, id="x", expected=FLAT) == told
    assert account.buys() == told  # without an expected position nothing says that it agrees
    assert account.buys(symbol="ETH/USDT") == ""
    assert account.sells() == account.buys() == ""


def test_a_sale_is_obeyed_although_its_sender_expects_another_position() -> None:
    sale = Account().gets(LONG, action=SignalAction.SELL, expected=FLAT, id="x")
    assert sale == SignalVerdict(lost="SIGNAL_LOST: source=tv id=x symbol=BTC/USDT expected=flat held=long")


def test_a_missing_number_and_a_position_that_differs_are_told_together() -> None:
    account = Account()
    account.buys(number=1)
    lost = account.gets(LONG, number=3, expected=FLAT, id="x").lost
    assert lost == "SIGNAL_LOST: source=tv id=x missing=2 symbol=BTC/USDT expected=flat held=long"


def test_a_signal_that_was_overtaken_buys_nothing_settles_nothing_and_sells_all_the_same() -> None:
    account = Account()
    account.buys(number=1)
    account.buys(number=3, id="x")
    assert account.buys(number=2, expected=FLAT) == "SIGNAL_OUT_OF_ORDER: source=tv number=2 last=3"
    assert account.buys(number=3, expected=FLAT) == "SIGNAL_OUT_OF_ORDER: source=tv number=3 last=3"
    assert account.sells(number=2) == ""
    assert account.buys(number=4) == "SIGNAL_LOST: source=tv id=x missing=2"


def test_a_sale_settles_its_own_symbol_alone() -> None:
    account = Account()
    account.buys(number=1)
    account.buys(number=3, id="x")
    assert account.gets(LONG, number=4, action=SignalAction.SELL) == SignalVerdict(is_settled=True)
    assert account.buys(number=5, symbol="ETH/USDT") == "SIGNAL_LOST: source=tv id=x missing=2"
    assert account.buys(number=6) == ""


def test_each_source_counts_for_itself() -> None:
    account = Account()
    account.buys(number=1)
    account.buys(number=9)
    assert account.buys(source="other", number=1) == account.buys(source="other", number=2) == ""


# -- other refusals --------------------------------------------------------------------------------------------------


def test_a_symbol_that_is_not_traded_is_refused_with_those_that_are() -> None:
    account = Account()
    assert account.buys(symbol="DOGE/USDT", number=1) == "SIGNAL_SYMBOL: symbol=DOGE/USDT traded=BTC/USDT,ETH/USDT"
    assert account.buys(number=2) == ""


def test_of_one_source_too_many_only_sales_are_obeyed() -> None:
    account = Account()
    for number in range(SOURCES_MAX):
        assert account.buys(source=f"source {number}") == ""
    assert account.buys() == f"SIGNAL_SOURCES_MAX: source=tv max={SOURCES_MAX}"
    assert account.sells() == account.buys(source="source 1") == ""
    assert len(account.signals.sources) == SOURCES_MAX
