"""Remembers outcomes by idempotency key, so that a repeated request has one effect and gets the same outcome.

The memory lasts as long as the process. Across processes an instruction is kept once by its key in the command inbox. At most
`KEPT_MAX` outcomes are kept; the oldest go first.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from fairway.operations.operation import Outcome
from fairway.operations.refusal import against_rule

KEPT_MAX: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Kept:
    operation: str
    request: object
    outcome: Outcome


@dataclass(slots=True)
class Outcomes:
    """The outcomes of one shell."""

    _kept: dict[tuple[str, str], _Kept] = field(default_factory=dict)

    def known(self, actor: str, key: str, operation: str, request: object) -> Any:
        """The outcome of the same request with this key, None where there is none. Raises Refusal for another request."""
        found = self._kept.get((actor, key))
        if found is None:
            return None
        if (found.operation, found.request) != (operation, request):
            raise against_rule(
                f"KEY_REUSED: key={key} operation={found.operation}",
                f"the idempotency key {key!r} belongs to another request, of the operation {found.operation}; take a new key",
            )
        return found.outcome

    def keep(self, actor: str, key: str, operation: str, request: object, outcome: Outcome) -> None:
        """Keeps an outcome, and drops the oldest above the bound."""
        self._kept[actor, key] = _Kept(operation, request, outcome)
        while len(self._kept) > KEPT_MAX:
            del self._kept[next(iter(self._kept))]
