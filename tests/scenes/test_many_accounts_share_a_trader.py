"""One trader carries several accounts: they share the market and the journal, and what happens to one happens to it alone."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from tests.scenes.harness import ACCOUNT, HOST, PORT, RULES, Scene
from tests.scenes.script import ScriptedSignal, ScriptedStrategy, enter, leave

from fairway.assembly import CODEC, Bot, TradedAccount, open_shared
from fairway.exchange.faults.port import FaultScope
from fairway.exchange.faults.registry import make
from fairway.exchange.practice_exchange import Credentials
from fairway.journal.commands import LiftCap
from fairway.journal.kinds import AccountFailed, CapRaised, EntryPlanned
from fairway.ledger.balances import differences
from fairway.orders.order import OrderState
from fairway.risk.breakers import EVERYONE
from fairway.risk.escalation import Level
from fairway.trading.account_state import AccountState
from fairway.trading.inputs import CommandReceived
from fairway.trading.schedule import ORDINARY
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.world.loop import running

NAMES = ("main", "bob", "carol")


class Crowd(Scene):
    """Three accounts in one trader. What the stage asserts is about the first; below is what it cannot see."""

    pace = ORDINARY

    names: Sequence[str] = NAMES

    def __init__(self, *wishes: ScriptedSignal, acts: dict[float, Callable[["Crowd"], object]] | None = None) -> None:
        super().__init__(*wishes, acts=acts or {})
        self._wanted = wishes

    async def _trade(self, credentials: Credentials) -> None:
        loop, keys = running(), {"main": credentials}
        for name in self.names[1:]:
            keys[name] = self.exchange.open_account(name, {"USDT": 10_000 * 10**8})
        venues = {name: self._venue(name, key) for name, key in keys.items()}
        self.journal = self.open_journal()
        seats = [TradedAccount(self._bot(name), venue, self.latch) for name, venue in venues.items()]
        try:
            comebacks = loop.chance.child("comebacks")
            self.trader = await open_shared(
                seats, venues["main"], self.journal, loop.clock, comebacks, self.process_memory, schedule=self.pace
            )
            await self.trader.run()
        finally:
            for venue in venues.values():
                await venue.close()
            self.journal.close()

    def _venue(self, name: str, key: Credentials) -> CcxtVenue:
        settings = CcxtSettings(exchange="binance", key=key.key, secret=key.secret, url=f"http://{HOST}:{PORT}")
        return CcxtVenue(settings, running().clock, running().chance.child(f"venue of {name}"))

    def _bot(self, name: str) -> Bot:
        return Bot(
            account=name,
            symbols=("BTC/USDT",),
            interval="1m",
            strategy_name="scripted",
            strategy=ScriptedStrategy(self._wanted),
            rules=RULES,
        )

    def account_state_of(self, name: str) -> AccountState:
        return self.trader.executors[name].state

    def assert_ties_out_for(self, name: str) -> None:
        """Its balances are the exchange's to the last digit, and nothing of it is in doubt."""
        state = self.exchange.backend.engine.accounts[ACCOUNT if name == "main" else name].state()
        truth = {it.asset: Decimal(it.free + it.locked) / 10**8 for it in state.balances}
        assert differences(self.account_state_of(name).money.ledger.balances.totals, truth) == {}
        doubtful = (OrderState.SENT, OrderState.UNKNOWN, OrderState.CANCELLING)
        assert [order for order in self.account_state_of(name).orders.blotter.live.values() if order.state in doubtful] == []

    def planned(self) -> list[str]:
        """Whose entries were planned, by the journal."""
        return [record.account for record in self.file.records if isinstance(CODEC.decode(record), EntryPlanned)]

    def failed(self) -> list[str]:
        return [record.account for record in self.file.records if isinstance(CODEC.decode(record), AccountFailed)]


def test_one_signal_becomes_an_order_of_each_account() -> None:
    """Each sized by its own money, under its own name, booked in its own ledger, in one journal."""
    stage = Crowd(enter(), leave(2))
    stage.run(minutes=4)
    assert sorted(stage.planned()) == sorted(NAMES)
    for name in NAMES:
        stage.assert_ties_out_for(name)
        assert len(stage.account_state_of(name).money.trips) == 1
    assert stage.failed() == []


def test_a_key_that_is_revoked_harms_no_other_account() -> None:
    """Bob's orders are refused from then on; the others enter and leave as if nothing were."""

    def revoke(stage: Crowd) -> None:
        made = make("key_revoked", FaultScope(account="bob"), {}, running().chance.child("revoked"))
        stage.exchange.context.faults.add(made)

    stage = Crowd(enter(), leave(2), acts={30: revoke})
    stage.run(minutes=4)
    assert [len(stage.account_state_of(name).money.trips) for name in NAMES] == [1, 0, 1]
    assert stage.account_state_of("bob").access.down != {} or stage.account_state_of("bob").limits.caps != {}
    for name in ("main", "carol"):
        stage.assert_ties_out_for(name)


def test_a_fault_of_our_own_in_one_account_stops_no_other() -> None:
    """Its account_state is made anew from the journal and the venue, and it goes on: protected, and in agreement."""

    def break_account_state(stage: Crowd) -> None:
        stage.account_state_of("bob").orders.blotter = None  # type: ignore[assignment]

    stage = Crowd(enter(), leave(2), acts={90: break_account_state})
    stage.run(minutes=4)
    assert set(stage.failed()) == {"bob"}
    for name in NAMES:
        stage.assert_ties_out_for(name)
        assert len(stage.account_state_of(name).money.trips) == 1
        assert stage.account_state_of(name).access.down == {}


def test_an_account_that_fails_again_and_again_is_left_alone_and_the_others_trade() -> None:
    """After six failures in ten minutes nobody tries any more; what rests at the venue stays there."""

    def poison(stage: Crowd) -> None:
        async def refuse(*_: object) -> None:
            raise ValueError("a bug of ours")

        stage.trader.executors["bob"].venue.account_stream = refuse  # type: ignore[assignment, method-assign]
        stage.trader.executors["bob"].fail(ValueError("a bug of ours"))

    stage = Crowd(enter(3), leave(4), acts={70: poison})
    stage.run(minutes=6)
    assert stage.failed() == ["bob"] * 5
    assert sorted(stage.trader.executors) == ["carol", "main"]
    for name in ("main", "carol"):
        stage.assert_ties_out_for(name)
        assert len(stage.account_state_of(name).money.trips) == 1


def test_when_too_many_accounts_fail_at_once_all_are_stopped_until_a_person_lifts_it() -> None:
    """Once in each account; whoever lifts it while they still fail is not overruled."""

    def fail(stage: Crowd) -> None:
        for name in NAMES:
            stage.account_state_of(name).guards.tripped("errors", "", Level.CRITICAL)

    def lift(stage: Crowd) -> None:
        assert [list(stage.account_state_of(name).limits.caps) for name in NAMES] == [[EVERYONE]] * 3
        stage.trader.take(None, CommandReceived(1, "ann", LiftCap(reason="seen to", cap_id=EVERYONE)))

    stage = Crowd(acts={5: fail, 20: lift})
    stage.run(minutes=0.6)
    raised = [event.cap.reason for event in stage.events(CapRaised) if isinstance(event, CapRaised)]
    assert raised == ["ACCOUNTS_FAILING: failing=3 of=3 first=bob"] * 3
    assert [stage.account_state_of(name).limits.caps for name in NAMES] == [{}] * 3
