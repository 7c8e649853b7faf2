"""Finds the known name that is nearest to an unknown one."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str:
    """The one of these that looks like it, or "" where none does. Capitals do not count."""
    small = {each.casefold(): each for each in known}
    found = get_close_matches(name.casefold(), small, n=1)
    return small[found[0]] if found else ""
