"""Writes down what is needed to find a bug, where the person who met it can find it."""

import platform
import sys
import tempfile
import traceback
from pathlib import Path

import fairway
from fairway.world.clock import Clock, SystemClock, text_of
from fairway.world.private import private


def write_crash_file(error: BaseException, *, clock: Clock | None = None) -> str:
    """The name of a new file with the traceback: in this directory, else in the system's for temporary files, else nowhere."""
    now = text_of((clock or SystemClock()).now())
    name = f"fairway-crash-{now.replace(':', '').replace('.', '')}.txt"
    text = "\n".join(
        (
            f"Fairway {fairway.__version__}, Python {platform.python_version()}, {platform.system()}, {now}",
            f"command: {' '.join(sys.argv[1:2])}",  # the arguments after it may name accounts
            "",
            *traceback.format_exception(error),
        )
    )
    for folder in (Path.cwd, tempfile.gettempdir):
        try:
            path = Path(folder()) / name  # either may not be there, or take no file
            with open(path, "w", opener=private) as file:
                file.write(text)
        except OSError:
            continue
        return str(path)
    print(text, file=sys.stderr)
    return "the lines above, for no file could be written"
