"""The command line. Each group of commands is one file, and is imported only when it runs.

Users see no traceback: a known error is one sentence and an exit code of its own, a bug is one sentence that names
the file where the details are.
"""

import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from fairway.cli.exits import ExitCode, Failure, known
from fairway.cli.interrupts import at_once, leave
from fairway.cli.printing import drop, open_streams, say_wrong

if TYPE_CHECKING:
    from cyclopts import App


COMMANDS: Final = {
    "demo": ("fairway.cli.demo:demo", "Let a bot trade on the practice exchange, in simulated time."),
    "chaos": ("fairway.cli.chaos:chaos", "Inject troubles into a whole system in simulated time; measure it."),
    "soak": ("fairway.cli.soak:soak", "Run a whole system for a day and judge it by the documents' bounds."),
    "run": ("fairway.cli.trade:trade", "Trade in real time, as a configuration says."),
    "up": ("fairway.cli.up:app", "Run exchange, trader and pilot together; restart what crashes."),
    "server": ("fairway.cli.server:server", "Serve the health of trader, pilot and journal over HTTP."),
    "stop": ("fairway.cli.trade:stop", "Ask a running trader to stop; stops and targets stay at the venue."),
    "init": ("fairway.cli.init:init", "Write a configuration with comments."),
    "status": ("fairway.cli.status:status", "Show what a bot holds, what protects it and what it has earned."),
    "doctor": ("fairway.cli.doctor:doctor", "Check a configuration, its key and its venue."),
    "configuration": ("fairway.cli.configuration:app", "Put another configuration into force while everything runs."),
    "kill": ("fairway.cli.kill:kill", "Stop a bot for good, and verify it at the venue."),
    "drill": ("fairway.cli.drill:drill", "Carry a drill out on the running system, and observe it at the venue."),
    "resume": ("fairway.cli.resume:resume", "End a kill, where bot and venue agree."),
    "caps": ("fairway.cli.caps:caps", "Show every reason to be careful, and who may lift it."),
    "limits": ("fairway.cli.caps:caps", "The same as `fairway caps`."),
    "pause": ("fairway.cli.trader_commands:pause", "Tell a trader to open nothing."),
    "lift": ("fairway.cli.trader_commands:lift", "Tell a trader that a reason to be careful has gone."),
    "lease": ("fairway.cli.trader_commands:lease", "Issue a trader a lease to open positions for a while."),
    "reconnect": ("fairway.cli.trader_commands:reconnect", "Tell a trader to make its streams of the venue again."),
    "switch-address": ("fairway.cli.trader_commands:switch_address", "Tell a trader to ask its venue at its next address."),
    "transfer": ("fairway.cli.transfer:transfer", "Announce money that you move into an account or out of it."),
    "signal": ("fairway.cli.signal:signal", "Hand a trader a signal from outside."),
    "watch": ("fairway.cli.watch:watch", "Show what was measured: how good, how fast, how complete."),
    "metrics": ("fairway.cli.watch:metrics", "Show or serve all measurements as Prometheus reads them."),
    "alerts": ("fairway.cli.alerting:app", "Notify people of what goes wrong; show, export and calibrate alert rules."),
    "runbook": ("fairway.cli.runbook:app", "Show, check and execute runbooks: what to do about an alert."),
    "reconcile": ("fairway.cli.reconcile:reconcile", "Say where the journal and the venue differ."),
    "users": ("fairway.cli.users:app", "Add, pause and remove users."),
    "tokens": ("fairway.cli.tokens:app", "Give programs tokens for the HTTP server, and revoke them."),
    "accounts": ("fairway.cli.accounts:app", "Add, pause and remove accounts, and give them new keys."),
    "vault": ("fairway.cli.vault:app", "Make and change the master key of all accounts' keys."),
    "notify": ("fairway.cli.notify:app", "Show and test the channels by which messages reach people."),
    "journal": ("fairway.cli.journal:app", "Show, verify, export and back up a journal."),
    "launch": ("fairway.cli.launch:app", "Widen a bot's limits by evidence: plans, gates, stages."),
    "incident": ("fairway.cli.incident:app", "See, declare, acknowledge and resolve incidents; postmortems and their actions."),
    "ticket": ("fairway.cli.ticket:app", "Open, answer and list support tickets."),
    "retention": ("fairway.cli.ticket:retention", "Say which share of the accounts of week 1 trades in week 4."),
    "completion": ("fairway.cli.completion:completion", "Print what makes a shell complete commands and options."),
    "exchange": ("fairway.cli.exchange:app", "Serve the practice exchange."),
}
"""By name: where the command or the group is, and what it does in one sentence."""


