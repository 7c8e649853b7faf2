"""Lets clients of other projects trade on the served practice exchange, each in an environment of its own.

    make clients                              # all of them; the first time they are installed, which takes minutes
    make clients ARGS="freqtrade"             # only these
    make clients ARGS=--write                 # writes what came of it into docs/reference/practice-exchange.md

Ends with 1 where a test failed or a client could not be installed.
"""

import argparse
import os
import re
import subprocess
import sys
from typing import NamedTuple

from clients.environments import CLIENTS, ROOT, Client, Unavailable, prepare

PAGE = ROOT / "docs" / "reference" / "practice-exchange.md"
BEGIN, END = "<!-- measured: make clients ARGS=--write -->", "<!-- end of measured -->"
_COUNT = re.compile(r"(\d+) (passed|failed|error|errors|skipped)\b")


class Outcome(NamedTuple):
    """What came of one client's tests; `why` where there were none."""

    client: Client
    passed: int = 0
    failed: int = 0
    why: str = ""

    @property
    def is_good(self) -> bool:
        return bool(self.passed) and not self.failed


def main() -> int:
    parser = argparse.ArgumentParser(prog="make clients", description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("names", nargs="*", metavar="CLIENT", help=", ".join(it.name for it in CLIENTS))
    parser.add_argument("--write", action="store_true", help="write the table into docs/reference/practice-exchange.md")
    asked = parser.parse_args()
    strange = set(asked.names) - {it.name for it in CLIENTS}
    if strange:
        parser.error(f"no client is called {', '.join(sorted(strange))}; there are {', '.join(it.name for it in CLIENTS)}")
    if asked.write and asked.names:
        parser.error("--write writes the whole table: give no names with it")
    outcomes = [_play(it) for it in CLIENTS if not asked.names or it.name in asked.names]
    print("\n" + _table(outcomes))
    if asked.write:
        _write(outcomes)
    return 0 if all(it.is_good for it in outcomes) else 1


def _play(client: Client) -> Outcome:
    print(f"\n== {client.name} ({client.version})", flush=True)
    try:
        python = prepare(client)
    except Unavailable as error:
        print(f"not run: {error}")
        return Outcome(client, why=str(error))
    command = [str(python), "-m", "pytest", "-c", "clients/pytest.ini", "--rootdir", "clients", str(client.tests)]
    here = {"FAIRWAY": str(ROOT / ".venv" / "bin" / "fairway"), "CLIENT_MODULES": str(client.home / "node_modules")}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, **here}, check=False)
    print(done.stdout, end="", flush=True)
    counts = {word: int(number) for number, word in _COUNT.findall(done.stdout.strip().splitlines()[-1])}
    failed = counts.get("failed", 0) + counts.get("error", 0) + counts.get("errors", 0)
    if done.returncode and not failed:
        failed = 1  # pytest itself came to no end
    return Outcome(client, counts.get("passed", 0), failed)


def _table(outcomes: list[Outcome]) -> str:
    rows = [f"| {it.client.name} | {it.client.version} | {_count(it)} |" for it in outcomes]
    return "\n".join(["| client | version | tests |", "| --- | --- | --- |", *rows])


def _count(it: Outcome) -> str:
    return f"not run: {it.why}" if it.why else f"{it.passed} passed, {it.failed} failed"


def _write(outcomes: list[Outcome]) -> None:
    text = PAGE.read_text()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{_table(outcomes)}\n\n{END}{after}")


if __name__ == "__main__":
    sys.exit(main())
