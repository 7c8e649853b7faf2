"""Writes the tables in docs/reference/plans.md from the code of plans and linter.

With --check it only says whether they are current.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from scripts.pages import run
from scripts.settings_table import table

from fairway.launch.evidence.importers.port import importers
from fairway.launch.plan import shipped
from fairway.launch.plan.lint.port import rules
from fairway.launch.plan.load import parse
from fairway.launch.plan.model import Plan
from fairway.texts.durations import as_setting

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "plans.md"
STAGES = ("stage", "mode", "capital", "users", "loss", "stays", "gates")
BEGIN, END = "<!-- from the code: scripts/plans_table.py -->", "<!-- end -->"


def page(old: str) -> str:
    """The page with its generated part made again."""
    before, _, rest = old.partition(BEGIN)
    _, _, after = rest.partition(END)
    parts = [
        "## Keys",
        *_sections(Plan, "the plan", set()),
        "## Rules of the linter",
        _rules(),
        "## Files that are evidence",
        _forms(),
        "## Plans that come with Fairway",
        *_plans(),
    ]
    return f"{before}{BEGIN}\n\n{chr(10).join(part + chr(10) for part in parts)}\n{END}{after}"


def _sections(model: type[BaseModel], place: str, told: set[type[BaseModel]]) -> Iterator[str]:
    """A table for each section, the outer one first, and each once."""
    if model in told:
        return
    told.add(model)
    inner: list[tuple[type[BaseModel], str]] = []
    rows: list[tuple[str, ...]] = []
    for name, field in model.model_fields.items():
        section = next((each for each in parts(field.annotation) if isinstance(each, type) and issubclass(each, BaseModel)), None)
        if section is not None:
            inner.append((section, _place(place, name, field)))
        needed = " **needed**" if field.is_required() else ""
        meaning = field.description or _first_line(section)
        rows.append((f"`{name}`{needed}", meaning, f"`{name}: {example(field)}`"))
    yield f"### `{place}`\n\n{_first_line(model)}\n\n{table(('key', 'meaning', 'example'), rows)}"
    for section, where in inner:
        yield from _sections(section, where, told)


def _place(place: str, name: str, field: FieldInfo) -> str:
    many = any(str(part).startswith("tuple") for part in parts(field.annotation))
    named = any(getattr(part, "__origin__", None) is dict for part in parts(field.annotation))
    return f"{'' if place == 'the plan' else f'{place}.'}{name}{'[]' if many else '.NAME' if named else ''}"


def example(field: FieldInfo) -> str:
    """A right value, of the field itself or of the quantity that it is."""
    found = list(field.examples or ())
    for part in parts(field.annotation):
        for known in getattr(part, "__metadata__", ()):
            found += known.examples or () if isinstance(known, FieldInfo) else ()
    return str(found[0]) if found else "…"


def parts(annotation: Any) -> Iterator[Any]:
    """A type and all that it is made of."""
    yield annotation
    for each in get_args(annotation):
        yield from parts(each)


def _first_line(model: type[BaseModel] | None) -> str:
    return (model.__doc__ or "").strip().splitlines()[0] if model else ""


def _rules() -> str:
    rows: list[tuple[str, ...]] = []
    for rule in rules():
        says = f"{rule.severity}{'' if rule.may_stay else ', and no plan may accept it'}"
        rows.append((f"`{rule.name}`", says, rule.because))
    return table(("rule", "says", "because"), rows)


def _forms() -> str:
    rows = [(f"`{each.name}`", each.means, f"`{each.claim}`", str(each.rank)) for each in importers()]
    return table(("form", "what such a file shows", "claim", "class"), rows)


def _plans() -> Iterator[str]:
    for name in shipped.names():
        plan = parse(shipped.text(name), file=name).plan
        rows: list[tuple[str, ...]] = []
        for track, stage, _ in plan.walk():
            limits = stage.limits
            at_most = f" to {as_setting(stage.stay.at_most)}" if stage.stay.at_most else ""
            told = (limits.capital or limits.http_weight or "", limits.users or "", limits.loss or "")
            gates = ", ".join(each.entry.name for each in plan.gates_of(track, stage.name))
            rows.append((stage.name, limits.mode, *map(str, told), f"{as_setting(stage.stay.at_least)}{at_most}", gates))
        yield f"### {name}\n\n{plan.about}\n\n{table(STAGES, rows)}"


if __name__ == "__main__":
    run(PAGE, page)
