"""What is shown in a flight for each item of a plan's checklist, and what each of it is worth.

By drill: carried out on another trader and pilot of the flight's release, or by the flight's own alerting service. By machine: a
file that a tool wrote, or the flight's own journal. Attested: a simulated person looks (`flight_looks`) and signs. `shown_by`
says which, and the golden text `plans_flown_on_drills.txt` lists all items of both plans.
"""

import asyncio
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from threading import Thread
from typing import Any

from msgspec.structs import replace
from tests.prove.size import IS_WHOLE
from tests.scenes.drilled_harness import CarriedOut, DrilledHarness
from tests.scenes.flight_looks import LOOKS, ROOT, UNSEEN, Look, risks, tickets_answered

from fairway.assembly.copies import evidence_of_copy
from fairway.incidents import incident_commands as incidents
from fairway.incidents.incident_commands import Declare, MovePhase
from fairway.incidents.lifecycle import IncidentPhase
from fairway.journal.backup import back_up
from fairway.journal.sql import open_reader
from fairway.launch.evidence.drill_record import DrillRecord
from fairway.launch.evidence.model import Evidence, Rank
from fairway.launch.evidence.postmortem_actions import evidence_of_actions
from fairway.launch.evidence.producers import PAGE, RESTORE
from fairway.launch.gates.gate_drill import evidence_of_gates
from fairway.launch.gates.port import Claim
from fairway.launch.plan.load import parse
from fairway.logs.log_file import LogFile
from fairway.operations.drill import drill_named
from fairway.operations.drills.drill_run import DrillRun
from fairway.operations.drills.pager import PageSeen, page_of
from fairway.operations.drills.record_file import _key
from fairway.operations.drills.restore import differences
from fairway.operations.launch.evidence_files import attested_evidence, imported_evidence
from fairway.operations.trader.reconcile import all_compared
from fairway.proving.chaos.catalog import items, scenes
from fairway.proving.chaos.play import run_scene
from fairway.proving.chaos.report import ChaosReport, write_report
from fairway.proving.evidence_flight import ALERTING_TICK_S, FlightSimulation, Showing
from fairway.proving.junit_file import JunitCase, write_junit
from fairway.proving.launched_pilot import FLEET
from fairway.proving.soak.meter import SoakMeter
from fairway.proving.soak.verdict import SoakRun, SoakVerdict, judged
from fairway.risk.causes import AlertSeverity
from fairway.texts.durations import duration_words
from fairway.world.clock import DAY, MINUTE, SECOND, SimClock, text_of
from fairway.world.loop import running

DRILLED = {
    "kill-drill": ("kill", 1.0),
    "limits": ("limit-breach", 1.0),
    "pilot-death": ("controller-death", 2.5),
    "rollback": ("rollback", 1.5),
}
SEED = 1
SIGNER = "omar (simulated)"


def played_beside(name: str, minutes: float, release: str) -> CarriedOut:
    """A drill on another trader and pilot of a release, in simulated time of their own, played to its end now.

    The play has a thread of its own, for a thread has one simulated world at a time; the caller's world waits.
    """
    stage = DrilledHarness()
    stage.drill, stage.release = name, release
    failed: list[BaseException] = []

    def play() -> None:
        try:
            stage.run(minutes=minutes)
        except BaseException as error:
            failed.append(error)

    thread = Thread(target=play)
    thread.start()
    thread.join()
    assert not failed, failed
    assert stage.carried_out is not None
    assert stage.carried_out.is_over
    return stage.carried_out


def drilled(claim: str, release: str, now: int) -> Evidence:
    """What a drill of a release shows that ends at an instant (ns). It is carried out by this call."""
    name, minutes = DRILLED[claim]
    found = played_beside(name, minutes, release)
    return found.record(name, now - found.ended_at).evidence()


@cache
def chaos_results(is_whole: bool) -> tuple[Any, ...]:
    """Every scene of every item; of the sweeps three steps, or all of them."""
    named = dict.fromkeys(name for names in items().values() for name in names)
    return tuple(run_scene(scenes()[name], SEED, sample=0 if is_whole else 3) for name in named)


