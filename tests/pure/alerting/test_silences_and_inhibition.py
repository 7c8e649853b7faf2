"""Silences and inhibition: what keeps a person from being notified, and what nothing keeps from them."""

import pytest
from tests.pure.alerting.worlds import NOW

from fairway.alerting.alert_book import AlertBook
from fairway.alerting.alert_events import AlertFired, AlertKey, Silence, SilenceBegan, SilenceEnded
from fairway.alerting.evaluation import evaluate
from fairway.alerting.inhibition import inhibitors
from fairway.alerting.measured import MeasuredNow
from fairway.alerting.rule import AlertAction
from fairway.alerting.rule_files import shipped_rules
from fairway.alerting.silences import SilenceRefused, end_silence, silence, silence_of
from fairway.risk.causes import AlertSeverity
from fairway.world.clock import HOUR, SECOND

RULES = shipped_rules()


def alert(rule: str, subject: str = "", severity: AlertSeverity | None = None) -> AlertFired:
    [known] = [each for each in RULES if each.name == rule]
    return AlertFired(
        key=AlertKey(rule, subject),
        severity=severity or known.severity,
        incident=known.incident,
        reason="it is so",
        since=NOW,
        event_at=NOW,
        runbook=known.runbook,
        is_money=known.is_money,
    )


def asked(rule: str = "disk-low", subject: str = "", hours: float = 1, **changed: object) -> Silence:
    keys: dict[str, object] = {"by": "ann", "reason": "the disk is being replaced", **changed}
    return Silence(id="s1", rule=rule, subject=subject, since=NOW, until=NOW + int(hours * HOUR), **keys)  # type: ignore[arg-type]


def book(*events: AlertFired | SilenceBegan) -> AlertBook:
    found = AlertBook()
    for event in events:
        found.apply(event, NOW)
    return found


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (asked(reason=" "), "SILENCE_REASON_EMPTY"),
        (asked(by=""), "SILENCE_AUTHOR_EMPTY"),
        (asked(hours=0), "SILENCE_OVER"),
        (asked(hours=-1), "SILENCE_OVER"),
        (asked(hours=24.01), "SILENCE_TOO_LONG: at_most=24h"),
        (asked(rule="disk-lo"), "SILENCE_RULE_UNKNOWN: rule=disk-lo"),
        (asked(rule="kill-in-force"), "SILENCE_MONEY_ALERT: rule=kill-in-force"),
        (asked(rule="drawdown", subject="ann"), "SILENCE_MONEY_ALERT: rule=drawdown"),
    ],
)
def test_a_silence_is_refused_with_a_code(wanted: Silence, code: str) -> None:
    refused = silence(wanted, RULES, AlertBook(), NOW)
    assert isinstance(refused, SilenceRefused)
    assert refused.code == code
    assert refused.what


def test_no_rule_about_money_that_is_p0_can_be_silenced_and_every_other_can() -> None:
    refused = {each.name for each in RULES if isinstance(silence(asked(each.name), RULES, AlertBook(), NOW), SilenceRefused)}
    assert refused == {each.name for each in RULES if each.is_money and each.severity is AlertSeverity.P0}
    assert len(refused) == 10


def test_a_silence_of_a_day_is_the_longest() -> None:
    assert isinstance(silence(asked(hours=24), RULES, AlertBook(), NOW), SilenceBegan)
    begun_before = Silence(id="s", rule="", subject="", by="ann", reason="x", since=NOW - HOUR, until=NOW + 23 * HOUR + 1)
    assert isinstance(silence(begun_before, RULES, AlertBook(), NOW), SilenceRefused)


def test_a_silence_for_all_rules_never_covers_a_p0_about_money() -> None:
    begun = silence(asked(rule=""), RULES, AlertBook(), NOW)
    assert isinstance(begun, SilenceBegan)
    silenced = book(begun)
    assert silence_of(alert("disk-low"), silenced, NOW) == begun.silence
    assert silence_of(alert("trader-silent"), silenced, NOW) == begun.silence, "a P0 that is not about money may be silenced"
    for rule in RULES:
        if rule.is_money and rule.severity is AlertSeverity.P0:
            assert silence_of(alert(rule.name), silenced, NOW) is None, rule.name
    raised = alert("daily-loss", "ann", AlertSeverity.P0)
    assert silence_of(raised, silenced, NOW) is None, "its severity in the configuration counts"


