"""Reconnect: a trader drops its streams of the venue and makes them again. Entries wait until all that was missed is booked."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairway.operations.operation import WHOLE_BOT, Call, Exposure, Operation, Preview
from fairway.operations.refusal import reason_given, wrong_input
from fairway.operations.trader.accounts_of_trader import permissions_of
from fairway.operations.trader.instruct import InstructionOutcome, instruct, settings_to_lower
from fairway.people.roles import UserAct

CHANNELS: Final = ("", "market", "account")
UNANSWERED: Final = "no trader has answered: where none runs, there is no stream to make again; the next start makes all of them"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconnectRequest:
    """channel: "market" or "account"; "" for both."""

    config: Path
    reason: str
    channel: str = ""


def perform_reconnect(call: Call[ReconnectRequest]) -> InstructionOutcome:
    """Raises Refusal, JournalErrors."""
    from fairway.journal.commands import Reconnect

    asked = call.request
    settings, reason = settings_to_lower(asked.config), reason_given(asked.reason, "prices have stood still for a minute")
    instruction = Reconnect(reason=reason, channel=_channel(asked))
    return instruct(settings, instruction, call, f"{_what(asked)} made again; entries wait until all is caught up", UNANSWERED)


def _channel(asked: ReconnectRequest) -> str:
    if asked.channel not in CHANNELS:
        raise wrong_input(
            f"CHANNEL_UNKNOWN: channel={asked.channel}",
            f"there is no stream {asked.channel!r}; there are market and account, and without one both are made again",
        )
    return asked.channel


def _what(asked: ReconnectRequest) -> str:
    return f"the {asked.channel} stream is" if asked.channel else "the market stream and the account streams are"


def preview_reconnect(call: Call[ReconnectRequest]) -> Preview:
    """Which streams would be made again. Raises Refusal, JournalErrors."""
    settings = settings_to_lower(call.request.config)
    _channel(call.request)
    effect = f"{_what(call.request)} dropped and made again; entries wait until all is caught up, stops and targets stay"
    return Preview(effect=effect, accounts=tuple(permissions_of(settings)))


RECONNECT = Operation(
    name="reconnect",
    summary="Tell a trader to make its streams of the venue again; entries wait until it has caught up.",
    act=UserAct.STOP,
    exposure=Exposure.LOWERS,
    request=ReconnectRequest,
    subject=lambda request: WHOLE_BOT,
    preview=preview_reconnect,
    perform=perform_reconnect,
)
OPERATIONS: Final = (RECONNECT,)
