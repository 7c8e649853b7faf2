"""The operation `signal`: what it writes into the command inbox, and what it refuses before anything is written."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fairway.journal.command_inbox import CODEC, command_inbox_beside
from fairway.journal.commands import ReceiveSignal
from fairway.journal.port import COMMAND_STREAM
from fairway.journal.sql import open_reader
from fairway.operations.actor import owner_of_machine
from fairway.operations.operation import WHOLE_BOT, Call, Of, Subject
from fairway.operations.perform import perform, preview
from fairway.operations.refusal import Ground, Refusal
from fairway.operations.trader.signal import SIGNAL, SignalRequest
from fairway.orders.external_signal import ExternalSignal, SignalAction, SignalPosition

CONFIG = """
mode: practice
venue: {exchange: binance, url: http://127.0.0.1:9100, key: env:KEY, secret: env:SECRET}
symbols: [BTC/USDT, ETH/USDT]
strategy: {name: signals}
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("fairway.operations.trader.instruct.LOOKS_MAX", 1)
    (tmp_path / "bot.yaml").write_text(CONFIG)
    return tmp_path / "bot.yaml"


def call(config: Path, **fields: Any) -> Call[SignalRequest]:
    asked: dict[str, Any] = {"id": "42", "source": "tv", "symbol": "BTC/USDT", "action": "buy", "sent_at": 7} | fields
    return Call(actor=owner_of_machine("webhook"), request=SignalRequest(config=config, **asked))


def written(config: Path) -> list[ReceiveSignal]:
    inbox = command_inbox_beside(config.parent / "fairway.journal")
    if isinstance(inbox, Path) and not inbox.exists():
        return []
    with open_reader(inbox, trader="main", stream=COMMAND_STREAM) as journal:
        said = [CODEC.decode(record) for record in journal.read()]
    return [each for each in said if isinstance(each, ReceiveSignal)]


def test_a_signal_is_written_down_exactly_as_it_was_sent(config: Path) -> None:
    asked = {"symbol": "btcusdt", "expected": "flat", "number": 42, "stop": "64250.50", "target": "70000"}
    outcome = perform(SIGNAL, call(config, **asked))
    assert (outcome.is_done, outcome.is_answered, outcome.number) == (False, False, 1)
    assert "late" in outcome.lines[0]
    [said] = written(config)
    assert (said.account, said.reason) == ("main", "signal tv/42")
    assert said.signal == ExternalSignal(
        source="tv",
        id="42",
        symbol="BTC/USDT",
        action=SignalAction.BUY,
        sent_at=7,
        expected=SignalPosition.FLAT,
        number=42,
        stop=Decimal("64250.5"),
        target=Decimal(70000),
    )


def test_a_signal_for_everyone_names_no_account_and_one_without_an_instant_is_of_now(config: Path) -> None:
    perform(SIGNAL, call(config, everyone=True, sent_at=None, action="sell"))
    [said] = written(config)
    assert said.account == ""
    assert said.signal.sent_at > 10**18
    assert (said.signal.expected, said.signal.number, said.signal.stop, said.signal.target) == (None, None, None, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ""),
        ("id", "x" * 65),
        ("id", "a b"),
        ("id", "a\n"),
        ("source", ""),
        ("source", "x" * 33),
        ("source", "a/b"),
        ("number", -1),
        ("number", 10**15 + 1),
        ("stop", "1e4"),
        ("stop", "0"),
        ("stop", "-5"),
        ("stop", "NaN"),
        ("target", "1" * 13),
        ("target", "70,000"),
    ],
)
def test_a_field_that_is_wrong_is_named_with_a_right_example_and_nothing_is_written(
    config: Path, field: str, value: object
) -> None:
    for act in (perform, preview):
        with pytest.raises(Refusal) as caught:
            act(SIGNAL, call(config, **{field: value}))
        assert (caught.value.field, caught.value.ground) == (field, Ground.INPUT)
        assert caught.value.code.startswith(f"SIGNAL_WRONG: field={field} value=")
        assert caught.value.example
    assert written(config) == []


def test_a_symbol_that_the_bot_does_not_trade_is_refused_with_those_that_it_does(config: Path) -> None:
    with pytest.raises(Refusal, match="'DOGE/USDT' is none of the symbols of this bot; right is one of BTC/USDT, ETH/USDT"):
        perform(SIGNAL, call(config, symbol="DOGE/USDT"))
    assert written(config) == []


def test_a_preview_says_what_is_proposed_and_writes_nothing(config: Path) -> None:
    shown = preview(SIGNAL, call(config))
    assert shown.effect.startswith("proposes to buy BTC/USDT; risk, caps and lease decide")
    assert shown.accounts == ("main",)
    assert written(config) == []


def test_a_signal_is_about_its_account_or_about_the_whole_bot(config: Path) -> None:
    assert SIGNAL.subject(call(config, account="ann1").request) == Subject(Of.ACCOUNT, "ann1")
    assert SIGNAL.subject(call(config, everyone=True).request) == WHOLE_BOT
