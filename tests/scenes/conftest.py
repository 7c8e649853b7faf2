"""Plays the scenes with their journal on the store that FAIRWAY_TEST_STORE names: memory, sqlite or postgres."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from tests.postgres import database
from tests.scenes.harness import Scene

from fairway.store.place import Place

STORES = ("memory", "sqlite", "postgres")


@pytest.fixture
def store() -> str:
    """The kind of store; a test may say otherwise by a parameter of this name."""
    named = os.environ.get("FAIRWAY_TEST_STORE", "memory")
    assert named in STORES, f"FAIRWAY_TEST_STORE is {named!r}; a right one is one of {', '.join(STORES)}"
    return named


@pytest.fixture(autouse=True)
def _kept(store: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each play of a test has a place of its own."""
    with ExitStack() as stack:
        if store != "memory":
            monkeypatch.setattr(Scene, "new_place", staticmethod(_places(store, request, tmp_path, stack)))
        yield


def _places(store: str, request: pytest.FixtureRequest, folder: Path, stack: ExitStack) -> Callable[[], Place]:
    if store == "sqlite":
        numbers = count()
        return lambda: folder / f"{next(numbers)}.journal"
    server, template = request.getfixturevalue("postgres_server"), request.getfixturevalue("postgres_template")
    return lambda: stack.enter_context(database(server, template=template))
