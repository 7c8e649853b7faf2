"""Returns a copy of a JSON value in which the part that a path names is altered.

A path is steps with dots between: `balances.asset=BTC.free`, `*.executedQty`, `symbols.0.filters`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

from fairway.exchange.units import text

Way = Literal["omit", "repeat", "age", "zero", "empty"]

_AMOUNT: Final = re.compile(r"-?\d+(\.\d+)?")
_NAMES: Final = ("asset", "a", "orderId", "orderListId", "id", "filterType", "symbol")
"""Fields that tell the elements of an array apart; the first that an element has counts."""


class PathStep(NamedTuple):
    """One step of a path: the field or element of this name, or where there is a value, each element that has it in the field."""

    name: str
    value: str | None = None


Path = tuple[PathStep, ...]


class _Gone:
    """A part that is left out, or that an earlier answer did not have."""


_GONE: Final = _Gone()


def read_path(path: str) -> Path:
    """Raises ValueError where a step says nothing."""
    steps = path.split(".") if path else []
    if not all(step.partition("=")[0] for step in steps):
        raise ValueError(f"options of 'altered_answer': path={path!r} has an empty step; right is 'balances.asset=BTC.free'")
    return tuple(PathStep(name, value if sign else None) for name, sign, value in (step.partition("=") for step in steps))


def altered(value: object, path: Path, way: Way, earlier: object = None) -> object:
    """The value with the named part altered. earlier: the whole of an earlier answer, which "age" takes the part from."""
    if not path:
        return _made(value, way, earlier)
    if isinstance(value, Mapping):
        return _altered_object(value, path, way, earlier)
    if isinstance(value, list | tuple):
        return _altered_array(value, path, way, earlier)
    return value


def _made(value: object, way: Way, earlier: object) -> object:
    """A part itself, altered."""
    match way:
        case "omit":
            return _GONE
        case "repeat":
            return [*value, *value[-1:]] if isinstance(value, list | tuple) else value
        case "age":
            return earlier
        case "zero":
            return _zero(value)
    return _empty(value)


def _altered_object(value: Mapping[str, object], path: Path, way: Way, earlier: object) -> object:
    (name, wanted), *rest = path
    if wanted is not None or name not in value:
        return value
    before = earlier.get(name, _GONE) if isinstance(earlier, Mapping) else _GONE
    part = altered(value[name], tuple(rest), way, before)
    return {key: part if key == name else it for key, it in value.items() if key != name or part is not _GONE}


def _altered_array(value: Sequence[object], path: Path, way: Way, earlier: object) -> object:
    step, *rest = path
    before = earlier if isinstance(earlier, list | tuple) else ()
    if not rest and way == "age":
        kept = [it for number, it in enumerate(value) if not _is_meant(step, number, it)]
        return [*kept, *(it for number, it in enumerate(before) if _is_meant(step, number, it))]
    altered_elements: list[object] = []
    for number, it in enumerate(value):
        if not _is_meant(step, number, it):
            altered_elements.append(it)
        elif not rest and way == "repeat":
            altered_elements += [it, it]
        else:
            altered_elements.append(altered(it, tuple(rest), way, _same(it, number, before)))
    return [it for it in altered_elements if it is not _GONE]


def _is_meant(step: PathStep, number: int, element: object) -> bool:
    if step.value is None:
        return step.name in ("*", str(number))
    return isinstance(element, Mapping) and step.name in element and str(element[step.name]) == step.value


def _same(element: object, number: int, before: Sequence[object]) -> object:
    """The element as it was before, where it was there; by its name, else by its number."""
    if isinstance(element, Mapping) and (name := next((it for it in _NAMES if it in element), "")):
        return next((it for it in before if isinstance(it, Mapping) and it.get(name) == element[name]), element)
    return before[number] if number < len(before) else element


def _zero(value: object) -> object:
    """Numbers and texts that are numbers become 0; in objects and arrays only the texts, which are not ids or times."""
    if isinstance(value, Mapping):
        return {key: _zero(it) if isinstance(it, str | Mapping | list | tuple) else it for key, it in value.items()}
    if isinstance(value, list | tuple):
        return [_zero(it) if isinstance(it, str | Mapping | list | tuple) else it for it in value]
    if isinstance(value, str):
        return text(0) if _AMOUNT.fullmatch(value) else value
    return type(value)() if isinstance(value, int | float) else value


def _empty(value: object) -> object:
    if isinstance(value, Mapping):
        return {}
    if isinstance(value, list | tuple):
        return []
    return "" if isinstance(value, str) else None
