"""Follows a trader's journal with the guards of each account, so that others see the figures that its guards are alarmed by.

A trader's guards learn from journaled events, and so does this copy of them. What a guard only sees (quotes, the newest candles,
what the process measures) is in no journal: of such guards the figure is unknown here.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Final, cast

from fairway.assembly import CODEC, bot_of
from fairway.journal.kinds import EscalationChanged, Event, Marked, TraderStarted
from fairway.journal.port import TRADER_STREAM, JournalMissing, ReplayEntry
from fairway.journal.reader import SqlReader
from fairway.journal.sql import open_reader
from fairway.market.candles import INTERVALS
from fairway.market.instrument import Instrument
from fairway.money.amount import CONTEXT, ZERO, Amount
from fairway.operations.trader.caps import rules_in_use
from fairway.risk.guards.port import AccountLook, Guard, GuardReading, Measured, PositionValue
from fairway.settings import Settings
from fairway.store.place import identity_of
from fairway.trading.account_config import AccountConfig
from fairway.trading.account_state import AccountState
from fairway.trading.market_cache import MarketCache

VIEWS_MAX: Final = 4


@dataclass(slots=True)
class GuardedAccount:
    """One account. Only `take` changes it."""

    state: AccountState
    instruments: dict[str, Instrument]
    marked: Marked | None = None
    marked_at: int = 0
    escalation: EscalationChanged | None = None
    escalated_at: int = 0

    def take(self, event: Event, at: int) -> None:
        if isinstance(event, TraderStarted):
            for symbol in event.symbols:
                self.instruments[symbol] = _as_booked(symbol, event.lots.get(symbol, ZERO))
        self.state.apply(event, at)
        if isinstance(event, Marked):
            self.marked, self.marked_at = event, at
        elif isinstance(event, EscalationChanged):
            self.escalation, self.escalated_at = event, at

    def readings(self, now: int) -> Iterator[tuple[Guard, GuardReading | None]]:
        """Of each guard at an instant (ns), by the newest prices of the journal; None where nothing is known of it."""
        look, roster = self.look(now), self.state.guards
        for guard in (*roster.guards, *(roster.of_stage if roster.stage_loss.stage is not None else ())):
            found = list(guard.readings(look)) if Measured not in guard.hears else []
            for reading in found:
                yield guard, reading
            if not found:
                yield guard, None

    def look(self, now: int) -> AccountLook:
        """What the journal shows of the account. Positions count at the newest mark, without the fees of selling them."""
        marks = self.marked.marks if self.marked is not None else {}
        money, quote = self.state.money, self.state.config.quote
        held = {}
        for symbol, position in money.ledger.positions.items():
            if symbol in marks:
                brings = Amount(position.quantity.value * marks[symbol], quote)
                held[symbol] = PositionValue(position.result + brings - position.cost, position.cost, brings, self.marked_at)
        limits = self.state.limits.of("")
        is_whole = len(held) == len(money.ledger.positions)
        return AccountLook(
            now=now,
            worth=money.ledger.worth(quote, marks) if is_whole and self.marked is not None else None,
            marked_at=self.marked_at if held else 0,
            capital=limits.capital,
            held=held,
            markets={},
            limits=limits,
            is_whole=is_whole,
        )


def _as_booked(symbol: str, lot: Decimal) -> Instrument:
    """As much of an instrument as booking needs."""
    base, _, quote = symbol.partition("/")
    return Instrument(symbol=symbol, venue_symbol="", base=base, quote=quote, tick=lot, lot=lot)


@dataclass(slots=True)
class GuardView:
    """All accounts of one trader. `with` brings it up to date, and keeps other threads from it until the block ends."""

    settings: Settings
    accounts: dict[str, GuardedAccount] = field(default_factory=dict)
    _reader: SqlReader | None = None
    _of: tuple[int, int] | None = None
    _seq: int = 0
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> "GuardView":
        """Raises JournalErrors."""
        self._turn.acquire()
        try:
            self._catch_up()
        except BaseException:
            self._forget()
            self._turn.release()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._turn.release()

    def _catch_up(self) -> None:
        there = identity_of(self.settings.journal)
        if there != self._of:
            self._forget()
        try:
            if self._reader is None:
                self._reader = open_reader(self.settings.journal, trader=self.settings.account, stream=TRADER_STREAM)
                self._of = there
        except JournalMissing:
            return
        with localcontext(CONTEXT):
            for entry in self._reader.replay(self._seq):
                self._take(entry)
                self._seq = entry.seq

    def _take(self, entry: ReplayEntry) -> None:
        if entry.account:
            known = self.accounts.get(entry.account)
            if known is None:
                known = self.accounts[entry.account] = _new_account(self.settings, entry.account)
            known.take(cast(Event, CODEC.decode(entry)), entry.at)

    def _forget(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader, self._of, self._seq = None, None, 0
        self.accounts.clear()


def _new_account(settings: Settings, account: str) -> GuardedAccount:
    """Before its first event, with the rules of now: guards that the trader has not are of no account."""
    bot, instruments = bot_of(settings), dict[str, Instrument]()
    config = AccountConfig(
        account=account,
        quote=settings.quote,
        symbols=bot.symbols,
        interval=bot.interval,
        interval_ns=INTERVALS[bot.interval],
        instruments=instruments,
        fees={},
        strategy=bot.strategy,
        rules=rules_in_use(settings, account),
        strategy_name=bot.strategy_name,
        needs_lease=bot.needs_lease,
    )
    return GuardedAccount(AccountState(config, MarketCache(1)), instruments)


_VIEWS: Final[dict[tuple[str, str, str], GuardView]] = {}
_TURN: Final = threading.Lock()


def guard_view(settings: Settings) -> GuardView:
    """The view of a configuration's journal. Other rules make another one, for its guards have other bounds."""
    key = (str(settings.journal), settings.account, repr(settings.risk))
    with _TURN:
        view = _VIEWS.pop(key, None) or GuardView(settings)
        _VIEWS[key] = view
        while len(_VIEWS) > VIEWS_MAX:
            _VIEWS.pop(next(iter(_VIEWS)))
        return view
