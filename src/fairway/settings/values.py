"""The values that keys of a configuration file take: what a text may be, and what it becomes.

Relative paths start at the file's own directory. Each function raises ValueError in words that follow the key's name.
"""

import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, ValidationInfo

from fairway.market.candles import INTERVALS
from fairway.orders.ids import ACCOUNT_FORM
from fairway.texts.durations import as_setting
from fairway.texts.places import Hidden as Hidden
from fairway.texts.places import Place as Place
from fairway.texts.places import folder_of, path_in
from fairway.texts.quantities import Duration
from fairway.texts.validation_errors import misfit
from fairway.trading.schedule import RECONCILE_MAX_NS, RECONCILE_NS
from fairway.world.clock import parse_instant

_DATABASE: Final = "postgresql://bot@localhost/fairway"
_PERCENT: Final = re.compile(r"(\d{1,12}(?:\.\d{1,12})?)\s*%")


def fraction(value: object) -> object:
    """A share as a Decimal: `0.5 %` is 0.005.

    Without its sign a number could be either, and one of the two loses a hundred times as much.
    """
    if isinstance(value, float):
        raise ValueError("is a float and not exact; write text, such as '0.5 %', or a Decimal")
    if not isinstance(value, str):
        return value
    match = _PERCENT.fullmatch(value.strip())
    if match is None:
        raise ValueError("is no percentage; write a number and %")
    return Decimal(match[1]) / 100


def _account(value: object) -> object:
    if isinstance(value, str) and not ACCOUNT_FORM.fullmatch(value):
        raise ValueError("is no account's name; it has 1 to 12 small letters and digits, for it is part of every order's id")
    return value


def _interval(value: object) -> object:
    if value not in INTERVALS:
        raise ValueError(f"is no interval; there are {', '.join(INTERVALS)}")
    return value


def _store(value: object, info: ValidationInfo) -> object:
    """A PostgreSQL URL stays a text; everything else is a path."""
    if isinstance(value, str) and "://" in value:
        if not re.fullmatch(r"postgresql://[^\s/]*/[^\s/?]+(\?\S*)?", value):
            what = f"{value!r} is no address of a PostgreSQL database; write postgresql://USER@HOST/DATABASE"
            raise misfit("", what, example=f"{info.field_name}: {_DATABASE}")
        if urlsplit(value).password:
            what = "holds a password; put it into ~/.pgpass or the variable PGPASSWORD, and leave it out here"
            raise misfit("", what, example=f"{info.field_name}: {_DATABASE}")
        return value
    return path_in(value, info)


def _asks_often_enough(every_ns: int) -> int:
    if not RECONCILE_NS <= every_ns <= RECONCILE_MAX_NS:
        raise ValueError(f"is not between {as_setting(RECONCILE_NS)} and {as_setting(RECONCILE_MAX_NS)}")
    return every_ns


def _master_key(value: object, info: ValidationInfo) -> object:
    if not isinstance(value, str) or not value.startswith(("env:", "file:")):
        raise ValueError("names no place of a key; write env:NAME or file:PATH")
    kind, _, place = value.partition(":")
    return value if kind == "env" else f"file:{folder_of(info) / Path(place).expanduser()}"


def spell_of(text: str) -> tuple[int, int]:
    """From an instant (ns) until another: `2026-11-28T02:00Z to 2026-11-28T04:00Z`. Raises ValueError."""
    begins, between, ends = text.partition(" to ")
    try:
        spell = parse_instant(begins), parse_instant(ends)
    except ValueError:
        spell = 0, 0
    if not between or spell[0] >= spell[1]:
        raise ValueError("is no time from one instant to a later one; write two of them in UTC and ` to ` between")
    return spell


def _spell(value: object) -> object:
    return spell_of(value) if isinstance(value, str) else value


Fraction = Annotated[Decimal, BeforeValidator(fraction)]
Store = Annotated[Path | str, BeforeValidator(_store)]
Spell = Annotated[tuple[int, int], BeforeValidator(_spell)]
"""From an instant (ns) until another."""
AccountName = Annotated[str, BeforeValidator(_account)]
Interval = Annotated[str, BeforeValidator(_interval)]
MasterKeyPlace = Annotated[str, BeforeValidator(_master_key)]
ReconcileInterval = Annotated[Duration, AfterValidator(_asks_often_enough)]
