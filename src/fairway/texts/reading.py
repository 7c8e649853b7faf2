"""Reads a file as text; a file that is no text is reported like any other mistake in it."""

from pathlib import Path

from fairway.texts.problems import FileError, Problem


def read_text(file: Path, *, error: type[FileError] = FileError, missing: str = "there is no such file") -> str:
    """The text of a file. Raises error; missing is what is said of a file that is not there."""
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise error(str(file), [Problem(what=missing)]) from None
    except OSError as failed:
        raise error(str(file), [Problem(what=f"cannot be read: {failed.strerror}")]) from None
    except UnicodeDecodeError as failed:
        raise error(str(file), [Problem(what=f"is no text in UTF-8: byte {failed.start} is not")]) from None
    except ValueError as failed:  # a name with a byte that no file's name may have
        raise error(repr(str(file)), [Problem(what=f"cannot be read: {failed}")]) from None
