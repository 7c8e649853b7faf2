"""Keeps how far an account's venue can be trusted to report: its streams, and what the account and its key may do there."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from fairway.journal.kinds import AccountStatusReported, CaughtUp, Event, StreamLost, StreamRestored, TraderStarted
from fairway.ledger.reconcile import Standing
from fairway.venues.port import StreamChannel

NOT_CAUGHT_UP: Final = "not caught up yet"


class VenueAccess:
    remembers: ClassVar[Mapping[str, Any]] = {"standing": Standing | None}

    def __init__(self) -> None:
        self.standing: Standing | None = None
        """What account and key may do, as last journaled."""
        self.reported = Standing()
        """The same, as far as the venue has said since the start."""
        self.rights_at = 0
        """When the venue last said what the key may do, or that it does not say (ns); 0 before the first time since the start."""
        self.down: dict[StreamChannel, str] = dict.fromkeys(StreamChannel, NOT_CAUGHT_UP)
        """Channels that are down or not caught up, with the reason. Before the first catch-up, all."""
        self.restored: dict[StreamChannel, int] = {}
        """When a channel in `down` was subscribed again (ns): a catch-up that began later makes it whole."""
        self.up_at: dict[StreamChannel, int] = {}
        """When a channel was last subscribed (ns): it must report what happens later."""

    def apply(self, event: Event, at: int) -> None:
        """Applies a journaled event; `at` is its instant in ns."""
        handler = _HANDLERS.get(type(event))
        if handler is not None:
            handler(self, event, at)

    def _start(self, event: TraderStarted, at: int) -> None:
        self.down, self.restored, self.up_at = dict.fromkeys(StreamChannel, NOT_CAUGHT_UP), {}, {}

    def _lose(self, event: StreamLost, at: int) -> None:
        self.down[StreamChannel(event.channel)] = event.why
        self.restored.pop(StreamChannel(event.channel), None)

    def _restore(self, event: StreamRestored, at: int) -> None:
        self.restored[StreamChannel(event.channel)] = self.up_at[StreamChannel(event.channel)] = at

    def _catch_up(self, event: CaughtUp, at: int) -> None:
        for channel in event.channels:
            self.down.pop(StreamChannel(channel), None)
            self.restored.pop(StreamChannel(channel), None)

    def _note_standing(self, event: AccountStatusReported, at: int) -> None:
        self.standing = event.standing


_HANDLERS: Final[dict[type[Event], Callable[[VenueAccess, Any, int], None]]] = {
    TraderStarted: VenueAccess._start,
    StreamLost: VenueAccess._lose,
    StreamRestored: VenueAccess._restore,
    CaughtUp: VenueAccess._catch_up,
    AccountStatusReported: VenueAccess._note_standing,
}