class Producers:
    """folder: where files are kept. text: the plan as it is flown. is_whole: whether chaos scenes sweep every step."""

    def __init__(self, folder: Path, text: str, *, is_whole: bool = IS_WHOLE) -> None:
        self._folder, self._text, self._is_whole = folder, text, is_whole
        self._drills: dict[str, CarriedOut] = {}
        chaos_results(is_whole)  # before the flight, for its scenes are many

    def showings(self) -> Mapping[str, Showing]:
        found: dict[str, Showing] = dict.fromkeys(DRILLED, self._drilled)
        found |= dict.fromkeys(items(), self._chaos)
        found |= {"gates-proven": self._gates, PAGE: paged, RESTORE: self._restore, "soak-24h": self._soak}
        looks = {**LOOKS, "risk-assessment": risks(self._drills, chaos_results(self._is_whole))}
        found |= {claim: partial(self._attested, look=look) for claim, look in looks.items()}
        found |= {"log-rotation": self._rotation, "tests": self._tests, "support": self._support}
        found |= {"rollback-target": self._restore, "postmortem-actions": self._actions}
        return found

    # -- drills ----------------------------------------------------------------------------------------------------

    async def _drilled(self, simulation: FlightSimulation, claim: Claim, now: int) -> Evidence | None:
        """On another trader of the release that the flight's own one runs, while the flight goes on for as long as it takes."""
        name, minutes = DRILLED[claim.name]
        found = self._drills[claim.name] = played_beside(name, minutes, simulation.pilot.launch.release)
        await asyncio.sleep((found.ended_at - found.began_at) / SECOND)
        return found.record(name, now - found.began_at).evidence()

    async def _gates(self, simulation: FlightSimulation, claim: Claim, now: int) -> Evidence | None:
        return evidence_of_gates(parse(self._text), simulation.pilot.launch.release, now)

    async def _restore(self, simulation: FlightSimulation, claim: Claim, now: int) -> Evidence | None:
        """A copy of the flight's own journal: its chain is whole, and books rebuilt from it alone are the venue's.

        It is rebuilt by the release that is flown: that an older release can do it, for `rollback-target`, is not shown, and the
        evidence says so.
        """
        copy = self._folder / f"copy-{claim.name}-{now}.journal"
        await simulation.trader._writer.commit()
        back_up(simulation.journal, copy)
        made = evidence_of_copy(simulation.settings, copy, claim.name, simulation.pilot.launch.release)
        traded = {
            user.name: (simulation._bot(user), simulation.client(user.name, running(), f"restore {user.name} {now}"))
            for user in simulation.users
        }
        with open_reader(copy, trader=FLEET) as rebuilt:
            trouble = differences(await all_compared(traded, rebuilt, "the restored copy"))
        rank = Rank.OBSERVED_IN_A_DRILL if claim.name == RESTORE else Rank.MACHINE_ARTIFACT
        own = "" if claim.name == RESTORE else ", by this release: no older one was started"
        why = trouble or f"{made.why}; books rebuilt from it are the venue's{own}"
        return replace(made, rank=rank, holds=made.holds and not trouble, why=why, made_at=running().wall_ns)

    # -- files of tools --------------------------------------------------------------------------------------------

    async def _chaos(self, simulation: FlightSimulation, claim: Claim, now: int) -> Evidence | None:
        release = simulation.pilot.launch.release
        report = ChaosReport(
            fairway="", release=release, seed=SEED, made_at=now, again="fairway chaos", scenes=chaos_results(self._is_whole)
        )
        return imported_evidence(write_report(report, self._folder, items())[claim.name], claim.name)

    async def _rotation(self, simulation: FlightSimulation, claim: Claim, now: int) -> Evidence | None:
        """A log is moved away while it is written, as logrotate does: no line is missing, and none is there twice."""
        log, moved = self._folder / "a.log", self._folder / "a.log.1"
        file = LogFile(log, lambda lost: f"{lost} lines lost")
        for number in range(1_000):
            file.write(f"line {number}")
            if number == 500:
                file.flush()
                log.rename(moved)
        file.close()
        lines = [*moved.read_text().splitlines(), *log.read_text().splitlines()]
        whole = lines == [f"line {number}" for number in range(1_000)]
        cases = [
            JunitCase("log", "1,000 lines over a rotation are complete", "" if whole else f"{len(lines)} lines are there"),
            JunitCase("log", "it was rotated", "" if moved.exists() and log.exists() else "there is one file"),
        ]
        return self._junit(claim.name, cases, simulation, now)

    async def _tests(self, simulation: FlightSimulation, claim: Claim, now: int) -> Evidence | None:
        return evidence_of_tests(claim.name, simulation.pilot.launch.release, now)

    async def _actions(self, simulation: FlightSimulation, claim: Claim, now: int) -> Evidence | None:
        return evidence_of_actions(simulation.alerting.service.state.incidents, now)

    def _junit(self, claim: str, cases: Sequence[JunitCase], simulation: FlightSimulation, now: int) -> Evidence:
        path = self._folder / f"{claim}.junit.xml"
        write_junit(path, claim, now, cases, release=simulation.pilot.launch.release, again="", said={})
        return replace(imported_evidence(path, claim), made_at=now)

    # -- what a person attests -------------------------------------------------------------------------------------

    async def _soak(self, simulation: FlightSimulation, claim: Claim, now: int) -> Evidence | None:
        """The flight's own trader, watched as a soak watches a running system: all that simulated time can show must hold.

        For 24 hours where the first stage lasts so long; in a shortened plan for half of the stage, and the file says how long.
        """
        since, stay_ns = simulation.market.trading_from, simulation.plan.tracks[0].stages[0].stay_min_ns
        if now - since < (DAY if stay_ns >= DAY else stay_ns // 2):
            return None
        meter = SoakMeter(simulation.journal, FLEET, since)
        meter.read()
        until = meter.beats // MINUTE * MINUTE
        bounds = judged([meter], SoakRun(since=since, until=until, is_simulated=True))
        meter.close()
        lines = [
            (
                f"{each.name}: {each.measured}, {each.bound}; {each.verdict.value} {each.why}",
                each.measured * (each.verdict is SoakVerdict.FAIL),
            )
            for each in bounds
        ]
        return self._signed(claim.name, [(f"watched for {duration_words(until - since)} of simulated time", ""), *lines], now)

    async def _support(self, simulation: FlightSimulation, claim: Claim, now: int) -> Evidence | None:
        """A user opens a ticket that is critical and one that is not, and support answers both through alerting's inbox."""
        for subject, is_critical in (("no orders", True), ("a fee", False)):
            simulation.tell_alerting("ada", incidents.OpenTicket(subject=subject, text="?", is_critical=is_critical))
        await asyncio.sleep(5)
        tickets = simulation.alerting.service.state.incidents.tickets
        for ticket in list(tickets.by_id.values()):
            simulation.tell_alerting("sue", incidents.AnswerTicket(ticket=ticket.id, text="it is looked into"))
        await asyncio.sleep(5)
        return self._signed(claim.name, tickets_answered(simulation), running().wall_ns)

    async def _attested(
        self,
        simulation: FlightSimulation,
        claim: Claim,
        now: int,
        look: Look,
    ) -> Evidence | None:
        if claim.name == "access":
            _key(simulation.settings)  # as the first drill on this machine makes it
        found = look(simulation)
        return self._signed(claim.name, found, now) if found else None

    def _signed(self, claim: str, found: Sequence[tuple[str, str]], now: int) -> Evidence:
        """A list of what was seen, which a simulated person signs as it is; what is wrong speaks against the claim."""
        lines = [f"WRONG: {what}: {wrong}" if wrong else what for what, wrong in found]
        if unseen := UNSEEN.get(claim):
            lines.append(f"Not looked at by a machine, and a simulated person's word: {unseen}")
        path = self._folder / f"{claim}.txt"
        path.write_text(f"{claim}, seen at {text_of(now)}\n" + "\n".join(lines) + "\n")
        wrong_ones = [line for line in lines if line.startswith("WRONG")]
        made = replace(attested_evidence(path, claim, SIGNER), made_at=now)
        return replace(made, holds=False, why="; ".join(wrong_ones)) if wrong_ones else made


async def paged(simulation: FlightSimulation, claim: Claim, now: int) -> Evidence | None:
    """The drill itself, through the alerting service of the flight and the phones of its people."""
    if not hasattr(simulation, "alerting"):
        return None
    pager, clock = FlightPager(simulation), SimClock(running())
    run = DrillRun(system=None, clock=clock, tell=lambda _: None, config=Path("night.yaml"), pager=pager)  # type: ignore[arg-type]
    await drill_named("page").carry_out(run)
    record = DrillRecord(
        drill="page",
        claim=claim.name,
        account=FLEET,
        mode="practice",
        release=simulation.pilot.launch.release,
        by="omar",
        began_at=now,
        ended_at=clock.now(),
        steps=tuple(run.steps),
        journal_seq=1,
        journal_digest="",
        again="fairway drill page CONFIG",
    )
    return record.evidence()


class FlightPager:
    """See `fairway.operations.drills.pager`: the way of a flight's own alerting service."""

    def __init__(self, simulation: FlightSimulation) -> None:
        self._simulation = simulation

    @property
    def _known(self) -> Mapping[str, Any]:
        return self._simulation.alerting.service.state.incidents.by_id

    async def page(self, severity: AlertSeverity, title: str) -> str:
        before = set(self._known)
        self._simulation.tell_alerting("omar", Declare(title=title, severity=severity, is_drill=True))
        self._simulation.alerting.service.tick_s = 1.0
        for _ in range(900):
            await asyncio.sleep(0.1)
            if new := [each for each in self._known if each not in before and self._known[each].title == title]:
                return new[0]
        raise AssertionError("alerting did not answer")

    async def seen(self, incident: str) -> PageSeen:
        known = self._known[incident]
        return page_of(known)

    async def end(self, incident: str, reason: str) -> str:
        command = MovePhase(incident=incident, phase=IncidentPhase.RESOLVED, reason=reason)
        self._simulation.tell_alerting("omar", command)
        self._simulation.alerting.service.tick_s = ALERTING_TICK_S
        return ""


# -- tests -------------------------------------------------------------------------------------------------------------

SMALL, LARGE = ("ledger",), ("money", "orders", "ledger", "risk")
"""Rooms whose tests are run, and whose lines they must cover: in `make test`, and with FAIRWAY_PROVE=whole. A release's own CI
runs all."""


@cache
def junit_and_coverage(rooms: tuple[str, ...], root: Path = ROOT) -> tuple[Path, Path]:
    """Runs the tests of rooms of the package, really, and measures which of these rooms' lines they cover.

    Returns the JUnit file of pytest, and the JSON of coverage.py.
    """
    folder = Path(mkdtemp(prefix="fairway-flight-"))
    junit, data, covered = folder / "junit.xml", folder / "coverage", folder / "coverage.json"
    measure = [sys.executable, "-m", "coverage"]
    sources = ",".join(f"{root}/src/fairway/{room}" for room in rooms)
    tests = [f"tests/pure/{room}" for room in rooms]
    run = ["run", "--rcfile=/dev/null", f"--data-file={data}", f"--source={sources}", "-m", "pytest", *tests]
    quietly = ["-q", "-n", "0", "-p", "no:cacheprovider", f"--junitxml={junit}"]
    subprocess.run([*measure, *run, *quietly], cwd=root, capture_output=True, check=False)
    subprocess.run(
        [*measure, "json", "-q", f"--data-file={data}", "-o", str(covered)], cwd=root, capture_output=True, check=False
    )
    return junit, covered


def evidence_of_tests(
    claim: str, release: str, now: int, rooms: tuple[str, ...] = LARGE if IS_WHOLE else SMALL, root: Path = ROOT
) -> Evidence:
    """Holds where no test failed and at least 80 % of the rooms' lines are covered; says which rooms, and how much."""
    found = [imported_evidence(path, claim) for path in junit_and_coverage(rooms, root)]
    why = f"of {', '.join(rooms)}: {'; '.join(each.why for each in found)}"
    digest = sha256("".join(each.digest for each in found).encode()).hexdigest()
    holds = all(each.holds for each in found)
    return replace(found[0], holds=holds, why=why, digest=digest, made_at=now, release=release)


# -- what it is worth --------------------------------------------------------------------------------------------------


def shown_by(evidence: Evidence) -> str:
    """In words: by a drill, by machine, or attested by a simulated person."""
    if evidence.rank >= Rank.OBSERVED_IN_A_DRILL:
        return "by drill"
    return "by machine" if evidence.rank is Rank.MACHINE_ARTIFACT else f"attested by {SIGNER}"
