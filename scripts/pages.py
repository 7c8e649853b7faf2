"""What every script here does with its page: writes it again, or with --check only says whether it is current."""

import sys
from collections.abc import Callable
from pathlib import Path


def run(place: Path, page: Callable[[str], str]) -> None:
    """page: makes of the page's old text its new one. Ends with 1 where --check finds that they differ."""
    old = place.read_text()
    new = page(old)
    if "--check" in sys.argv:
        sys.exit(int(old != new))
    place.write_text(new)
