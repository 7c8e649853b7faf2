"""What a hold leads to is read from its kind, and never from its id."""

import ast
from pathlib import Path

import msgspec
import pytest

import fairway.launch.control as control
import fairway.launch.views as views
from fairway.launch.control.causes import causes_of
from fairway.launch.control.hold_kinds import HOLD_KINDS, HoldKind, cause_kind, gate_kind
from fairway.launch.control.holds import hold_of
from fairway.risk.cap_kinds import KILL, NAKED, CapKind
from fairway.risk.caps import reduce_only
from fairway.risk.causes import Effect

CUTS = {"startswith", "endswith", "removeprefix", "removesuffix", "partition", "rpartition", "split"}
NOT_IDS = {"reason", "code", "why", "unit", "after", "span", "part"}
"""Names of texts that are no ids: codes of reasons, units, and references that a plan's author wrote."""


def _receiver(node: ast.expr) -> str:
    """The last name of what a method is called on."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


@pytest.mark.parametrize("room", [control, views])
def test_no_id_is_cut_up(room: object) -> None:
    [folder] = room.__path__  # type: ignore[attr-defined]
    found = []
    for file in sorted(Path(folder).glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Attribute) and node.func.attr in CUTS:
                name = _receiver(node.func.value)
                if name not in NOT_IDS:
                    found.append(f"{file.name}:{node.lineno} {ast.unparse(node)}")
    assert found == []


def _renamed(kind: HoldKind) -> dict[str, object]:
    """Everything but its name and title."""
    fields = {name: getattr(kind, name) for name in kind.__struct_fields__}
    return {name: value for name, value in fields.items() if name not in ("name", "title")}


@pytest.mark.parametrize("cap_kind", [KILL, NAKED])
@pytest.mark.parametrize("name", ["gate", "alarm lag", "person", "blind trader"])
def test_renaming_a_guard_or_an_alarm_changes_no_severity_and_no_effect(cap_kind: CapKind, name: str) -> None:
    """A guard's cause names the hold; one that is called like another kind of hold is still what its fields say."""
    assert cap_kind.cause is not None
    called = msgspec.structs.replace(cap_kind, name=name, cause=msgspec.structs.replace(cap_kind.cause, name=name))
    was, now = (
        [each.kind for each in causes_of({"main": {"cap": reduce_only(kind, "because", 0)}}, admitted=("main",))]
        for kind in (cap_kind, called)
    )
    assert [_renamed(each) for each in was] == [_renamed(each) for each in now] != []


def test_a_gate_of_any_name_restarts_its_stage_and_is_no_incident() -> None:
    for scope in ("main/inconclusive", "main/cause kill", "blind/trader"):
        hold = hold_of(gate_kind(Effect.CONTAIN), "it fails", 0, scope=scope, track="main")
        assert (hold.contains, hold.kind.restarts_stage, hold.kind.severity, hold.kind.is_observed) == (True, True, None, False)


def test_kinds_have_names_of_their_own_but_for_the_two_of_a_person() -> None:
    names = [kind.name for kind in HOLD_KINDS]
    assert len(set(names)) == len(names) - 1
    assert KILL.cause is not None
    assert cause_kind(KILL.cause, Effect.HOLD, "").is_kill
    assert NAKED.cause is not None
    assert not cause_kind(NAKED.cause, Effect.HOLD, "").is_kill
