"""The hunt has been seen to find: bugs that have cost users of bots money are planted (`bugs.py`), and each is found and named.

With the bug absent the very same play holds. `-s` prints which seed found each. `make test` plants a few, `make prove` all.
"""

from itertools import count

import pytest
from tests.prove.bugs import BUGS, Bug
from tests.prove.size import IS_WHOLE

from fairway.proving.draw import plan
from fairway.proving.fuzz import violations_of

SEEDS_MAX = 200
"""Seeds within which the hunt must find each bug. Plays that could not show it are not played."""

FEW = ("a lease never expires", "guards value positions at cost", "client ids start again with each start")
PLANTED = BUGS if IS_WHOLE else FEW


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_bug_is_found_and_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bug, played = BUGS[name], count(1)
    for seed in filter(lambda seed: bug.needs(plan(seed)), range(SEEDS_MAX)):
        number = next(played)
        if _breaks(seed, bug, monkeypatch) and not violations_of(plan(seed)):
            print(f"{name}: found by seed {seed} as {bug.rule!r}, the {number}. play that could show it")
            return
    pytest.fail(f"{SEEDS_MAX} seeds, {next(played) - 1} of which could show it, did not find that {name}")


def test_there_are_more_than_ten_bugs_of_several_kinds() -> None:
    assert len(BUGS) >= 10
    assert len({bug.rule for bug in BUGS.values()}) >= 8


def _breaks(seed: int, bug: Bug, monkeypatch: pytest.MonkeyPatch) -> bool:
    with monkeypatch.context() as soil:
        bug.plant(soil)
        found = violations_of(plan(seed))
    return any(words.startswith(f"{bug.rule}:") for words in found)
