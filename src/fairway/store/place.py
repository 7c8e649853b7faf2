"""Names where a store is: the path of an SQLite file, or the URL of a PostgreSQL database, whose password is never shown."""

from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from fairway.store.failures import StoreMissing

Place = Path | str
"""A file, or a text such as `postgresql://fairway:password@localhost:5432/fairway`."""

IN_A_DATABASE: Final = (0, 0)
EXAMPLE: Final = "a right one is postgresql://fairway@localhost/fairway"


def place_of(text: str) -> Place:
    """What a person wrote: a PostgreSQL URL stays a text, everything else is a path."""
    return text if "://" in text else Path(text)


def url_of(where: str) -> URL:
    """The URL with its driver. Raises StoreMissing for what is no PostgreSQL URL, without repeating its password."""
    url = _parsed(where)
    if url.drivername != "postgresql" or not url.database:
        raise StoreMissing(f"{name_of(where)} names no PostgreSQL database; {EXAMPLE}")
    return url.set(drivername="postgresql+psycopg")


def name_of(where: Place) -> str:
    """The place for people: without password and options. Raises StoreMissing for a text that is no URL at all."""
    if isinstance(where, Path):
        return str(where)
    url = _parsed(where)
    user, port = f"{url.username}@" if url.username else "", f":{url.port}" if url.port else ""
    return f"{url.drivername}://{user}{url.host or ''}{port}/{url.database or ''}"


def identity_of(where: Place) -> tuple[int, int] | None:
    """Tells a store from another one at the same place, such as a copy that was put back; None where none is there."""
    if not isinstance(where, Path):
        return IN_A_DATABASE
    try:
        found = where.stat()
    except FileNotFoundError:
        return None
    return (found.st_dev, found.st_ino) if found.st_size else None


def _parsed(where: str) -> URL:
    try:
        return make_url(where)
    except (ArgumentError, ValueError):
        raise StoreMissing(f"the address of the database cannot be read; {EXAMPLE}") from None