def main() -> None:
    """The program `fairway`."""
    from fairway.world.garbage import look_rarely

    look_rarely()
    open_streams()
    os.umask(0o077)  # journals, reports and exports hold what an account has
    with at_once():
        leave(run(sys.argv[1:]))


def run(tokens: Sequence[str]) -> int:
    """Runs one command line, and returns its exit code."""
    try:
        _check_command(tokens)
        result = _called(tokens)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):  # rich answers a broken pipe with SystemExit; nothing else here raises it
        return _reader_gone()
    except (Exception, KeyboardInterrupt) as error:  # the outermost shell: from here the error goes to a person
        ending = known(error) or _wrong_command_line(error)
        return _ended(*ending) if ending else _crashed(error)
    return result if isinstance(result, int) else ExitCode.OK


def _called(tokens: Sequence[str]) -> object:
    """What the command returns. Raises what it raises, and CycloptsErrors for a wrong command line."""
    commands = app()
    try:
        return commands(tokens, exit_on_error=False, print_error=False, result_action="return_value")
    except Exception as error:
        from cyclopts import CycloptsError

        if not isinstance(error, CycloptsError):
            raise
        from fairway.cli.default_config import filled

        words = filled(commands, tokens, error)
        if words is None:
            raise
    return commands(words, exit_on_error=False, print_error=False, result_action="return_value")


def app() -> "App":
    """The commands; their files are imported when they run."""
    from cyclopts import App, Parameter

    import fairway

    commands = App(
        name="fairway",
        help="Takes a trading bot from paper to real money, and keeps it running there.",
        version=fairway.__version__,
        help_format="plaintext",
        default_parameter=Parameter(show_default=_shown_default),
        suppress_keyboard_interrupt=False,
    )
    for name, (place, summary) in COMMANDS.items():
        commands.command(place, name=name, help=summary)
    return commands


def _shown_default(default: object) -> str | None:
    """A default that says nothing, such as an empty text or a switch that is off, is left out of the help."""
    return None if default in ("", False, None) else str(default)


def _check_command(tokens: Sequence[str]) -> None:
    """An unknown command is refused here: cyclopts would first import all commands to list them."""
    if tokens and not tokens[0].startswith("-") and tokens[0] not in COMMANDS:
        meant = get_close_matches(tokens[0], COMMANDS, n=1)
        hint = f"; did you mean {meant[0]}?" if meant else ""
        raise Failure(f"there is no command {tokens[0]!r}{hint}; there are {', '.join(COMMANDS)}", ExitCode.USAGE)


def _wrong_command_line(error: BaseException) -> tuple[ExitCode, str] | None:
    from cyclopts import CycloptsError

    from fairway.cli.usage import in_words

    return (ExitCode.USAGE, in_words(error)) if isinstance(error, CycloptsError) else None


def _ended(code: ExitCode, sentence: str) -> int:
    say_wrong(f"fairway: {sentence}")
    return code


def _crashed(error: BaseException) -> int:
    from fairway.cli.crash import write_crash_file

    place = write_crash_file(error)
    kind = type(error).__name__
    return _ended(
        ExitCode.BUG,
        f"a mistake in Fairway itself stopped it ({kind}: {_sentence(str(error))[:200]}); orders at the venue stay as they are; "
        f"the details are in {place}",
    )


def _reader_gone() -> int:
    """The reader of the output is gone; Python must not try to write it once more at its end."""
    drop(sys.stdout)
    return ExitCode.READER_GONE


def _sentence(text: str) -> str:
    return " ".join(text.split()).removesuffix(".")
