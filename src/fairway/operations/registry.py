"""Lists all operations. A module of this room that holds `OPERATIONS` is in the list by itself."""

import importlib
from functools import cache
from pkgutil import walk_packages
from typing import Any

import fairway.operations
from fairway.operations.operation import Operation
from fairway.operations.refusal import wrong_input

AnyOperation = Operation[Any, Any]


@cache
def all_operations() -> dict[str, AnyOperation]:
    """By name, sorted. Raises ValueError where two have one name, which is a mistake of Fairway itself."""
    found: dict[str, AnyOperation] = {}
    for module in walk_packages(fairway.operations.__path__, f"{fairway.operations.__name__}."):
        for operation in getattr(importlib.import_module(module.name), "OPERATIONS", ()):
            if operation.name in found:
                raise ValueError(f"two operations are called {operation.name!r}")
            found[operation.name] = operation
    return dict(sorted(found.items()))


def operation_named(name: str) -> AnyOperation:
    """Raises Refusal for a name that no operation has."""
    found = all_operations().get(name)
    if found is None:
        raise wrong_input(
            f"OPERATION_UNKNOWN: name={name}", f"no operation is called {name!r}; there are {', '.join(all_operations())}"
        )
    return found
