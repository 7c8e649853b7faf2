"""`fairway alerts`: the alert rules as a table, as files for Prometheus, and bounds that a history proposes."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import App, Parameter

from fairway.cli.answer import CommandOutput, shows
from fairway.cli.durations import duration
from fairway.cli.exits import ExitCode, Failure
from fairway.cli.shared_options import USUAL, Config
from fairway.cli.text_table import table_lines
from fairway.cli.whole_numbers import whole
from fairway.world.clock import DAY

if TYPE_CHECKING:
    from fairway.alerting.calibrate import Calibration
    from fairway.alerting.rule import AlertRule, RuleChange
    from fairway.alerting.rule_origin import ListedRule
    from fairway.settings import Settings
    from fairway.watch.series import Series, Spell

app = App(
    name="alerts", help="Alerts: what fires and notifies whom, how rules reach Prometheus, and which bounds a history proposes."
)
NOTHING: Final = "—"
NUMBERS: Final = ("n", "fired", "a month", "then a month", "at most")


def _rules(files: Sequence[Path], settings: "Settings | None" = None) -> "tuple[AlertRule, ...]":
    """The rules of a configuration, or those that come with Fairway, and those of a person's own files. Raises RuleError."""
    from fairway.alerting.rule import AlertRuleSettings
    from fairway.alerting.rule_files import RuleError, own_rules, rules_of

    found = rules_of(settings.alerts.rules if settings is not None and settings.alerts is not None else AlertRuleSettings())
    if found.problems:
        raise RuleError("alerts.rules", found.problems)
    rules = found.rules
    for file in files:
        rules = (*rules, *own_rules(file, rules))
    return rules


Own = Annotated[list[Path], Parameter(name="--own", negative=(), help="A file with rules of your own; it may be given again.")]


@app.command
@shows
def rules(config: Path | None = None, /, *, own: Own | None = None) -> CommandOutput:
    """List a bot's alert rules: how urgent each is, its condition, what Fairway does, and whether you wrote or changed it.

    Parameters
    ----------
    config: Path
        The configuration whose rules are listed; fairway.yaml here where it is left out, and without it the rules that come with
        Fairway.
    """
    from fairway.alerting.rule import rule_words
    from fairway.alerting.rule_origin import listed
    from fairway.settings import load

    file = config if config is not None else (USUAL if USUAL.exists() else None)
    settings = load(file) if file is not None else None
    found = listed(_rules(own or (), settings), _changes(settings))
    head = ("rule", "from", "severity", "incident", "does", "condition")
    rows = [
        (each.rule.name, each.origin.value, _urgency(each.rule), each.rule.incident, each.rule.does.value, rule_words(each.rule))
        for each in found
    ]
    value = {"config": str(file or ""), "rules": list(map(_rule_value, found))}
    return CommandOutput(value=value, text=[*table_lines(head, rows), "", *_origin_lines(file, found)])


def _changes(settings: "Settings | None") -> "Mapping[str, RuleChange]":
    return settings.alerts.rules.change if settings is not None and settings.alerts is not None else {}


def _origin_lines(file: Path | None, found: "Sequence[ListedRule]") -> Iterator[str]:
    """Whose rules these are, and what was changed."""
    shipped = "The rules that come with Fairway; name a configuration to see its own."
    yield f"The rules of {file}." if file is not None else shipped
    for each in found:
        for changed in each.changed:
            before = f" instead of {changed.before}" if changed.before else ""
            yield f"{each.rule.name}: {changed.key} {changed.now}{before}"


def _rule_value(each: "ListedRule") -> dict[str, object]:
    from fairway.alerting.rule import rule_words

    rule = each.rule
    return {
        "rule": rule.name,
        "from": each.origin.value,
        "changed": [{"key": one.key, "now": one.now, "before": one.before} for one in each.changed],
        "says": rule.says,
        "severity": rule.severity.value,
        "incident": rule.incident,
        "condition": rule_words(rule),
        "for_s": rule.lasts // 1_000_000_000,
        "each": rule.each,
        "does": rule.does.value,
        "runbook": rule.runbook,
        "is_money": rule.is_money,
        "inhibited_by": list(rule.inhibited_by),
        "enabled": rule.enabled,
        "source": rule.source,
    }


def _urgency(rule: "AlertRule") -> str:
    return rule.severity.value if rule.enabled else f"{rule.severity.value}, off"


