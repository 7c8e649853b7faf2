"""A stage whose journal is kept at a place of the scene's own choice: a file of SQLite, or a database of PostgreSQL."""

from collections.abc import Callable, Mapping, Sequence

from tests.scenes.harness import Scene
from tests.scenes.script import ExchangeFault, ScriptedSignal

from fairway.store.place import Place


class KeptHarness(Scene):
    def __init__(
        self,
        where: Place,
        *wishes: ScriptedSignal,
        acts: Mapping[float, Callable[[Scene], object]],
        faults: Sequence[ExchangeFault] = (),
    ) -> None:
        super().__init__(*wishes, acts=acts, faults=faults)
        self.new_place = lambda: where
