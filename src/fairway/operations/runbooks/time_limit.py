"""Bounds how long a step may take. Work that takes longer is left to itself, and its late answer is dropped."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def within(work: Callable[[], T], seconds: float) -> T:
    """What the work returns. Raises TimeoutError after so many seconds, and else what the work raises.

    It runs in a thread that does not keep the process alive; it cannot be ended, so it may still have its effect later.
    """
    ended: Future[T] = Future()

    def run() -> None:
        try:
            ended.set_result(work())
        except BaseException as error:  # it is raised again where the answer is waited for
            ended.set_exception(error)

    threading.Thread(target=run, name="runbook step", daemon=True).start()
    return ended.result(seconds)
