"""Lift: tells a trader that the reason of a cap has gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import Call, Exposure, Operation, Preview, Subject, account_or_bot
from fairway.operations.refusal import against_rule, reason_given, wrong_input
from fairway.operations.trader.accounts_of_trader import last_heard, meant_account, permissions_of, waiting_instructions
from fairway.operations.trader.instruct import InstructionOutcome, instruct
from fairway.people.roles import UserAct
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from fairway.risk.caps import Cap


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftRequest:
    """cap: its id, as the caps in force show it. everyone: lift it in all accounts of the trader."""

    config: Path
    cap: str
    reason: str
    account: str = ""
    everyone: bool = False


def perform_lift(call: Call[LiftRequest]) -> InstructionOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    from fairway.journal.commands import LiftCap

    asked = call.request
    settings, reason = load(asked.config), reason_given(asked.reason, "the feed is mended")
    account = meant_account(settings, asked.account, everyone=asked.everyone)
    _check(settings, asked, account)
    then = f"what else is in force: fairway caps {asked.config}"
    return instruct(settings, LiftCap(reason=reason, account=account, cap_id=asked.cap), call, then)


def _check(settings: Settings, asked: LiftRequest, account: str) -> None:
    """Refuses at once what the trader would refuse. account: "" where one account that has the cap is enough. Raises Refusal."""
    from fairway.reports.refusals import in_words
    from fairway.trading.command_handler import why_not_lifted
    from fairway.world.clock import SystemClock

    cap_id = asked.cap
    found: Sequence[dict[str, Cap]] = [each.caps for name, each in permissions_of(settings).items() if account in ("", name)]
    known = dict.fromkeys([*(each for caps in found for each in caps), *_asked_for(settings)])
    if cap_id == "settings":
        stays = f"'settings' stays: it ends with a change of {asked.config} and a restart"
        raise against_rule("CAP_OF_SETTINGS: cap=settings", stays)
    if cap_id not in known:
        there = f"in force are: {', '.join(known)}" if known else "none is in force that could be lifted"
        whose = account or "any account"
        raise wrong_input(f"CAP_UNKNOWN: cap={cap_id}", f"no cap {cap_id!r} is in force for {whose}; {there}")
    refused = [why_not_lifted(caps, cap_id, SystemClock().now()) for caps in found if cap_id in caps]
    if refused and all(refused):
        raise against_rule(refused[0], f"{cap_id!r} stays: {in_words(refused[0])} ({refused[0]})")


def _asked_for(settings: Settings) -> list[str]:
    """Caps that were asked for while no trader ran: a person who takes a pause back writes after it, and is read after it."""
    from fairway.journal.commands import LimitPositions, Pause, StopEveryone
    from fairway.risk import breakers, cap_kinds

    ids = {Pause: "paused", StopEveryone: breakers.EVERYONE, LimitPositions: cap_kinds.LIMITED.id_of()}
    return [ids[type(each)] for _, _, each in waiting_instructions(settings, last_heard(settings)) if type(each) in ids]


def preview_lift(call: Call[LiftRequest]) -> Preview:
    """In which accounts the cap would end. Raises Refusal, SettingsError, JournalErrors."""
    asked, settings = call.request, load(call.request.config)
    account = meant_account(settings, asked.account, everyone=asked.everyone)
    _check(settings, asked, account)
    accounts = [name for name, each in permissions_of(settings).items() if asked.cap in each.caps and account in ("", name)]
    return Preview(effect=f"the cap {asked.cap!r} ends; other caps stay in force", accounts=tuple(accounts))


def _subject(asked: LiftRequest) -> Subject:
    return account_or_bot("" if asked.everyone else asked.account)


LIFT = Operation(
    name="lift",
    summary="Tell a trader that the reason of a cap has gone.",
    act=UserAct.TRADE,
    exposure=Exposure.RAISES,
    request=LiftRequest,
    subject=_subject,
    preview=preview_lift,
    perform=perform_lift,
)
OPERATIONS: Final = (LIFT,)
