"""Decides which accounts hold a lease to open positions, within which limits, until when. Silence ends a lease."""

from collections.abc import Iterator, Sequence
from typing import Final

from fairway.launch.control import launch_events
from fairway.launch.control.causes import concerns_launch
from fairway.launch.control.cohort import AdmissionResult, Applicant, admissions
from fairway.launch.control.hold_kinds import BLIND_KILL, BLIND_LEASE, BLIND_TRADER, BLIND_VENUE
from fairway.launch.control.holds import Hold, hold_of, on
from fairway.launch.control.lifecycle import Phase
from fairway.launch.control.state import Launch
from fairway.launch.observation.observation import Observation
from fairway.launch.plan.compiled_plan import REDUCE_ONLY, CompiledPlan, CompiledTrack
from fairway.risk.caps import Cap, CapSource
from fairway.risk.limits import Limits, TradingState
from fairway.texts.durations import duration_words
from fairway.world.clock import SECOND, text_of

SILENT_AFTER_NS: Final = 150 * SECOND
"""A running trader writes at least once a minute. After two and a half minutes without a record its state is unknown."""
TRADER_WRITES_WITHIN_NS: Final = 75 * SECOND
"""A running trader measures itself once a minute. After a longer silence no stage is entered, and no stage's clock runs."""
MENDS_GUARDS: Final = "name a `risk: profile` in the trader's configuration, which switches all guards on, and restart the trader"
MENDS_LEASE: Final = "write  lease: true  into its trader's configuration, and restart the trader"
LEASE_TAKEN_WITHIN_NS: Final = 10 * SECOND
"""A trader reads its command inbox once a second; after this time a lease that it has not taken counts as missed."""


def leases_due(
    plan: CompiledPlan, track: CompiledTrack, launch: Launch, observation: Observation
) -> Iterator[launch_events.LeaseIssued]:
    """The leases due now: a narrower one at once, an unchanged one before it ends, a wider one when its stage is entered."""
    if not track.leads:
        return
    names, limits = admitted(plan, track, launch, observation), allowed_limits(track, launch)
    due = [name for name in names if _is_due(plan, launch, name, limits, observation)]
    not_admitted = [name for name in launch.leases if name not in names]
    revoked = [name for name in not_admitted if _is_due(plan, launch, name, REDUCE_ONLY, observation)]
    for accounts, allowed in ((due, limits), (revoked, REDUCE_ONLY)):
        if accounts:
            yield launch_events.LeaseIssued(
                track=track.name,
                accounts=tuple(accounts),
                epoch=launch.epoch,
                until=observation.now + plan.lease_ns,
                limits=allowed,
                stage=_beginning(track, launch) or launch.leases[accounts[0]].stage,
            )


def _beginning(track: CompiledTrack, launch: Launch) -> str:
    """Names one beginning of a stage. Entering a stage again resets its losses; a hold does not.

    "" before the first stage: leases are revoked then, and the losses of the stage that was left stay counted.
    """
    progress = launch.track(track.name)
    return f"{track.name}/{track.stages[progress.stage].name} {progress.entered_at}" if progress.stage >= 0 else ""


def allowed_limits(track: CompiledTrack, launch: Launch) -> Limits:
    """The limits that each account of a track has now."""
    progress = launch.track(track.name)
    is_contained = any(hold.contains for hold in on(track.name, launch.holds.values()))
    if progress.stage < 0 or progress.phase is Phase.ABORTED or is_contained:
        return REDUCE_ONLY
    stage = track.stages[progress.stage]
    return stage.limits if stage.is_flown else REDUCE_ONLY


def _is_due(plan: CompiledPlan, launch: Launch, account: str, limits: Limits, observation: Observation) -> bool:
    last, now = launch.leases.get(account), observation.now
    opens = limits.state is TradingState.ACTIVE
    if last is None:
        return opens
    if last.until <= now:  # it opens nothing; a new one may show that the trader reads its inbox
        return opens or (BLIND_LEASE.id_of() in launch.holds and not is_trader_silent(observation))
    if last.limits != limits or last.epoch != launch.epoch:
        return True
    return opens and last.until - now <= plan.lease_ns - plan.renew_ns


