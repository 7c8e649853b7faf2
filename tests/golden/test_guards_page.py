"""The page of guards says what the code does."""

from scripts.guards_table import PAGE, RULES, page

from fairway.risk.guards.registry import guards
from fairway.risk.guards.roster import Roster
from fairway.risk.profiles import Profile

SETTINGS = [setting.name for guard in guards() for setting in guard.settings]


def test_the_tables_of_guards_are_current() -> None:
    """A number that changed without its row fails here; the script writes the tables anew."""
    text = PAGE.read_text()
    assert page(text) == text, "run .venv/bin/python -m scripts.guards_table"


def test_every_rule_of_a_profile_has_its_guard() -> None:
    """None is set without a guard that obeys it, in any profile."""
    for profile in Profile:
        rules = RULES[profile].guards
        assert all(getattr(rules, name) for name in SETTINGS)
        assert {guard.name for guard in Roster(rules, "USDT").guards} == {each.name for each in guards() if each.settings}
    for name in SETTINGS:
        without = RULES[Profile.MODERATE].guards.changed(**{name: None})
        bounds = [dict(guard.bounds) for guard in Roster(without, "USDT").guards]
        assert bounds != [dict(guard.bounds) for guard in Roster(RULES[Profile.MODERATE].guards, "USDT").guards]
