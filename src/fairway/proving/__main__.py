"""Proves everything at full size: each step of each scenario swept with each fault, and thousands of random runs.

`python -m fairway.proving` is what `make prove` runs; it exits with 1 where an invariant was broken.
"""

import argparse
import signal
import sys

from fairway.proving import pilot_sweep
from fairway.proving.fuzz import FuzzResult
from fairway.proving.sweep import FAULTS, sweep_runs
from fairway.proving.sweep_scenarios import SWEEP_SCENARIOS
from fairway.proving.worker_pool import run_all

SEEDS = 2_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m fairway.proving", description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=SEEDS, help="random runs")
    parser.add_argument("--sample", type=int, default=0, help="steps of each scenario, evenly; all where it is 0")
    given = parser.parse_args()
    results = [run_all(f"sweep: {fault}", list(sweep_runs(list(SWEEP_SCENARIOS), [fault], given.sample))) for fault in FAULTS]
    results.append(run_all("sweep of the pilot", list(pilot_sweep.sweep_runs(list(pilot_sweep.MOVES), given.sample))))
    results.append(run_all("random faults", [FuzzResult(seed) for seed in range(given.seeds)]))
    for result in results:
        for broken in result.broken_lines():
            print(broken)
    print(*results, sep="\n")
    sys.exit(1 if any(result.broken for result in results) else 0)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts what runs in its background with SIGINT ignored
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
