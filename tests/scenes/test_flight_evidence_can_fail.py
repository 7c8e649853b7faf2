"""For each item of a flight a defect is planted, and what is shown for it then speaks against it."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from tests.prove.size import IS_WHOLE
from tests.scenes import flight_evidence, flight_looks
from tests.scenes.flight_evidence import Producers, drilled, evidence_of_tests
from tests.scenes.flight_looks import LOOKS, risks, tickets_answered

from fairway.alerting.on_call import OnCallSchedule, Rotation
from fairway.incidents.runbooks.library import shipped_runbooks
from fairway.incidents.tickets import Ticket
from fairway.launch.evidence.model import Rank
from fairway.money.fraction import Fraction
from fairway.operations.drills.pager import PageSeen
from fairway.people.roles import RULES, ActReach, UserAct, UserRole
from fairway.proving.evidence_flight import FlightSimulation
from fairway.risk.guards.rules import GuardRules
from fairway.trading.account.limits import AccountLimits
from fairway.world import loop as simulated
from fairway.world.clock import DAY, HOUR, MINUTE, datetime_of
from fairway.world.loop import EPOCH_NS

GUARDS = GuardRules(daily_loss=Fraction.parse("5 %"), drawdown=Fraction.parse("10 %"))
PAGED = PageSeen(0, ("phone",), "anna", MINUTE)


class Flight:
    """What looks read of a simulation, sound as it is made; `journal`'s folder is real."""

    def __init__(self, folder: Path) -> None:
        (folder / "journal.drills.key").write_text("00")
        (folder / "journal.drills.key").chmod(0o600)
        self.journal = folder / "journal"
        self.guards = GUARDS
        self.worth: Any = SimpleNamespace(value=100)
        self.capital: Any = 1
        self.users = [SimpleNamespace(name="ada", opening=10_000)]
        begins = datetime_of(EPOCH_NS - 7 * DAY).date()
        self.schedule = OnCallSchedule(rotations=(Rotation(people=("anna",), begins=begins),))
        self.tickets = [ticket(HOUR)]

    @property
    def seen(self) -> FlightSimulation:
        state = SimpleNamespace(config=SimpleNamespace(rules=SimpleNamespace(guards=self.guards)), worth=lambda: self.worth)
        stage = SimpleNamespace(name="one", is_real=True, capital=self.capital)
        known = {each.id: each for each in self.tickets}
        incidents = SimpleNamespace(tickets=SimpleNamespace(by_id=known), by_id={})
        service = SimpleNamespace(rules={}, state=SimpleNamespace(incidents=incidents))
        made = SimpleNamespace(
            journal=self.journal,
            users=self.users,
            settings=SimpleNamespace(alerts=SimpleNamespace(on_call=self.schedule, contacts={"anna": {}})),
            plan=SimpleNamespace(tracks=[SimpleNamespace(stages=[stage])]),
            trader=SimpleNamespace(executors={"ada": SimpleNamespace(state=state)}),
            alerting=SimpleNamespace(service=service),
        )
        return cast(FlightSimulation, made)


def ticket(after_ns: int, *, is_critical: bool = True) -> Ticket:
    within = 2 * HOUR if is_critical else DAY
    return Ticket(
        id="T-1",
        user="ada",
        subject="no orders",
        text="?",
        is_critical=is_critical,
        opened_at=1,
        answered_at=1 + after_ns,
        answer_within=within,
    )


SOUND = SimpleNamespace(failed=set, why="")
BROKEN = SimpleNamespace(failed=lambda: {"stops stay at the venue"}, why="")
UNDECIDED = SimpleNamespace(failed=set, why="DrillNotObserved: no lease")
ALL = {**LOOKS, "risk-assessment": risks({"kill-drill": cast(Any, SOUND)}, ()), "support": tickets_answered}


def wrong(claim: str, flight: Flight, look: Callable[..., Any] | None = None) -> list[str]:
    """What a look finds wrong; a look that finds nothing at all shows nothing."""

    async def looked() -> list[tuple[str, str]]:
        return list((look or ALL[claim])(flight.seen))

    found = simulated.run(looked, seed=1)
    return [what for _, what in found if what] if found else ["there is nothing to sign"]


