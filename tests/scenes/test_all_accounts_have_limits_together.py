"""Accounts of one trader are limited together: what all have at work, and what all have lost."""

from collections.abc import Callable, Mapping

from msgspec.structs import replace
from tests.scenes.harness import RULES
from tests.scenes.script import ScriptedSignal, enter
from tests.scenes.test_many_accounts_share_a_trader import NAMES, Crowd

from fairway.assembly import CODEC, Bot
from fairway.journal.commands import IssueLease, LiftCap
from fairway.journal.kinds import CapRaised, EntryRefused, StageBegan
from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.proving.scenario_script import Path
from fairway.risk.breakers import TOTAL_LOSS
from fairway.risk.limits import Limits, TradingState
from fairway.trading.inputs import CommandReceived
from fairway.world.clock import HOUR

FALLS = {"BTC/USDT": {0: "100", 150: "94"}}


class Leased(Crowd):
    """Each account has 10,000 and puts half of it into one position, with the same lease for all."""

    def __init__(
        self, *wishes: ScriptedSignal, leases: dict[float, Limits], prices: Mapping[str, Path] | None = None, lift_at: float = 0
    ) -> None:
        """leases: by second; all of one stage."""
        numbered = enumerate(leases.items(), 1)
        acts: dict[float, Callable[[Crowd], object]] = {at: _lease(number, limits) for number, (at, limits) in numbered}
        super().__init__(*wishes, acts=acts | ({lift_at: _lift} if lift_at else {}))
        self._prices = prices or self._prices

    def _bot(self, name: str) -> Bot:
        bot = super()._bot(name)
        rules = replace(RULES, per_trade=Fraction.parse("50 %"))
        return Bot(**{field: getattr(bot, field) for field in Bot.__dataclass_fields__} | {"rules": rules})

    def refused(self) -> list[tuple[str, str]]:
        """Who was refused an entry, and the beginning of the code."""
        told = [(record.account, CODEC.decode(record)) for record in self.file.records]
        return [(account, event.code.split(":")[0]) for account, event in told if isinstance(event, EntryRefused)]

    def capped(self) -> list[str]:
        """Why the cap was raised in each account."""
        caps = [event.cap for event in self.events(CapRaised) if isinstance(event, CapRaised)]
        return [cap.reason.split(":")[0] for cap in caps if cap.id == TOTAL_LOSS]


def _lease(number: int, limits: Limits) -> Callable[[Crowd], object]:
    def act(played: Crowd) -> None:
        until = played.second(0) + HOUR
        grant = IssueLease(reason="scene", epoch=1, until=until, limits=limits, stage="beta/internal 1")
        played.trader.take(None, CommandReceived(number, "pilot", grant))

    return act


def _lift(played: Crowd) -> None:
    played.trader.take(None, CommandReceived(99, "ann", LiftCap(reason="agreed", cap_id=TOTAL_LOSS)))


def test_one_signal_takes_no_more_than_all_may_have_at_work() -> None:
    """Of 8,000 the first account takes its 5,000, the second what is left, the third what slippage left; then nobody anything."""
    stage = Leased(enter(), leases={5: Limits(capital_total=Amount.of(8_000, "USDT"))})
    stage.run(minutes=2)
    first, second, third = (
        account_state.money.ledger.positions["BTC/USDT"].cost.value for account_state in map(stage.account_state_of, NAMES)
    )
    assert 4_900 < first < 5_000
    assert 7_900 < first + second + third <= 8_000
    assert third < 10
    stage = Leased(enter(), leases={5: Limits(capital_total=Amount.of(0, "USDT"))})
    stage.run(minutes=2)
    assert stage.refused() == [(name, "CAPITAL_TOTAL_MAX") for name in NAMES]


def test_one_signal_risks_no_more_than_all_may_lose() -> None:
    """Each entry may lose some 2,000 at its stop: of 5,000 two are taken, before anything was lost."""
    stage = Leased(enter(stop="60", target="140"), leases={5: Limits(loss_total=Amount.of(5_000, "USDT"))})
    stage.run(minutes=2)
    assert len(stage.planned()) == 2
    assert [code for _, code in stage.refused()] == ["LOSS_TOTAL_MAX"]


def test_when_all_have_lost_what_they_may_each_of_them_is_stopped() -> None:
    """Three times some 300: once in each account, with positions and stops left as they are; a person lifts it in all."""
    stage = Leased(
        enter(stop="60", target="140"),
        prices=FALLS,
        leases={5: Limits(loss_total=Amount.of(8_000, "USDT")), 140: Limits(loss_total=Amount.of(700, "USDT"))},
        lift_at=300,
    )
    stage.run(minutes=6)
    assert len(stage.planned()) == 3
    assert stage.capped() == ["LOSS_TOTAL"] * 3
    caps = [at for at in stage.seconds_of(CapRaised) if at > 145]
    assert all(150 < at < 154 for at in caps)
    for name in NAMES:
        assert stage.account_state_of(name).limits.of("").state is TradingState.ACTIVE
        assert "BTC/USDT" in stage.account_state_of(name).money.ledger.positions
        stage.assert_ties_out_for(name)
    assert len(stage.events(StageBegan)) == 6
