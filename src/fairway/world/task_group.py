"""Processes that work for this one, and end with it, however it ends.

Python's own pool waits for its workers at the end, and workers wait for work for ever: a program that a signal ends would stay,
and workers whose program was killed would too. Here a worker watches the process that started it, and a caller that gives up
waits for no worker.
"""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import active_children, get_context, parent_process
from threading import Thread, current_thread, main_thread
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Task = TypeVar("Task")
Made = TypeVar("Made")

LOOK_S: Final = 0.25
"""How often it is asked whether a process of its own is still wanted."""
LAST_IN_LINE: Final = 19
"""Added to the niceness of such a process."""
_STOPS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def cores_for(tasks: int, cores: int = 0) -> int:
    """How many processes to spread so many tasks over; cores: at most so many, 0 for all that the machine has."""
    return max(1, min(cores or os.cpu_count() or 1, tasks))


def spread(
    work: Callable[[Task], Made],
    tasks: Sequence[Task],
    size: int,
    *,
    chunk: int = 1,
    begin: Callable[..., None] | None = None,
    arguments: Sequence[object] = (),
) -> Iterator[Made]:
    """What work makes of each task, in the order of the tasks, by so many processes; where it is one, by this process itself.

    begin: a process calls it first, with arguments. Where the iterator ends early, by an error, a signal or because its caller
    stops reading, the processes end at once. The pool's own `map` would then cancel what a pool that lost its workers refuses to
    see cancelled, with a traceback from its thread.
    """
    if size == 1:
        if begin is not None:
            begin(*arguments)
        yield from map(work, tasks)
        return
    parts = [tasks[at : at + chunk] for at in range(0, len(tasks), chunk)]
    with ProcessPoolExecutor(size, mp_context=get_context("spawn"), initializer=_come, initargs=(begin, arguments)) as pool:
        try:
            with _unheard():
                made = deque(pool.submit(_made, work, part) for part in parts)
            while made:
                yield from made.popleft().result()
        except BaseException:  # also Ctrl-C and GeneratorExit: the workers must not outlive their caller
            dismiss()
            raise


def apart(work: Callable[..., Iterable[Made]], arguments: Sequence[object], goes_on: Callable[[], bool]) -> Iterator[Made]:
    """What work yields, from one process of its own, which gives way to every other: a trader beside it keeps the machine.

    The process ends when work does, when goes_on says no (it is asked several times a second), and when the caller stops reading.
    Raises what work raises, and EOFError where the process was ended from outside.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work_apart, args=(theirs, work, arguments), daemon=True)
    with _unheard():
        process.start()
    theirs.close()
    try:
        while (found := _heard(ours, goes_on)) is not None:
            if isinstance(found, Exception):
                raise found
            yield from found
    finally:
        process.kill()
        process.join()
        ours.close()


def _heard(ours: "Connection", goes_on: Callable[[], bool]) -> Any:
    """The next word of a process; None where it has ended, or is wanted no more."""
    while goes_on():
        if ours.poll(LOOK_S):
            return ours.recv()
    return None


def _work_apart(theirs: "Connection", work: Callable[..., Iterable[object]], arguments: Sequence[object]) -> None:
    os.nice(LAST_IN_LINE)
    _come(None, ())
    try:
        for made in work(*arguments):
            theirs.send((made,))
        theirs.send(None)
    except Exception as error:
        theirs.send(error)


def _made(work: Callable[[Task], Made], part: Sequence[Task]) -> list[Made]:
    return [work(task) for task in part]


def dismiss() -> None:
    """End all processes that work for this one, in the middle of their work."""
    for each in active_children():
        with suppress(OSError):  # it has just ended by itself
            each.kill()


@contextmanager
def _unheard() -> Iterator[None]:
    """Signals wait while workers are started, so none is half started when one is heard; and a worker is born deaf to them.

    The mask is the worker's. For this process it is not enough: the system may hand a signal to a thread of a library, which no
    mask of ours covers, and Python would then call the handler here, in the middle of a start.
    """
    came: list[int] = []
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    is_main = current_thread() is main_thread()
    handlers = {each: signal.signal(each, lambda number, _: came.append(number)) for each in _STOPS} if is_main else {}
    try:
        yield
    finally:
        for each, handler in handlers.items():
            signal.signal(each, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        for number in came:
            signal.raise_signal(number)


def _come(begin: Callable[..., None] | None, arguments: Sequence[object]) -> None:
    """A worker ignores Ctrl-C and SIGHUP, which a terminal sends to all processes: the process that started it ends it."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    Thread(target=_end_with_who_asked, daemon=True).start()
    if begin is not None:
        begin(*arguments)


def _end_with_who_asked() -> None:
    asked = parent_process()
    if asked is not None:
        asked.join()
        os._exit(1)