def wide_key(flight: Flight, soil: pytest.MonkeyPatch) -> None:
    (flight.journal.parent / "journal.drills.key").chmod(0o644)


def no_key(flight: Flight, soil: pytest.MonkeyPatch) -> None:
    (flight.journal.parent / "journal.drills.key").unlink()


def support_may_trade(flight: Flight, soil: pytest.MonkeyPatch) -> None:
    soil.setitem(RULES[UserRole.SUPPORT], UserAct.TRADE, ActReach.ALL)


def a_runbook_of_an_unknown_command(flight: Flight, soil: pytest.MonkeyPatch) -> None:
    name, first = next(iter(shipped_runbooks().items()))
    steps = (first.runbook.steps[0].model_copy(update={"operation": "", "run": "fairway fly"}),)
    broken = replace(first, runbook=first.runbook.model_copy(update={"steps": steps}))
    soil.setattr(flight_looks, "shipped_runbooks", lambda: {name: broken})


def the_rotation_begins_late(flight: Flight, soil: pytest.MonkeyPatch) -> None:
    begins = datetime_of(EPOCH_NS + 100 * DAY).date()
    flight.schedule = OnCallSchedule(rotations=(Rotation(people=("anna",), begins=begins),))


def no_person_has_acknowledged(flight: Flight, soil: pytest.MonkeyPatch) -> None:
    soil.setattr(flight_looks, "acknowledged", lambda simulation: [])


def acknowledged_late(flight: Flight, soil: pytest.MonkeyPatch) -> None:
    soil.setattr(flight_looks, "acknowledged", lambda simulation: [PageSeen(0, ("phone",), "anna", 6 * MINUTE)])


def another_person_has(flight: Flight, soil: pytest.MonkeyPatch) -> None:
    soil.setattr(flight_looks, "acknowledged", lambda simulation: [PageSeen(0, ("phone",), "ben", MINUTE)])


def insecure_code(flight: Flight, soil: pytest.MonkeyPatch) -> None:
    (flight.journal.parent / "src").mkdir()
    (flight.journal.parent / "src" / "bad.py").write_text("import pickle\n\npickle.loads(b'')\n")
    soil.setattr(flight_looks, "ROOT", flight.journal.parent)


def changed(**what: Any) -> Callable[[Flight, pytest.MonkeyPatch], None]:
    def plant(flight: Flight, soil: pytest.MonkeyPatch) -> None:
        for name, value in what.items():
            setattr(flight, name, value)

    return plant


def without_pages(flight: Flight, soil: pytest.MonkeyPatch) -> None:
    soil.setattr(flight_looks, "ROOT", flight.journal.parent)


def a_strategy_that_never_says(flight: Flight, soil: pytest.MonkeyPatch) -> None:
    soil.setattr(flight_looks, "strategies", lambda: {"mine": "Buys"})


DEFECTS: Mapping[str, Callable[[Flight, pytest.MonkeyPatch], None]] = {
    "runbooks: a step of a command that is none": a_runbook_of_an_unknown_command,
    "access: others may read a key": wide_key,
    "access: there is no key to look at": no_key,
    "access: support may let accounts trade": support_may_trade,
    "oncall: the rotation begins later": the_rotation_begins_late,
    "team: no person has acknowledged a page": no_person_has_acknowledged,
    "team: another person has than the one on call": another_person_has,
    "emergency-contact: no page was acknowledged": no_person_has_acknowledged,
    "emergency-contact: after six minutes": acknowledged_late,
    "capital: an account is worth nothing": changed(worth=SimpleNamespace(value=0)),
    "capital: what an account is worth is unknown": changed(worth=None),
    "capital: there is no account": changed(users=[]),
    "exits: a strategy does not say what ends a trade": a_strategy_that_never_says,
    "guide: the pages are gone": without_pages,
    "security: a scan finds insecure code": insecure_code,
    "risk-assessment: a guard of losses is off": changed(guards=GuardRules()),
    "risk-assessment: a real stage has no capital": changed(capital=None),
    "support: a critical ticket waits three hours": changed(tickets=[ticket(3 * HOUR)]),
    "support: another one waits a day and more": changed(tickets=[ticket(25 * HOUR, is_critical=False)]),
    "support: there is no ticket": changed(tickets=[]),
}


