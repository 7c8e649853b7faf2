"""What commands share that listen on a port: which ports there are, and the sentence where one cannot be had.

The sentence names the options of the command that was given, for no other command's help would explain them.
"""

import os
import socket

from fairway.cli.exits import ExitCode, Failure


def check_port(option: str, port: int, *, example: str, least: int = 0) -> None:
    """option: as it is written, `--port`. Raises Failure."""
    if not least <= port <= 65535:
        raise Failure(f"{option} {port} is no port; a right one is {example}", ExitCode.USAGE)


def cannot_listen(error: OSError, host: str, port: int, *, choose: str) -> Failure:
    """What to raise instead of the system's own error. choose: the options that name address and port."""
    return Failure(f"cannot listen on {host} port {port}: {_reason(error)}; choose with {choose}", ExitCode.PORT_IN_USE)


def _reason(error: OSError) -> str:
    """In few words: asyncio repeats the address in its own. A name that is not found has no number of the system's."""
    if error.errno is None or isinstance(error, socket.gaierror):
        return error.strerror or str(error)
    return os.strerror(error.errno).lower()
