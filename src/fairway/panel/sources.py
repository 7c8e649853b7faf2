"""What pages ask, answered once for all who may read the same: outcomes of operations, each kept for a moment."""

import logging
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from fairway.api.context import ServerContext
from fairway.operations.actor import Actor
from fairway.operations.operation import Call, Operation, Outcome
from fairway.operations.perform import perform
from fairway.operations.registry import AnyOperation
from fairway.panel.failures import told
from fairway.people.roles import UserRole
from fairway.people.token import TokenScope
from fairway.world.clock import MILLISECOND, SECOND

O = TypeVar("O", bound=Outcome)  # noqa: E741
R = TypeVar("R")

FRESH_NS: Final = 200 * MILLISECOND
"""An outcome is at most so old where its question names no other age."""
SETTLED_NS: Final = 2 * SECOND
"""The same for what changes with its own journal alone, but for what the clock changes; news of that journal ends it at once."""
KEPT_MAX: Final = 200
"""Outcomes kept of one reader; the oldest go first."""
BESIDE_MAX: Final = 4
"""Questions that are asked beside at once; a further one is asked at the next look."""
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, as far as it decides what may be seen."""

    role: UserRole | None
    scope: TokenScope
    is_active: bool
    accounts: frozenset[str]
    user: str


def reader_of(actor: Actor) -> Reader:
    """What decides which outcomes an actor sees. Tickets and sign-ins are a user's own, so users are told apart by name."""
    return Reader(actor.role, actor.scope, actor.is_active, actor.accounts, actor.name)


@dataclass(frozen=True, slots=True)
class UnknownOutcome:
    """Stands for an outcome that could not be had, and says why."""

    why: str


_NEVER: Final = UnknownOutcome("it was never asked")


@dataclass(slots=True)
class Sources:
    """Answers of one server. Its methods block, and may be called from any thread."""

    context: ServerContext
    _kept: dict[tuple[Reader, str, Any], tuple[int, Hashable, Any]] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _beside: set[tuple[Reader, str, Any]] = field(default_factory=set)
    """What is being asked beside now."""

    def outcome(
        self, actor: Actor, operation: Operation[R, O], request: R, fresh_ns: int = FRESH_NS, *, since: Hashable = None
    ) -> O:
        """What an operation that only reads tells this actor. Raises what it raises.

        since: what was known besides when it was asked; an answer from before something else was known is old.
        """
        key = (reader_of(actor), operation.name, request)
        return self._answer(key, lambda: perform(operation, Call(actor=actor, request=request)), fresh_ns, since)

    def forget(self, operation: AnyOperation) -> None:
        """What it told is old: something new was written."""
        with self._turn:
            for key in [each for each in self._kept if each[1] == operation.name]:
                del self._kept[key]

    def _answer(self, key: tuple[Reader, str, Any], ask: Callable[[], O], fresh_ns: int, since: Hashable) -> O:
        now = self.context.clock.monotonic()
        with self._turn:
            asked_at, before, kept = self._kept.get(key, (0, None, _NEVER))
        if not isinstance(kept, UnknownOutcome) and now - asked_at < fresh_ns and before == since:
            answer: O = kept
            return answer
        found = ask()
        self._keep(key, now, found, since)
        return found

    def known(self, actor: Actor, operation: Operation[R, O], request: R, fresh_ns: int) -> "O | UnknownOutcome | None":
        """The last outcome, at once: where it is older than this, a thread of its own asks again. None before the first one.

        For what is asked of a venue, which may take long: a page must not wait for it, nor keep others waiting.
        """
        key, now = (reader_of(actor), operation.name, request), self.context.clock.monotonic()
        with self._turn:
            asked_at, _, found = self._kept.get(key, (None, None, None))
            is_fresh = asked_at is not None and now - asked_at < fresh_ns
            if is_fresh or key in self._beside or len(self._beside) >= BESIDE_MAX:
                return found
            self._beside.add(key)
        call = Call(actor=actor, request=request)
        threading.Thread(target=self._ask_beside, args=(key, operation, call), name="asked beside", daemon=True).start()
        return found

    def _ask_beside(self, key: tuple[Reader, str, Any], operation: Operation[Any, Any], call: Call[Any]) -> None:
        try:
            found: Any = perform(operation, call)
        except Exception as error:
            found = UnknownOutcome(told(error, _LOG, f"the question {operation.name}"))
        finally:
            with self._turn:
                self._beside.discard(key)
        self._keep(key, self.context.clock.monotonic(), found)

    def _keep(self, key: tuple[Reader, str, Any], at: int, found: Any, since: Hashable = None) -> None:
        with self._turn:
            self._kept.pop(key, None)
            self._kept[key] = (at, since, found)
            while len(self._kept) > KEPT_MAX:
                del self._kept[next(iter(self._kept))]
