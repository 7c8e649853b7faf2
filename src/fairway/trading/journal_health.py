"""Reports to all accounts, and to people, that the journal cannot be written, and that it can be written again."""

from collections.abc import Callable, Iterable

from fairway.trading.account_state import AccountState
from fairway.trading.holdings_text import held_in_words
from fairway.trading.input_queue import InputQueue
from fairway.trading.inputs import JournalFailed, JournalRecovered
from fairway.trading.journal_writer import JournalWriter
from fairway.world.clock import SECOND, Clock

JOURNAL_STEADY_NS = 10 * SECOND
"""A journal that failed is trusted again after every commit has succeeded for so long."""

Alert = Callable[[str], None]
"""Shows a sentence to people at once, in the terminal or the operational log."""


class JournalHealth:
    """states: of the accounts traded at the moment."""

    def __init__(
        self, writer: JournalWriter, inputs: InputQueue, states: Callable[[], Iterable[AccountState]], clock: Clock
    ) -> None:
        self._writer, self._inputs, self._states, self._clock = writer, inputs, states, clock
        self.alerts: list[Alert] = []
        """Called with errors of the journal itself, which cannot be journaled."""
        self._failed_at: int | None = None
        self._holdings_shown = ""
        """What people were shown last of what is held, while the journal could not record it."""

    @property
    def is_sound(self) -> bool:
        return self._failed_at is None

    def check(self) -> None:
        """Reports to every account when the journal fails, and when it has been sound again for a while."""
        trouble, now = self._writer.trouble, self._clock.now()
        if trouble:
            if self._failed_at is None:
                self._inputs.put(None, JournalFailed(trouble))
                self._holdings_shown = ""
            self._show_holdings(trouble)
            self._failed_at = now
        elif self._failed_at is not None and now - self._failed_at >= JOURNAL_STEADY_NS:
            self._failed_at = None
            self._inputs.put(None, JournalRecovered())

    def _show_holdings(self, trouble: str) -> None:
        """At once, and again whenever it changes: until the journal is sound again no event can show it."""
        held = held_in_words(self._states())
        if held != self._holdings_shown:
            self._holdings_shown = held
            self._alert(f"Nothing is opened, for what happens cannot be written down: {trouble}. {held}")

    async def commit_at_stop(self) -> None:
        """Commits the last events; alerts people to what is held where that fails."""
        if not await self._writer.commit() and self._writer.trouble:
            missing = f"what happened last could not be written down: {self._writer.trouble}"
            held = held_in_words(self._states())
            self._alert(f"Stopped; {missing}. {held} The next start asks the venue for what is missing.")

    def _alert(self, sentence: str) -> None:
        for alert in self.alerts:
            alert(sentence)
