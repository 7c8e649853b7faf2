"""The same trouble of a second account: people are told of it at once, once, and by the account's name."""

from dataclasses import dataclass, field

import pytest
from msgspec import Struct
from tests.pure.incidents.responses import BEGAN, Desk

from fairway.alerting.alert_book import AlertBook
from fairway.alerting.alert_events import AlertFired
from fairway.alerting.evaluation import evaluate
from fairway.alerting.measured import MeasuredNow
from fairway.alerting.rule_files import shipped_rules
from fairway.incidents.incident_tick import FiringAlert
from fairway.journal import kinds
from fairway.journal.port import ReplayEntry
from fairway.notify.message import Message
from fairway.risk import cap_kinds
from fairway.risk.caps import Cap, reduce_only
from fairway.risk.causes import AlertSeverity
from fairway.risk.escalation import Level
from fairway.risk.limits import Limits, TradingState
from fairway.watch.account_gauges import CODEC, AccountGauges
from fairway.world.clock import MINUTE, SECOND


@dataclass
class Accounts:
    """A trader's journal with several accounts, the shipped rules on its gauges, and the incidents that follow."""

    desk: Desk = field(default_factory=Desk)
    book: AlertBook = field(default_factory=AlertBook)
    gauges: AccountGauges = field(default_factory=AccountGauges)

    def happens(self, account: str, event: Struct) -> None:
        kind, version, body = CODEC.encode(event)
        self.gauges.fold([ReplayEntry(self.gauges.folded_to + 1, self.desk.now, account, kind, version, body)])
        self.look()

    def look(self) -> None:
        now = self.desk.now
        measured = MeasuredNow(now=now, gauges=self.gauges.gauges({}, now))
        for event in evaluate(shipped_rules(), self.book, measured).events:
            self.book.apply(event, now)
        self.desk.firing = {key: FiringAlert(fired=fired) for key, fired in self.book.firing.items()}
        self.desk.tick()

    def later(self, ns: int) -> None:
        """Second by second, as the alerting process looks."""
        for _ in range(ns // SECOND):
            self.desk.now += SECOND
            self.look()

    def told_of(self, rule: str, account: str) -> list[Message]:
        return [each for each in self.desk.to("chat") if any(line.startswith(f"{rule} ({account}) ") for line in each.lines)]

    def fired(self, rule: str) -> list[AlertFired]:
        return [fired for key, fired in self.book.firing.items() if key.rule == rule]


def killed(said_at: int = 0) -> Struct:
    limits = Limits(state=TradingState.KILLED)
    return kinds.CapRaised(
        cap=Cap(id="kill account", kind=cap_kinds.KILL, limits=limits, reason="loss", since=BEGAN, said_at=said_at)
    )


def tripped(severity: AlertSeverity) -> Struct:
    return kinds.GuardTripped(guard="drawdown", symbol="", level=Level.CRITICAL, severity=severity, code="X: a=1")


def capped(kind: cap_kinds.CapKind) -> Struct:
    return kinds.CapRaised(cap=reduce_only(kind, "a test", BEGAN))


P0_OF_ACCOUNTS = {
    "kill-in-force": killed(),
    "guard-money": tripped(AlertSeverity.P0),
    "account-books-differ": capped(cap_kinds.UNEXPLAINED),
    "account-unprotected": capped(cap_kinds.NAKED),
    "drawdown": capped(cap_kinds.TOTAL_LOSS),
}
OTHERS_OF_ACCOUNTS = {
    "guard-alarm": tripped(AlertSeverity.P1),
    "guard-warning": tripped(AlertSeverity.P2),
    "account-failed": kinds.AccountFailed(why="a bug", where="step", recent=1),
}


@pytest.mark.parametrize("rule", P0_OF_ACCOUNTS)
def test_a_second_accounts_p0_about_money_is_told_at_once_and_once_with_the_accounts_name(rule: str) -> None:
    accounts = Accounts()
    accounts.happens("ann", P0_OF_ACCOUNTS[rule])
    accounts.later(MINUTE)
    accounts.happens("ben", P0_OF_ACCOUNTS[rule])
    (message,) = accounts.told_of(rule, "ben")
    assert message.at == accounts.desk.now == BEGAN + MINUTE
    accounts.later(6 * MINUTE)
    assert [len(accounts.told_of(rule, each)) for each in ("ann", "ben")] == [1, 1]
    assert len(accounts.desk.state.by_id) == 1


@pytest.mark.parametrize("rule", OTHERS_OF_ACCOUNTS)
def test_a_second_account_has_an_alert_of_its_own(rule: str) -> None:
    accounts = Accounts()
    for account in ("ann", "ben"):
        accounts.happens(account, OTHERS_OF_ACCOUNTS[rule])
    assert [each.key.subject for each in accounts.fired(rule)] == ["ann", "ben"]


def test_a_second_slow_kill_is_told_while_the_first_one_is_shown() -> None:
    accounts = Accounts()
    for account in ("ann", "ben"):
        accounts.happens(account, killed(said_at=BEGAN - SECOND))
    assert [each.key.subject for each in accounts.fired("kill-slow")] == ["ann", "ben"]


def test_a_p0_about_money_that_fires_again_is_told_at_once() -> None:
    accounts = Accounts()
    for account in ("ann", "ben"):
        accounts.happens(account, killed())
    accounts.later(MINUTE)
    accounts.happens("ben", kinds.CapLifted(cap_id="kill account", by="ann", why="looked at"))
    accounts.later(10 * MINUTE)
    before = len(accounts.desk.to("chat"))
    accounts.happens("ben", killed())
    assert [each.at for each in accounts.desk.to("chat")[before:]] == [accounts.desk.now]
    assert "fires again: kill-in-force (ben): A kill is in force" in "\n".join(accounts.desk.to("chat")[-1].lines)


def test_what_waits_for_five_minutes_still_does_where_it_is_no_p0_about_money() -> None:
    accounts = Accounts()
    for account in ("ann", "ben"):
        accounts.happens(account, OTHERS_OF_ACCOUNTS["guard-alarm"])
    assert len(accounts.told_of("guard-alarm", "ann")) == 1
    assert accounts.told_of("guard-alarm", "ben") == []
    accounts.later(5 * MINUTE)
    assert len(accounts.told_of("guard-alarm", "ben")) == 1
