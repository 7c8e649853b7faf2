"""Prints a line, also where the terminal is closed or the reader of the output has ended: no work may depend on being read."""

import os
import sys
from contextlib import suppress
from typing import TextIO


def say(text: str) -> None:
    """Prints to the standard output, at once. Where that cannot be written any more, this and all that follows is dropped."""
    _print(text, sys.stdout)


def say_wrong(text: str) -> None:
    """The same to the standard error."""
    _print(text, sys.stderr)


def _print(text: str, stream: TextIO) -> None:
    try:
        print(text, file=stream, flush=True)
    except OSError:
        drop(stream)


def drop(stream: TextIO) -> None:
    """What is printed to a stream from now on goes nowhere, and so does what it still holds back."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def open_streams() -> None:
    """A program that was started with closed streams gets some that go nowhere, so that no file of its own is one of them."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    if sys.stdout is None:
        sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115