def test_a_silence_covers_its_rule_its_subject_and_its_time_alone() -> None:
    begun = SilenceBegan(silence=asked("cpu-high", "trader"))
    silenced = book(begun)
    assert silence_of(alert("cpu-high", "trader"), silenced, NOW) is not None
    assert silence_of(alert("cpu-high", "pilot"), silenced, NOW) is None
    assert silence_of(alert("disk-low", "trader"), silenced, NOW) is None
    assert silence_of(alert("cpu-high", "trader"), silenced, NOW + HOUR - 1) is not None
    assert silence_of(alert("cpu-high", "trader"), silenced, NOW + HOUR) is None


def test_a_silence_ends_by_its_time_and_by_a_person() -> None:
    silenced = book(SilenceBegan(silence=asked()))
    assert evaluate((), silenced, MeasuredNow(now=NOW + HOUR - SECOND)).events == ()
    assert evaluate((), silenced, MeasuredNow(now=NOW + HOUR)).events == (SilenceEnded(id="s1"),)
    ended = end_silence("s1", "ben", silenced)
    assert ended == SilenceEnded(id="s1", by="ben")
    assert isinstance(ended, SilenceEnded)
    silenced.apply(ended, NOW)
    refused = end_silence("s1", "ben", silenced)
    assert isinstance(refused, SilenceRefused)
    assert refused.code == "SILENCE_UNKNOWN: id=s1"


@pytest.mark.parametrize(
    ("source", "targets"),
    [
        (
            "trader-silent",
            "data-stale data-dead data-slow uptime journal-silent orders-failing-10 orders-failing-5 orders-failing-1 "
            "cannot-place-orders venue-unreachable venue-errors-10 venue-errors-1 venue-errors-half stream-reconnects "
            "account-stream-lost",
        ),
        (
            "venue-unreachable",
            "venue-errors-10 venue-errors-1 venue-errors-half data-stale data-dead data-slow orders-failing-10 "
            "account-stream-lost",
        ),
        ("database-down", "database-errors database-slow database-slower"),
        ("safe-mode", "process-down crash-loop"),
        ("memory-burst", "memory-grows"),
    ],
)
def test_what_follows_from_another_alert_is_inhibited_by_it(source: str, targets: str) -> None:
    firing = book(alert(source))
    for name in targets.split():
        assert inhibitors(alert(name), RULES, firing) == (AlertKey(source),), name
        assert inhibitors(alert(name), RULES, book()) == ()
    assert inhibitors(alert(source), RULES, book(*(alert(name) for name in targets.split()))) == ()


def test_an_alert_of_another_value_of_the_same_label_inhibits_nothing() -> None:
    firing = book(alert("http-down", "shop"))
    assert inhibitors(alert("http-errors", "shop"), RULES, firing) == (AlertKey("http-down", "shop"),)
    assert inhibitors(alert("http-errors", "panel"), RULES, firing) == ()


def test_a_rule_about_one_process_inhibits_the_alerts_of_this_process_alone() -> None:
    """One dead process is one incident; another one that dies at the same time is another."""
    for rule, process, other in (("trader-silent", "trader", "server"), ("pilot-silent", "pilot", "trader")):
        firing = book(alert(rule))
        assert inhibitors(alert("process-down", process), RULES, firing) == (AlertKey(rule),)
        assert inhibitors(alert("process-down", other), RULES, firing) == ()


def test_a_hold_that_an_alert_has_brought_belongs_to_its_incident() -> None:
    holding = [each.name for each in RULES if each.does is AlertAction.HOLD]
    assert len(holding) > 5
    for name in holding:
        assert inhibitors(alert("hold-waits"), RULES, book(alert(name))) == (AlertKey(name),), name


def test_nothing_inhibits_a_p0_about_money_and_a_kill_inhibits_nothing() -> None:
    everything = book(*(alert(each.name) for each in RULES))
    money = [each for each in RULES if each.is_money]
    assert len(money) > 10
    assert [inhibitors(alert(each.name), RULES, everything) for each in money] == [()] * len(money)
    assert all("kill-in-force" not in each.inhibited_by for each in RULES)
