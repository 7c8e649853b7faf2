"""The same scenes with the journal in SQLite and in PostgreSQL; `make prove` plays all of them on both."""

from collections.abc import Callable

import pytest
from tests.scenes import (
    test_a_fill_is_never_told,
    test_a_kill_is_carried_out,
    test_nothing_goes_wrong,
    test_orders_fill_in_parts,
    test_the_connection_is_reset_after_the_order_was_accepted,
    test_the_network_is_gone,
)

SCENES = [
    test_nothing_goes_wrong,
    test_orders_fill_in_parts,
    test_a_fill_is_never_told,
    test_a_kill_is_carried_out,
    test_the_network_is_gone,
    test_the_connection_is_reset_after_the_order_was_accepted,
]


def _plain(module: object) -> list[Callable[[], None]]:
    """The scenes of a file that take no parameters."""
    found = [getattr(module, name) for name in dir(module) if name.startswith("test_")]
    return [scene for scene in found if not scene.__code__.co_argcount]


@pytest.mark.parametrize("store", ["sqlite", "postgres"])
@pytest.mark.parametrize("scene", [scene for module in SCENES for scene in _plain(module)], ids=lambda scene: scene.__name__)
def test_a_scene_ends_as_it_does_in_memory(scene: Callable[[], None], store: str) -> None:
    """Every assertion of it holds: what is durable, what is read again at a start, and what an auditor reads are the same."""
    scene()
