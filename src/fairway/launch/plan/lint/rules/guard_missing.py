"""A guard that no plan may leave out."""

from collections.abc import Iterator, Sequence
from functools import cache

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.risk.guards.port import Guard
from fairway.risk.guards.roster import Roster
from fairway.risk.profiles import Profile, rules_of
from fairway.texts.nearest import nearest


@cache
def known_guards() -> frozenset[str]:
    return frozenset(guard.name for guard in _all())


@cache
def mandatory_guards() -> tuple[str, ...]:
    """Those whose alarm only a person lifts, and the one that says when no loss can be told at all."""
    found = [guard.name for guard in _all() if any(level >= guard.person_from for level in guard.bounds)]
    return (*found, *(("unknown worth",) if "unknown worth" not in found else ()))


def _all() -> Sequence[Guard]:
    return Roster(rules_of(Profile.MODERATE, "USDT").guards, "USDT").guards


def look(draft: Draft) -> Iterator[RuleFinding]:
    """A misspelt one is told once, with the name that was meant, and not as one that is left out, too."""
    written = draft.plan.guards
    meant = {name: nearest(name, known_guards()) for name in written if name not in known_guards()}
    right = list(dict.fromkeys(filter(None, (meant.get(name, name) for name in written))))
    for name in mandatory_guards():
        if name not in right:
            right.append(name)
            yield RuleFinding(("guards",), f"{name} is not among its guards", f"guards: [{', '.join(right)}]")
    for index, name in enumerate(written):
        if name in meant:
            there = ", ".join(sorted(known_guards()))
            yield RuleFinding(("guards", index), f"{name!r} is no guard; there are {there}", meant[name] or "leave it out")


RULE = Rule(
    "guard-missing",
    Severity.REFUSE,
    "Guards whose alarm only a person lifts are what stands between a fault and the whole account.",
    look,
    may_stay=False,
    names=("guards",),
)
