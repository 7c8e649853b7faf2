"""What the people of a flight show for each item of a plan's checklist: each looks at something, and nothing is typed."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from tests.prove.size import IS_WHOLE
from tests.scenes.drilled_harness import CarriedOut, DrilledHarness

from fairway.alerting.on_call import lint_schedule
from fairway.assembly.copies import evidence_of_copy
from fairway.cli.runbook import facts
from fairway.incidents import incident_commands as incidents
from fairway.incidents.incident_commands import Declare, MovePhase
from fairway.incidents.lifecycle import IncidentPhase
from fairway.incidents.runbooks.library import shipped_runbooks
from fairway.incidents.runbooks.lint import lint_runbook
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
from fairway.operations.drills.restore import differences
from fairway.operations.launch.evidence_files import attested_evidence, imported_evidence
from fairway.operations.trader.reconcile import all_compared
from fairway.people.roles import RULES
from fairway.proving.chaos.catalog import items, scenes
from fairway.proving.chaos.play import run_scene
from fairway.proving.chaos.report import ChaosReport, write_report
from fairway.proving.evidence_flight import ALERTING_TICK_S, FlightSimulation, Showing
from fairway.proving.junit_file import JunitCase, write_junit
from fairway.proving.launched_pilot import FLEET
from fairway.proving.soak.meter import SoakMeter
from fairway.proving.soak.verdict import SoakRun, SoakVerdict, judged
from fairway.risk.causes import AlertSeverity
from fairway.strategies.api import KIND as STRATEGIES
from fairway.world.clock import HOUR, MINUTE, SECOND, SimClock, text_of
from fairway.world.loop import running

DRILLED = {
    "kill-drill": ("kill", 1.0),
    "limits": ("limit-breach", 1.0),
    "pilot-death": ("controller-death", 2.5),
    "rollback": ("rollback", 1.5),
}
SEED = 1
ROOT = Path(__file__).parents[2]


@cache
def drilled_once(name: str, minutes: float) -> CarriedOut:
    """A drill on another trader and pilot in simulated time, at the pace of real ones."""
    stage = DrilledHarness()
    stage.drill = name
    stage.run(minutes=minutes)
    assert stage.carried_out is not None
    return stage.carried_out


def drilled(claim: str, release: str, now: int) -> Evidence:
    """What a drill has shown. Its instant and its release are moved to the flight, for its own harness has other ones."""
    name, minutes = DRILLED[claim]
    return replace(drilled_once(name, minutes).record(name).evidence(), made_at=now, release=release)


@cache
def chaos_results(is_whole: bool) -> tuple[Any, ...]:
    """Every scene of every item; of the sweeps three steps, or all of them."""
    named = dict.fromkeys(name for names in items().values() for name in names)
    return tuple(run_scene(scenes()[name], SEED, sample=0 if is_whole else 3) for name in named)


class Producers:
    """folder: where files are kept. text: the plan as it is flown. is_whole: whether chaos scenes sweep every step."""

    def __init__(self, folder: Path, text: str, *, is_whole: bool = IS_WHOLE) -> None:
        self._folder, self._text, self._is_whole = folder, text, is_whole
        for each in DRILLED.values():  # before the flight, for two simulated worlds do not run at the same time
            drilled_once(*each)
        chaos_results(is_whole)

    def showings(self) -> Mapping[str, Showing]:
        found: dict[str, Showing] = dict.fromkeys(DRILLED, self._drilled)
        found |= dict.fromkeys(items(), self._chaos)
        found |= {"gates-proven": self._gates, PAGE: paged, RESTORE: self._restore, "soak-24h": self._soak}
        attested: dict[str, Callable[[FlightSimulation], Sequence[tuple[str, str]]]] = {
            "runbooks": runbooks,
            "access": access,
            "oncall": on_call,
            "risk-assessment": risks,
            "team": team,
            "capital": capital,
            "exits": exits,
            "guide": guide,
            "security": security,
            "emergency-contact": pages_answered,
        }
        found |= {claim: partial(self._attested, looks=looks) for claim, looks in attested.items()}
        found |= {"log-rotation": self._rotation, "tests": self._tests, "support": self._support}
        found |= {"rollback-target": self._restore, "postmortem-actions": self._actions}
        return found

    # -- drills ----------------------------------------------------------------------------------------------------

    async def _drilled(self, simulation: FlightSimulation, claim: Claim, now: int) -> Evidence | None:
        return drilled(claim.name, simulation.pilot.launch.release, now)

    async def _gates(self, simulation: FlightSimulation, claim: Claim, now: int) -> Evidence | None:
        return evidence_of_gates(parse(self._text), simulation.pilot.launch.release, now)

    async def _restore(self, simulation: FlightSimulation, claim: Claim, now: int) -> Evidence | None:
        """A copy of the flight's own journal: its chain is whole, and books rebuilt from it alone are the venue's."""
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
        why = trouble or f"{made.why}; books rebuilt from it are the venue's"
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
        return tests_run(self._folder, simulation.pilot.launch.release, now)

    async def _actions(self, simulation: FlightSimulation, claim: Claim, now: int) -> Evidence | None:
        return evidence_of_actions(simulation.alerting.service.state.incidents, now)

    def _junit(self, claim: str, cases: Sequence[JunitCase], simulation: FlightSimulation, now: int) -> Evidence:
        path = self._folder / f"{claim}.junit.xml"
        write_junit(path, claim, now, cases, release=simulation.pilot.launch.release, again="", said={})
        return replace(imported_evidence(path, claim), made_at=now)

    # -- what a person attests -------------------------------------------------------------------------------------

    async def _soak(self, simulation: FlightSimulation, claim: Claim, now: int) -> Evidence | None:
        """The flight's own trader, watched as a soak watches a running system: all that simulated time can show must hold."""
        since = simulation.market.trading_from
        if now - since < simulation.plan.tracks[0].stages[0].stay_min_ns // 2 or now - since < HOUR:
            return None
        meter = SoakMeter(simulation.journal, FLEET, since)
        meter.read()
        until = meter.beats // MINUTE * MINUTE
        bounds = judged([meter], SoakRun(since=since, until=until, is_simulated=True))
        meter.close()
        wrong = [each for each in bounds if each.verdict is SoakVerdict.FAIL]
        lines = [(f"{each.name}: {each.measured}, {each.bound}; {each.verdict.value} {each.why}", "") for each in bounds]
        return self._signed(claim.name, [*lines, *((each.name, each.measured) for each in wrong)], now)

    async def _support(self, simulation: FlightSimulation, claim: Claim, now: int) -> Evidence | None:
        """A user opens a ticket that is critical and one that is not, and support answers both through alerting's inbox."""
        for subject, is_critical in (("no orders", True), ("a fee", False)):
            simulation.tell_alerting("ada", incidents.OpenTicket(subject=subject, text="?", is_critical=is_critical))
        await asyncio.sleep(5)
        tickets = simulation.alerting.service.state.incidents.tickets
        for ticket in list(tickets.by_id.values()):
            simulation.tell_alerting("sue", incidents.AnswerTicket(ticket=ticket.id, text="it is looked into"))
        await asyncio.sleep(5)
        seen = simulation.alerting.service.state.incidents.tickets.by_id.values()
        found = [(f"{each.id} {each.subject}", "" if each.answered_at else "no answer") for each in seen]
        return self._signed(claim.name, found or [("tickets", "there is none")], running().wall_ns)

    async def _attested(
        self,
        simulation: FlightSimulation,
        claim: Claim,
        now: int,
        looks: Callable[[FlightSimulation], Sequence[tuple[str, str]]],
    ) -> Evidence | None:
        found = looks(simulation)
        return self._signed(claim.name, found, now) if found else None

    def _signed(self, claim: str, found: Sequence[tuple[str, str]], now: int) -> Evidence:
        """A list of what was seen, which a person signs as it is; what is wrong speaks against the claim."""
        lines = [f"WRONG: {what}: {wrong}" if wrong else what for what, wrong in found]
        path = self._folder / f"{claim}.txt"
        path.write_text(f"{claim}, seen at {text_of(now)}\n" + "\n".join(lines) + "\n")
        wrong_ones = [line for line in lines if line.startswith("WRONG")]
        made = replace(attested_evidence(path, claim, "omar"), made_at=now)
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


