"""Changes the code that money rests on, one thing at a time, and asks whether a test notices.

    make mutants                                # all of it, on all cores; what was asked before and did not change is kept
    make mutants ARGS="risk/sizing.py ledger"   # only these, below src/fairway
    make mutants ARGS="--again risk"            # asks again about those that no test noticed and nothing explains
    make mutants ARGS="--known"                  # runs nothing: tells what is known

Ends with 1 where more than a tenth of the mutants that mypy lets through are neither noticed nor explained in
docs/reference/mutants.txt. With --write the results go into docs/explanation/proving.md.
"""

import argparse
import os
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from mutmut.__main__ import _run, create_mutants
from mutmut.configuration import config
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import copy_src_dir, walk_mutatable_files
from mutmut.utils.format_utils import orig_function_and_class_names_from_key
from scripts.mutants_report import EXPLANATIONS, ROOM, ROOT, Change, Explanations, Tally, change_of, table
from scripts.mutmut_here import install, refused_by_mypy

PAGE = ROOT / "docs" / "explanation" / "proving.md"
BEGIN, END = "<!-- measured: make mutants ARGS=--write -->", "<!-- end of measured -->"
UNEXPLAINED_MAX = 0.1
STATUSES = {
    "killed": "killed",
    "caught by type check": "refused",
    "timeout": "endless",
    "no tests": "untested",
    "survived": "survived",
}
"""What mutmut calls it, and the field of a tally. Any other counts as unchecked: what cannot be known is not noticed."""

REFUSED = 37
"""mutmut's own code for it."""

Mutant = tuple[Path, str, str]
"""File, name, status."""


def main() -> None:
    asked = _arguments()
    install()
    names = [_pattern(place) for place in asked.places]
    if not asked.known:
        _ask(names, again=asked.again, children=asked.children or 1)
    known, unknown = _tallied(list(_mutants(names)))
    print("\n".join(table(known)))
    for change in unknown:
        print(f"  {change}")
    if asked.write:
        _write(known)
    reached = sum(it.made - it.refused for it in known.values())
    sys.exit(int(sum(it.unexplained for it in known.values()) > UNEXPLAINED_MAX * reached))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("places", nargs="*", help="files and folders below src/fairway; all where none is named")
    parser.add_argument("--again", action="store_true", help="also those that no test noticed and nothing explains")
    parser.add_argument("--known", action="store_true", help="run nothing")
    parser.add_argument("--write", action="store_true", help="write the table into docs/explanation/proving.md")
    parser.add_argument("--children", type=int, default=os.cpu_count(), help="processes at once")
    return parser.parse_args()


def _pattern(place: str) -> str:
    """Of the names of mutants in a file or a folder."""
    return f"fairway.{place.removesuffix('/').removesuffix('.py').replace('/', '.')}.*"


def _ask(patterns: list[str], *, again: bool, children: int) -> None:
    """Asks about what was not asked yet, or whose function has changed since; again: about what is not explained, too."""
    shutil.rmtree("mutants/tests", ignore_errors=True)  # else a test that was renamed would be asked for ever
    Path("mutants").mkdir(exist_ok=True)
    copy_src_dir()
    create_mutants(children)
    _refuse()
    names = list(_unnoticed(patterns) if again else _unasked(patterns))
    if names:
        _run(names, children)


def _unasked(patterns: Sequence[str]) -> Iterator[str]:
    return (name for _, name, status in _mutants(patterns) if status not in STATUSES)


def _unnoticed(patterns: Sequence[str]) -> Iterator[str]:
    """With those that were not asked about yet; what is explained would only run all tests once more."""
    explanations = Explanations(EXPLANATIONS.read_text())
    for path, name, status in _mutants(patterns):
        field = STATUSES.get(status, "unchecked")
        is_open = field in ("survived", "untested") and not explanations.of(_change(path, name))
        if field == "unchecked" or is_open:
            yield name


def _refuse() -> None:
    """Notes at once what mypy refuses of all that was not asked about yet, so that no later run must ask it again."""
    if all(status in STATUSES for _, _, status in _mutants([])):
        return
    refused = refused_by_mypy()
    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        for name in [name for name, code in data.exit_code_by_key.items() if code is None and name in refused]:
            data.exit_code_by_key[name] = REFUSED
            data.type_check_error_by_key[name] = refused[name]
        data.save()


def _mutants(patterns: Sequence[str]) -> Iterator[Mutant]:
    for path in sorted(walk_mutatable_files()):
        data = SourceFileMutationData(path=path)
        data.load()
        for name, code in data.exit_code_by_key.items():
            if not patterns or any(name.startswith(pattern.removesuffix("*")) for pattern in patterns):
                yield path, name, status_by_exit_code[code]


def _tallied(mutants: Sequence[Mutant]) -> tuple[dict[str, Tally], list[Change]]:
    """By the rows of the table, and what is not explained."""
    explanations = Explanations(EXPLANATIONS.read_text())
    tallies: dict[str, Tally] = defaultdict(Tally)
    unknown = []
    for path, name, status in mutants:
        field = STATUSES.get(status, "unchecked")
        if field in ("survived", "untested"):
            change = _change(path, name)
            if explanations.of(change):
                field = "explained"
            else:
                unknown.append(change)
        tally = tallies[_row_of(path)]
        setattr(tally, field, getattr(tally, field) + 1)
    return tallies, unknown


def _change(path: Path, name: str) -> Change:
    function, owner = orig_function_and_class_names_from_key(name)
    return change_of(str(path), f"{owner}.{function}" if owner else function, get_diff_for_mutant(name, path=path))


def _row_of(path: Path) -> str:
    """A folder that is asked about as a whole, or the file."""
    whole = str(path) not in config().only_mutate
    return str(path.parent if whole else path).removeprefix(ROOM)


def _write(known: dict[str, Tally]) -> None:
    before, _, rest = PAGE.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n\n{chr(10).join(table(known))}\n\n{END}{after}")


if __name__ == "__main__":
    main()
