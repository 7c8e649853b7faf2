"""Authority is leased: whoever grants it falls silent, and each account only reduces from the end of the lease on."""

from tests.scenes.by_hand import Act, Acts
from tests.scenes.harness import Scene
from tests.scenes.script import enter
from tests.scenes.test_many_accounts_share_a_trader import NAMES, Crowd

from fairway.assembly import CODEC, Bot
from fairway.journal.commands import IssueLease
from fairway.journal.kinds import CapRaised, InstructionTaken, LeaseAccepted
from fairway.risk.limits import TradingState
from fairway.trading.inputs import CommandReceived
from fairway.world.clock import SECOND

FOR_S, EVERY_S = 60, 20
LOOKS_S = 1.0
"""A trader looks at the clock once a second."""


class Leased(Scene):
    needs_lease = True


def grant(number: int, at: float, *, epoch: int = 1, for_s: float = FOR_S) -> Act:
    def act(stage: Scene) -> None:
        until = stage.second(at + for_s)
        stage.trader.take(None, CommandReceived(number, "pilot", IssueLease(reason="scene", epoch=epoch, until=until)))

    return act


def renewed(until: int) -> Acts:
    """A lease of a minute, every twenty seconds, for the last time at a second."""
    return {at: grant(at, at) for at in range(EVERY_S, until + 1, EVERY_S)}


def ended(stage: Scene) -> list[float]:
    """When the lease was found to be over, in seconds."""
    raised = zip(stage.events(CapRaised), stage.seconds_of(CapRaised), strict=True)
    return [at for event, at in raised if isinstance(event, CapRaised) and "run out" in event.cap.reason]


def test_a_minute_after_the_last_renewal_nothing_is_opened_any_more() -> None:
    """Before that, everything is; and what was bought stays, with its stop and its target."""
    stage = Leased(
        enter(1), enter(3, symbol="ETH/USDT"), prices={"BTC/USDT": {0: "100"}, "ETH/USDT": {0: "100"}}, acts=renewed(120)
    )
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    [at] = ended(stage)
    assert 0 <= at - (120 + FOR_S) <= LOOKS_S
    assert [order.symbol for order in stage.bought()] == ["BTCUSDT"]
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]
    assert len(stage.open_at_exchange()) == 2


def test_a_trader_that_was_dead_when_its_lease_ended_opens_nothing_when_it_is_back() -> None:
    """What it last read in its journal was leave; the clock says that it is over."""
    acts: Acts = renewed(120) | {150: Scene.kill_trader, 240: Scene.come_back}
    stage = Leased(enter(4), acts=acts)
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    [at] = ended(stage)
    assert 240 <= at <= 250
    assert stage.bought() == []
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]


def test_a_trader_that_is_back_in_time_goes_on_with_its_lease() -> None:
    """Its journal holds it; nobody need grant it anew."""
    stage = Leased(enter(1), acts=renewed(100) | {105: Scene.kill_and_restart_trader})
    stage.run(minutes=3.5)
    stage.assert_belief_is_truth()
    assert len(stage.bought()) == 1
    assert 160 <= ended(stage)[0] <= 161


def test_whoever_was_replaced_grants_nothing_any_more() -> None:
    """A lease of a lower epoch is refused by name, also after a restart, and makes nothing longer."""
    acts: Acts = {
        20: grant(1, 20, epoch=7),
        40: grant(2, 40, epoch=6, for_s=600),
        50: Scene.kill_and_restart_trader,
        70: grant(3, 70, epoch=6, for_s=600),
    }
    stage = Leased(enter(1), acts=acts)
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    refused = [event.refused for event in stage.events(InstructionTaken) if isinstance(event, InstructionTaken)]
    assert refused == ["", *["LEASE_FENCED: epoch=6 last=7"] * 2]
    assert len(stage.events(LeaseAccepted)) == 1
    assert 80 <= ended(stage)[0] <= 81
    assert stage.bought() == []


class IdleCrowd(Crowd):
    """Accounts that hold nothing, and that no candle looks at: the lease alone gives the clock something to do."""

    def _bot(self, name: str) -> Bot:
        bot = super()._bot(name)
        return Bot(**{field: getattr(bot, field) for field in Bot.__dataclass_fields__} | {"needs_lease": True})


def test_every_account_of_a_trader_is_reduce_only_by_then() -> None:
    """To the second of the clock, in the journal, where pilot and people read it."""
    lease: Act = grant(1, 65, for_s=20)
    stage = IdleCrowd(acts={65: lease})
    stage.run(minutes=1.9)
    found = [
        (record.account, (record.at - stage.second(85)) / SECOND)
        for record in stage.file.records
        if isinstance(event := CODEC.decode(record), CapRaised) and "run out" in event.cap.reason
    ]
    assert sorted(account for account, _ in found) == sorted(NAMES)
    assert all(0 <= late <= LOOKS_S for _, late in found)
    assert {stage.account_state_of(name).limits.of("").state for name in NAMES} == {TradingState.REDUCE_ONLY}
