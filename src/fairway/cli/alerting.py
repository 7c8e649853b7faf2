"""`fairway alerts run`, which notifies people, and the shells of the operations on alerts."""

from typing import Annotated

from cyclopts import Parameter

from fairway.cli.alerts import app
from fairway.cli.answer import CommandOutput, instant, shows
from fairway.cli.durations import duration
from fairway.cli.exits import ExitCode, Failure
from fairway.cli.perform import outcome_of, perform_here
from fairway.cli.printing import say
from fairway.cli.shared_options import USUAL, By, Config, Why
from fairway.world.clock import HOUR


@app.command
def run(config: Config = USUAL, /) -> int:
    """Evaluate alert rules once a second, keep incidents, and notify people, until Ctrl-C.

    It only reads what trader and pilot write, so it works while they are dead. `fairway up` runs it with the section `alerts`.
    """
    from fairway.assembly.alerting_process import run_alerting
    from fairway.journal.port import JournalLocked
    from fairway.settings import load

    settings = load(config)
    begun = "Alerting runs: fairway incident list shows what is open. Ctrl-C stops it."
    try:
        run_alerting(settings, str(config), lambda: say(begun))
    except JournalLocked as error:
        raise Failure(str(error), ExitCode.JOURNAL_IN_USE) from None
    return ExitCode.OK


@app.command
@shows
def status(config: Config = USUAL, /) -> CommandOutput:
    """Show which alerts fire, which are silenced, and who is on call. Exit code 1 while one fires, or alerting is silent."""
    from fairway.operations.alerts.show import ALERTS, AlertsRequest

    outcome = outcome_of(ALERTS, AlertsRequest(config=config))
    alerts = [
        {
            "rule": each.fired.key.rule,
            "subject": each.fired.key.subject,
            "severity": each.fired.severity,
            "since": instant(each.fired.since),
            "reason": each.fired.sentence,
            "incident": each.incident,
            "silenced_until": instant(each.silenced_until),
            "inhibited_by": [str(key) for key in each.inhibited_by],
        }
        for each in outcome.alerts
    ]
    silences = [
        {"id": each.id, "rule": each.rule, "subject": each.subject, "by": each.by, "until": instant(each.until)}
        for each in outcome.silences
    ]
    value = {
        "alerts": alerts,
        "silences": silences,
        "on_call": outcome.on_call,
        "evaluated_at": instant(outcome.evaluated_at),
        "is_silent": outcome.is_silent,
        "troubles": [{"part": each.part, "since": instant(each.since), "why": each.why} for each in outcome.troubles],
    }
    return CommandOutput(value=value, text=outcome.lines, code=ExitCode.NO if alerts or outcome.is_silent else ExitCode.OK)


@app.command
def silence(
    config: Config = USUAL,
    /,
    *,
    reason: Why,
    rule: str = "",
    subject: str = "",
    length: Annotated[int, duration("1h", "24h")] = HOUR,
    by: By = "",
) -> int:
    """Notify no person of an alert for a time; a P0 about money is never silenced.

    Parameters
    ----------
    rule: str
        The alert rule; every rule where it is left out.
    subject: str
        The account, symbol, probe or process that it is about; all where it is left out.
    length: int
        For how long, at most 24h.
    """
    from fairway.operations.alerts.silence import SILENCE, SilenceRequest

    return perform_here(SILENCE, SilenceRequest(config=config, reason=reason, rule=rule, subject=subject, length=length), by)


@app.command
def unsilence(
    config: Config, silence: Annotated[str, Parameter(help="The silence's id, such as S12.")], /, *, by: By = ""
) -> int:
    """End a silence before its time."""
    from fairway.operations.alerts.silence import UNSILENCE, UnsilenceRequest

    return perform_here(UNSILENCE, UnsilenceRequest(config=config, silence=silence), by)
