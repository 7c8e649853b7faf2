"""From a closed candle to the order handed over, here and in NautilusTrader, in alternating rounds of one run.

NautilusTrader runs in an environment of its own, which `clients.environments` builds, with its live engines on uvloop.
"""

import json
import subprocess
import tempfile
from pathlib import Path
from statistics import median

from clients.environments import CLIENTS, ROOT, Unavailable, prepare

from bench.latency import measure
from fairway.world.realtime import run_real

ROUNDS = 5
ORDERS = 300
"""Of each round, on each side."""
PEER = ROOT / "clients" / "nautilus_speed.py"


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside it)."""
    client = next(each for each in CLIENTS if each.name == "nautilus-trader")
    what = "closed candle to order handed over, p50"
    try:
        python = prepare(client)
    except Unavailable as error:
        return [(what, "not measured", str(error))]
    ours, theirs = _in_turns(python)
    return [
        (
            what,
            f"{median(ours) / 1_000:.0f} µs",
            f"{client.version} {median(theirs) / 1_000:.0f} µs, ratio {median(ours) / median(theirs):.2f}",
        )
    ]


def _in_turns(python: Path) -> tuple[list[int], list[int]]:
    """Nanoseconds of each order, ours without the commit of the journal, which the other side does not have."""
    ours: list[int] = []
    theirs: list[int] = []
    with subprocess.Popen([python, PEER, str(ORDERS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as peer:
        assert peer.stdin is not None
        assert peer.stdout is not None
        for _ in range(ROUNDS):
            ours += _round()
            print("go", file=peer.stdin, flush=True)
            theirs += json.loads(peer.stdout.readline())
        peer.stdin.close()
    return ours, theirs


def _round() -> list[int]:
    with tempfile.TemporaryDirectory() as folder:
        took, _ = run_real(lambda: measure(Path(folder), busy=True, orders=ORDERS))
    return took


if __name__ == "__main__":
    for row in rows():
        print(*row, sep="  |  ")
