"""The stage of a scene: the practice exchange's server and a trader that comes to it with ccxt, each on a machine of its own.

All of it runs in simulated time: same seed, same scene, to the nanosecond. At its end the trader's belief is held against
the truth.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, localcontext
from pathlib import Path as Folder
from tempfile import TemporaryDirectory

from tests.scenes.script import Misdeed, Path, Scripted, Wish, decimal, market, rules_of

from fairway.assembly import CODEC, Bot, open_trader
from fairway.exchange.answers import OrderState as Truth
from fairway.exchange.mischief.kinds import make
from fairway.exchange.mischief.striking import Striking
from fairway.exchange.order_types import STOP_LOSS
from fairway.exchange.practice_exchange import Credentials, PracticeExchange
from fairway.exchange.server import Server, pause
from fairway.exchange.terms import Side
from fairway.exchange.units import parse
from fairway.journal.kinds import DeskEvent, EntryPlanned, EntryRefused, Event
from fairway.journal.memory import MemoryFile, open_memory
from fairway.journal.port import Journal
from fairway.ledger.balances import differences
from fairway.money.amount import CONTEXT
from fairway.money.fraction import Fraction
from fairway.money.grid import Round
from fairway.orders.ids import ClientId
from fairway.orders.lifecycle import OrderAdopted, OrderEvent, OrderSent
from fairway.orders.order import OrderState
from fairway.risk.limits import TradingState
from fairway.risk.rules import RiskRules
from fairway.trading.desk import Desk
from fairway.trading.latch import FileLatch
from fairway.trading.recovery import replay
from fairway.trading.trader import Trader
from fairway.venues.ccxt import CcxtSettings, CcxtVenue
from fairway.venues.port import VenueError
from fairway.world.clock import SECOND
from fairway.world.loop import EPOCH_NS, SimLoop, run, running

ACCOUNT = "alice"
HOST, PORT = "exchange", 8080
QUIET_PRICE: Mapping[str, Path] = {"BTC/USDT": {0: "100"}}
RESTART_PAUSE_S = 5
IN_FLIGHT = (OrderState.SENT, OrderState.UNKNOWN, OrderState.CANCELLING)
RULES = RiskRules(per_trade=Fraction.of("0.01"), position_max=Fraction.of("0.5"), positions_max=2)


class Complaints(logging.Handler):
    """What a logger was told."""

    told: list[str]

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.told = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(self.format(record))


class Stage:
    """A world that has not begun yet. `run` plays it; then everything below is what was left at the end."""

    def __init__(
        self,
        *wishes: Wish,
        mischief: Sequence[Misdeed] = (),
        prices: Mapping[str, Path] = QUIET_PRICE,
        balances: Mapping[str, str] = {"USDT": "10000"},
        acts: Mapping[float, Callable[["Stage"], object]] = {},
        rules: RiskRules = RULES,
        seed: int = 1,
    ) -> None:
        """acts are done at a second, counted from the rise of the curtain."""
        self._rules = rules
        self._wishes, self._misdeeds, self._prices, self._seed = wishes, mischief, prices, seed
        self._start = {asset: parse(amount) or 0 for asset, amount in balances.items()}
        self._acts = acts
        self.exchange: PracticeExchange
        self.trader: Trader
        self.file = MemoryFile()
        self.orders: list[Truth] = []
        """All orders of the trader that the exchange ever had, oldest first."""
        self.by_hand: list[Truth] = []
        """Those of a person who uses the same account."""
        self.complaints = Complaints(logging.ERROR)

    # -- the play ------------------------------------------------------------------------------------------------

    def run(self, minutes: float) -> None:
        """Raises whatever ended the trader before its time."""
        server = logging.getLogger("aiohttp.server")
        server.addHandler(self.complaints)
        try:
            with localcontext(CONTEXT), TemporaryDirectory() as folder:
                self.latch = FileLatch(Folder(folder), "main", self._prices)
                run(lambda: self._play(minutes), seed=self._seed)
        finally:
            server.removeHandler(self.complaints)

    async def _play(self, minutes: float) -> None:
        loop = running()
        exchange = self.exchange = self._exchange(loop, minutes)
        credentials = exchange.open_account(ACCOUNT, self._start)
        serving = asyncio.Event()
        server = loop.spawn(HOST, self._serve(loop, serving))
        opened = asyncio.ensure_future(serving.wait())
        await asyncio.wait((opened, server), return_when=asyncio.FIRST_COMPLETED)
        opened.cancel()
        self.start_trader(credentials)
        for second, act in self._acts.items():
            loop.call_later(second, act, self)
        await asyncio.wait((self._trading, server), timeout=minutes * 60, return_when=asyncio.FIRST_COMPLETED)
        for task in (self._trading, server):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        for task in (self._trading, server):
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error
        for symbol in exchange.desk.rules:  # what the exchange itself knows, whatever it lets others see
            self.orders += await exchange.backend.all_orders(ACCOUNT, symbol, limit=1000)
        self.orders.sort(key=lambda order: order.order_id)
        self.by_hand = [order for order in self.orders if ClientId.parse(order.client_id) is None]
        self.orders = [order for order in self.orders if order not in self.by_hand]

    def _exchange(self, loop: SimLoop, minutes: float) -> PracticeExchange:
        rules = [rules_of(symbol) for symbol in self._prices]
        updates = market(self._prices, round(minutes * 60) + 1)
        exchange = PracticeExchange(rules, updates, clock=loop.clock, chance=loop.chance.child("exchange"), pause=pause)
        exchange.warm_up(EPOCH_NS)
        for number, it in enumerate(self._misdeeds):
            exchange.desk.mischief.add(make(it.kind, it.scope(), it.options, loop.chance.child(f"mischief {number}")))
        return exchange

    async def _serve(self, loop: SimLoop, serving: asyncio.Event) -> None:
        async with Server(self.exchange, loop.chance.child("server")).listening(HOST, PORT):
            serving.set()
            await asyncio.get_running_loop().create_future()

    def start_trader(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._trading = running().spawn("trader", self._supervise(credentials))

    async def _supervise(self, credentials: Credentials) -> None:
        """A start that the venue does not answer, or refuses, is tried again, as whoever supervises a trader does."""
        while True:
            try:
                return await self._trade(credentials)
            except VenueError:
                await asyncio.sleep(RESTART_PAUSE_S)

    async def _trade(self, credentials: Credentials) -> None:
        loop = running()
        settings = CcxtSettings(exchange="binance", key=credentials.key, secret=credentials.secret, url=f"http://{HOST}:{PORT}")
        venue = CcxtVenue(settings, loop.clock, loop.chance.child("venue"))
        bot = Bot(
            account="main",
            symbols=tuple(self._prices),
            interval="1m",
            strategy_name="scripted",
            strategy=Scripted(self._wishes),
            rules=self._rules,
        )
        self.journal = self.open_journal()
        try:
            self.trader = await open_trader(bot, venue, self.journal, self.latch, loop.clock, loop.chance.child("comebacks"))
            await self.trader.run()
        finally:
            await venue.close()
            self.journal.close()

    def open_journal(self) -> Journal:
        """In memory; a scene about a database opens one of its kind."""
        return open_memory(self.file, CODEC, mode="scene", trader="main")

    def kill_and_restart_trader(self) -> None:
        """`kill -9`, and up again at once, with nothing but the journal."""
        running().kill("trader")
        self.come_back()

    def come_back(self) -> None:
        """Up again after a kill."""
        self.journal.crash()
        self.start_trader(self._credentials)

    # -- what is left --------------------------------------------------------------------------------------------

    @property
    def desk(self) -> Desk:
        return self.trader.clerks["main"].desk

    def events(self, *kinds: type[Event]) -> list[Event]:
        """What the journal holds, of some kinds only where they are named."""
        wanted = kinds or (OrderEvent, DeskEvent)
        events = (CODEC.decode(record) for record in self.file.records)
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

    def held_at_exchange(self) -> dict[str, Decimal]:
        """Free and locked together, by asset."""
        state = self.exchange.backend.floor.accounts[ACCOUNT].state()
        return {it.asset: decimal(it.free + it.locked) for it in state.balances}

    def bans(self) -> int:
        """How often an address was banned."""
        return sum(address.bans for address in self.exchange.desk.limits.addresses.values())

    @staticmethod
    def second(seconds: float) -> int:
        """The instant (ns) so long after the rise of the curtain."""
        return EPOCH_NS + round(seconds * SECOND)

    # -- belief and truth ----------------------------------------------------------------------------------------

    def assert_belief_is_truth(self) -> None:
        """Balances to the last digit, live orders, fills, protection, no order twice; and a replay believes the same.

        Mischief that never struck makes the scene worthless, so that is asked too; and whether the server stumbled.
        """
        assert [it for it in self.exchange.desk.mischief.all().values() if isinstance(it, Striking) and not it.struck] == []
        self.assert_ties_out()

    def assert_ties_out(self) -> None:
        """The same, whether or not the mischief came to anything."""
        assert self.complaints.told == []
        assert differences(self.desk.ledger.balances.totals, self.held_at_exchange()) == {}
        self._assert_orders_agree()
        self._assert_protected()
        self._assert_nothing_was_done_twice()
        self._assert_replay_agrees()

    def _assert_orders_agree(self) -> None:
        live = self.desk.blotter.live
        assert [order for order in live.values() if order.state in IN_FLIGHT] == []
        assert sorted(live) == sorted(self.open_at_exchange())
        for truth in self.orders:
            order = self.desk.blotter[truth.client_id]
            assert order.quantity.value == decimal(truth.quantity), truth
            assert order.filled.value == decimal(truth.executed), truth
            assert order.cost.value == decimal(truth.executed_quote), truth

    def _assert_protected(self) -> None:
        """Each position has stops resting at the exchange for exactly what can be sold, and no others exist.

        What is left of one may be too little for any order; then a person has been called.
        """
        resting = Counter[str]()
        for order in self.open_at_exchange().values():
            if order.side is Side.SELL and order.type in STOP_LOSS:
                resting[order.symbol] += order.quantity - order.executed
        wanted = Counter[str]()
        for symbol, position in self.desk.ledger.positions.items():
            listed = self.desk.terms.instruments[symbol]
            sellable, plan = listed.quantity(position.quantity.value, Round.DOWN), self.desk.plans[symbol]
            if listed.breach(sellable, plan.stop) is not None:
                assert self.desk.limits(symbol).state is TradingState.REDUCE_ONLY
                continue
            wanted[listed.venue_symbol] = parse(str(sellable.value)) or 0
        assert resting == wanted

    def _assert_nothing_was_done_twice(self) -> None:
        ids = [order.client_id for order in self.orders]
        assert len(ids) == len(set(ids))
        sent = {event.order_id for event in self.events(OrderSent, OrderAdopted) if isinstance(event, OrderEvent)}
        assert set(ids) <= sent
        assert len(self.bought()) <= len(self.events(EntryPlanned, OrderAdopted))

    def _assert_replay_agrees(self) -> None:
        fresh = Desk(self.desk.terms)
        with localcontext(CONTEXT):
            ats = (record.at for record in self.file.records)
            replay(fresh, zip(self.events(), ats, strict=True))
        assert fresh.ledger.balances.totals == self.desk.ledger.balances.totals
        assert fresh.blotter.live == self.desk.blotter.live
        assert fresh.plans == self.desk.plans
