"""Signal: hands a trader a signal from outside, such as a TradingView alert, and waits for what the trader says to it."""

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from fairway.operations.operation import Call, Exposure, Operation, Preview, Subject, account_or_bot
from fairway.operations.refusal import Refusal, wrong_input
from fairway.operations.trader.accounts_of_trader import meant_account, permissions_of
from fairway.operations.trader.instruct import InstructionOutcome, instruct
from fairway.orders.external_signal import (
    ID_LENGTH_MAX,
    SOURCE_LENGTH_MAX,
    ExternalSignal,
    SignalAction,
    SignalPosition,
)
from fairway.people.roles import UserAct
from fairway.settings import load

if TYPE_CHECKING:
    from fairway.settings import Settings

NUMBER_MAX: Final = 10**15
UNANSWERED: Final = "no trader has answered: a signal that waits longer than the strategy's `age_max` is late, and not obeyed"
_ID: Final = re.compile(rf"[!-~]{{1,{ID_LENGTH_MAX}}}")
_SOURCE: Final = re.compile(rf"[A-Za-z0-9_.-]{{1,{SOURCE_LENGTH_MAX}}}")
_PRICE: Final = re.compile(r"\d{1,12}(?:\.\d{1,12})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRequest:
    """id: the sender's own, unique within its source; the same for each copy of one signal.

    symbol: as the configuration names it, BTC/USDT, or without the stroke, BTCUSDT. sent_at: when the sender sent it (ns); None
    for now, which is for a person at a terminal: a shell that relays signals names the sender's instant. expected: the position
    that the sender has in mind before the signal. number: counts the signals of the source. stop, target: exact prices as text,
    "" for those of the strategy. account: one of several, "" for the configured one. everyone: all accounts of the trader.
    """

    config: Path
    id: str
    source: str
    symbol: str
    action: Literal["buy", "sell"]
    sent_at: int | None = None
    expected: Literal["flat", "long"] | None = None
    number: int | None = None
    stop: str = ""
    target: str = ""
    account: str = ""
    everyone: bool = False


def perform_signal(call: Call[SignalRequest]) -> InstructionOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    from fairway.journal.commands import ReceiveSignal

    asked = call.request
    settings = load(asked.config)
    signal = _signal(settings, asked)
    account = meant_account(settings, asked.account, everyone=asked.everyone)
    instruction = ReceiveSignal(reason=f"signal {signal.name}", account=account, signal=signal)
    then = f"what follows: fairway status {asked.config}"
    return instruct(settings, instruction, call, then, UNANSWERED)


def _signal(settings: "Settings", asked: SignalRequest) -> ExternalSignal:
    """Raises Refusal."""
    from fairway.world.clock import SystemClock

    if not _ID.fullmatch(asked.id):
        raise _misfit("id", asked.id, f"is no id of 1 to {ID_LENGTH_MAX} visible ASCII characters without spaces", "alert-42")
    if not _SOURCE.fullmatch(asked.source):
        what = f"is no name of 1 to {SOURCE_LENGTH_MAX} letters, digits and the signs _ . -"
        raise _misfit("source", asked.source, what, "tradingview")
    if asked.number is not None and not 0 <= asked.number <= NUMBER_MAX:
        raise _misfit("number", str(asked.number), f"is no number from 0 to {NUMBER_MAX}", "42")
    return ExternalSignal(
        source=asked.source,
        id=asked.id,
        symbol=_symbol(settings, asked.symbol),
        action=SignalAction(asked.action),
        sent_at=SystemClock().now() if asked.sent_at is None else asked.sent_at,
        expected=SignalPosition(asked.expected) if asked.expected is not None else None,
        number=asked.number,
        stop=_price("stop", asked.stop),
        target=_price("target", asked.target),
    )


def _symbol(settings: "Settings", text: str) -> str:
    """The configured symbol that is meant. Raises Refusal."""
    for symbol in settings.symbols:
        if text.upper() in (symbol, symbol.replace("/", "")):
            return symbol
    known = ", ".join(settings.symbols)
    raise wrong_input(
        f"SIGNAL_WRONG: field=symbol value={text}", f"{text!r} is none of the symbols of this bot; right is one of {known}"
    )


def _price(field: str, text: str) -> Decimal | None:
    """None for "". Raises Refusal."""
    if not text:
        return None
    value = Decimal(text) if _PRICE.fullmatch(text) else Decimal(0)
    if value <= 0:
        raise _misfit(field, text, "is no price above zero with at most 12 digits on each side of the point", "64250.5")
    return value


def _misfit(field: str, value: str, what: str, example: str) -> Refusal:
    code = f"SIGNAL_WRONG: field={field} value={value}"
    return wrong_input(code, f"{value!r} {what}", field=field, example=example)


def preview_signal(call: Call[SignalRequest]) -> Preview:
    """What the signal proposes. Raises Refusal, SettingsError, JournalErrors."""
    settings = load(call.request.config)
    signal = _signal(settings, call.request)
    account = meant_account(settings, call.request.account, everyone=call.request.everyone)
    effect = f"proposes to {signal.action} {signal.symbol}; risk, caps and lease decide, as for every intent of a strategy"
    return Preview(effect=effect, accounts=(account,) if account else tuple(permissions_of(settings)))


def _subject(asked: SignalRequest) -> Subject:
    return account_or_bot("" if asked.everyone else asked.account)


SIGNAL = Operation(
    name="signal",
    summary="Hand a trader a signal from outside, which its strategy and risk decide on.",
    act=UserAct.TRADE,
    # It only proposes: risk, caps, the lease and the launch's stage decide on it, as on every intent of a strategy.
    exposure=Exposure.KEEPS,
    request=SignalRequest,
    subject=_subject,
    preview=preview_signal,
    perform=perform_signal,
)
OPERATIONS: Final = (SIGNAL,)