@app.command
def export(directory: Path, config: Path | None = None, /, *, server: str = "", own: Own | None = None) -> int:
    """Write the rules for Prometheus and the routes for Alertmanager, which sends alerts back to Fairway's server.

    Parameters
    ----------
    directory: Path
        Where the files are written; it is made where it does not exist.
    config: Path
        The configuration whose rules are written; the rules that come with Fairway where it is left out.
    server: str
        The address of Fairway's HTTP server, such as https://fairway.example.com; where it is left out, this machine's port that
        the configuration names, else 8080.
    """
    from fairway.alerting.prometheus_rules import SERVER, files_of
    from fairway.settings import load

    settings = load(config) if config is not None else None
    address = server or (_address(settings) if settings is not None else SERVER)
    if not address.startswith(("http://", "https://")):
        raise Failure(f"--server {server} is no address; a right one is --server {SERVER}", ExitCode.USAGE)
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in files_of(_rules(own or (), settings), address).items():
        (directory / name).write_text(text, encoding="utf-8")
        print(f"{directory / name} is written")
    return ExitCode.OK


def _address(settings: "Settings") -> str:
    """Where the server of a configuration is reached from this machine."""
    from fairway.settings.server import ServerSettings

    server = settings.server or ServerSettings()
    host = f"[{server.host}]" if ":" in server.host else server.host
    return f"{'https' if server.tls is not None else 'http'}://{host}:{server.port}"


@app.command
@shows
def calibrate(
    config: Config = USUAL,
    /,
    *,
    window: Annotated[int, duration("30d", "520w")] = 30 * DAY,
    false_alarms: Annotated[int, whole(1)] = 1,
    incident: Annotated[list[str] | None, Parameter(negative=())] = None,
) -> CommandOutput:
    """Propose bounds for alert rules from what was measured: the tightest that would have fired so seldom without cause.

    Parameters
    ----------
    window: int
        How long the history is, such as 30d; it ends now.
    false_alarms: int
        At most so many false alarms of each rule in a month of 30 days.
    incident: list[str]
        A spell in which a real incident was, such as "2026-11-28T02:00Z to 2026-11-28T04:00Z"; it may be given again.
    """
    from fairway.alerting.calibrate import calibrate as calibrated
    from fairway.operations.trader.metrics import measured_journals
    from fairway.settings import load
    from fairway.world.clock import SystemClock

    if false_alarms < 1:
        raise Failure(f"--false-alarms {false_alarms} is below 1; a right one is --false-alarms 1", ExitCode.USAGE)
    spells = _spells(incident or ())
    settings = load(config)
    with measured_journals(settings) as journals:
        now = SystemClock().now()
        series: Mapping[str, Series] = {**journals.launch.seen.series, **journals.trader.series}
        rows = calibrated(_rules((), settings), series, now - window, now, false_alarms=float(false_alarms), excluded=spells)
    return CommandOutput(value={"rules": [_value(each) for each in rows]}, text=list(_calibration_lines(rows)))


def _spells(texts: Sequence[str]) -> "list[Spell]":
    from fairway.settings.values import spell_of

    found = []
    for text in texts:
        try:
            found.append(spell_of(text))
        except ValueError as error:
            right = '--incident "2026-11-28T02:00Z to 2026-11-28T04:00Z"'
            raise Failure(f"--incident {text!r} {error}; a right one is {right}", ExitCode.USAGE) from None
    return found


def _value(row: "Calibration") -> dict[str, object]:
    return {
        "rule": row.rule,
        "bound": row.bound,
        "windows": row.windows,
        "fired": row.fired,
        "rate_now": f"{row.rate_now:.3g}",
        "result": row.result.value,
        "proposed": row.proposed,
        "rate": f"{row.rate:.3g}",
        "rate_at_most": f"{row.rate_at_most:.3g}",
        "why": row.why,
    }


def _calibration_lines(rows: "Sequence[Calibration]") -> Iterator[str]:
    head = ("rule", "n", "bound now", "fired", "a month", "proposed", "then a month", "at most")
    cells = [
        (
            each.rule,
            f"{each.windows:,}",
            each.bound,
            f"{each.fired:,}",
            f"{each.rate_now:.2f}",
            each.proposed or f"{each.result}: {each.why}",
            f"{each.rate:.2f}" if each.proposed else NOTHING,
            f"{each.rate_at_most:.2f}" if each.proposed else NOTHING,
        )
        for each in rows
    ]
    yield from table_lines(head, cells, NUMBERS)
    yield ""
    yield "n is the number of windows that do not overlap, each as long as the rule looks back and waits."
    yield "`at most` is the rate of the proposed bound with 95 % confidence."
    yield "The history is taken to hold no real incident but those given by --incident."
