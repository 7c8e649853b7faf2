"""Cancel: tells a trader to cancel one entry that rests at the venue. What it has bought by then stays, with its stop and target.

A stop, a target or an exit is never cancelled by hand: that would raise exposure. A position is left by `close`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairway.operations.operation import Call, Exposure, Of, Operation, Preview, Subject
from fairway.operations.refusal import Refusal, against_rule, reason_given, wrong_input
from fairway.operations.trader.instruct import InstructionOutcome, instruct, settings_to_lower
from fairway.operations.trader.journal_view import view_of
from fairway.orders.ids import ClientId, Role
from fairway.orders.order import RESTING
from fairway.people.roles import UserAct
from fairway.settings import Settings

UNANSWERED: Final = "no trader has answered: where none runs, the next start cancels entries of earlier starts by itself"


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRequest:
    """order: the client order id of an entry."""

    config: Path
    order: str
    reason: str


def perform_cancel(call: Call[CancelRequest]) -> InstructionOutcome:
    """Raises Refusal, JournalErrors. The journal is not asked first: a damaged one does not keep an entry at work."""
    from fairway.journal.commands import CancelEntry

    asked = call.request
    settings, reason = settings_to_lower(asked.config), reason_given(asked.reason, "the news changed")
    _entry(asked.order)
    instruction = CancelEntry(reason=reason, account=_account_of(asked), order_id=asked.order)
    then = "the cancel is sent; the order's own page says what the venue answers"
    return instruct(settings, instruction, call, then, UNANSWERED)


def _account_of(asked: CancelRequest) -> str:
    parsed = ClientId.parse(asked.order)
    return parsed.account if parsed is not None else ""


def _entry(order: str) -> ClientId:
    """Raises Refusal for what is no entry."""
    parsed = ClientId.parse(order)
    if parsed is None:
        what = f"{order!r} is no client order id of Fairway"
        raise wrong_input(f"ORDER_UNKNOWN: order={order}", what, field="order", example="fw-main-k3x9q-1-2-e")
    if parsed.role is not Role.ENTRY:
        raise _refused(f"ORDER_PROTECTS: order={order}")
    return parsed


def _refused(code: str) -> Refusal:
    """In the words that the trader's own refusal has."""
    from fairway.reports.refusals import in_words

    return against_rule(code, in_words(code))


def preview_cancel(call: Call[CancelRequest]) -> Preview:
    """What of the entry would be given up. Raises Refusal, JournalErrors."""
    asked, settings = call.request, settings_to_lower(call.request.config)
    parsed = _entry(asked.order)
    effect = "nothing more is bought by it; what it has bought stays, and is protected"
    return Preview(effect=effect, accounts=(parsed.account,), orders=(_shown(settings, asked.order, parsed.account),))


def _shown(settings: Settings, order: str, account: str) -> str:
    """Raises Refusal where it is not at work."""
    with view_of(settings) as view:
        known = view.accounts.get(account)
        life = known.orders.get(order) if known is not None else None
    if life is None:
        raise wrong_input(f"ORDER_UNKNOWN: order={order}", f"there is no order {order!r} in the journal", field="order")
    row = life.order
    if row.state not in RESTING:
        raise _refused(f"ORDER_NOT_RESTING: order={order} state={row.state}")
    return f"{order}: {row.side} {row.quantity} {row.base} of {row.symbol}, {row.filled or '0'} filled"


CANCEL = Operation(
    name="cancel",
    summary="Cancel one entry that rests at the venue; what it has bought stays, with its stop and target.",
    act=UserAct.STOP,
    exposure=Exposure.LOWERS,
    request=CancelRequest,
    subject=lambda asked: Subject(Of.ACCOUNT, _account_of(asked)),
    preview=preview_cancel,
    perform=perform_cancel,
)
OPERATIONS: Final = (CANCEL,)
