"""What `fairway doctor` looks at of alerting: whether its rules can be read, and whether a person hears of them at any hour."""

from collections.abc import Iterator
from typing import Final

from fairway.operations.doctor.checks import DoctorFinding, fail, ok, warn
from fairway.settings import Settings
from fairway.settings.alerts import AlertSettings

RULES: Final = "alert rules"
ON_CALL: Final = "on call"
CHANNELS: Final = "alert channels"


def check_alerting(settings: Settings, now: int) -> Iterator[DoctorFinding]:
    """now: ns, from which on a person must be on call."""
    alerts = settings.alerts
    if alerts is None:
        advice = "add the section alerts to the configuration; docs/how-to/handle-an-incident.md"
        yield warn(CHANNELS, "no alerting is configured: no person is woken", advice)
        return
    yield _rules(alerts)
    yield _channels(settings, alerts)
    yield from _on_call(alerts, now)


def _rules(alerts: AlertSettings) -> DoctorFinding:
    from fairway.alerting.rule_files import RuleError
    from fairway.assembly.alerting_policy import rules_of_settings

    try:
        rules = rules_of_settings(alerts)
    except RuleError as error:
        return fail(RULES, str(error), "correct them: alerting does not start with wrong rules")
    return ok(RULES, f"{sum(rule.enabled for rule in rules)} rules are evaluated")


def _channels(settings: Settings, alerts: AlertSettings) -> DoctorFinding:
    names = [each.name for each in settings.notify.channels if each.name not in alerts.users]
    if not names:
        advice = "name a channel that reaches a person elsewhere under notify.channels; docs/reference/channels.md"
        return warn(CHANNELS, "alerts are shown in the terminal alone", advice)
    if alerts.heartbeat is None:
        advice = "name a service that notices when alerting itself stops: the key alerts.heartbeat"
        return warn(CHANNELS, f"{', '.join(names)}; no service outside notices when alerting stops", advice)
    return ok(CHANNELS, f"{', '.join(names)}, and a heartbeat")


def _on_call(alerts: AlertSettings, now: int) -> Iterator[DoctorFinding]:
    from fairway.alerting.on_call import lint_schedule, turn_words

    if alerts.on_call is None:
        return
    problems = lint_schedule(alerts.on_call, now, frozenset(alerts.contacts))
    for each in problems:
        yield fail(ON_CALL, f"{each.key}: {each.what}", "correct alerts.on_call in the configuration")
    if not problems:
        yield ok(ON_CALL, turn_words(alerts.on_call, now).rstrip("."))
