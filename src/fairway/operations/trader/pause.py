"""Pause: tells a trader to open nothing. What is held stays, with its stop and target, until a person lifts the pause."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairway.operations.operation import Call, Exposure, Operation, Preview, Subject, account_or_bot
from fairway.operations.refusal import reason_given
from fairway.operations.trader.accounts_of_trader import account_option, meant_account, permissions_of
from fairway.operations.trader.instruct import InstructionOutcome, instruct, settings_to_lower
from fairway.people.roles import UserAct
from fairway.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRequest:
    """account: one of several, "" for the configured one. everyone: all accounts of the trader, which is the breaker L3."""

    config: Path
    reason: str
    account: str = ""
    everyone: bool = False


def perform_pause(call: Call[PauseRequest]) -> InstructionOutcome:
    """Raises Refusal, JournalErrors."""
    from fairway.journal.commands import Pause, StopEveryone
    from fairway.risk import breakers

    asked = call.request
    settings, reason = settings_to_lower(asked.config), reason_given(asked.reason, "a holiday")
    account = _meant(settings, asked)
    if asked.everyone:
        cap, option = f"'{breakers.EVERYONE}'", " --everyone"
        instruction: Pause | StopEveryone = StopEveryone(reason=reason)
    else:
        cap, option = "paused", account_option(settings, account)
        instruction = Pause(reason=reason, account=account)
    then = f'it opens nothing; to go on: fairway lift {asked.config} {cap}{option} --reason "..."'
    return instruct(settings, instruction, call, then)


def _meant(settings: Settings, asked: PauseRequest) -> str:
    """A journal that cannot be read keeps no pause from being written down: the account's name is then taken as it is."""
    from fairway.journal.port import JournalError

    try:
        return meant_account(settings, asked.account, everyone=asked.everyone)
    except JournalError:
        if not asked.account:
            raise
        return asked.account


def preview_pause(call: Call[PauseRequest]) -> Preview:
    """Which accounts would open nothing. Raises Refusal, JournalErrors."""
    settings = settings_to_lower(call.request.config)
    account = _meant(settings, call.request)
    accounts = (account,) if account else tuple(permissions_of(settings))
    return Preview(
        effect="opens nothing until a person lifts it; what is held stays under its stop and target", accounts=accounts
    )


def _subject(asked: PauseRequest) -> Subject:
    return account_or_bot("" if asked.everyone else asked.account)


PAUSE = Operation(
    name="pause",
    summary="Tell a trader to open nothing; what is held stays protected.",
    act=UserAct.STOP,
    exposure=Exposure.LOWERS,
    request=PauseRequest,
    subject=_subject,
    preview=preview_pause,
    perform=perform_pause,
)
OPERATIONS: Final = (PAUSE,)
