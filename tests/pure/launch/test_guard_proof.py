"""Each guard that a profile asks for is seen to trip, and one that cannot is found out."""

import pytest

from fairway.launch.gates.guard_proof import guard_proofs
from fairway.money.amount import Amount
from fairway.risk.escalation import Level
from fairway.risk.guards.proof import QUOTE
from fairway.risk.guards.roster import Roster
from fairway.risk.profiles import Profile, rules_of


@pytest.mark.parametrize("profile", Profile)
def test_each_trips_when_what_it_watches_goes_wrong_and_not_before(profile: Profile) -> None:
    rules = rules_of(profile, QUOTE).guards
    proofs = guard_proofs(rules)
    roster = Roster(rules, QUOTE)
    assert [each.guard for each in proofs] == [guard.name for guard in (*roster.guards, *roster.of_stage)]
    assert [(each.guard, each.gaps) for each in proofs if each.gaps] == []
    assert all(each.tripped[-1].level >= Level.CRITICAL for each in proofs)


def test_one_whose_bound_is_never_reached_is_not_proven() -> None:
    rules = rules_of(Profile.MODERATE, QUOTE).guards.changed(position_loss=Amount.of(10**6, QUOTE))
    assert {each.guard: each.gaps for each in guard_proofs(rules) if each.gaps} == {"position loss": ["does not trip"]}


def test_one_that_is_always_alarmed_is_not_proven() -> None:
    rules = rules_of(Profile.MODERATE, QUOTE).guards.changed(volume_a_day=Amount.of(10**9, QUOTE))
    (proof,) = (each for each in guard_proofs(rules) if each.gaps)
    assert proof.gaps == ["is alarmed while all is well: GUARD_LOW_VOLUME: too_little=100 limit=1 symbol=BTC/USDT"]
