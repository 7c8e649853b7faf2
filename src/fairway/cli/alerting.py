"""`fairway alerts run`: the process that evaluates alert rules, keeps incidents, and notifies people."""

from fairway.cli.alerts import app
from fairway.cli.exits import ExitCode, Failure
from fairway.cli.printing import say
from fairway.cli.shared_options import USUAL, Config


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
