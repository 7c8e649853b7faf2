"""Knows when each channel of a venue was last heard."""

from collections.abc import Mapping
from typing import Final

from fairway.market.candles import Candle, Quote
from fairway.venues.port import Sink, VenueEvent
from fairway.world.clock import Clock

ACCOUNT: Final = "account"


class ChannelAges:
    """Of one venue. Cheap enough to be asked for with each decision."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heard_at: dict[str, int] = {}

    def heard(self, name: str) -> None:
        self._heard_at[name] = self._clock.monotonic()

    def all(self) -> Mapping[str, int]:
        """Nanoseconds since each was heard."""
        now = self._clock.monotonic()
        return {name: now - at for name, at in self._heard_at.items()}

    def noted(self, sink: Sink) -> Sink:
        """The sink, with a note of what it hears."""

        def take(event: VenueEvent) -> None:
            match event:
                case Quote():
                    self.heard(f"quotes {event.symbol}")
                case Candle():
                    self.heard(f"candles {event.symbol}")
                case _:
                    pass  # public trades, and news of the connection itself
            sink(event)

        return take
