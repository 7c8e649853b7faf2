"""Which accounts have a lease and until when, what blindness takes it back, and what must be seen before it is given again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from msgspec.structs import replace as changed
from tests.pure.launch.launches import BEGIN, MIDDLE, SMALL, STAGES, Flight, at_middle, plan

from fairway.launch.control import commands as said
from fairway.launch.control import launch_events, leases
from fairway.launch.control.hold_kinds import BLIND_LEASE, BLIND_TRADER, BLIND_VENUE, PERSON_CONTAINS, HoldKind, cause_kind
from fairway.launch.control.holds import hold_of
from fairway.launch.plan.compiled_plan import REDUCE_ONLY, CompiledTrack
from fairway.launch.plan.stage_ref import StageRef
from fairway.risk import cap_kinds
from fairway.risk.caps import Lifting, held, paused, reduce_only
from fairway.risk.causes import KILLED, Effect
from fairway.risk.limits import Limits
from fairway.world.clock import MINUTE, SECOND, text_of

SILENT, UNHEARD, DEAF = 150 * SECOND, 75 * SECOND, 10 * SECOND


def seen(flight: Flight, ask: Callable[..., Any], *more: Any) -> Any:
    """What a question about the only track is answered."""
    return ask(flight.plan, flight.plan.tracks[0], flight.launch, flight.observation(), *more)


def gone(flight: Flight, kind: HoldKind, since: int = BEGIN) -> str:
    return leases.why_over(flight.plan, flight.launch, flight.observation(), hold_of(kind, "because", since))


def blind(flight: Flight) -> dict[str, str]:
    """Each hold with its reason."""
    found = leases.blindness(flight.plan, flight.launch, flight.observation())
    assert all(each.contains and each.since == flight.now and each.lifting is Lifting.ITSELF for each in found)
    return {each.id: each.reason for each in found}


def looked(flight: Flight, account: str = "main", **found: Any) -> Flight:
    flight.take(launch_events.VenueChecked(account=account, **{"asked_at": flight.now, **found}))
    return flight


# -- a reason that is gone ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written_after", "silent", "is_heard"),
    [(1, 0, True), (1, SILENT, True), (1, SILENT + 1, False), (0, 0, False), (-1, 0, False)],
)
def test_a_blind_trader_is_heard_again_by_a_word_that_is_newer_than_the_hold_and_fresh(
    written_after: int, silent: int, is_heard: bool
) -> None:
    """Not older than two and a half minutes, and written after the trader was found silent."""
    flight = at_middle()
    flight.silent_ns = silent
    since = flight.now - silent - written_after
    found = f"the trader was heard again, {text_of(flight.now - silent)[:19]}"
    assert gone(flight, BLIND_TRADER, since) == (found if is_heard else "")


@pytest.mark.parametrize(("trouble", "found"), [("", "the venue is seen in order"), ("an order of nobody", "")])
def test_a_blind_venue_is_seen_in_order_again(trouble: str, found: str) -> None:
    flight = looked(at_middle(), trouble=trouble)
    assert gone(flight, BLIND_VENUE) == found
    flight.silent_ns = SILENT + 1
    assert gone(flight, BLIND_VENUE) == found, "the venue is asked by the pilot, whatever the trader says"


def test_a_lease_that_was_not_heard_is_over_once_it_is_taken() -> None:
    flight = at_middle()
    assert gone(flight, BLIND_LEASE) == "the lease was taken"
    flight.leases["main"] = changed(flight.leases["main"], limits=SMALL)
    assert gone(flight, BLIND_LEASE) == ""


@pytest.mark.parametrize("kind", [BLIND_LEASE, cause_kind(KILLED, Effect.SMALLEST, "")])
def test_of_a_trader_that_is_not_heard_no_reason_is_gone(kind: HoldKind) -> None:
    """A trader that is dead tells of no trouble."""
    flight = at_middle()
    for silent, is_gone in ((UNHEARD, True), (UNHEARD + 1, False)):
        flight.silent_ns = silent
        assert bool(gone(flight, kind)) is is_gone


# -- blindness ---------------------------------------------------------------------------------------------------------


def test_a_trader_is_blind_after_two_and_a_half_minutes_without_a_word() -> None:
    flight = at_middle()
    flight.silent_ns = SILENT
    assert blind(flight) == {}
    flight.silent_ns = SILENT + 1
    assert blind(flight) == {BLIND_TRADER.id_of(): "the trader has been silent for 2 min 30 s"}


def test_where_nothing_may_be_opened_nobody_is_blind() -> None:
    """Before the first stage, and where the launch was given up."""
    before, after = Flight(), at_middle()
    after.tick(("eve", said.Abort(reason="enough")))
    for flight in (before, after):
        flight.silent_ns = SILENT + 1
        assert blind(flight) == {}


def test_one_track_that_flies_is_enough_to_be_blind() -> None:
    """Another one that was given up, or has not begun, does not make it see."""
    flight = at_middle()
    flight.plan = plan(
        CompiledTrack("engine", STAGES), CompiledTrack("api", STAGES[:1], after=StageRef("engine", "large"), leads=False)
    )
    flight.launch.track("api")
    flight.silent_ns = SILENT + 1
    assert list(blind(flight)) == [BLIND_TRADER.id_of()]


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ({"trouble": "an order of nobody"}, "main at the venue: an order of nobody"),
        ({"naked": ("BTC/USDT", "ETH/USDT")}, "main at the venue: no stop covers BTC/USDT, ETH/USDT"),
    ],
)
def test_what_is_wrong_at_the_venue_blinds(found: dict[str, Any], reason: str) -> None:
    flight = looked(at_middle(), **found)
    assert blind(flight) == {BLIND_VENUE.id_of(): reason}
    assert not seen(flight, leases.may_widen)


def test_the_venue_blinds_from_the_first_stage_on() -> None:
    flight = Flight()
    flight.fly(2 * MINUTE)
    assert flight.track.stage == 0
    assert list(blind(looked(flight, trouble="an order of nobody"))) == [BLIND_VENUE.id_of()]


def test_what_was_seen_at_the_venue_lasts_for_its_time() -> None:
    flight = at_middle()
    lasts = flight.plan.venue_check_lasts_ns
    for age, reasons in ((lasts, {}), (lasts + 1, {BLIND_VENUE.id_of(): "how main stands at the venue is not known"})):
        assert blind(looked(flight, asked_at=flight.now - age)) == reasons
    flight.launch.venue_checks.clear()
    assert list(blind(flight)) == [BLIND_VENUE.id_of()]


def test_an_account_that_needs_no_lease_blinds() -> None:
    flight = looked(at_middle())
    observation = replace(flight.observation(), unleased=frozenset({"main"}))
    [hold] = leases.blindness(flight.plan, flight.launch, observation)
    mends = "write  lease: true  into its trader's configuration, and restart the trader"
    assert (hold.id, hold.reason) == (BLIND_VENUE.id_of(), f"main opens positions without a lease: {mends}")


def test_of_a_track_that_leads_nobody_the_venue_is_not_asked() -> None:
    flight = Flight(plan=plan(CompiledTrack("api", STAGES, leads=False)))
    flight.say("one", "good")
    flight.fly(2 * MINUTE)
    assert flight.launch.track("api").stage == 0
    looked(flight, trouble="an order of nobody")
    assert blind(flight) == {}
    assert seen(flight, leases.may_widen)
    assert seen(flight, leases.is_settled)
    assert flight.launch.leases == {}


def ignoring(flight: Flight, waited: int) -> Flight:
    """A lease of a new epoch was given so long ago, and not taken."""
    flight.takes_leases = False
    flight.take(launch_events.PilotStarted(epoch=2, version="test"))
    flight.tick()
    flight.now += waited
    return looked(flight)


def test_a_lease_that_is_not_taken_within_ten_seconds_was_not_heard() -> None:
    assert blind(ignoring(at_middle(), DEAF)) == {}
    flight = ignoring(at_middle(), DEAF + 1)
    assert blind(flight) == {BLIND_LEASE.id_of(): "main has not taken the lease that it was given"}
    assert not seen(flight, leases.is_settled)
    flight.take(launch_events.PilotStarted(epoch=3, version="test"))
    assert blind(flight) == {}, "what an earlier pilot gave is not this one's to ask about"


def test_a_kill_of_everybody_that_is_not_done_blinds() -> None:
    """Of a fifth of the accounts it is their own trouble."""
    for accounts, killed, is_blind in ((("main",), ("main",), True), (tuple(f"a{n}" for n in range(5)), ("a0",), False)):
        flight = Flight(accounts=accounts)
        flight.fly(2 * MINUTE)
        assert flight.track.stage == 0
        flight.take(launch_events.KillOrdered(accounts=killed, why="enough", stays=True))
        reason = "main was killed, and trader and venue do not show all of it yet"
        assert blind(looked(flight)) == ({"blind kill": reason} if is_blind else {})


# -- leases ------------------------------------------------------------------------------------------------------------


def given(flight: Flight) -> list[tuple[tuple[str, ...], Limits, int]]:
    """To whom, within which limits, and for how long from now (ns)."""
    return [(each.accounts, each.limits, each.until - flight.now) for each in seen(flight, leases.leases_due)]


def with_lease(left: int, **found: Any) -> Flight:
    """A launch in its second stage whose only account has a lease for so long (ns)."""
    flight = looked(at_middle())
    last = flight.launch.leases["main"]
    flight.take(changed(last, until=flight.now + left, **found))
    return flight


LEASE, RENEW = plan().lease_ns, plan().renew_ns


def test_a_lease_is_renewed_when_the_time_has_come_and_not_before() -> None:
    assert given(with_lease(LEASE - RENEW + 1)) == []
    for left in (LEASE - RENEW, 1, 0, -MINUTE):
        assert given(with_lease(left)) == [(("main",), MIDDLE, LEASE)], left


@pytest.mark.parametrize("found", [{"limits": SMALL}, {"epoch": 0}])
def test_a_lease_of_other_limits_or_of_another_pilot_is_replaced_at_once(found: dict[str, Any]) -> None:
    assert given(with_lease(LEASE, **found)) == [(("main",), MIDDLE, LEASE)]


def test_what_is_held_is_taken_back_at_once_and_not_again() -> None:
    """Without a lease nothing is opened anyway: what is taken back once is not told again, and a dead lease not at all."""
    holds = {"person": hold_of(PERSON_CONTAINS, "wait", BEGIN, scope="eve")}
    flight = with_lease(LEASE)
    flight.launch.holds |= holds
    assert given(flight) == [(("main",), REDUCE_ONLY, LEASE)]
    flight.take(*seen(flight, leases.leases_due))
    flight.now += LEASE - 1
    assert given(flight) == []
    over = with_lease(0)
    over.launch.holds |= holds
    assert given(over) == []


def test_a_deaf_trader_is_given_a_lease_by_which_it_can_show_that_it_hears() -> None:
    """Though it allows nothing, and unless the trader is dead."""
    flight = with_lease(0)
    flight.launch.holds[BLIND_LEASE.id_of()] = hold_of(BLIND_LEASE, "deaf", BEGIN)
    assert given(flight) == [(("main",), REDUCE_ONLY, LEASE)]
    flight.silent_ns = UNHEARD + 1
    assert given(flight) == []


def test_an_account_that_is_gone_loses_its_lease() -> None:
    """It is told with the stage that its losses were counted in."""
    flight = with_lease(LEASE)
    stage = flight.launch.leases["main"].stage
    assert stage == f"engine/middle {flight.track.entered_at}"
    flight.take(launch_events.AccountsSeen(accounts=(launch_events.LaunchAccount(account="other", user="o"),)))
    looked(flight, "other")
    issued = list(seen(flight, leases.leases_due))
    assert [(each.accounts, each.limits) for each in issued] == [(("other",), MIDDLE), (("main",), REDUCE_ONLY)]
    assert {each.stage for each in issued} == {stage}
    assert {each.epoch for each in issued} == {1}


@pytest.mark.parametrize("leads", [True, False])
def test_before_the_first_stage_no_account_has_a_lease(leads: bool) -> None:
    flight = Flight(plan=plan(CompiledTrack("engine", STAGES, leads=leads)))
    looked(flight)
    assert given(flight) == []
    assert seen(flight, leases.admitted) == ()
    assert leases.allowed_limits(flight.plan.tracks[0], flight.launch) == REDUCE_ONLY


# -- a stage that has come into force ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "is_settled"),
    [
        ({}, True),
        ({"trouble": "an order of nobody"}, False),
        ({"naked": ("BTC/USDT",)}, False),
        ({"entries": 1}, True),
    ],
)
def test_a_stage_is_in_force_once_the_venue_was_seen_in_order_after_it_was_entered(
    found: dict[str, Any], is_settled: bool
) -> None:
    flight = at_middle()
    seen_later = looked(flight, **{"asked_at": flight.track.entered_at + 1, **found})
    assert seen(seen_later, leases.is_settled) is is_settled


def test_what_was_seen_at_the_very_beginning_of_a_stage_is_not_seen_of_it() -> None:
    flight = at_middle()
    assert seen(looked(flight, asked_at=flight.track.entered_at), leases.is_settled) is False


def test_what_may_open_nothing_is_in_force_once_no_entry_rests_at_the_venue() -> None:
    flight = at_middle()
    flight.tick(("eve", said.HoldIt(reason="wait", contains=True)))
    assert seen(looked(flight, entries=1), leases.is_settled) is False
    assert seen(looked(flight), leases.is_settled) is True


def test_without_an_account_no_stage_is_in_force_or_widened() -> None:
    flight = at_middle()
    flight.take(launch_events.AccountsSeen(accounts=()))
    assert seen(flight, leases.is_settled) is False
    assert seen(flight, leases.venue_problem) == "there is no account yet"
    assert seen(flight, leases.may_widen) is False


def test_no_stage_is_widened_for_a_trader_that_is_not_heard_or_has_stopped() -> None:
    flight = looked(at_middle())
    flight.silent_ns = UNHEARD
    assert seen(flight, leases.may_widen) is True
    flight.silent_ns = UNHEARD + 1
    assert seen(flight, leases.may_widen) is False
    flight.silent_ns = 0
    flight.track.stopped = "main is paused"
    assert seen(flight, leases.may_widen) is False


# -- accounts that open nothing of their own accord ---------------------------------------------------------------------


@pytest.mark.parametrize("leads", [True, False])
def test_an_account_is_shut_by_what_keeps_its_trader_from_opening_and_not_by_its_lease(leads: bool) -> None:
    flight = at_middle()
    mine = {
        "paused": paused("holiday", "bob", flight.now),
        "lease": reduce_only(cap_kinds.LEASE, "it ended", flight.now),
        "symbol": held("BTC/USDT", "looked at", flight.now),
        "smaller": changed(paused("smaller", "bob", flight.now), id="smaller", limits=SMALL),
    }
    flight.caps["main"] = mine
    track = replace(flight.plan.tracks[0], leads=leads)
    found = leases.blocking_caps(flight.plan, track, flight.launch, flight.observation())
    assert [(account, cap.id) for account, cap in found] == (
        [("main", mine["paused"].id), ("main", mine["symbol"].id)] if leads else []
    )


def test_an_account_of_which_the_trader_has_told_nothing_is_shut_by_nothing() -> None:
    flight = at_middle()
    observation = replace(flight.observation(), accounts={})
    assert leases.blocking_caps(flight.plan, flight.plan.tracks[0], flight.launch, observation) == []