# -- what is looked at -------------------------------------------------------------------------------------------------


def runbooks(simulation: FlightSimulation) -> Sequence[tuple[str, str]]:
    """Every step of every runbook names a command or an operation that exists."""
    rules = tuple(simulation.alerting.service.rules.values())
    return [
        (f"runbook {each.runbook.runbook}", "; ".join(str(problem) for problem in lint_runbook(each, facts(), rules=rules)))
        for each in shipped_runbooks().values()
    ]


def access(simulation: FlightSimulation) -> Sequence[tuple[str, str]]:
    wide = [f for f in simulation.journal.parent.glob("*.key") if f.stat().st_mode & 0o077]
    return [
        *((f"{role.value} may: {len(acts)} acts", "") for role, acts in RULES.items()),
        ("key files", ", ".join(map(str, wide))),
    ]


def on_call(simulation: FlightSimulation) -> Sequence[tuple[str, str]]:
    alerts = simulation.settings.alerts
    assert alerts is not None
    assert alerts.on_call is not None
    problems = lint_schedule(alerts.on_call, running().wall_ns, frozenset(alerts.contacts))
    return [("the schedule of the next four weeks", "; ".join(map(str, problems)))]


def risks(simulation: FlightSimulation) -> Sequence[tuple[str, str]]:
    """What the system itself bounds; law and insurance are a person's word, and the file says so."""
    plan = simulation.plan
    trading = [(f"trading: at most {s.limits.capital} in {s.name}", "") for track in plan.tracks for s in track.stages]
    states = [executor.state for executor in simulation.trader.executors.values()]
    guarded = all(each.config.rules.guards for each in states)
    drilled_ = [(f"operation: drill {name}", "; ".join(drilled_once(*DRILLED[name]).failed())) for name in DRILLED]
    scene = [(f"technology: {each.name}", "; ".join(each.against())) for each in chaos_results(IS_WHOLE)]
    return [*trading, ("trading: guards are on", "" if guarded else "they are off"), *drilled_, *scene]


