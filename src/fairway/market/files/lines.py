"""Reads the lines of a plain, gzipped or zipped text file, numbered, and digests them on the way.

What a file is, its first bytes say; its name does not matter. The digest is of the text, so packing a file does not change it.
"""

import gzip
import hashlib
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from decimal import Decimal
from os import PathLike, fspath
from pathlib import Path
from typing import IO, Final, cast

from fairway.market.files.problems import BadData, ProblemKind, ProblemList

LINE_BYTES_MAX: Final = 4 * 2**20
"""A depth snapshot of 5,000 levels takes a third of a mebibyte. A longer line is refused."""
TEXT_BYTES_MAX: Final = 4 * 2**30
"""A file that unpacks to more is refused: it is a mistake, or a trap."""

_BROKEN = (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, ValueError, OverflowError, struct.error)
_NUMBER = re.compile(r"(-?\d{1,15}(?:\.\d{0,8})?)(\d{0,24})", re.ASCII)


class Lines:
    """The lines of one file without their ends, from the first; blank ones are passed over but counted.

    Raises BadData while iterating: no such file, unreadable, damaged, empty, not text, or longer than the bounds above.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self.file = fspath(path)
        self.count = 0
        self._hash = hashlib.sha256()

    @property
    def digest(self) -> str:
        """SHA-256 of what was read so far, in hexadecimal."""
        return self._hash.hexdigest()

    def bad(self, line: int, what: str, example: str) -> BadData:
        return BadData(self.file, line, what, example)

    def missing(self) -> BadData:
        return self.bad(0, "there is no such file", "the path of a data file")

    def __iter__(self) -> Iterator[tuple[int, str]]:
        try:
            with Path(self.file).open("rb") as raw, _unpacked(raw) as text:
                yield from self._decoded(text)
        except FileNotFoundError:
            raise self.missing() from None
        except _BROKEN as error:
            what = f"it cannot be read to its end ({error or type(error).__name__})"
            raise self.bad(self.count, what, "an undamaged text, .gz or .zip file") from error
        if not self.count:
            raise self.bad(0, "the file is empty", "a file with at least one line")

    def _decoded(self, text: IO[bytes]) -> Iterator[tuple[int, str]]:
        size = 0
        while line := text.readline(LINE_BYTES_MAX + 1):
            self.count += 1
            size += len(line)
            self._hash.update(line)
            if len(line) > LINE_BYTES_MAX or size > TEXT_BYTES_MAX:
                bounds = f"lines of at most {LINE_BYTES_MAX} bytes, {TEXT_BYTES_MAX} in all"
                raise self.bad(self.count, "it is too long", bounds)
            if self.count == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            try:
                plain = line.decode("utf-8").strip("\r\n")
            except UnicodeDecodeError:
                raise self.bad(self.count, f"this is not text: {line[:20]!r}", "plain UTF-8") from None
            if plain.strip():
                yield self.count, plain


def _unpacked(raw: IO[bytes]) -> IO[bytes]:
    start = raw.read(4)
    raw.seek(0)
    if start[:2] == b"\x1f\x8b":
        return cast(IO[bytes], gzip.GzipFile(fileobj=raw))
    if start != b"PK\x03\x04":
        return raw
    archive = zipfile.ZipFile(raw)
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) != 1:
        raise ValueError(f"the archive holds {len(members)} files where one is expected")
    if members[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError("the archive is packed in an unusual way")
    return archive.open(members[0])


class Numbers:
    """Turns cells of a line into exact decimals of at most eight places, and notes where more had to be dropped."""

    def __init__(self, lines: Lines, problems: ProblemList) -> None:
        self._lines, self._problems = lines, problems

    def __call__(self, line: int, column: str, text: str) -> Decimal:
        """Raises BadData where text is not a plain decimal number; below zero is a number too."""
        match = _NUMBER.fullmatch(text)
        if match is None:
            raise self._lines.bad(line, f"{column} is {text[:40]!r}, which is not a plain number", "46319.05")
        number, rest = match.groups()
        if rest:
            if "." not in number:
                raise self._lines.bad(
                    line, f"{column} is {text[:60]!r}, which is too large", "at most 15 digits before the point"
                )
            if rest.strip("0"):
                self._problems.add(line, ProblemKind.CUT, f"{column} {text} has more than eight decimals; taken as {number}")
        return Decimal(number)
