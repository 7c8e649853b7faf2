"""Switch address: a trader asks its venue at the next of its addresses. Orders stay as they are, and none is sent again."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairway.operations.operation import WHOLE_BOT, Call, Exposure, Operation, Preview
from fairway.operations.refusal import against_rule, reason_given
from fairway.operations.trader.accounts_of_trader import permissions_of
from fairway.operations.trader.instruct import InstructionOutcome, instruct, settings_to_lower
from fairway.people.roles import UserAct
from fairway.settings import Settings

UNANSWERED: Final = "no trader has answered: where none runs, the next start takes the first address that answers"


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchAddressRequest:
    config: Path
    reason: str


def perform_switch_address(call: Call[SwitchAddressRequest]) -> InstructionOutcome:
    """Raises Refusal, JournalErrors."""
    from fairway.journal.commands import SwitchAddress

    settings = _with_fallbacks(call.request.config)
    reason = reason_given(call.request.reason, "the exchange's status page says that this address is slow")
    then = "the exchange is asked at its next address, unless it was switched less than 10 s before; orders stay as they are"
    return instruct(settings, SwitchAddress(reason=reason), call, then, UNANSWERED)


def preview_switch_address(call: Call[SwitchAddressRequest]) -> Preview:
    """Between which addresses it would switch. Raises Refusal, JournalErrors."""
    settings = _with_fallbacks(call.request.config)
    first = settings.venue.url or f"{settings.venue.exchange}'s own"
    effect = f"the exchange is asked at the next of its addresses, in turn {', '.join((first, *settings.venue.fallbacks))}"
    return Preview(effect=f"{effect}; orders stay as they are", accounts=tuple(permissions_of(settings)))


def _with_fallbacks(config: Path) -> Settings:
    settings = settings_to_lower(config)
    if not settings.venue.fallbacks:
        what = f"{config} names no further address of the exchange; name one with venue.fallbacks, such as [api1.binance.com]"
        raise against_rule("ADDRESS_SINGLE: addresses=1", what)
    return settings


SWITCH_ADDRESS = Operation(
    name="switch address",
    summary="Tell a trader to ask its venue at the next of its addresses; orders stay as they are.",
    act=UserAct.STOP,
    exposure=Exposure.LOWERS,
    request=SwitchAddressRequest,
    subject=lambda request: WHOLE_BOT,
    preview=preview_switch_address,
    perform=perform_switch_address,
)
OPERATIONS: Final = (SWITCH_ADDRESS,)
