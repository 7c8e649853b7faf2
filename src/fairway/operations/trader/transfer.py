"""Transfer: announces money that a person moves into an account or out of it, before the move or after it."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from fairway.operations.operation import Call, Exposure, Operation, Preview, Subject, account_or_bot
from fairway.operations.refusal import reason_given, wrong_input
from fairway.operations.trader.accounts_of_trader import chosen_account
from fairway.operations.trader.instruct import InstructionOutcome, instruct
from fairway.people.roles import UserAct
from fairway.settings import load

if TYPE_CHECKING:
    from fairway.money.amount import Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferRequest:
    """amount: exactly what the exchange adds or takes, its fee included, such as 250.5. asset: such as USDT."""

    config: Path
    direction: Literal["in", "out"]
    amount: str
    asset: str
    reason: str
    account: str = ""


def perform_transfer(call: Call[TransferRequest]) -> InstructionOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    from fairway.journal.commands import AnnounceTransfer

    asked = call.request
    settings, reason = load(asked.config), reason_given(asked.reason, "moved to my savings")
    moved = _moved(asked)
    instruction = AnnounceTransfer(reason=reason, account=chosen_account(settings, asked.account), amount=moved)
    then = f"where the exchange shows exactly that, it is neither gain nor loss; what is in force: fairway caps {asked.config}"
    return instruct(settings, instruction, call, then)


def _moved(asked: TransferRequest) -> "Amount":
    """Negative for money that leaves. Raises Refusal."""
    from fairway.money.amount import Amount

    value = _above_zero(asked.amount)
    return Amount(value if asked.direction == "in" else -value, asked.asset.upper())


def _above_zero(text: str) -> Decimal:
    """Raises Refusal."""
    from fairway.money.amount import ZERO, exact

    try:
        value = exact(text)
    except ValueError:
        value = ZERO
    if value <= 0:
        raise wrong_input(f"AMOUNT_WRONG: amount={text}", f"{text!r} is no amount above zero; a right one is 250.5")
    return value


def preview_transfer(call: Call[TransferRequest]) -> Preview:
    """What would count as moved. Raises Refusal, SettingsError, JournalErrors."""
    account = chosen_account(load(call.request.config), call.request.account)
    effect = f"{_moved(call.request)} count as moved, and neither as gain nor as loss"
    return Preview(effect=effect, accounts=(account,))


def _subject(asked: TransferRequest) -> Subject:
    return account_or_bot(asked.account)


TRANSFER = Operation(
    name="transfer",
    summary="Announce money that is moved into an account or out of it.",
    act=UserAct.TRADE,
    exposure=Exposure.KEEPS,
    request=TransferRequest,
    subject=_subject,
    preview=preview_transfer,
    perform=perform_transfer,
)
OPERATIONS: Final = (TRANSFER,)
