"""The directory of a report: a new or an empty one, or with --force one that holds an earlier report of the same command."""

from pathlib import Path

from fairway.cli.exits import ExitCode, Failure


def report_folder(out: Path, mark: str, usual: str, *, force: bool) -> Path:
    """Makes it where it is not there. mark: the file by which an earlier report is known; usual: a right name. Raises Failure."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        has_files = any(out.iterdir())
    except (FileExistsError, NotADirectoryError):
        raise Failure(f"--out {out} is, or is inside, a file; name a directory, such as {usual}", ExitCode.USAGE) from None
    if has_files and not (out / mark).exists():
        raise Failure(
            f"{out} is not empty, and holds no {mark}, so it was left as it is; name another with --out", ExitCode.USAGE
        )
    if has_files and not force:
        raise Failure(f"{out} holds an earlier report, and was left as it is; name another, or give --force", ExitCode.USAGE)
    return out
