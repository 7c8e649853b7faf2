"""From what goes wrong at the exchange to the cap in the journal: within five seconds always, and mostly within one."""

import pytest
from msgspec.structs import replace
from tests.scenes.harness import HOST, Scene
from tests.scenes.script import ScriptedSignal, enter, falls
from tests.scenes.test_a_stage_has_lost_what_it_may import HALF, MAY_LOSE_250, MAY_LOSE_MORE, lease
from tests.scenes.test_all_accounts_have_limits_together import Leased
from tests.scenes.test_many_accounts_share_a_trader import NAMES

from fairway.assembly import CODEC
from fairway.exchange.practice_exchange import Credentials
from fairway.journal.kinds import CapRaised
from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.proving.harness import TRADER
from fairway.risk.breakers import TOTAL_LOSS
from fairway.risk.guards.rules import GuardRules
from fairway.risk.limits import Limits
from fairway.risk.rules import RiskRules
from fairway.world.clock import MILLISECOND
from fairway.world.loop import running

ALWAYS_S, MOSTLY_S = 5.0, 1.0
AT = (150.0, 150.3, 150.5, 150.9)
"""When the price falls: at different times within the second in which the trader's own clock ticks."""
FAR = enter(0, stop="60", target="140")


class Live(Scene):
    """A market that tells its price ten times a second, 50 ms away."""

    updates_a_second = 10

    async def _trade(self, credentials: Credentials) -> None:
        running().network.shape(TRADER, HOST, latency=50 * MILLISECOND)
        await super()._trade(credentials)


class Together(Live, Leased):
    """Three accounts in it."""


def waited(stage: Scene, falls_at: float) -> list[float]:
    """Seconds from the fall to each cap."""
    caps = [event.cap.id for event in stage.events(CapRaised) if isinstance(event, CapRaised)]
    instants = zip(caps, stage.seconds_of(CapRaised), strict=True)
    return [round(at - falls_at, 9) for cap, at in instants if cap != "lease"]


def fall(wish: ScriptedSignal, to: str, falls_at: float, limits: Limits, rules: RiskRules = HALF) -> list[float]:
    stage = Live(wish, prices={"BTC/USDT": falls(falls_at, to)}, rules=rules, acts={100: lease(1, limits)})
    stage.run(minutes=2.8)
    stage.assert_belief_is_truth()
    return waited(stage, falls_at)


def in_time(found: list[float]) -> None:
    assert found
    assert max(found) <= ALWAYS_S
    assert sorted(found)[len(found) // 2] <= MOSTLY_S


def test_a_price_that_spends_what_a_stage_may_lose() -> None:
    """The first price makes it suspected, and the next one convinces, whatever the clock says."""
    in_time([each for at in AT for each in fall(FAR, "94", at, MAY_LOSE_250)])


@pytest.mark.parametrize(
    "guards",
    [
        GuardRules(breaker_loss=Fraction.parse("2 %")),
        GuardRules(drawdown=Fraction.parse("2 %")),
        GuardRules(position_loss=Amount.of(200, "USDT")),
    ],
)
def test_a_price_that_alarms_a_guard_of_the_profile(guards: GuardRules) -> None:
    """The breaker, the drawdown, and the loss of one position."""
    in_time([fall(FAR, "94", at, MAY_LOSE_MORE, replace(HALF, guards=guards))[0] for at in AT])


def test_a_trade_that_ends_with_a_loss() -> None:
    """Its stop is filled beside the same price: what the venue has filled needs no second look."""
    rules = replace(HALF, guards=GuardRules(losses_in_a_row=1))
    in_time([each for at in AT for each in fall(enter(0, stop="95", target="140"), "94", at, MAY_LOSE_MORE, rules)])


def test_what_all_accounts_lose_together() -> None:
    """It is added up with the next price once it is suspected, and takes two."""
    limits = Limits(loss_total=Amount.of(70, "USDT"))
    small = Limits(order_value=Amount.of(500, "USDT"))
    stage = Together(FAR, prices={"BTC/USDT": falls(150.3, "94")}, leases={40: small, 140: small & limits})
    stage.run(minutes=2.8)
    told = [(record.account, CODEC.decode(record)) for record in stage.file.records]
    capped = [account for account, event in told if isinstance(event, CapRaised) and event.cap.id == TOTAL_LOSS]
    assert sorted(capped) == sorted(NAMES)
    in_time(waited(stage, 150.3))
