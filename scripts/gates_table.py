"""Writes the generated part of docs/reference/gates.md from the code of the gates.

With --check it only says whether it is current.

What is measured there takes minutes, so it is only made again, or checked, with --measure.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import fill

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from scripts.pages import run
from scripts.plans_table import example
from scripts.settings_table import table

from fairway.cli.launch.error_rates import COLUMNS, STREAMS, quality_cells, stream_cells
from fairway.launch.gates.error_rates import quality_error_rates, stream_error_rates
from fairway.launch.gates.port import Gate, GateSettings
from fairway.launch.gates.registry import installed
from fairway.launch.gates.statistics.proportion_test import StrengthSettings

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "gates.md"
BEGIN, END = "<!-- from the code: scripts/gates_table.py -->", "<!-- end -->"
MEASURED, MEASURED_END = "<!-- measured: scripts/gates_table.py --measure -->", "<!-- measured end -->"
RUNS, ORDERS = 2000, 1000
LINE = 130
ASSUMED = ("gate", "takes for granted", "where it is not so")
HEAD = ("key", "meaning", "example")


def page(old: str) -> str:
    """The page with its generated part made again, but for what is measured."""
    before, _, rest = old.partition(BEGIN)
    _, _, after = rest.partition(END)
    gates = [gate for _, gate in sorted(installed().plugins.items())]
    parts = [
        table(("gate", "asks"), [(f"[`{gate.name}`](#{gate.name})", gate.question) for gate in gates]),
        "Keys that many have in common:\n\n" + table(HEAD, _rows(StrengthSettings, set())),
        "What each takes for granted, and what happens where it is not so:\n\n" + table(ASSUMED, list(_assumed(gates))),
        *(_section(gate) for gate in gates),
    ]
    return f"{before}{BEGIN}\n\n{chr(10).join(part + chr(10) for part in parts)}\n{END}{after}"


def measured(old: str) -> str:
    """The page with what is measured made again, as `fairway launch error-rates` prints it."""
    before, _, rest = old.partition(MEASURED)
    _, _, after = rest.partition(MEASURED_END)
    parts = [
        table(COLUMNS, [quality_cells(row) for row in quality_error_rates(RUNS, ORDERS)]),
        f"{RUNS} bots of each quality, {ORDERS} orders each, looked at after every order; the gate asks for 95 %.\n"
        "The raw ratio is good / all from 30 orders on.",
        table(STREAMS, [stream_cells(row) for row in stream_error_rates(RUNS, ORDERS)]),
        f"{RUNS} launches of each, {ORDERS} orders or signals each. Each is exactly at its bound; its gate may be wrong in 5 %.",
    ]
    return f"{before}{MEASURED}\n\n{chr(10).join(part + chr(10) for part in parts)}\n{MEASURED_END}{after}"


def _assumed(gates: list[Gate]) -> Iterator[tuple[str, ...]]:
    yield from ((f"`{gate.name}`", gate.assumptions, gate.limitations) for gate in gates)


def wrapped(paragraph: str) -> str:
    return fill(paragraph, LINE, break_long_words=False, break_on_hyphens=False)


def _section(gate: Gate) -> str:
    shared = set(StrengthSettings.model_fields)
    told = [f"### {gate.name}", *map(wrapped, (gate.question, f"**Formula.** {gate.formula}", f"**Source.** {gate.reference}."))]
    rows = list(_rows(gate.settings, shared))
    told += [table(HEAD, rows)] if rows else []
    return "\n\n".join([*told, f"```yaml\n- {gate.example}\n```"])


def _rows(model: type[BaseModel], shared: set[str], place: str = "") -> Iterator[tuple[str, ...]]:
    """The keys of a model that are its own, or that it has another default for."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _rows(inner, set(), f"{name}.")
        elif name in model.__annotations__ or name not in shared:
            needed = " **needed**" if field.is_required() else ""
            yield f"`{place}{name}`{needed}", _meaning(model, name, field), f"`{name}: {example(field)}`"


def _meaning(model: type[BaseModel], name: str, field: FieldInfo) -> str:
    """Its own, or that of the key that it replaces."""
    told = (
        each.model_fields[name].description
        for each in model.__mro__
        if issubclass(each, GateSettings) and name in each.model_fields
    )
    return field.description or next((each for each in told if each), "")


if __name__ == "__main__":
    run(PAGE, (lambda old: page(measured(old))) if "--measure" in sys.argv else page)
