"""What happens to the system of a chaos scene: its trader is killed, its network is cut, slow or gone."""

from collections.abc import Mapping
from typing import Final

from fairway.proving.chaos.scene import Act
from fairway.proving.chaos.stage import ChaosHarness
from fairway.proving.harness import HOST, TRADER
from fairway.proving.scenario_script import Path
from fairway.world.clock import MILLISECOND
from fairway.world.links import jittered
from fairway.world.loop import running

STARTS_AGAIN_S: Final = 5.0
"""From the end of a process until its successor reads its journal: `fairway up` waits half a second, and Python starts in two."""
TWO_PAIRS: Final[Mapping[str, Path]] = {"BTC/USDT": {0: "100"}, "ETH/USDT": {0: "100"}}


def crash(stage: ChaosHarness) -> None:
    """`kill -9`, and a supervisor starts it again."""
    stage.kill_trader()
    running().call_later(STARTS_AGAIN_S, stage.come_back)


def cut(_stage: ChaosHarness) -> None:
    """All connections of the trader end at once; new ones may be made."""
    running().network.cut(TRADER, HOST)


def part(_stage: ChaosHarness) -> None:
    """Nothing passes between trader and exchange, and neither is told."""
    running().network.partition(TRADER, HOST)


def heal(_stage: ChaosHarness) -> None:
    running().network.heal(TRADER, HOST)


def slow(mean_ms: int, for_s: float) -> Act:
    def act(stage: ChaosHarness) -> None:
        stage.expect_little(for_s + mean_ms / 1000, "the network is slow")
        chance = running().chance.stream(f"slow by {mean_ms}")
        running().network.shape(TRADER, HOST, latency=jittered(MILLISECOND, mean_ms * MILLISECOND, chance))

    return act


def fast(_stage: ChaosHarness) -> None:
    running().network.shape(TRADER, HOST, latency=MILLISECOND)
