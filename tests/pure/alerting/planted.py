"""Plants a change in the source of a module, and gives the changed modules; those of other tests stay as they are."""

import sys
from collections.abc import Sequence
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType


def planted(module: str, old: str, new: str, again: Sequence[str] = ()) -> dict[str, ModuleType]:
    """The changed module, and modules that are made again because they import it, by name. Raises where `old` is not in it."""
    names = (module, *again)
    before = {name: sys.modules.get(name) for name in names}
    try:
        for name in names:
            sys.modules[name] = _made(name, (old, new) if name == module else ("", ""))
        return {name: sys.modules[name] for name in names}
    finally:
        for name, was in before.items():
            if was is None:
                del sys.modules[name]
            else:
                sys.modules[name] = was


def _made(name: str, change: tuple[str, str]) -> ModuleType:
    spec = find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).read_text()
    assert change[0] in source, f"{name} has no {change[0]!r}"
    made = module_from_spec(spec)
    sys.modules[name] = made
    exec(compile(source.replace(*change) if change[0] else source, spec.origin, "exec"), made.__dict__)
    return made
