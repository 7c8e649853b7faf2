"""Kinds of caps for tests that name one by its text, and a kind of their own for caps that only have to exist."""

from fairway.risk.cap_kinds import CAP_KINDS, CapKind, CapSource, Lifting
from fairway.risk.caps import Cap, reduce_only
from fairway.risk.escalation import Level
from fairway.risk.guards.guard_caps import kind_of
from fairway.risk.guards.registry import guards

KINDS = {
    each.name: each for each in [*CAP_KINDS, *(kind_of(guard, Level.CRITICAL) for guard in [plugin.guard for plugin in guards()])]
}


def named(cap_id: str) -> CapKind:
    """The kind whose name the id is, or is but for a symbol or another scope at its end. Raises KeyError."""
    return KINDS[cap_id] if cap_id in KINDS else KINDS[cap_id.rpartition(" ")[0]]


def other(name: str, source: CapSource = CapSource.INCIDENT, lifting: Lifting = Lifting.PERSON) -> CapKind:
    """A kind that no program of ours raises."""
    return CapKind(name=name, source=source, lifting=lifting)


def raised(cap_id: str, reason: str, since: int, symbol: str = "") -> Cap:
    """A cap under which nothing is opened, of the kind that its id says."""
    kind = named(cap_id)
    return reduce_only(kind, reason, since, symbol=symbol, scope=cap_id.removeprefix(kind.name).strip())
