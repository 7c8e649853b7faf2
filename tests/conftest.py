"""Fixtures that tests of several rooms share."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from tests.postgres import empty_postgres, postgres, postgres_server, postgres_template
from tests.pure.cli.programs import none_left

from fairway.world.garbage import settle

__all__ = ["empty_postgres", "postgres", "postgres_server", "postgres_template"]

# How long an example takes tells of the machine; what it finds tells of the code.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

_TESTS: Final = Path(__file__).parent
_WAITS: Final = frozenset({"clients"})
_COMPUTES: Final = frozenset({"scenes", "prove", "conformance"})


def pytest_collection() -> None:
    """Each worker collects thousands of tests, all of which stay: looking for garbage among them took a fifth of that time."""
    gc.disable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that wait for programs run beside files that compute, so that the machine is never idle; small files come last."""
    files = list(dict.fromkeys(item.path for item in items))
    rooms = {file: file.relative_to(_TESTS).parts[0] for file in files}
    place = dict.fromkeys(files, 2.0)
    for group in (_WAITS, _COMPUTES):
        of_group = [file for file in files if rooms[file] in group]
        place |= {file: number / len(of_group) for number, file in enumerate(of_group)}
    items.sort(key=lambda item: place[item.path])


def pytest_collection_finish() -> None:
    """Collects once, and from then on looks for garbage among what tests make, and no more among the tests themselves."""
    gc.enable()
    settle()


@pytest.fixture(autouse=True, scope="session")
def launches_are_kept_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Which account is under which launch is known to all pilots of one user: not to those of the person who runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(autouse=True)
def no_program_outlives_its_test() -> Iterator[None]:
    yield
    none_left()
