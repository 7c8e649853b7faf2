from collections.abc import Iterator

import pytest
from tests.clients.served import Served, serving


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """One exchange for all tests; each test opens accounts of its own."""
    with serving("--seed", "7", "--history", "0.2") as it:
        yield it
