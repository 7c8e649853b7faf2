"""The kinds of faults that a practice exchange can make, with their options as people write them."""

import json
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from fairway.exchange.faults.registry import faults
from fairway.operations.refusal import wrong_input

EXAMPLE: Final = "[after_ms=500]"


@dataclass(frozen=True, slots=True)
class FaultOption:
    """An option of a fault. value: its default, as people write it."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultKind:
    """what: what happens. trader: what Fairway's trader does about it."""

    name: str
    what: str
    trader: str
    options: tuple[FaultOption, ...]


def fault_kinds() -> tuple[FaultKind, ...]:
    """In alphabetical order."""
    return tuple(
        FaultKind(
            name=plugin.name,
            what=plugin.summary,
            trader=plugin.trader,
            options=tuple(FaultOption(each.name, _text(each.default)) for each in msgspec.structs.fields(plugin.options)),
        )
        for plugin in faults().values()
    )


def options_of(name: str, given: tuple[str, ...]) -> dict[str, Any]:
    """The options of a fault from texts such as `after_ms=500`. Raises Refusal."""
    plugin = faults().get(name)
    if plugin is None:
        known = f"no fault is called {name!r}; there are {', '.join(faults())}"
        raise wrong_input(f"FAULT_UNKNOWN: name={name}", known, field="name", example="latency")
    defaults = {each.name: each.default for each in msgspec.structs.fields(plugin.options)}
    found = {}
    for each in given:
        option, _, value = each.partition("=")
        if option not in defaults:
            known = f"{name} has no option {option!r}; it has {', '.join(defaults) or 'none'}"
            raise wrong_input(f"OPTION_UNKNOWN: option={option}", known, field="options", example=EXAMPLE)
        found[option] = _value(option, value, defaults[option])
    return found


def _value(option: str, text: str, default: object) -> object:
    """As the option's default is: a text stands as it is, all else as JSON. Raises Refusal."""
    if isinstance(default, str):
        return text
    if isinstance(default, (list, tuple)) and not text.startswith("["):
        return [word for word in text.replace(",", " ").split() if word]
    try:
        return json.loads(text)
    except ValueError:
        what = f"{option} is {text!r}; a right one is {option}={_text(default)}"
        raise wrong_input(f"OPTION_WRONG: option={option}", what, field="options", example=EXAMPLE) from None


def _text(default: object) -> str:
    if isinstance(default, str):
        return default
    if isinstance(default, (list, tuple)):
        return ", ".join(map(str, default))
    return json.dumps(msgspec.to_builtins(default))
