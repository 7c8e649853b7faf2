"""Lists all operations. A module of this room that holds `OPERATIONS` is in the list by itself.

Other packages name an operation of theirs by an entry point of the group `fairway.operations`, as they do for guards and gates.
"""

import importlib
from functools import cache
from pkgutil import walk_packages
from typing import Any, Final

import fairway.operations
from fairway.operations.operation import Operation
from fairway.operations.refusal import wrong_input
from fairway.plugins import Kind, UnusablePlugin

AnyOperation = Operation[Any, Any]
KIND: Final[Kind[AnyOperation]] = Kind("operation", fairway.operations.__name__, "OPERATION", Operation, "fairway.operations")
"""For operations of other packages: a module of Fairway holds several, and names them in `OPERATIONS`."""


@cache
def all_operations() -> dict[str, AnyOperation]:
    """By name, sorted. A name of Fairway stays Fairway's, and what cannot be loaded is left out; see `unusable_operations`.

    Raises ValueError where two of Fairway's own have one name, which is a mistake of Fairway itself.
    """
    return dict(sorted({**KIND.installed().plugins, **_own()}.items()))


def unusable_operations() -> list[UnusablePlugin]:
    """Operations of other packages that are installed and cannot be used, each with the reason."""
    installed = KIND.installed()
    taken = [name for name in installed.plugins if name in _own()]
    why = "its name is that of an operation of Fairway"
    return [*installed.broken, *(UnusablePlugin(name, "another package", why, KIND.name) for name in taken)]


def _own() -> dict[str, AnyOperation]:
    found: dict[str, AnyOperation] = {}
    for module in walk_packages(fairway.operations.__path__, f"{fairway.operations.__name__}."):
        for operation in getattr(importlib.import_module(module.name), "OPERATIONS", ()):
            if operation.name in found:
                raise ValueError(f"two operations are called {operation.name!r}")
            found[operation.name] = operation
    return found


def operation_named(name: str) -> AnyOperation:
    """Raises Refusal for a name that no operation has."""
    found = all_operations().get(name)
    if found is None:
        raise wrong_input(
            f"OPERATION_UNKNOWN: name={name}", f"no operation is called {name!r}; there are {', '.join(all_operations())}"
        )
    return found