def admitted(plan: CompiledPlan, track: CompiledTrack, launch: Launch, observation: Observation) -> Sequence[str]:
    """The accounts that a track's stage has room for, in the order in which they came."""
    progress = launch.track(track.name)
    return (
        [each.account for each in admission_results(plan, track, launch, observation) if not each.refused]
        if progress.stage >= 0
        else ()
    )


def leading_accounts(plan: CompiledPlan, launch: Launch, observation: Observation) -> Sequence[str]:
    """The accounts that the stages admit, of tracks whose limits are the accounts' own."""
    return [name for track in plan.tracks if track.leads for name in admitted(plan, track, launch, observation)]


def admission_results(
    plan: CompiledPlan, track: CompiledTrack, launch: Launch, observation: Observation
) -> Sequence[AdmissionResult]:
    """Of each account whether a track's stage, or its first one, lets it in, and why not."""
    limits = track.stages[max(0, launch.track(track.name).stage)].limits
    there = {each.account for each in launch.accounts}
    gone = [at for account, at in launch.admitted_at.items() if account not in there]
    return admissions(
        [_applicant(each, launch, observation) for each in launch.accounts], limits, observation.now, plan.guards, gone
    )


def blocking_caps(plan: CompiledPlan, track: CompiledTrack, launch: Launch, observation: Observation) -> list[tuple[str, Cap]]:
    """Accounts of a track with each cap that keeps their trader from opening positions, although the stage allows it."""
    names = admitted(plan, track, launch, observation) if track.leads else ()
    found = [(name, observation.accounts[name]) for name in names if name in observation.accounts]
    caps = [(name, cap) for name, permissions in found for cap in permissions.caps.values()]
    return [
        (name, cap) for name, cap in caps if cap.limits.state is not TradingState.ACTIVE and cap.source is not CapSource.LEASE
    ]


def _applicant(member: launch_events.LaunchAccount, launch: Launch, observation: Observation) -> Applicant:
    return Applicant(
        account=member.account,
        user=member.user,
        cohort=member.cohort,
        profile=member.profile,
        joined_at=member.joined_at,
        admitted_at=launch.admitted_at.get(member.account, 0),
        guards=observation.guards.get(member.account),
    )


# -- what must be seen ---------------------------------------------------------------------------------------------


def is_trader_silent(observation: Observation) -> bool:
    """Whether the trader has written nothing for longer than a running trader does."""
    return observation.now - observation.written_at > TRADER_WRITES_WITHIN_NS


def why_over(plan: CompiledPlan, launch: Launch, observation: Observation, hold: Hold) -> str:
    """Why one of the pilot's own holds ends, in words; "" while nothing shows that its reason is gone.

    The silence of a trader proves nothing: one that is down reports no problem.
    """
    if hold.is_a(BLIND_TRADER):
        is_heard = observation.written_at > hold.since and observation.now - observation.written_at <= SILENT_AFTER_NS
        return f"the trader was heard again, {text_of(observation.written_at)[:19]}" if is_heard else ""
    if hold.is_a(BLIND_VENUE):
        troubles = [venue_problem(plan, track, launch, observation) for track in plan.tracks if track.leads]
        return "" if any(troubles) else "the venue is seen in order"
    if is_trader_silent(observation):
        return ""
    if hold.is_a(BLIND_LEASE):
        names = leading_accounts(plan, launch, observation)
        return "the lease was taken" if all(_has_taken(launch, observation, name) for name in names) else ""
    return "its reason is gone"


