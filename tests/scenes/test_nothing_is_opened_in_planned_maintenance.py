"""Maintenance is planned: nothing is opened from its beginning to its end, what is held stays, and no person is alarmed."""

from msgspec.structs import replace
from tests.scenes.by_hand import Acts
from tests.scenes.harness import RULES, Scene
from tests.scenes.script import enter

from fairway.journal.kinds import CapLifted, CapRaised
from fairway.risk.cap_kinds import MAINTENANCE
from fairway.risk.limits import Limits
from fairway.settings.risk import RiskSettings
from fairway.world.clock import MINUTE, parse_instant, text_of
from fairway.world.loop import EPOCH_NS

LOOKS_S = 1.0
"""A trader looks at the clock once a second."""
PRICES = {f"{coin}/USDT": {0: "100"} for coin in ("BTC", "ETH")}


class Planned(Scene):
    """From the second minute to the fourth."""

    maintenance = ((EPOCH_NS + 2 * MINUTE, EPOCH_NS + 4 * MINUTE),)


def played(stage: Scene, minutes: int) -> Scene:
    stage.run(minutes=minutes)
    stage.assert_belief_is_truth()
    return stage


def raised(stage: Scene) -> list[tuple[float, str]]:
    """When, in seconds, and why."""
    events = zip(stage.events(CapRaised), stage.seconds_of(CapRaised), strict=True)
    return [(at, event.cap.reason) for event, at in events if isinstance(event, CapRaised) and event.cap.is_a(MAINTENANCE)]


def lifted(stage: Scene) -> list[float]:
    events = zip(stage.events(CapLifted), stage.seconds_of(CapLifted), strict=True)
    return [at for event, at in events if isinstance(event, CapLifted) and event.cap_id == MAINTENANCE.name]


def test_it_opens_nothing_from_its_beginning_to_its_end_and_alarms_no_person() -> None:
    stage = played(Planned(enter(), enter(2, symbol="ETH/USDT"), enter(4, symbol="ETH/USDT"), prices=PRICES), 7)
    [(began, why)] = raised(stage)
    [ended] = lifted(stage)
    assert (0 <= began - 120 <= LOOKS_S, 0 <= ended - 240 <= LOOKS_S) == (True, True)
    assert why == f"planned maintenance until {text_of(EPOCH_NS + 4 * MINUTE)[:16].replace('T', ' ')} UTC"
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]
    assert [order.symbol for order in stage.bought()] == ["BTCUSDT", "ETHUSDT"], "the first is held throughout"
    assert MAINTENANCE.severity is None


def test_a_trader_that_is_started_within_it_opens_nothing_and_one_started_after_it_trades() -> None:
    acts: Acts = {90: Scene.kill_trader, 150: Scene.come_back, 200: Scene.kill_trader, 270: Scene.come_back}
    stage = played(Planned(enter(2, symbol="ETH/USDT"), enter(5), prices=PRICES, acts=acts), 8)
    [(began, _)] = raised(stage)
    assert 150 <= began <= 170
    assert 270 <= lifted(stage)[0] <= 290
    assert [order.symbol for order in stage.bought()] == ["BTCUSDT"]


def test_the_configurations_hours_refuse_what_comes_outside_of_them() -> None:
    assert parse_instant(text_of(EPOCH_NS)) % (24 * 60 * MINUTE) == 0, "the scene begins at midnight"
    configured = RiskSettings.model_validate({"hours": "00:00-00:03"}).rules("USDT")
    rules = replace(RULES, limits=Limits(hours=configured.limits.hours))
    stage = played(Scene(enter(1), enter(4, symbol="ETH/USDT"), prices=PRICES, rules=rules), 6)
    assert stage.refusals() == ["HOURS_CLOSED"]
    assert [order.symbol for order in stage.bought()] == ["BTCUSDT"]
