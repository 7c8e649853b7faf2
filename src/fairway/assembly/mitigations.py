"""Carries out what an alert rule does by itself: reconnect, switch over, hold the launch, open nothing more, kill.

Each lowers exposure, or repairs a connection, so no person is asked. It is written where trader and pilot read it, durably; what
came of it is seen in their journals, and at the venue.
"""

from collections.abc import Callable, Mapping
from typing import Final

from fairway.alerting.alert_events import AlertFired
from fairway.alerting.rule import AlertAction, AlertRule
from fairway.incidents.alerting_service import ActionOutcome
from fairway.journal.command_inbox import command_inbox_beside, say
from fairway.journal.commands import Instruction, Pause, Reconnect, SwitchAddress
from fairway.journal.port import JournalError, JournalMissing
from fairway.journal.sql import open_reader
from fairway.launch.control.command_inbox import PILOT_STREAM, launch_beside, tell
from fairway.launch.control.commands import HoldIt
from fairway.risk.disposal import Disposal
from fairway.settings import Settings
from fairway.store.failures import StoreError
from fairway.store.patience import OwnThread
from fairway.trading.latch import FileLatch, KillCause, Killed, KillScope
from fairway.world.clock import Clock

BY: Final = "alerting"
ACCOUNT: Final = "account"
"""The label of rules whose subjects are accounts: what they do concerns that account alone."""


class Mitigations:
    """Of one configuration."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._thread = OwnThread("mitigations", deadline_s=20)

    async def carry_out(self, rule: AlertRule, alert: AlertFired) -> ActionOutcome:
        """Raises nothing: what failed is in the outcome, and a person is paged with it."""
        try:
            return ActionOutcome(await self._thread.wait_for(lambda: _ACTIONS[rule.does](self, rule, alert)))
        except (JournalError, StoreError, OSError) as error:
            return ActionOutcome(f"it could not {rule.does.value}: {error}", is_done=False)

    def close(self) -> None:
        self._thread.close()

    def _do_nothing(self, rule: AlertRule, alert: AlertFired) -> str:
        return "nothing is done by itself"

    def _reduce(self, rule: AlertRule, alert: AlertFired) -> str:
        account, reason = _account(rule, alert), _reason(alert)
        number = self._instruct(Pause(reason=reason, account=account))
        return f"{account or 'every account'} opens nothing until a person lifts it (instruction {number}); stops stay"

    def _reconnect(self, rule: AlertRule, alert: AlertFired) -> str:
        return f"the trader connects its streams again (instruction {self._instruct(Reconnect(reason=_reason(alert)))})"

    def _switch_over(self, rule: AlertRule, alert: AlertFired) -> str:
        number = self._instruct(SwitchAddress(reason=_reason(alert)))
        return f"the trader goes on at the venue's next address, if it has one (instruction {number})"

    def _hold(self, rule: AlertRule, alert: AlertFired) -> str:
        settings = self._settings
        if not _is_launched(settings):
            return "no launch runs, so none is held"
        number = tell(
            settings.journal,
            HoldIt(reason=_reason(alert)),
            mode=settings.mode,
            trader=settings.account,
            by=BY,
            at=self._clock.now(),
        )
        return f"the launch is held until a person releases the hold (instruction {number})"

    def _kill(self, rule: AlertRule, alert: AlertFired) -> str:
        """With the latch alone, as the pilot does: the trader cancels what does not protect, and stops stay at the venue."""
        settings, account = self._settings, _account(rule, alert)
        killed = Killed(
            scope=KillScope.ACCOUNT if account else KillScope.BOT,
            reason=_reason(alert),
            by=BY,
            disposal=Disposal.KEEP_STOPS,
            cause=KillCause.LOSS,
            at=self._clock.now(),
        )
        FileLatch(settings.latch_folder, account or settings.account, settings.symbols, settings.account).set(killed)
        return f"{account or 'every account'} is killed; what does not protect is cancelled, and stops stay at the venue"

    def _instruct(self, instruction: Instruction) -> int:
        settings = self._settings
        inbox = command_inbox_beside(settings.journal)
        return say(inbox, instruction, mode=settings.mode, trader=settings.account, by=BY, at=self._clock.now())


def _account(rule: AlertRule, alert: AlertFired) -> str:
    """ "" for all of them."""
    return alert.key.subject if rule.each == ACCOUNT else ""


def _reason(alert: AlertFired) -> str:
    return f"alert {alert.key}: {alert.sentence}"


def _is_launched(settings: Settings) -> bool:
    try:
        with open_reader(launch_beside(settings.journal), trader=settings.account, stream=PILOT_STREAM) as reader:
            return reader.last() is not None
    except JournalMissing:
        return False


_ACTIONS: Final[Mapping[AlertAction, Callable[[Mitigations, AlertRule, AlertFired], str]]] = {
    AlertAction.NONE: Mitigations._do_nothing,
    AlertAction.RECONNECT: Mitigations._reconnect,
    AlertAction.SWITCH_OVER: Mitigations._switch_over,
    AlertAction.HOLD: Mitigations._hold,
    AlertAction.REDUCE: Mitigations._reduce,
    AlertAction.KILL: Mitigations._kill,
}
