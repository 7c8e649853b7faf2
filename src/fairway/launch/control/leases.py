"""Decides which accounts hold a lease to open positions, within which limits, until when. Silence ends a lease."""

from collections.abc import Iterator, Sequence
from typing import Final

from fairway.launch.control import launch_events
from fairway.launch.control.causes import is_everybodys
from fairway.launch.control.cohort import AdmissionResult, Applicant, admissions
from fairway.launch.control.hold_kinds import BLIND_KILL, BLIND_LEASE, BLIND_TRADER, BLIND_VENUE
from fairway.launch.control.holds import Hold, hold_of, on
from fairway.launch.control.lifecycle import Phase
from fairway.launch.control.state import Launch
from fairway.launch.observation.observation import Observation
from fairway.launch.plan.compiled_plan import REDUCE_ONLY, CompiledPlan, CompiledTrack
from fairway.risk.caps import Cap, CapSource
from fairway.risk.limits import Limits, TradingState
from fairway.world.clock import MINUTE, SECOND, text_of

SILENT_AFTER_NS: Final = 150 * SECOND
"""A trader that lives writes at least once a minute; two and a half without a word, and nobody knows how it stands."""
HEARD_WITHIN_NS: Final = 75 * SECOND
"""A trader that lives measures itself once a minute. Unheard for so long, it enters no stage, and no stage's clock runs."""
MENDS_GUARDS: Final = (
    "name a `risk: profile` in the trader's configuration, which switches all guards on, and start the trader anew"
)
MENDS_LEASE: Final = "write  lease: true  into its trader's configuration, and start the trader anew"
HEARS_WITHIN_NS: Final = 10 * SECOND
"""A trader reads its command inbox once a second; a lease that it has not taken by then was not heard."""


def leases_due(
    plan: CompiledPlan, track: CompiledTrack, launch: Launch, observation: Observation
) -> Iterator[launch_events.LeaseIssued]:
    """The leases that are due now: a smaller one at once, the same one before it ends, a larger one with its stage."""
    if not track.leads:
        return
    names, limits = seated(plan, track, launch, observation), wanted(track, launch)
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
    """Of a stage that is entered once more, losses are counted anew; of one that is only held meanwhile, they are not.

    "" before the first stage: what was given before is taken back then, and losses of the stage that was left go on to count.
    """
    progress = launch.track(track.name)
    return f"{track.name}/{track.stages[progress.stage].name} {progress.entered_at}" if progress.stage >= 0 else ""


def wanted(track: CompiledTrack, launch: Launch) -> Limits:
    """What each account of a track may do as things are."""
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
    if last.until <= now:  # without a lease nothing is opened anyway; but a trader shows by taking one that it hears
        return opens or (BLIND_LEASE.id_of() in launch.holds and not is_unheard(observation))
    if last.limits != limits or last.epoch != launch.epoch:
        return True
    return opens and last.until - now <= plan.lease_ns - plan.renew_ns


def seated(plan: CompiledPlan, track: CompiledTrack, launch: Launch, observation: Observation) -> Sequence[str]:
    """The accounts that a track's stage has room for, in the order in which they came."""
    progress = launch.track(track.name)
    return (
        [each.account for each in answered(plan, track, launch, observation) if not each.refused] if progress.stage >= 0 else ()
    )


def leading(plan: CompiledPlan, launch: Launch, observation: Observation) -> Sequence[str]:
    """Whom the stages let in whose limits are the accounts' own."""
    return [name for track in plan.tracks if track.leads for name in seated(plan, track, launch, observation)]


def answered(plan: CompiledPlan, track: CompiledTrack, launch: Launch, observation: Observation) -> Sequence[AdmissionResult]:
    """Of each account whether a track's stage, or its first one, lets it in, and why not."""
    limits = track.stages[max(0, launch.track(track.name).stage)].limits
    there = {each.account for each in launch.accounts}
    gone = [at for account, at in launch.admitted_at.items() if account not in there]
    return admissions(
        [_applicant(each, launch, observation) for each in launch.accounts], limits, observation.now, plan.guards, gone
    )


def shut(plan: CompiledPlan, track: CompiledTrack, launch: Launch, observation: Observation) -> list[tuple[str, Cap]]:
    """Accounts of a track with each cap by which their trader opens nothing of its own accord, whatever the stage allows."""
    names = seated(plan, track, launch, observation) if track.leads else ()
    told = [(name, observation.accounts[name]) for name in names if name in observation.accounts]
    caps = [(name, cap) for name, permissions in told for cap in permissions.caps.values()]
    return [
        (name, cap) for name, cap in caps if cap.limits.state is not TradingState.ACTIVE and cap.source is not CapSource.LEASE
    ]


def _applicant(seated: launch_events.LaunchAccount, launch: Launch, observation: Observation) -> Applicant:
    return Applicant(
        account=seated.account,
        user=seated.user,
        cohort=seated.cohort,
        profile=seated.profile,
        joined_at=seated.joined_at,
        admitted_at=launch.admitted_at.get(seated.account, 0),
        guards=observation.guards.get(seated.account),
    )


# -- what must be seen ---------------------------------------------------------------------------------------------


