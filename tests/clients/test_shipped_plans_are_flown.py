"""A shipped plan is flown to its last stage, and each item of its checklist is asked for and met on the way.

One bot trades in real time at a served exchange: it is killed with a position and started again, killed and resumed, backed up,
and restored. What that shows, drills in simulated time, the gates' own drill and the state of action items are real. Every other
item is met by a form alone: a JUnit file with one case, or a text that ann signs. What such items are worth is proven in
`tests/scenes/test_plans_are_flown_on_drills.py`, not here. The instant and the release of what was shown are moved into the time
of the play. The bot that flies has a large edge and never dies, so that nothing but evidence could keep it from the end.
"""

import os
import signal
from collections.abc import Mapping
from dataclasses import replace as changed
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.clients.real_time.test_run_in_real_time import PROTECTED, begun, wait_for_catch_up
from tests.clients.served import Served
from tests.clients.test_kill import bot, fairway, killed
from tests.prove.size import IS_WHOLE
from tests.pure.cli.programs import read_until, stopped
from tests.scenes.flight_evidence import DRILLED, drilled
from tests.scenes.paged import page_evidence

from fairway.assembly.copies import evidence_of_copy
from fairway.incidents.incident import Incidents
from fairway.journal.backup import back_up
from fairway.journal.sql import open_reader
from fairway.launch.evidence.model import Evidence, Rank
from fairway.launch.evidence.observed import KEY, KILL, RESTART
from fairway.launch.evidence.postmortem_actions import CLAIM as ACTIONS
from fairway.launch.evidence.postmortem_actions import evidence_of_actions
from fairway.launch.evidence.producers import BACKUP, GATES, PAGE, RESTORE, Producer
from fairway.launch.gates.gate_drill import evidence_of_gates
from fairway.launch.gates.port import Claim
from fairway.launch.observation.trader_projection import TraderProjection
from fairway.launch.plan import shipped
from fairway.launch.plan.load import parse
from fairway.launch.simulation.bots import GOOD
from fairway.launch.simulation.evidence_sources import RELEASE
from fairway.launch.simulation.plan_terms import terms_of
from fairway.launch.simulation.simulated_launch import simulate_launch
from fairway.operations.drills.restore import restored
from fairway.operations.launch.evidence_files import attested_evidence, imported_evidence
from fairway.settings import load

BOT = changed(GOOD, edge=0.4, deaths_a_day=0.0)
FEW = ("beta", "preparation")
"""What `make test` flies; `make prove` flies all that ship."""
SEEDS = {"ramp": 2}
"""Else 1. With it the venue of the play is not gone for so long that two days have less than 99.9 % of uptime."""
REPORT = '<testsuite name="checks" tests="1" failures="0"><testcase name="check"/></testsuite>'


@pytest.fixture(scope="module")
def seen(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Evidence]:
    """By claim, what one real trader, its journal and drills at its venue have shown, and a drill of pages in simulated time."""
    folder = tmp_path_factory.mktemp("trader")
    account = bot(served, folder)
    running = begun(folder, account)
    read_until(running, PROTECTED)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    running = begun(folder, account)
    read_until(running, "start number 2")
    wait_for_catch_up(folder / "fairway.journal", epoch=2)
    os.environ |= {"TEST_KEY": account.key, "TEST_SECRET": account.secret}
    settings = load(folder / "fairway.yaml")
    restore = restored(settings, RELEASE)[-1].evidence
    assert killed(folder, account).returncode == 0
    read_until(running, "The account is killed: it buys every second (ann, keep-stops)")
    stopped(running)
    assert fairway("resume", folder, account, "--reason", "the drill is over").returncode == 0
    back_up(folder / "fairway.journal", folder / "copy.journal")
    copied = evidence_of_copy(settings, folder / "copy.journal", BACKUP, RELEASE)
    with open_reader(folder / "fairway.journal") as reader:
        records = list(reader.read())
    projection = TraderProjection()
    projection.fold(records)
    told = projection.observation(records[-1].at).evidence
    paged = page_evidence(tmp_path_factory.mktemp("pages"))
    return {each.claim: each for each in (*told, restore, copied, paged)}


def test_a_trader_shows_what_is_said_to_show_itself(seen: Mapping[str, Evidence]) -> None:
    assert {each: seen[each].rank for each in (KILL, RESTART, RESTORE, PAGE)} == dict.fromkeys(
        (KILL, RESTART, RESTORE, PAGE), Rank.OBSERVED_IN_A_DRILL
    )
    assert {each: seen[each].rank for each in (KEY, BACKUP)} == dict.fromkeys((KEY, BACKUP), Rank.MACHINE_ARTIFACT)
    assert all(each.holds for each in seen.values())


@pytest.mark.parametrize("name", shipped.names() if IS_WHOLE else FEW)
def test_a_shipped_plan_is_flown_to_its_last_stage(name: str, seen: Mapping[str, Evidence], tmp_path: Path) -> None:
    written = parse(shipped.text(name), file=name)
    report, minutes = tmp_path / "report.xml", tmp_path / "minutes.txt"
    report.write_text(REPORT)
    minutes.write_text("Seen and signed by ann.")
    shown: set[str] = set()

    def show(claim: Claim, way: Producer, now: int) -> Evidence:
        if claim.name in seen:
            made = seen[claim.name]
        elif claim.name == ACTIONS:
            made = evidence_of_actions(Incidents(), now)
        elif claim.name in DRILLED and way.rank is Rank.OBSERVED_IN_A_DRILL:
            made = drilled(claim.name, RELEASE, now)
        elif claim.name == GATES:
            made = evidence_of_gates(written, RELEASE, now)
        elif way.rank is Rank.MACHINE_ARTIFACT:
            made = (
                imported_evidence(report, claim.name)
                if claim.rank is Rank.MACHINE_ARTIFACT
                else attested_evidence(minutes, claim.name, "ann")
            )
        else:
            raise AssertionError(f"nothing real shows {claim}")
        assert made.holds, made.why
        shown.add(claim.name)
        return replace(made, made_at=now, ends_at=0, release=RELEASE)

    terms = terms_of(written)
    played = simulate_launch(changed(terms, days=2 * terms.days), BOT, SEEDS.get(name, 1), show=show)
    stages = [f"{track.name}/{stage.name}" for track in terms.plan.tracks for stage in track.stages]
    assert set(stages) <= set(played.reached), played
    assert played.is_through, played
    assert shown == {each.name for each in terms.claims}, "and each item of the checklist was shown"
