"""Ten days of the demo's launch: the beta plan, twelve accounts, one pilot, all through the wire."""

import tempfile
import time
from pathlib import Path

from fairway.money.amount import use_exact_decimals
from fairway.proving.launch_demo import fly
from fairway.reports.launch_report import LaunchProgress
from fairway.reports.run import DemoOptions
from fairway.world.garbage import settle

DAYS, BOUND_S = 10, 180


class Blind:
    """No person looks."""

    stop_wanted = False

    def show(self, progress: LaunchProgress) -> None: ...

    def tell(self, at: int, line: str) -> None: ...


def rows() -> list[tuple[str, str, str]]:
    use_exact_decimals()
    settle()
    with tempfile.TemporaryDirectory() as folder:
        cpu_began = time.process_time()
        flown = fly(DemoOptions(data=(), days=DAYS, seed=1, out=Path(folder), speed=None), Blind())
        cpu_s = time.process_time() - cpu_began
    what = f"{DAYS} days of the beta plan, three stages, twelve users, simulated through the wire"
    return [(what, f"{flown.wall_seconds:.0f} s, {cpu_s:.0f} s of it on the processor", f"at most {BOUND_S} s")]
