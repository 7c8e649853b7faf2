"""Fault: streams say nothing more, and yet they are open and answer each ping."""

from collections.abc import Sequence

import msgspec

from fairway.exchange.events import ExchangeEvent
from fairway.exchange.faults.kinds import Kind
from fairway.exchange.faults.port import Fault, Scope
from fairway.exchange.wire.user_events import name_of, symbol_of
from fairway.world.chance import Chance


class MutedStreamOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    market: bool = True
    """Market streams are mute; their kinds are the scope's `endpoints`. A scope with an account spares them: they have none."""
    account: bool = True
    """The account's events are mute; their names are the scope's `endpoints`."""


class MutedStream(Fault):
    """It ends with the scope's time: what was not said by then is never said."""

    __slots__ = ("_options",)

    def __init__(self, scope: Scope, options: MutedStreamOptions, chance: Chance) -> None:
        super().__init__(scope)
        self._options = options

    def frame(self, symbol: str, stream: str, frame: bytes, at: int) -> bytes | None:
        is_mute = self._options.market and self.scope.covers(at, symbol=symbol, endpoint=stream)
        return None if is_mute else frame

    def user_event(self, account: str, event: ExchangeEvent, at: int) -> Sequence[tuple[int, ExchangeEvent]] | None:
        is_mute = self._options.account and self.scope.covers(at, account, symbol_of(event), name_of(event))
        return [] if is_mute else None


KIND = Kind("muted_stream", MutedStreamOptions, MutedStream)
