"""A right body of each command, shown in the description and in the documentation, where a test sends them."""

from collections.abc import Mapping
from typing import Any, Final

from fairway.operations.alerts.report import REPORT
from fairway.operations.alerts.silence import SILENCE, UNSILENCE
from fairway.operations.configuration.apply import APPLY_CONFIGURATION
from fairway.operations.configuration.write import RESTORE_CONFIGURATION, WRITE_CONFIGURATION
from fairway.operations.drill import DRILL
from fairway.operations.incidents.actions import ADD_ACTION, FINISH_ACTION
from fairway.operations.incidents.postmortem import POSTMORTEM
from fairway.operations.incidents.respond import ACKNOWLEDGE, DECLARE, INFORM, NOTE, PHASE, SEVERITY, TAKE_OVER
from fairway.operations.incidents.tickets import ANSWER_TICKET, CLOSE_TICKET, OPEN_TICKET
from fairway.operations.launch.abort import ABORT
from fairway.operations.launch.approve import APPROVE
from fairway.operations.launch.begin import BEGIN_LAUNCH
from fairway.operations.launch.demote import DEMOTE
from fairway.operations.launch.hold import HOLD
from fairway.operations.launch.promote import PROMOTE
from fairway.operations.launch.release import RELEASE
from fairway.operations.launch.review import REVIEW
from fairway.operations.launch.waive import WAIVE
from fairway.operations.notify.channels import TEST_CHANNEL
from fairway.operations.people.account_capital import LOWER_CAPITAL, SET_CAPITAL
from fairway.operations.people.accounts import PAUSE_ACCOUNT, REMOVE_ACCOUNT, RESUME_ACCOUNT, SET_COHORT
from fairway.operations.people.users import ADD_USER, PAUSE_USER, REMOVE_USER, RESUME_USER, SET_PROFILE, SET_ROLE
from fairway.operations.practice.fault import PRACTICE_CLEAR, PRACTICE_FAULT
from fairway.operations.practice.market import PRACTICE_GAP, PRACTICE_TIME
from fairway.operations.practice.tour import PRACTICE_TOUR
from fairway.operations.processes.start import RESTART_PROCESS, START_PROCESS
from fairway.operations.runbooks.run import RUN_RUNBOOK
from fairway.operations.trader.cancel import CANCEL
from fairway.operations.trader.close import CLOSE
from fairway.operations.trader.kill import KILL
from fairway.operations.trader.lease import LEASE
from fairway.operations.trader.lift import LIFT
from fairway.operations.trader.pause import PAUSE
from fairway.operations.trader.reconnect import RECONNECT
from fairway.operations.trader.resume import RESUME
from fairway.operations.trader.signal import SIGNAL
from fairway.operations.trader.stop import STOP
from fairway.operations.trader.switch_address import SWITCH_ADDRESS
from fairway.operations.trader.transfer import TRANSFER

DIGEST: Final = "5f2a90c4b7d1e36885a1f0c29d7e4b6312c8f5a0e9d374b61f0a8c2d5e7b9134"

