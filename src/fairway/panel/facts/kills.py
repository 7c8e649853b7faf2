"""Kills in force: who killed what, when and why, and whether the venue has confirmed it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fairway.launch.control.launch_events import VenueChecked
from fairway.operations.actor import Actor
from fairway.operations.launch.show import LaunchOutcome
from fairway.operations.trader.caps import AccountCaps, CapsOutcome
from fairway.operations.trader.read_journal import PAGE_MAX, READ_JOURNAL, JournalName, JournalRequest
from fairway.panel.facts.audit import Deed, deeds
from fairway.panel.sources import SETTLED_NS, Sources
from fairway.panel.state_marks import Mark
from fairway.risk.cap_kinds import KILL
from fairway.risk.caps import Cap
from fairway.texts.display import clock_text
from fairway.world.clock import MINUTE

_REASON: Final = re.compile(r"(?P<why>.*) \((?P<by>[^()]*), (?P<disposal>[^(),]*)\)(?:; no trader has read it yet)?", re.DOTALL)
"""As trading and operations write the reason of the cap of a kill."""
_KILL: Final = "kill"
_NEAR_NS: Final = MINUTE
"""A command that was accepted so near to a kill, by the same person, is the one that made it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KillFacts:
    """at: ns, 0 where it was not recorded. symbol: "" for the whole account. confirmed: how the venue did, "" where not yet.

    trouble: what the venue shows that a kill should have ended, or what its command could not do; "" for nothing.
    """

    account: str
    at: int
    by: str
    reason: str
    symbol: str
    confirmed: str
    trouble: str


def ask_kills(sources: Sources, actor: Actor, caps: CapsOutcome, launch: LaunchOutcome | None) -> tuple[KillFacts, ...]:
    """The server's journal is read only where something is killed. Raises what the operation raises."""
    if not any(cap.is_a(KILL) for each in caps.accounts for cap in each.caps):
        return ()
    asked = JournalRequest(config=sources.context.config, journal=JournalName.SERVER, newest=True, limit=PAGE_MAX)
    found = deeds(sources.outcome(actor, READ_JOURNAL, asked, SETTLED_NS).records)
    return kill_facts(caps.accounts, launch.status.launch.venue_checks if launch is not None else {}, found)


def kill_facts(
    accounts: Iterable[AccountCaps], checks: Mapping[str, VenueChecked], done: Iterable[Deed]
) -> tuple[KillFacts, ...]:
    """Of all accounts, the newest first. checks: the pilot's, of each account. done: by this server."""
    commands = [each for each in done if each.what.partition(":")[0] == _KILL]
    found = [_kill(each, cap, checks.get(each.account), commands) for each in accounts for cap in each.caps if cap.is_a(KILL)]
    return tuple(sorted(found, key=lambda each: (-each.at, each.account, each.symbol)))


def _kill(its: AccountCaps, cap: Cap, check: VenueChecked | None, commands: Sequence[Deed]) -> KillFacts:
    said = _REASON.fullmatch(cap.reason)
    at, by = cap.said_at or cap.since, said["by"] if said is not None else ""
    command = next((each for each in commands if each.who == by and abs(each.at - at) < _NEAR_NS), None)
    seen = check if check is not None and check.asked_at > at else None
    confirmed, trouble = _verified(cap, seen, command)
    return KillFacts(
        account=its.account,
        at=at,
        by=by or "an unknown person",
        reason=said["why"] if said is not None else cap.reason,
        symbol=cap.symbol,
        confirmed=confirmed,
        trouble=trouble,
    )


def _verified(cap: Cap, seen: VenueChecked | None, command: Deed | None) -> tuple[str, str]:
    """What confirms it, and what speaks against it: what was seen at the venue comes before what a command said of itself."""
    sells = cap.limits.hands_off
    if seen is not None:
        left = [f"{seen.entries} entries rest"] if seen.entries else []
        left += [f"{', '.join(seen.held)} is held"] if sells and seen.held and not cap.must_stay else []
        left += [f"{', '.join(seen.naked)} has no stop"] if seen.naked else []
        left += [seen.trouble] if seen.trouble else []
        at = clock_text(seen.asked_at)
        return ("", f"at {at} the venue showed: {'; '.join(left)}") if left else (f"the pilot asked the venue at {at}", "")
    if command is not None and command.mark is Mark.BAD:
        return "", command.outcome
    if command is not None and command.mark is Mark.GOOD:
        return "the command asked the venue until it confirmed", ""
    return ("the command finished its sales at the venue", "") if cap.is_over else ("", "")


def kill_sentence(kills: Sequence[KillFacts]) -> str:
    """Of the newest kill, with whose it is besides, and what the venue says of all of them."""
    first = kills[0]
    alike = [each for each in kills if (each.by, each.reason) == (first.by, first.reason)]
    whose = ", ".join(dict.fromkeys(f"{each.symbol} of {each.account}" if each.symbol else each.account for each in alike))
    when = f" at {clock_text(first.at)}" if first.at else ""
    more = f" {len(kills) - len(alike)} more of other reasons." if len(kills) > len(alike) else ""
    return f"Killed{when} by {first.by}: {first.reason.rstrip('. ')} ({whose}).{more} {_at_the_venue(kills)}"


def _at_the_venue(kills: Sequence[KillFacts]) -> str:
    troubles = [f"{each.account}: {each.trouble}" for each in kills if each.trouble]
    if troubles:
        return f"NOT in order at the venue: {'; '.join(troubles)}."
    open_still = [each.account for each in kills if not each.confirmed]
    if open_still:
        return f"Not confirmed at the venue yet: {', '.join(dict.fromkeys(open_still))}."
    return f"Confirmed at the venue: {kills[0].confirmed}."
