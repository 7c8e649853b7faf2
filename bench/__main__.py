"""Runs every benchmark, each in a process of its own, and prints one table; `--write` also writes it to
docs/reference/benchmarks.md."""

import argparse
import json
import os
import platform
import subprocess
import sys
import timeit
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "benchmarks.md"
SUBJECTS = {
    "simulated_day": "Simulated time",
    "latency": "From market event to order",
    "accounts": "A thousand accounts",
    "checks": "Before an order, and while it is held",
    "guards": "From a loss to its cap",
    "matching": "Matching",
    "exchange": "The exchange over REST",
    "recovery": "A start",
    "kill": "A kill",
    "rehearsal": "A rehearsal",
    "startup": "The command line",
    "journal": "The journal",
    "watch": "Measurements",
    "timeline": "The timeline of an incident",
    "alerting": "From an event to a message",
    "server": "The HTTP server",
    "panel": "The panel",
    "launch_view": "A launch shown to Prometheus",
    "venue": "The venue through ccxt",
    "gates": "Gates",
    "launch": "A launch",
    "ten_days": "Ten days of a launch",
    "world": "The simulated world",
}
PEERS = {"nautilus": "Beside NautilusTrader"}
"""Only where they are asked for: each builds an environment of its own, below .venv-clients."""
_ROWS = "import importlib, json, sys; print(json.dumps(importlib.import_module('bench.' + sys.argv[1]).rows()))"
INTRODUCTION = """# Benchmarks

Last output of `make bench`; a section may be of a later run, as by `make bench ARGS=alerting`. Each figure stands beside its
bound, or beside a floor or peer of the same run; compare ratios, not microseconds, between machines. Figures are for reading, not
for passing: nothing here is a test. `make bench ARGS=--peers` measures NautilusTrader too, in an environment of its own.
"""


def main() -> None:
    asked, sections = _asked(), {}
    for name in asked.subjects or (SUBJECTS | PEERS if asked.peers else SUBJECTS):
        rows, title = measured(name), (SUBJECTS | PEERS)[name]
        sections[title] = f"## {title}\n\n{table(rows)}\n"
        print(f"\n{title}")
        for what, figure, beside in rows:
            print(f"  {what:<68} {figure:>24}   {beside}", flush=True)
    if asked.write and asked.subjects:
        PAGE.write_text(_with_sections(PAGE.read_text(), sections))
    elif asked.write:
        PAGE.write_text("\n".join([INTRODUCTION, machine(), "", *sections.values()]))


def _with_sections(page: str, measured: dict[str, str]) -> str:
    """The page with these sections by title, each in the order of the subjects; all else of it stays."""
    head, *known = page.split("\n## ")
    sections = {text.partition("\n")[0]: f"## {text.rstrip()}\n" for text in known} | measured
    ordered = sorted(sections, key=list((SUBJECTS | PEERS).values()).index)
    return "\n".join([head.rstrip() + "\n", *(sections[title] for title in ordered)])


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    names = ", ".join(SUBJECTS | PEERS)
    parser.add_argument("subjects", nargs="*", metavar="subject", help=f"all but peers where none is named; of {names}")
    parser.add_argument("--peers", action="store_true", help="programs of other projects too, which are installed for it")
    parser.add_argument(
        "--write",
        action="store_true",
        help="keep the tables in docs/reference/benchmarks.md: all of it, or the subjects that are named",
    )
    asked = parser.parse_args()
    for name in asked.subjects:
        if name not in SUBJECTS | PEERS:
            parser.error(f"there is no benchmark {name!r}; there are {names}")
    return asked


def measured(name: str) -> list[tuple[str, str, str]]:
    """The rows of one benchmark: what, figure, and what it stands beside."""
    done = subprocess.run([sys.executable, "-c", _ROWS, name], stdout=subprocess.PIPE, text=True, check=True)
    rows: list[tuple[str, str, str]] = json.loads(done.stdout.splitlines()[-1])
    return rows


def table(rows: list[tuple[str, str, str]]) -> str:
    lines = [
        "| what | figure | beside |",
        "|---|---|---|",
        *(f"| {what} | {figure} | {beside} |" for what, figure, beside in rows),
    ]
    return "\n".join(lines)


def machine() -> str:
    """The machine, in a line: what a reader needs to compare with theirs."""
    told = Path("/proc/cpuinfo").read_text().splitlines()
    cpu = next((line.split(":", 1)[1].strip() for line in told if line.startswith("model name")), "")
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 2**20
    return (
        f"Machine: {os.cpu_count()} cores{f' of {cpu}' if cpu else ''}, {memory:.0f} GiB, {platform.system()} "
        f"{platform.release().split('-')[0]}, CPython {platform.python_version()}. {pace()}"
    )


def pace() -> str:
    """How fast the machine was, and how much it was disturbed, while this was measured."""
    took = sorted(timeit.repeat(_nothing, number=10_000, repeat=200))
    return f"An empty call took {took[0] * 1e5:.0f} ns at best, and {took[100] * 1e5:.0f} ns in the median."


def _nothing() -> None: ...


if __name__ == "__main__":
    main()
