"""The page of caps has a row for each limit, and each code that it names is one that people are told in words."""

import re
from pathlib import Path

from fairway.risk.limits import Limits
from fairway.texts.messages.refusals import RefusalMessage

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "caps.md").read_text()
ROWS = [line.split("|")[1:-1] for line in PAGE.partition("## Limits")[2].partition("## Leases")[0].splitlines() if "|" in line]


def test_every_limit_has_a_row() -> None:
    """One that is not there is one that nobody knows to be enforced."""
    told = {name for row in ROWS for name in re.findall(r"`(\w+)`", row[0])}
    assert told == set(Limits.__struct_fields__)


def test_every_code_that_it_names_has_words() -> None:
    codes = {code for row in ROWS for code in re.findall(r"`([A-Z_]+)`", row[2])}
    assert len(codes) > 10
    assert codes <= set(RefusalMessage.__members__)
