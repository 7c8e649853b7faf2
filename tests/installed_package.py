"""Leaves a package on Python's path as pip would, with an entry point, for tests of what other packages add to Fairway."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)


def example_of(page: Path) -> str:
    """The first Python block of a page of documentation."""
    found = PYTHON.search(page.read_text())
    assert found is not None, f"{page} has no Python example"
    return found[1]


@contextmanager
def installed(folder: Path, group: str, module: str, code: str, line: str) -> Iterator[None]:
    """A package of one module with one entry point; `line` is the name in the module that it leads to."""
    (folder / f"{module}.py").write_text(code)
    about = folder / f"{module}-1.2.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.2\n")
    (about / "entry_points.txt").write_text(f"[{group}]\n{module} = {module}:{line}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        try:
            yield
        finally:
            sys.modules.pop(module, None)
