"""A plan names guards: whoever does not show all of them gets no lease, and whoever has told nothing shows none."""

from dataclasses import replace
from decimal import Decimal

import pytest
from msgspec import structs
from tests.pure.launch.launches import SMALL, Flight, plan

from fairway.journal.kinds import TraderStarted
from fairway.journal.memory import MemoryFile, open_memory
from fairway.launch.control import launch_events
from fairway.launch.control.decision import digest_of
from fairway.launch.control.gate_stage import verdicts_of
from fairway.launch.control.holds import Hold
from fairway.launch.control.tick import tick
from fairway.launch.observation.trader_projection import CODEC, TraderProjection
from fairway.launch.plan.compiled_plan import REDUCE_ONLY
from fairway.launch.views.status_text import LaunchStatus, explain, status
from fairway.risk.guards.roster import Roster
from fairway.risk.profiles import Profile, rules_of
from fairway.risk.rules import RiskRules
from fairway.world.clock import SECOND

NAMED = ("daily loss", "edge health", "fee churn")
ON = ("fee churn", "daily loss", "edge health", "latency")


def flying(*accounts: str, **guards: tuple[str, ...]) -> Flight:
    flight = Flight(plan=plan(guards=NAMED), accounts=accounts or ("main",), guards=guards)
    flight.fly(60_000_000_000)
    return flight


def held(flight: Flight) -> Hold | None:
    return flight.launch.holds.get("guards")


def test_who_shows_all_of_them_is_let_in_whatever_else_is_on() -> None:
    flight = flying(main=ON)
    assert held(flight) is None
    assert (flight.where, flight.launch.leases["main"].limits) == ((0, "dwelling"), SMALL)


def test_who_lacks_one_enters_no_stage_and_is_told_which_and_how_to_mend_it() -> None:
    flight = flying(main=("daily loss",))
    assert (flight.where, flight.launch.leases) == ((-1, "armed"), {})
    hold = held(flight)
    assert hold is not None
    assert hold.contains
    assert "main: guards that the plan names are off (GUARDS_MISSING: guards=edge health,fee churn)" in hold.reason
    assert "to mend it: restart the trader" in hold.reason


def test_who_has_told_nothing_is_unknown_and_unknown_is_never_pass() -> None:
    flight = flying()
    hold = held(flight)
    assert hold is not None
    assert "GUARDS_UNKNOWN" in hold.reason
    assert flight.launch.leases == {}


def test_an_account_whose_guard_is_switched_off_loses_its_lease_at_once_and_regains_it_with_the_guard() -> None:
    flight = flying(main=ON)
    flight.guards = {"main": ("daily loss", "edge health")}
    flight.tick()
    assert flight.launch.leases["main"].limits == REDUCE_ONLY
    flight.guards = {"main": ON}
    flight.tick()
    assert flight.launch.leases["main"].limits == SMALL
    assert held(flight) is None


def test_of_many_accounts_those_that_have_them_go_on_without_the_others() -> None:
    flight = flying("ann", "bob", "cid", ann=ON, bob=("daily loss",))
    assert held(flight) is None
    assert list(flight.launch.leases) == ["ann"]
    told = LaunchStatus(
        flight.plan, flight.launch, flight.observation(), verdicts_of(flight.plan, flight.launch, flight.observation())
    )
    for lines in (list(status(told)), list(explain(told))):
        text = "\n".join(lines)
        assert "no lease for bob: guards that the plan names are off (GUARDS_MISSING: guards=edge health,fee churn)" in text
        assert "no lease for cid: which guards are on is not known" in text
    assert not any("wait for a larger stage" in line for line in explain(told))


def test_a_decision_rests_on_what_was_shown() -> None:
    flight = flying(main=ON)
    shown, before = flight.observation(), digest_of(flight.observation(), ())
    flight.guards = {"main": NAMED}
    assert digest_of(flight.observation(), ()) != before
    assert shown.guards["main"] == ON


# -- what a trader tells -------------------------------------------------------------------------------------------


def started(rules: RiskRules | None, epoch: int = 1) -> TraderStarted:
    guards = Roster(rules.guards, "USDT").bounds() if rules is not None else None
    return TraderStarted(
        account="main", epoch=epoch, release="1", venue="v", strategy="s", symbols=("BTC/USDT",), bot="b", guards=guards
    )


def seen(*starts: TraderStarted) -> dict[str, tuple[str, ...]]:
    journal = open_memory(MemoryFile("a trader's"), CODEC, mode="scene", trader="main")
    journal.append(list(starts), account="main", author="trader", at=1)
    projection = TraderProjection()
    projection.fold(list(journal.replay()))
    return dict(projection.observation(2).guards)


def test_a_start_tells_the_guards_that_are_on_with_their_numbers() -> None:
    rules = rules_of(Profile.CONSERVATIVE, "USDT")
    told = started(rules).guards
    assert told is not None
    assert told["daily loss"] == {"WARNING": Decimal("0.014"), "CRITICAL": Decimal("0.02"), "EMERGENCY": Decimal("0.05")}
    assert seen(started(rules))["main"] == tuple(sorted(told))
    off = RiskRules(per_trade=rules.per_trade, position_max=rules.position_max, positions_max=1)
    assert seen(started(rules), started(off, 2)) == {"main": ()}


def test_a_start_of_a_version_that_tells_nothing_makes_them_unknown_again() -> None:
    assert seen(started(rules_of(Profile.CONSERVATIVE, "USDT")), started(None, 2)) == {}


def test_a_trader_that_needs_no_lease_is_reported_and_no_stage_is_entered_until_it_does() -> None:
    """It was started before `lease: true` was written, say; so no pilot holds it back."""
    flight = Flight()
    quiet, loose = flight.observation(), replace(flight.observation(), unleased=frozenset({"main"}))
    flight.look()
    assert tick(flight.plan, flight.launch, loose).events == []
    told = LaunchStatus(flight.plan, flight.launch, loose, verdicts_of(flight.plan, flight.launch, loose))
    for lines in (list(status(told)), list(explain(told))):
        assert any("main OPENS POSITIONS WITHOUT A LEASE: write  lease: true" in line for line in lines)
    assert digest_of(loose, ()) != digest_of(quiet, ())
    flight.tick()
    flight.now += SECOND
    flight.look()
    events = tick(flight.plan, flight.launch, replace(flight.observation(), unleased=frozenset({"main"}))).events
    [hold] = [each.hold for each in events if isinstance(each, launch_events.HoldRaised)]
    assert (hold.contains, hold.reason[:36]) == (True, "main opens positions without a lease")


@pytest.mark.parametrize(("starts", "unleased"), [((None,), set()), ((False,), {"main"}), ((False, True), set())])
def test_a_start_records_whether_it_needs_a_lease(starts: tuple[bool | None, ...], unleased: set[str]) -> None:
    journal = open_memory(MemoryFile("a trader's"), CODEC, mode="scene", trader="main")
    journal.append([structs.replace(started(None), leased=each) for each in starts], account="main", author="trader", at=1)
    projection = TraderProjection()
    projection.fold(list(journal.replay()))
    assert projection.observation(2).unleased == unleased
