"""Where a plan names who is who, nobody else's word counts in a role; where it does not, everybody is what they say they are."""

from dataclasses import replace

import pytest
from tests.pure.launch.launches import Flight, at_middle, plan
from tests.pure.launch.lint.drafts import SOUND, changed
from tests.pure.launch.test_record import told
from tests.pure.launch.test_waivers import answers, listed, waive

from fairway.launch.plan.compile import PlanCompiler
from fairway.launch.plan.limits import Mode
from fairway.launch.plan.load import PlanError, parse
from fairway.launch.plan.model import canonical
from fairway.launch.views.status_text import explain
from fairway.world.clock import HOUR, MINUTE

WHO = {"owner": ("olga",), "risk": ("ravi", "rita")}


def ready(**who: tuple[str, ...]) -> Flight:
    flight = at_middle()
    flight.plan = replace(plan(), who=who)
    flight.say("two", "good")
    flight.say("harm", "good")
    flight.fly(HOUR, MINUTE)
    assert flight.where == (1, "ready")
    return flight


def test_only_those_who_are_named_may_approve() -> None:
    flight = ready(**WHO)
    flight.tick(*flight.approve_all("large", {"owner": "bob", "risk": "olga"}))
    assert answers(flight)[-2:] == ["PERSON_NOT_NAMED"] * 2
    assert flight.launch.approvals == []
    assert "  who may approve it: owner: olga; risk: ravi, rita" in list(explain(told(flight)))
    flight.tick(*flight.approve_all("large", {"owner": "olga", "risk": "rita"}))
    assert flight.track.stage == 2


def test_a_role_in_which_nobody_is_named_is_nobodys() -> None:
    flight = ready(owner=("olga",))
    flight.tick(*flight.approve_all("large", {"owner": "olga", "risk": "ravi"}))
    assert answers(flight)[-2:] == ["", "PERSON_NOT_NAMED"]
    assert flight.where == (1, "ready")


def test_without_a_roster_everybody_is_what_he_says() -> None:
    flight = ready()
    flight.tick(*flight.approve_all("large", {"owner": "bob", "risk": "carol"}))
    assert flight.track.stage == 2


def test_only_those_who_are_named_may_waive() -> None:
    flight = Flight(plan=replace(listed(), who={"risk": ("ravi",)}))
    flight.fly(MINUTE)
    waive(flight)  # eve says that she is risk
    assert answers(flight) == ["PERSON_NOT_NAMED"]
    assert flight.launch.waivers == []
    flight.plan = replace(listed(), who={"risk": ("eve",)})
    waive(flight)
    assert len(flight.launch.waivers) == 1


def test_the_names_are_part_of_what_is_approved() -> None:
    """Another roster is another plan: what was approved under the first one is void."""
    other = SOUND.replace("owner: [olga]", "owner: [otto]")
    assert parse(SOUND).plan.digest != parse(other).plan.digest
    assert PlanCompiler(parse(SOUND), "USDT", Mode.LIVE).compiled().who == WHO


def test_a_plan_that_names_nobody_has_the_digest_of_before() -> None:
    text = changed(approvals="{need: {owner: 1, risk: 1}}", entry="[]")
    assert parse(text).plan.digest == "a0208de965219956e3f26910f1e45050505215793854130646c01909cfcff908"
    assert '"who"' not in canonical(parse(text).plan)
    assert '"who"' in canonical(parse(SOUND).plan)


@pytest.mark.parametrize("people", ["[]", "[bob, bob]", "[' ']"])
def test_a_role_names_each_person_once(people: str) -> None:
    with pytest.raises(PlanError, match="names no person, or one person twice"):
        parse(changed(approvals=f"{{need: {{a: 1}}, who: {{a: {people}}}}}"))
