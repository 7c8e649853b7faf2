"""Checks a command line of Fairway without running it: for plans and runbooks, whose commands are needed in a hurry."""

import shlex


def command_trouble(command: str) -> str:
    """What is wrong with a command line of Fairway's own; "" for a right one. Nothing is run."""
    from cyclopts import CycloptsError

    from fairway.cli import app
    from fairway.cli.usage import in_words

    try:
        tokens = shlex.split(command)[1:]
        if not tokens:
            return "it names no command"
        app().parse_args(tokens, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        return in_words(error)
    except ValueError as error:
        return f"it cannot be read: {error}"
    return ""