def blindness(plan: CompiledPlan, launch: Launch, observation: Observation) -> list[Hold]:
    """What cannot be seen. Nothing is opened meanwhile."""
    if all(progress.highest < 0 or progress.phase is Phase.ABORTED for progress in launch.tracks.values()):
        return []
    found = []
    if observation.now - observation.written_at > SILENT_AFTER_NS:
        found.append(
            hold_of(
                BLIND_TRADER,
                f"the trader has been silent for {duration_words(observation.now - observation.written_at)}",
                observation.now,
            )
        )
    for track in plan.tracks:
        if track.leads and launch.track(track.name).highest >= 0:
            found += _of_venue(plan, track, launch, observation)
    killing = [
        each.account for each in launch.accounts if each.account in launch.pending_kills and each.account in observation.accounts
    ]
    if killing and concerns_launch(
        killing, [each.account for each in launch.accounts], leading_accounts(plan, launch, observation)
    ):
        found.append(
            hold_of(BLIND_KILL, f"{_few(killing)} was killed, and trader and venue do not show all of it yet", observation.now)
        )
    return found


def _of_venue(plan: CompiledPlan, track: CompiledTrack, launch: Launch, observation: Observation) -> list[Hold]:
    trouble = venue_problem(plan, track, launch, observation)
    found = [hold_of(BLIND_VENUE, trouble, observation.now)] if trouble else []
    ignoring = [name for name in admitted(plan, track, launch, observation) if _ignores_lease(launch, observation, name)]
    if ignoring:
        found.append(hold_of(BLIND_LEASE, f"{_few(ignoring)} has not taken the lease that it was given", observation.now))
    return found


def may_widen(plan: CompiledPlan, track: CompiledTrack, launch: Launch, observation: Observation) -> bool:
    """Whether a stage of this trader may be entered: the trader writes and may open positions, and the venue is in order."""
    if is_trader_silent(observation) or launch.track(track.name).stopped:
        return False
    return not track.leads or not venue_problem(plan, track, launch, observation)


def venue_problem(plan: CompiledPlan, track: CompiledTrack, launch: Launch, observation: Observation) -> str:
    """What is not in order at the venue with any account of a track, or what is unknown; "" where all is in order."""
    names = admitted(plan, track, launch, observation) or [each.account for each in launch.accounts]
    if not names:
        return "there is no account yet"
    for name in names:
        if name in observation.unleased:
            return f"{name} opens positions without a lease: {MENDS_LEASE}"
        check = launch.venue_checks.get(name)
        if check is None or observation.now - check.asked_at > plan.venue_check_lasts_ns:
            return f"how {name} stands at the venue is not known"
        if check.trouble or check.naked:
            return f"{name} at the venue: {check.trouble or 'no stop covers ' + ', '.join(check.naked)}"
    return ""


def is_settled(plan: CompiledPlan, track: CompiledTrack, launch: Launch, observation: Observation) -> bool:
    """Whether trader and venue have been seen to have the limits of a stage since it was entered."""
    progress = launch.track(track.name)
    if not track.leads:
        return True
    names = admitted(plan, track, launch, observation)
    if not names:
        return False
    for name in names:
        check = launch.venue_checks.get(name)
        if check is None or check.asked_at <= progress.entered_at or check.trouble or check.naked:
            return False
        if check.entries and allowed_limits(track, launch).state is not TradingState.ACTIVE:
            return False  # what could enlarge a position must be gone from the venue, by its own word
        if not _has_taken(launch, observation, name):
            return False
    return True


def _has_taken(launch: Launch, observation: Observation, account: str) -> bool:
    given, known = launch.leases.get(account), observation.accounts.get(account)
    if given is None:
        return True  # nothing was given, so nothing may be done
    lease = known.lease if known is not None else None
    return lease is not None and (lease.epoch, lease.limits) == (given.epoch, given.limits)


def _ignores_lease(launch: Launch, observation: Observation, account: str) -> bool:
    given = launch.leases.get(account)
    if given is None or given.epoch != launch.epoch or _has_taken(launch, observation, account):
        return False  # what an earlier pilot gave is not this one's to ask about
    return observation.now - launch.lease_changed_at.get(account, observation.now) > LEASE_TAKEN_WITHIN_NS


def _few(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]}, with {len(names) - 1} more,"
