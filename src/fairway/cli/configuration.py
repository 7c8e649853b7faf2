"""`fairway configuration`: the shell of the operation `configuration apply`, with the draft that it writes."""

from pathlib import Path

from cyclopts import App

from fairway.cli.perform import outcome_of, perform_here
from fairway.cli.printing import say
from fairway.cli.shared_options import By, Config, Why

app = App(name="configuration", help="The configuration of a running system: put another one into force.")


@app.command
def apply(config: Config, text: Path, /, *, reason: Why, by: By = "") -> int:
    """Put another text into force: it is checked as a whole, written, and read by the processes that run.

    The file before is kept as a snapshot. Where a process does not become ready by the new one, the file before is put back, and
    the processes are restarted by it; stops and targets rest at the venue meanwhile.

    Exit code 0 only where the new one is in force.

    Parameters
    ----------
    text: Path
        A file with the whole new configuration; it is left as it is.
    """
    from fairway.operations.configuration.apply import APPLY_CONFIGURATION
    from fairway.operations.configuration.show import DIFFERENCE, SHOW_CONFIGURATION, ConfigurationRequest, DifferenceRequest
    from fairway.operations.configuration.write import STAGE_CONFIGURATION, StageRequest, WriteRequest
    from fairway.settings import SettingsError
    from fairway.texts.reading import read_text

    wanted = read_text(text, error=SettingsError, missing="there is no such file; it holds the whole new configuration")
    before = outcome_of(SHOW_CONFIGURATION, ConfigurationRequest(config=config), by).digest
    staged = outcome_of(STAGE_CONFIGURATION, StageRequest(config=config, text=wanted, before=before), by)
    for line in outcome_of(DIFFERENCE, DifferenceRequest(config=config, text=wanted), by).lines:
        say(line)
    return perform_here(APPLY_CONFIGURATION, WriteRequest(config=config, digest=staged.digest, reason=reason), by)