def team(simulation: FlightSimulation) -> Sequence[tuple[str, str]]:
    """Each person on call has answered a page, which is the first step of every runbook."""
    people = [each.by for each in _acknowledged(simulation)]
    return [(f"{name} acknowledged a page", "") for name in dict.fromkeys(people)]


def capital(simulation: FlightSimulation) -> Sequence[tuple[str, str]]:
    wanted = [s.limits.capital for track in simulation.plan.tracks for s in track.stages if s.limits.capital is not None]
    there = sum(user.opening for user in simulation.users)
    return [(f"the accounts hold {there} {'USDT'}; stages ask for {wanted or 'no more than the test network gives'}", "")]


def exits(simulation: FlightSimulation) -> Sequence[tuple[str, str]]:
    """Every strategy that comes with Fairway says how it ends a trade."""
    found = sorted(STRATEGIES.installed().plugins.items())
    return [(f"{name}: {plugin.summary}", "" if plugin.summary else "nothing is written down") for name, plugin in found]


def guide(simulation: FlightSimulation) -> Sequence[tuple[str, str]]:
    pages = "\n".join(path.read_text().lower() for path in (ROOT / "docs").rglob("*.md"))
    words = {"how to connect": "api key", "risk profiles": "profile", "what a breaker does": "breaker", "the fees": "fees"}
    return [(what, "" if word in pages else f"no page says {word}") for what, word in words.items()]


@cache
def _scanned() -> str:
    rules = "S102,S103,S301,S302,S306,S307,S312,S321,S323,S324,S501,S502,S503,S504,S505,S507,S508,S509,S602,S604,S605,S612"
    ruff = [str(Path(sys.executable).with_name("ruff")), "check", "--isolated", "--ignore-noqa", "--select", rules, "-q", "src"]
    found = subprocess.run(ruff, cwd=ROOT, capture_output=True, text=True, check=False)
    return found.stdout[:300] if found.returncode else ""


def security(simulation: FlightSimulation) -> Sequence[tuple[str, str]]:
    """What a scan of the source finds; an audit by people is not simulated."""
    return [("a scan of the source for insecure code", _scanned())]


def _acknowledged(simulation: FlightSimulation) -> list[PageSeen]:
    pages = [page_of(each) for each in simulation.alerting.service.state.incidents.by_id.values() if each.is_drill]
    return [each for each in pages if each.by]


def pages_answered(simulation: FlightSimulation) -> Sequence[tuple[str, str]]:
    """Who was paged, through which channel, and answered after how long."""
    return [
        (
            f"{each.by} was paged by {', '.join(each.sent)} and answered after {each.took_ns / SECOND:.0f} s",
            "" if each.took_ns <= 5 * MINUTE else "too late",
        )
        for each in _acknowledged(simulation)
    ]


@cache
def _tested() -> tuple[Path, str]:
    """The tests of money and of gates, really run, with the share of lines of `fairway.money` that they cover."""
    folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"fairway-flight-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    where = folder / "junit.xml"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "tests/pure/money",
        "-q",
        "-n",
        "0",
        "-p",
        "no:cacheprovider",
        f"--junitxml={where}",
    ]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return where, found.stdout[-300:]


def tests_run(folder: Path, release: str, now: int) -> Evidence:
    where, _ = _tested()
    return replace(imported_evidence(where, "tests"), made_at=now, release=release)
