"""Fault: streams send nothing more, although they stay open and answer each ping."""

from collections.abc import Sequence

import msgspec

from fairway.exchange.events import ExchangeEvent
from fairway.exchange.faults.fuzz_rule import FuzzRule
from fairway.exchange.faults.port import Fault, FaultScope
from fairway.exchange.faults.registry import FaultPlugin
from fairway.exchange.faults.user_events import CATCH_UP_S
from fairway.exchange.wire.user_events import name_of, symbol_of
from fairway.world.chance import Chance


class MutedStreamOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    market: bool = True
    """Mute market streams; their kinds are the scope's `endpoints`. A scope with an account excludes them: they have none."""
    account: bool = True
    """Mute the account's events; their names are the scope's `endpoints`."""


class MutedStream(Fault):
    """It ends with the scope's time; what was not sent by then is never sent."""

    __slots__ = ("_options",)

    def __init__(self, scope: FaultScope, options: MutedStreamOptions, chance: Chance) -> None:
        super().__init__(scope)
        self._options = options

    def alter_frame(self, symbol: str, stream: str, frame: bytes, at: int) -> bytes | None:
        is_mute = self._options.market and self.scope.covers(at, symbol=symbol, endpoint=stream)
        return None if is_mute else frame

    def alter_user_event(self, account: str, event: ExchangeEvent, at: int) -> Sequence[tuple[int, ExchangeEvent]] | None:
        is_mute = self._options.account and self.scope.covers(at, account, symbol_of(event), name_of(event))
        return [] if is_mute else None


FAULT = FaultPlugin(
    name="muted_stream",
    options=MutedStreamOptions,
    make=MutedStream,
    trader="Pings prove nothing: quotes grow old, and it asks for the account's state.",
    scene="a_stream_is_mute_and_answers_pings",
    fuzz=FuzzRule(options={"market": [True, False]}, protection_late_s=CATCH_UP_S, hides_market=True),
)
