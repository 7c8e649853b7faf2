from collections.abc import Iterator

import pytest
from tests.clients.served import Served, serving


@pytest.fixture
def served() -> Iterator[Served]:
    """An exchange of its own: other tests pause and push the market of theirs.

    With this seed its market rises for the first five minutes, so that a bot does not lose three times in a row, which would
    stop it, while something else is tested.
    """
    with serving("--seed", "1", "--history", "0.2") as it:
        yield it
