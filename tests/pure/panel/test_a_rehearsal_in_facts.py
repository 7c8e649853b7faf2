"""How a rehearsal stands: none, under way, ended, stopped, or refused."""

from fairway.operations.launch.plan_text import RehearseOutcome
from fairway.panel.pages.launch_plan_facts import rehearsal_facts
from fairway.panel.rehearsals import Rehearsal
from fairway.world.clock import MINUTE, SECOND

BEGUN = Rehearsal(number=1, by="ann", seeds=3, at=MINUTE, told=("good: 3 of 3 got through (1 of 13 bots)",))
OUTCOME = RehearseOutcome(
    lines=("A good bot gets through.",),
    plan="ramp",
    digest="0123456789abcdef",
    goal="through is who has entered open",
    played=(("bot", "through"), ("good", "3/3")),
    reached=(("promoted to", "open"), ("good", "100%")),
    should=(("good", "gets through"),),
)


def ended(outcome: RehearseOutcome | None, trouble: str = "") -> Rehearsal:
    return Rehearsal(number=1, by="ann", seeds=1, at=MINUTE, ended_at=3 * MINUTE, outcome=outcome, trouble=trouble)


def test_nothing_was_rehearsed_yet() -> None:
    found = rehearsal_facts(Rehearsal(), 0)
    assert found.says == "No plan was rehearsed since the server was started."
    assert not found.is_running


def test_one_under_way_tells_each_bot_as_it_ends() -> None:
    found = rehearsal_facts(BEGUN, 2 * MINUTE + SECOND // 2)
    assert found.is_running
    assert found.says == "It is being rehearsed for 1 min: 3 plays of each bot, begun by ann."
    assert found.told == BEGUN.told
    assert found.tables == ()


def test_the_end_has_its_tables() -> None:
    found = rehearsal_facts(ended(OUTCOME), 9 * MINUTE)
    assert found.says.startswith("Rehearsed: plan ramp (0123456789ab), 1 play of each bot, begun by ann, in 2 min; through is")
    assert [rows[0][0] for _, rows in found.tables] == ["bot", "promoted to", "bot"]
    assert found.lines == OUTCOME.lines


def test_one_that_was_refused_says_why() -> None:
    assert rehearsal_facts(ended(None, "there is no gate"), 0).says == "It was not rehearsed: there is no gate"