def is_unheard(observation: Observation) -> bool:
    """Whether the trader has written nothing for longer than one that lives does."""
    return observation.now - observation.written_at > HEARD_WITHIN_NS


def how_gone(plan: CompiledPlan, launch: Launch, observation: Observation, hold: Hold) -> str:
    """How it is known that the reason of one of the pilot's own holds is gone, in words; "" while there is no news of it.

    That nothing is heard of a reason is no news: a trader that is dead tells of no trouble.
    """
    if hold.is_a(BLIND_TRADER):
        is_heard = observation.written_at > hold.since and observation.now - observation.written_at <= SILENT_AFTER_NS
        return f"the trader was heard again, {text_of(observation.written_at)[:19]}" if is_heard else ""
    if hold.is_a(BLIND_VENUE):
        troubles = [venue_problem(plan, track, launch, observation) for track in plan.tracks if track.leads]
        return "" if any(troubles) else "the venue is seen in order"
    if is_unheard(observation):
        return ""
    if hold.is_a(BLIND_LEASE):
        names = leading(plan, launch, observation)
        return "the lease was taken" if all(_has_taken(launch, observation, name) for name in names) else ""
    return "its reason is gone"


def blindness(plan: CompiledPlan, launch: Launch, observation: Observation) -> list[Hold]:
    """What cannot be seen. Nothing is opened while nobody knows how things stand."""
    if all(progress.highest < 0 or progress.phase is Phase.ABORTED for progress in launch.tracks.values()):
        return []
    found = []
    if observation.now - observation.written_at > SILENT_AFTER_NS:
        found.append(
            hold_of(
                BLIND_TRADER,
                f"the trader has been silent for {_minutes(observation.now - observation.written_at)}",
                observation.now,
            )
        )
    for track in plan.tracks:
        if track.leads and launch.track(track.name).highest >= 0:
            found += _of_venue(plan, track, launch, observation)
    killing = [
        each.account for each in launch.accounts if each.account in launch.pending_kills and each.account in observation.accounts
    ]
    if killing and is_everybodys(killing, [each.account for each in launch.accounts], leading(plan, launch, observation)):
        found.append(
            hold_of(BLIND_KILL, f"{_few(killing)} was killed, and trader and venue do not show all of it yet", observation.now)
        )
    return found


def _of_venue(plan: CompiledPlan, track: CompiledTrack, launch: Launch, observation: Observation) -> list[Hold]:
    trouble = venue_problem(plan, track, launch, observation)
    found = [hold_of(BLIND_VENUE, trouble, observation.now)] if trouble else []
    deaf = [name for name in seated(plan, track, launch, observation) if _is_deaf(launch, observation, name)]
    if deaf:
        found.append(hold_of(BLIND_LEASE, f"{_few(deaf)} has not taken the lease that it was given", observation.now))
    return found


def may_widen(plan: CompiledPlan, track: CompiledTrack, launch: Launch, observation: Observation) -> bool:
    """Whether a stage that this trader flies may be entered: the trader is heard and may open, and the venue is in order."""
    if is_unheard(observation) or launch.track(track.name).stopped:
        return False
    return not track.leads or not venue_problem(plan, track, launch, observation)


def venue_problem(plan: CompiledPlan, track: CompiledTrack, launch: Launch, observation: Observation) -> str:
    """What is not in order at the venue with any account of a track, or that nobody knows; "" where all is."""
    names = seated(plan, track, launch, observation) or [each.account for each in launch.accounts]
    if not names:
        return "there is no account yet"
    for name in names:
        if name in observation.unleased:
            return f"{name} opens positions without a lease: {MENDS_LEASE}"
        look = launch.venue_checks.get(name)
        if look is None or observation.now - look.asked_at > plan.look_lasts_ns:
            return f"how {name} stands at the venue is not known"
        if look.trouble or look.naked:
            return f"{name} at the venue: {look.trouble or 'no stop covers ' + ', '.join(look.naked)}"
    return ""


def is_settled(plan: CompiledPlan, track: CompiledTrack, launch: Launch, observation: Observation) -> bool:
    """Whether trader and venue have been seen to have the limits of a stage since it was entered."""
    progress = launch.track(track.name)
    if not track.leads:
        return True
    names = seated(plan, track, launch, observation)
    if not names:
        return False
    for name in names:
        look = launch.venue_checks.get(name)
        if look is None or look.asked_at <= progress.entered_at or look.trouble or look.naked:
            return False
        if look.entries and wanted(track, launch).state is not TradingState.ACTIVE:
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


def _is_deaf(launch: Launch, observation: Observation, account: str) -> bool:
    given = launch.leases.get(account)
    if given is None or given.epoch != launch.epoch or _has_taken(launch, observation, account):
        return False  # what an earlier pilot gave is not this one's to ask about
    return observation.now - launch.lease_changed_at.get(account, observation.now) > HEARS_WITHIN_NS


def _minutes(ns: int) -> str:
    return f"{ns // MINUTE} minutes" if ns >= 2 * MINUTE else f"{ns // SECOND} s"


def _few(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]}, with {len(names) - 1} more,"
