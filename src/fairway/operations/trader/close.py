"""Close a position: sells it at the venue in slices, and keeps the pair closed until a person resumes it.

It is the kill of one pair that sells. A trader that runs beside it opens nothing in the pair, so that it does not buy back at
once.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairway.operations.operation import Call, Exposure, Operation, Preview, Subject, account_or_bot
from fairway.operations.trader.kill import KillOutcome, KillRequest, perform_kill, preview_kill
from fairway.people.roles import UserAct
from fairway.trading.latch import KillScope


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseRequest:
    """config: of the bot. symbol: the pair whose position is sold. account: one of a bot that has many."""

    config: Path
    symbol: str
    reason: str
    account: str = ""


def preview_close(call: Call[CloseRequest]) -> Preview:
    """Which position would be sold and which orders would be cancelled."""
    return preview_kill(_as_kill(call))


def perform_close(call: Call[CloseRequest]) -> KillOutcome:
    """Raises Refusal, as a kill does."""
    return perform_kill(_as_kill(call))


def _as_kill(call: Call[CloseRequest]) -> Call[KillRequest]:
    asked = call.request
    kill = KillRequest(
        config=asked.config, reason=asked.reason, scope=KillScope.SYMBOL, symbol=asked.symbol, account=asked.account, flatten=True
    )
    return Call(actor=call.actor, request=kill, key=call.key, tell=call.tell)


def _subject(asked: CloseRequest) -> Subject:
    return account_or_bot(asked.account)


CLOSE = Operation(
    name="close",
    summary="Sell the position of one pair at the venue, and open nothing in that pair until a person resumes it.",
    act=UserAct.STOP,
    exposure=Exposure.LOWERS,
    request=CloseRequest,
    subject=_subject,
    preview=preview_close,
    perform=perform_close,
)
OPERATIONS: Final = (CLOSE,)
