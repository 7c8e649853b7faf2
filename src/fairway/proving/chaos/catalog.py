"""Lists all chaos scenes, which checklist items each is evidence for, and plays a choice of them on all cores."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from fairway.proving.chaos.alert_pipeline import ALERT_PIPELINE
from fairway.proving.chaos.cases import CASES
from fairway.proving.chaos.high_risk import HIGH_RISK
from fairway.proving.chaos.injections import INJECTIONS
from fairway.proving.chaos.orders import ORDERS
from fairway.proving.chaos.play import run_scene
from fairway.proving.chaos.result import SceneResult
from fairway.proving.chaos.scene import ChaosScene
from fairway.proving.chaos.stress import BASIS, BUSIEST, stress
from fairway.world.task_group import cores_for, spread

LEFT_OUT: Final[Mapping[str, str]] = {}
"""Cases of the documents that have no scene yet, with the reason."""


class SceneOrder(NamedTuple):
    """Which scene is to be played, and how. busiest, basis: see `stress`; sample: see `run_scene`."""

    name: str
    seed: int = 1
    sample: int = 0
    busiest: int = BUSIEST
    basis: str = BASIS


def scenes(busiest: int = BUSIEST, basis: str = BASIS) -> dict[str, ChaosScene]:
    """All of them by name, in the order of the documents."""
    return {scene.name: scene for scene in (*CASES, ALERT_PIPELINE, *INJECTIONS, *ORDERS, *HIGH_RISK, stress(busiest, basis))}


def items() -> dict[str, list[str]]:
    """By checklist item: the scenes that are evidence for it, all of which must hold."""
    found: dict[str, list[str]] = {}
    for scene in scenes().values():
        for item in scene.items:
            found.setdefault(item, []).append(scene.name)
    return found


def play_all(orders: Sequence[SceneOrder], *, cores: int = 0) -> Iterator[SceneResult]:
    """In the order that they are given in. cores: at most so many processes, 0 for all that there are."""
    yield from spread(_played, orders, cores_for(len(orders), cores))


def _played(order: SceneOrder) -> SceneResult:
    return run_scene(scenes(order.busiest, order.basis)[order.name], order.seed, sample=order.sample)
