from collections.abc import Iterator

import pytest
from tests.clients.served import Served, serving


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """One exchange for the tests of a file; each test opens accounts of its own.

    All come from one address. A file's tests weigh less than 4,000 together, so that even a machine that runs them in one minute
    stays below the exchange's limit of 6,000; all files together would not. With this seed its market rises for the first five
    minutes: what a test has bought is not sold at a loss meanwhile.
    """
    with serving("--seed", "1", "--history", "0.2") as it:
        yield it
