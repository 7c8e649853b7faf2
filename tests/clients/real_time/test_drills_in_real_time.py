"""All drills, one after the other, on one running practice system; judged by the exchange's own log and by the journals."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec import Struct
from tests.clients.systems import PAIRS, System, begun, fairway, files_made
from tests.pure.cli.programs import PATIENCE_S

from fairway.assembly import CODEC
from fairway.assembly.system_status import place_of, read_status
from fairway.assembly.tower import launch_now
from fairway.journal.kinds import CapLifted, CapRaised, LeaseAccepted
from fairway.journal.sql import open_reader
from fairway.launch.evidence.model import Rank, newest
from fairway.operations.actor import owner_of_machine
from fairway.operations.drill import DRILL, DrillOutcome, DrillRequest, drill_named
from fairway.operations.drills.record_file import drill_in, evidence_of_drill
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.trader.accounts_of_trader import permissions_of
from fairway.risk.limits import TradingState
from fairway.settings import load
from fairway.world.clock import MILLISECOND

DRILLS = ("rollback", "gates-proven", "restore", "limit-breach", "controller-death", "kill")
"""The rollback renews the lease; the longer ago that is, the sooner the last lease ends once the pilot is dead."""
ITEMS = "".join(
    f"  - {{id: {drill_named(name).claim}, text: it was drilled, need: observed in a drill, expires: 14d, waivable: false}}\n"
    for name in DRILLS
    if name != "kill"
)


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    """Its plan asks for what the drills show, in its last stage."""
    files_made(tmp_path)
    plan = tmp_path / "first-hundred.yaml"
    text = plan.read_text().replace("checklist:\n", f"checklist:\n{ITEMS}", 1)
    names = ", ".join(drill_named(name).claim for name in DRILLS)
    head, last = text.split("  - name: practice-100\n")
    last = last.replace("    gates:\n", f"    gates:\n      - {{name: drills, gate: checklist, items: [{names}]}}\n", 1)
    plan.write_text(f"{head}  - name: practice-100\n{last}")
    up = begun(tmp_path, "--practice")
    try:
        up.until(up.is_well, "all is ready")
        up.until(up.is_protected, "a position is held under its stop")
        yield up
    finally:
        up.process.send_signal(signal.SIGTERM)
        up.process.wait(PATIENCE_S)


def test_each_drill_is_carried_out_and_leaves_the_system_as_it_was(system: System) -> None:
    config = system.folder / "fairway.yaml"
    settings = load(config)
    caps = set(permissions_of(settings)["me"].caps)
    for name in DRILLS[:-1]:
        outcome = drilled(system, name)
        assert (outcome.verdict, outcome.is_taken, outcome.left) == ("holds", True, ()), outcome
        assert set(permissions_of(settings)["me"].caps) == caps, name
        assert launch_now(settings).holds == {}, name
        status = read_status(place_of(settings))
        assert status is not None
        assert status.is_well, (name, status)
        assert not [each for each in status.children if each.crashes], "a pilot that a drill has killed has not crashed"
    killed = fairway("drill", "kill", "--resume", "--by", "ann", folder=system.folder)
    assert killed.returncode == 0, killed.stdout + killed.stderr
    assert "left to you: the account is back with a quarter of its size" in killed.stdout
    print(killed.stdout)
    assert not system.naked()
    assert set(permissions_of(settings)["me"].caps) == {*caps, "resumed"}
    launch = launch_now(settings)
    for name in DRILLS:
        shown = newest(launch.evidence, drill_named(name).claim)
        assert shown is not None
        assert (shown.holds, shown.rank, shown.release) == (True, Rank.OBSERVED_IN_A_DRILL, launch.release)
        [file] = system.folder.glob(f"drill-{name}-*.json")
        drill = drill_in(file)
        assert drill is not None
        assert evidence_of_drill(settings, drill, "") == shown
    assert_nothing_was_bought(system)


def drilled(system: System, name: str) -> DrillOutcome:
    told: list[str] = []
    request = DrillRequest(config=system.folder / "fairway.yaml", name=name)
    call = Call(actor=owner_of_machine("ann"), request=request, tell=lambda progress: told.append(progress.sentence))
    outcome = perform(DRILL, call)
    print("\n".join(told))
    return outcome


def assert_nothing_was_bought(system: System) -> None:
    """By the exchange's log, while the trader's journal says that it could open nothing, or no more than it held."""
    served, account = system.exchange()
    orders = [order for pair in PAIRS for order in served.signed(account, "/api/v3/allOrders", f"symbol={pair}")]
    bought = [int(order["time"]) * MILLISECOND for order in orders if order["side"] == "BUY"]
    spells = [
        spell(system, lambda event: is_cap(event, "limited"), lambda event: is_lifted(event, "limited")),
        spell(system, lambda event: isinstance(event, LeaseAccepted) and not may_open(event), is_lease),
        spell(system, lambda event: is_cap(event, "lease") and is_reduced(event), is_lease),
        spell(system, lambda event: is_cap(event, "kill account"), lambda event: is_lifted(event, "kill account")),
    ]
    for begin, end in spells:
        assert begin < end
        assert not [at for at in bought if begin <= at < end]
    assert min(bought) < spells[0][0], "it buys, where it may"


def spell(system: System, begins: Callable[[Struct], bool], ends: Callable[[Struct], bool]) -> tuple[int, int]:
    """From the last event that begins it to the next one that ends it (ns)."""
    with open_reader(system.folder / "fairway.journal", trader="me") as reader:
        events = [(record.at, CODEC.decode(record)) for record in reader.read(account="me")]
    begun_at = [place for place, (_, event) in enumerate(events) if begins(event)]
    assert begun_at
    first = begun_at[0]
    ended_at = [at for at, event in events[first + 1 :] if ends(event)]
    return events[first][0], ended_at[0]


def is_cap(event: Struct, cap_id: str) -> bool:
    return isinstance(event, CapRaised) and event.cap.id == cap_id


def is_reduced(event: Struct) -> bool:
    """By the trader itself, for the lease has run out; a lease that was taken back is a pilot's word."""
    return isinstance(event, CapRaised) and "run out" in event.cap.reason


def is_lifted(event: Struct, cap_id: str) -> bool:
    return isinstance(event, CapLifted) and event.cap_id == cap_id


def may_open(lease: LeaseAccepted) -> bool:
    return lease.limits.state is TradingState.ACTIVE


def is_lease(event: Struct) -> bool:
    return isinstance(event, LeaseAccepted) and may_open(event)
