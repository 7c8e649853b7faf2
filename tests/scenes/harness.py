"""The stage of a scene: a play of `fairway.proving`, and what scenes ask of it.

At a scene's end the trader's belief is held against the truth: every scene is held to every invariant.
"""

from collections.abc import Callable, Sequence

from tests.ids import own_id

from fairway.assembly import CODEC
from fairway.exchange.answers import OrderSnapshot as Truth
from fairway.exchange.faults.counted import CountedFault
from fairway.exchange.terms import Side
from fairway.journal.chain import verify
from fairway.journal.kinds import AccountEvent, EntryRefused, Event, TraderStarted
from fairway.journal.memory import MemoryFile
from fairway.journal.port import Journal, Record
from fairway.journal.sql import open_journal, open_reader
from fairway.orders.lifecycle import OrderEvent
from fairway.proving import harness
from fairway.proving.harness import HOST, PORT, QUIET_PRICE, RULES
from fairway.proving.harness_result import ACCOUNT
from fairway.proving.invariants import violations
from fairway.store.place import Place
from fairway.world.clock import SECOND
from fairway.world.loop import EPOCH_NS

__all__ = ["ACCOUNT", "HOST", "PORT", "QUIET_PRICE", "RULES", "Scene"]


class Scene(harness.Harness):
    """A `Harness` whose journal is kept where `new_place` says, so that scenes are run on any store."""

    _where: Place | None = None
    new_place: Callable[[], Place | None] = staticmethod(lambda: None)
    """Where the journal of the next play is kept; None for memory."""

    def run(self, minutes: float) -> None:
        """However it ends, `file` then holds what another program reads from the journal, so that all questions can be asked."""
        self._where = self.new_place()
        try:
            super().run(minutes)
        finally:
            if self._where is not None:
                with open_reader(self._where) as reader:
                    self.file.records = list(reader.read())
        if self._where is not None:
            assert verify(self.file.records) is None

    def begin_anew(self) -> None:
        """The journal is lost: the next life finds none."""
        self.file, self._where = MemoryFile(), self.new_place()

    def open_journal(self) -> Journal:
        if self._where is None:
            return super().open_journal()
        return open_journal(self._where, CODEC, mode=self.mode, trader="main", synchronous="OFF")

    def _records(self) -> Sequence[Record]:
        """What the journal holds now, wherever it is kept; after the play `file` has it."""
        if self._where is None or self.file.records:
            return self.file.records
        with open_reader(self._where) as reader:
            return list(reader.read())

    @property
    def run_id(self) -> str:
        """The random part of its trader's ids at its first start."""
        return next(event.run for event in self.events(TraderStarted) if isinstance(event, TraderStarted))

    def own_id(self, role: str, sequence: int, *, epoch: int = 1) -> str:
        """An id as its trader gives them."""
        return own_id(role, sequence, epoch=epoch, run=self.run_id)

    def events(self, *kinds: type[Event]) -> list[Event]:
        """What the journal holds, of some kinds only where they are named."""
        wanted = kinds or (OrderEvent, AccountEvent)
        events = (CODEC.decode(record) for record in self._records())
        return [event for event in events if isinstance(event, wanted)]

    def seconds_of(self, kind: type[Event]) -> list[float]:
        """When events of a kind were journaled, in seconds from the rise of the curtain."""
        return [(record.at - EPOCH_NS) / SECOND for record in self.file.records if isinstance(CODEC.decode(record), kind)]

    def refusals(self) -> list[str]:
        """Why entries were refused: the part of each code before the colon."""
        return [event.code.split(":")[0] for event in self.events(EntryRefused) if isinstance(event, EntryRefused)]

    def bought(self) -> list[Truth]:
        """Buy orders that the exchange ever had."""
        return [order for order in self.orders if order.side is Side.BUY]

    def open_at_exchange(self) -> dict[str, Truth]:
        return {
            order.client_id: order for order in self.orders if order.status.value in ("NEW", "PARTIALLY_FILLED", "PENDING_NEW")
        }

    def asked(self, *, since: float = 0, until: float = float("inf")) -> list[str]:
        """What the exchange was asked by account or trader, between two seconds of the play; by the name of each endpoint."""
        return [it.endpoint for it in self._witness.answers if since <= (it.at - EPOCH_NS) / SECOND < until]

    def bans(self) -> int:
        """How often an address was banned."""
        return sum(address.bans for address in self.exchange.context.limits.addresses.values())

    @staticmethod
    def second(seconds: float) -> int:
        """The instant (ns) so long after the rise of the curtain."""
        return EPOCH_NS + round(seconds * SECOND)

    # -- belief and truth ----------------------------------------------------------------------------------------

    def assert_belief_is_truth(self) -> None:
        """All invariants hold. Faults that never struck makes the scene worthless, so that is asked too."""
        assert [
            it for it, _ in self.exchange.context.faults.all().values() if isinstance(it, CountedFault) and not it.struck
        ] == []
        self.assert_ties_out()

    def assert_ties_out(self) -> None:
        """The same, whether or not the faults came to anything; and the server did not stumble."""
        assert self.complaints.lines == []
        found = violations(self.run_result())
        assert not found, "\n".join(map(str, found))