EXAMPLES: Final[Mapping[str, dict[str, Any]]] = {
    DECLARE.name: {"title": "users see no orders", "severity": "P1", "cause": "orders"},
    ACKNOWLEDGE.name: {"incident": "INC-20260105-1"},
    SILENCE.name: {"rule": "slow-orders", "length": "1h", "reason": "the venue is moved"},
    UNSILENCE.name: {"silence": "S12"},
    REPORT.name: {"message": '{"version": "4", "alerts": []}'},
    NOTE.name: {"incident": "INC-20260105-1", "text": "the venue confirms it"},
    TAKE_OVER.name: {"incident": "INC-20260105-1", "reason": "the end of the shift"},
    PHASE.name: {"incident": "INC-20260105-1", "phase": "resolved", "reason": "the venue answers again"},
    SEVERITY.name: {"incident": "INC-20260105-1", "severity": "P2", "reason": "only test orders fail"},
    INFORM.name: {"incident": "INC-20260105-1", "impact": "New orders are delayed", "length": "2h"},
    POSTMORTEM.name: {"incident": "INC-20260105-1"},
    ADD_ACTION.name: {
        "incident": "INC-20260105-1",
        "text": "lower the limit of open positions",
        "owner": "ben",
        "due": "2030-12-31",
        "verified_by": "limit-breach",
    },
    FINISH_ACTION.name: {"item": "INC-20260105-1-A1"},
    OPEN_TICKET.name: {"subject": "I see no orders", "text": "since noon no order is shown", "critical": True},
    ANSWER_TICKET.name: {"ticket": "T-1", "text": "the order was refused by a limit"},
    CLOSE_TICKET.name: {"ticket": "T-1", "reason": "the user is content"},
    CANCEL.name: {"order": "fw-main-k3x9q-1-2-e", "reason": "the news changed"},
    PRACTICE_FAULT.name: {"name": "latency", "options": ["after_ms=500"], "lasts": "1m"},
    PRACTICE_CLEAR.name: {},
    PRACTICE_TIME.name: {"step": "jump", "ahead": "1m"},
    PRACTICE_GAP.name: {"symbol": "BTC/USDT", "percent": "-5"},
    PRACTICE_TOUR.name: {"step": 1},
    START_PROCESS.name: {"process": "trader"},
    RESTART_PROCESS.name: {"process": "trader"},
    APPLY_CONFIGURATION.name: {"digest": "9f2c1d7a6b3e4f50", "reason": "a smaller position until the market is calm"},
    WRITE_CONFIGURATION.name: {"digest": "9f2c1d7a6b3e4f50", "reason": "a smaller position until the market is calm"},
    RESTORE_CONFIGURATION.name: {"snapshot": "20261125T144200Z-9f2c1d7a", "reason": "the new one lost money"},
    DRILL.name: {"name": "kill"},
    ABORT.name: {"reason": "the strategy is given up"},
    BEGIN_LAUNCH.name: {"digest": DIGEST, "reason": "two weeks of practice were in order"},
    APPROVE.name: {"stage": "practice-100", "role": "owner", "reason": "a week without an incident"},
    DEMOTE.name: {"reason": "slippage is higher than in practice"},
    HOLD.name: {"reason": "the venue announced maintenance"},
    PROMOTE.name: {"reason": "all gates pass"},
    RELEASE.name: {"hold_id": "person", "reason": "the maintenance is over"},
    REVIEW.name: {"reason": "all trades of today are explained"},
    WAIVE.name: {
        "claim": "kill-drill",
        "reason": "the tool is down; we looked by hand",
        "asked_by": "ann",
        "role": "owner",
        "length": "12h",
    },
    SET_CAPITAL.name: {"account": "ann1", "capital_max": "5000 USDT", "reason": "a month without trouble"},
    LOWER_CAPITAL.name: {"account": "ann1", "capital_max": "1000 USDT", "reason": "a calmer month"},
    PAUSE_ACCOUNT.name: {"account": "ann1", "reason": "a holiday"},
    REMOVE_ACCOUNT.name: {"account": "ann1", "reason": "the user left"},
    RESUME_ACCOUNT.name: {"account": "ann1", "reason": "the holiday is over"},
    SET_COHORT.name: {"account": "ann1", "cohort": "trusted", "reason": "a year without trouble"},
    ADD_USER.name: {"user": "bob", "name": "Bob Ray", "role": "viewer", "profile": "conservative"},
    PAUSE_USER.name: {"user": "bob", "reason": "a holiday"},
    REMOVE_USER.name: {"user": "bob", "reason": "left the team"},
    RESUME_USER.name: {"user": "bob", "reason": "is back"},
    SET_PROFILE.name: {"user": "bob", "profile": "moderate", "reason": "asked for it"},
    SET_ROLE.name: {"user": "bob", "role": "support", "reason": "looks after users now"},
    CLOSE.name: {"symbol": "BTC/USDT", "reason": "the pair is delisted tomorrow"},
    KILL.name: {"reason": "it buys every minute"},
    LEASE.name: {"length": "12h", "reason": "I am watching it tonight"},
    LIFT.name: {"cap": "paused", "reason": "the wrong price feed is off"},
    TEST_CHANNEL.name: {"channel": "console"},
    PAUSE.name: {"reason": "the prices look wrong"},
    RECONNECT.name: {"reason": "prices have stood still for a minute", "channel": "market"},
    RESUME.name: {"reason": "the cause is mended"},
    RUN_RUNBOOK.name: {"runbook": "concentration"},
    SIGNAL.name: {"id": "alert-42", "source": "by-hand", "symbol": "BTC/USDT", "action": "sell"},
    STOP.name: {},
    SWITCH_ADDRESS.name: {"reason": "the exchange's status page says that this address is slow"},
    TRANSFER.name: {"direction": "in", "amount": "100", "asset": "USDT", "reason": "the second hundred"},
}
"""By the operation's name."""
