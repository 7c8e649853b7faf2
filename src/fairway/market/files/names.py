"""Guesses which pair a file is about from its name, as the exchange's public files are named: `BTCUSDT-1m-2022-01.csv`."""

import re
from os.path import basename, exists
from typing import Final

from fairway.market.files.lines import Lines

QUOTES: Final = ("FDUSD", "USDT", "USDC", "BUSD", "TUSD", "BTC", "ETH", "BNB", "EUR", "TRY", "BRL", "JPY", "DAI")
"""Assets that others are quoted in; the first that ends the name is taken."""

_PAIR = re.compile(r"[A-Z0-9]{2,15}/[A-Z0-9]{2,15}", re.ASCII)
_WORDS = re.compile(r"[A-Za-z0-9]+", re.ASCII)


def pair_of(lines: Lines, given: str | None) -> str:
    """The pair as people write it, `BTC/USDT`: the given one, or the first in the file's name. Raises BadData."""
    if given is not None:
        if not _PAIR.fullmatch(given):
            raise lines.bad(0, f"{given!r} is no pair", "BTC/USDT")
        return given
    for word in _WORDS.findall(basename(lines.file)):
        pair = split(word.upper())
        if pair:
            return pair
    if not exists(lines.file):  # else a wrong path would be told for a wrong name
        raise lines.missing()
    raise lines.bad(0, "its name does not tell the pair", "a name like BTCUSDT-1m-2022-01.csv")


def split(name: str) -> str | None:
    """`BTCUSDT` as `BTC/USDT`; None where no known quote asset ends it."""
    for quote in QUOTES:
        base = name.removesuffix(quote)
        if base != name and 2 <= len(base) <= 12:
            return f"{base}/{quote}"
    return None