def test_of_each_item_that_a_person_signs_a_sound_flight_has_nothing_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flight_looks, "acknowledged", lambda simulation: [PAGED])
    assert {claim: wrong(claim, Flight(tmp_path)) for claim in ALL} == {claim: [] for claim in ALL}
    assert {name.partition(":")[0] for name in DEFECTS} == set(ALL), "and a defect is planted for each"


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_found(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flight_looks, "acknowledged", lambda simulation: [PAGED])
    flight = Flight(tmp_path)
    DEFECTS[name](flight, monkeypatch)
    assert wrong(name.partition(":")[0], flight) != []


@pytest.mark.parametrize("drill", [BROKEN, UNDECIDED], ids=["a step failed", "it was not carried out"])
def test_a_drill_that_fails_is_a_risk(drill: object, tmp_path: Path) -> None:
    assert wrong("", Flight(tmp_path), risks({"kill-drill": cast(Any, drill)}, ())) != []


def test_what_is_wrong_makes_the_signed_file_speak_against_its_item(tmp_path: Path) -> None:
    """And what only a person can know stands in it."""
    producers = Producers.__new__(Producers)
    producers._folder = tmp_path
    against = producers._signed("capital", [("ada", "nothing")], 1)
    assert not against.holds
    assert producers._signed("capital", [("ada", "")], 1).holds
    assert "a simulated person's word: that the risk committee" in (tmp_path / "capital.txt").read_text()
    assert flight_evidence.shown_by(against) == "attested by omar (simulated)"


# -- machines and drills -----------------------------------------------------------------------------------------------


def a_room(folder: Path, tests: str) -> Path:
    """A project with one room `pots`, whose module has ten lines."""
    (folder / "src" / "fairway" / "pots").mkdir(parents=True)
    (folder / "tests" / "pure" / "pots").mkdir(parents=True)
    lines = "".join(f"    if number == {each}:\n        return {each + 1}\n" for each in range(5))
    (folder / "src" / "fairway" / "pots" / "module.py").write_text(f"def more(number):\n{lines}    return 0\n")
    name = folder / "src" / "fairway" / "pots"
    where = f"import sys\n\nsys.path.insert(0, {str(name)!r})\nfrom module import more\n\n\n"
    (folder / "tests" / "pure" / "pots" / "test_module.py").write_text(where + tests)
    return folder


WHOLE = "def test_more():\n    assert [more(each) for each in range(6)] == [1, 2, 3, 4, 5, 0]\n"
FAILING = WHOLE + "\n\ndef test_none():\n    assert more(0) == 0\n"
THIN = "def test_more():\n    assert more(0) == 1\n"


RUNS = {
    "a quarter is covered": (THIN, False, "25 % of lines"),
    "a test fails": (FAILING, False, "1 did not pass"),
    "sound": (WHOLE, True, "100 % of lines"),
}
FEW = ("a quarter is covered",)


@pytest.mark.parametrize(("tests", "holds", "says"), [pytest.param(*RUNS[name], id=name) for name in (RUNS if IS_WHOLE else FEW)])
def test_tests_that_fail_or_cover_too_little_are_evidence_against(tests: str, holds: bool, says: str, tmp_path: Path) -> None:
    found = evidence_of_tests("tests", "r1", 5, ("pots",), a_room(tmp_path, tests))
    assert (found.holds, found.rank, found.release) == (holds, Rank.MACHINE_ARTIFACT, "r1")
    assert says in found.why, found.why


def test_a_drill_is_carried_out_when_it_is_asked_for_on_the_release_that_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also from within another simulated world, whose time does not go on meanwhile."""
    seen = []

    async def asked() -> None:
        await asyncio.sleep(3)
        at = simulated.running().wall_ns
        seen.append((at, drilled("pilot-death", "release-7", at)))
        assert simulated.running().wall_ns == at

    simulated.run(asked, seed=1)
    [(at, sound)] = seen
    assert (sound.holds, sound.release, sound.made_at) == (True, "release-7", at)
    if not IS_WHOLE:
        return
    monkeypatch.setattr(AccountLimits, "lacks_lease", lambda self, now: False)
    assert not drilled("pilot-death", "release-7", at).holds
