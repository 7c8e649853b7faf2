"""The plans that come with Fairway, each a file to be copied and changed."""

from importlib.resources import files
from typing import Final

_PLACE: Final = files("fairway") / "plans"


def names() -> list[str]:
    """By the alphabet."""
    return sorted(each.name.removesuffix(".yaml") for each in _PLACE.iterdir() if each.name.endswith(".yaml"))


def text(name: str) -> str:
    """One of them, as it is written. Raises KeyError."""
    if name not in names():
        raise KeyError(name)
    return (_PLACE / f"{name}.yaml").read_text(encoding="utf-8")
