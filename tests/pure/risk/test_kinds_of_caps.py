"""What is decided about a cap is read from its kind; ids and names only tell caps apart."""

import re
from pathlib import Path

import msgspec
import pytest
from tests.pure.watch.journals import START, Pen

from fairway.journal.kinds import CapRaised, GuardTripped
from fairway.launch.control.causes import cause_of
from fairway.risk.cap_kinds import CAP_KINDS, CapKind
from fairway.risk.caps import Cap
from fairway.risk.escalation import LIMITS_OF, Level
from fairway.risk.guards.guard_caps import kind_of, severity_at
from fairway.risk.guards.port import Guard
from fairway.risk.guards.registry import guards

ROOT = Path(__file__).parents[3]
ALL = [plugin.guard for plugin in guards()]
LEVELS = (Level.WARNING, Level.CRITICAL, Level.EMERGENCY)


def counted(guard: type[Guard], level: Level) -> list[object]:
    """What an alarm of the guard counts as, what it means for a launch, and who lifts its cap."""
    kind = kind_of(guard, level)
    cap = Cap(id=kind.id_of(), kind=kind, limits=LIMITS_OF[level], reason="", since=START)
    tripped = GuardTripped(guard=guard.name, symbol="", level=level, severity=severity_at(guard, level), code="")
    found = Pen().start().write(tripped, CapRaised(cap=cap)).series()
    cause = cause_of(cap)
    effect = (cause.name, cause.effect, cause.category) if cause is not None else None
    return [found["alerts"].by_label(), found["incidents"].by_label(), effect, cap.lifting, cap.source, kind.clears]


@pytest.mark.parametrize("level", LEVELS, ids=str)
@pytest.mark.parametrize("guard", ALL, ids=lambda each: each.name)
def test_renaming_a_guard_changes_nothing_but_its_name(guard: type[Guard], level: Level) -> None:
    renamed = type("Renamed", (guard,), {"name": "stage errors of another name"})
    assert counted(renamed, level) == counted(guard, level)


@pytest.mark.parametrize("kind", CAP_KINDS, ids=lambda each: each.name)
def test_a_cap_of_another_id_and_a_kind_of_another_name_mean_the_same(kind: CapKind) -> None:
    cap = Cap(
        id="any", kind=msgspec.structs.replace(kind, name="guard drawdown"), limits=LIMITS_OF[Level.CRITICAL], reason="", since=1
    )
    assert (cap.lifting, cap.source, cause_of(cap)) == (kind.lifting, kind.source, kind.cause)


@pytest.mark.parametrize(
    "kind", [*CAP_KINDS, *(kind_of(guard, level) for guard in ALL for level in LEVELS)], ids=lambda each: each.name
)
def test_a_kind_comes_back_from_the_journal_as_it_was_written(kind: CapKind) -> None:
    assert msgspec.json.decode(msgspec.json.encode(kind), type=type(kind)) == kind


def test_no_two_kinds_share_a_name() -> None:
    names = [kind.name for kind in CAP_KINDS] + [f"guard {guard.name}" for guard in ALL]
    assert len(names) == len(set(names))


def test_no_code_takes_the_id_of_a_cap_or_the_name_of_a_guard_apart() -> None:
    apart = re.compile(
        r"(cap_id|cap\.id|capped\.id|guard\.name|guard|kind\.name)\.(startswith|endswith|removeprefix|partition|rpartition|split)\("
    )
    found = [str(path) for path in (ROOT / "src").rglob("*.py") if apart.search(path.read_text())]
    assert not found
