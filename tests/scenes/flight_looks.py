"""What a person of a flight looks at before they sign for an item: each finding, and what is wrong about it.

A look returns pairs of a finding and what is wrong about it, "" where nothing is; no pair where there is nothing to sign yet.
`test_flight_evidence_can_fail` plants a defect for each. What none of them can see is named in `UNSEEN`, and is a person's word.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.scenes.drilled_harness import CarriedOut

from fairway.alerting.on_call import lint_schedule, on_call_at
from fairway.cli.runbook import facts
from fairway.incidents.runbooks.library import shipped_runbooks
from fairway.incidents.runbooks.lint import lint_runbook
from fairway.operations.drills.pager import PageSeen, page_of
from fairway.people.roles import RULES, ActReach, UserAct, UserRole
from fairway.proving.chaos.result import SceneResult
from fairway.proving.evidence_flight import FlightSimulation
from fairway.proving.launched import QUOTE
from fairway.strategies.api import KIND as STRATEGIES
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND
from fairway.world.loop import running
from fairway.world.private import wide

ROOT = Path(__file__).parents[2]
Findings = Sequence[tuple[str, str]]
Look = Callable[[FlightSimulation], Findings]

UNSEEN: Final[Mapping[str, str]] = {
    "runbooks": "that each command was carried out: they are only checked to exist",
    "access": "who is in the building, and who knows which password",
    "risk-assessment": "the risks of law and insurance",
    "team": "that each of the team has carried out a whole runbook",
    "capital": "that the risk committee has allotted it",
    "security": "an audit by people",
    "support": "the people of a support group: two tickets are answered by one simulated person",
    "soak-24h": "a real market, and the speed and memory of a real program",
    "emergency-contact": "a telephone call",
}
"""By item, what only a person can know; a simulated person signs for it."""


def runbooks(simulation: FlightSimulation) -> Findings:
    """Every step of every runbook names a command or an operation that exists. None is carried out."""
    rules = tuple(simulation.alerting.service.rules.values())
    return [
        (f"runbook {each.runbook.runbook}", "; ".join(str(problem) for problem in lint_runbook(each, facts(), rules=rules)))
        for each in shipped_runbooks().values()
    ]


def access(simulation: FlightSimulation) -> Findings:
    """Who may raise exposure or govern, by the table of roles; and that only their owner reads the files of keys and journals."""
    files = sorted(simulation.journal.parent.glob("*.key"))
    strong = (UserAct.GOVERN, UserAct.LAUNCH, UserAct.TRADE)
    reach = {role.value: [act.value for act in strong if RULES[role][act] is ActReach.ALL] for role in UserRole}
    return [
        *((f"{role} may for all: {', '.join(acts) or 'none of it'}", _too_wide(role, acts)) for role, acts in reach.items()),
        ("files of keys", ", ".join(map(str, wide(files))) if files else "there is none, so nothing was looked at"),
    ]


def _too_wide(role: str, acts: Sequence[str]) -> str:
    return "" if role == UserRole.ADMIN.value or not acts else "only an administrator may"


def on_call(simulation: FlightSimulation) -> Findings:
    alerts = simulation.settings.alerts
    assert alerts is not None
    assert alerts.on_call is not None
    problems = lint_schedule(alerts.on_call, running().wall_ns, frozenset(alerts.contacts))
    return [("the schedule of the next four weeks", "; ".join(map(str, problems)))]


def risks(drills: Mapping[str, CarriedOut], scenes: Sequence[SceneResult]) -> Look:
    """What the system itself bounds. The file says that law and insurance were not looked at."""

    def look(simulation: FlightSimulation) -> Findings:
        stages = [stage for track in simulation.plan.tracks for stage in track.stages]
        unbounded = [s.name for s in stages if s.is_real and s.capital is None]
        guards = [executor.state.config.rules.guards for executor in simulation.trader.executors.values()]
        are_on = bool(guards) and all(each.daily_loss is not None and each.drawdown is not None for each in guards)
        return [
            ("trading: each live stage bounds its capital", ", ".join(unbounded)),
            ("trading: guards of losses are on in each account", "" if are_on else "they are off"),
            *((f"operation: drill {name}", "; ".join(each.failed()) or each.why) for name, each in drills.items()),
            *((f"technology: {each.name}", "; ".join(each.against())) for each in scenes),
        ]

    return look


def team(simulation: FlightSimulation) -> Findings:
    """The person who is on call now has acknowledged a page in this flight, which is the first step of every runbook."""
    alerts = simulation.settings.alerts
    assert alerts is not None
    assert alerts.on_call is not None
    now = on_call_at(alerts.on_call, running().wall_ns)
    answered = {each.by for each in acknowledged(simulation)}
    return [(f"{now or 'no person'}, on call now, acknowledged a page", "" if now in answered else "no page was acknowledged")]


def capital(simulation: FlightSimulation) -> Findings:
    """Each account holds at the exchange what its user was said to have, and something at all."""
    found = []
    for user in simulation.users:
        worth = simulation.trader.executors[user.name].state.worth()
        lacks = worth is None or worth.value <= 0 or user.opening <= 0
        found.append((f"{user.name} opened with {user.opening / 100:.2f} {QUOTE}, worth {worth} now", "nothing" if lacks else ""))
    return found or [("accounts", "there is none")]


ENDS: Final = re.compile(r"\b(stop|ends|closed)\b")


def exits(simulation: FlightSimulation) -> Findings:
    """Every strategy that is installed says in its summary or by a setting what ends a trade."""
    return [
        (f"{name}: {said}", "" if ENDS.search(said) else "no word says what ends a trade") for name, said in strategies().items()
    ]


def strategies() -> Mapping[str, str]:
    """By name, the summary and what the settings are said to do."""
    return {
        name: "; ".join([plugin.summary, *(each.description or "" for each in plugin.settings.model_fields.values())])
        for name, plugin in sorted(STRATEGIES.installed().plugins.items())
    }


GUIDE: Final[Mapping[str, tuple[str, str]]] = {
    "how to connect": ("how-to/manage-users-and-accounts.md", "## Keys"),
    "risk profiles": ("reference/guards.md", "## Profiles"),
    "what a breaker does": ("reference/guards.md", "## Breakers"),
    "the fees": ("reference/report.md", "fees"),
}
"""By what users can read, the page and what stands in it."""


def guide(simulation: FlightSimulation) -> Findings:
    """The page of each subject is there, and has its heading or word."""
    found = []
    for what, (name, words) in GUIDE.items():
        page = ROOT / "docs" / name
        found.append((f"{what}: docs/{name}", "" if page.is_file() and words in page.read_text() else f"no page has {words!r}"))
    return found


RULES_OF_SCAN: Final = (
    "S102,S103,S301,S302,S306,S307,S312,S321,S323,S324,S501,S502,S503,S504,S505,S507,S508,S509,S602,S604,S605,S612"
)


def security(simulation: FlightSimulation) -> Findings:
    """What a scan of the source finds."""
    ruff = [
        str(Path(sys.executable).with_name("ruff")),
        "check",
        "--isolated",
        "--ignore-noqa",
        "--select",
        RULES_OF_SCAN,
        "-q",
        "src",
    ]
    found = subprocess.run(ruff, cwd=ROOT, capture_output=True, text=True, check=False)
    return [("a scan of the source for insecure code", found.stdout[:300] or found.stderr[:300] if found.returncode else "")]


def pages_answered(simulation: FlightSimulation) -> Findings:
    """Who was paged, through which channel, and answered after how long; nothing to sign before the first page."""
    return [
        (
            f"{each.by} was paged by {', '.join(each.sent)} and answered after {each.took_ns / SECOND:.0f} s",
            "" if each.took_ns <= 5 * MINUTE else "too late",
        )
        for each in acknowledged(simulation)
    ]


def acknowledged(simulation: FlightSimulation) -> list[PageSeen]:
    """The drills of pages in this flight that a person answered."""
    pages = [page_of(each) for each in simulation.alerting.service.state.incidents.by_id.values() if each.is_drill]
    return [each for each in pages if each.by]


def tickets_answered(simulation: FlightSimulation) -> Findings:
    """Each ticket was answered within 2 h where it is critical, and within 24 h else."""
    tickets = simulation.alerting.service.state.incidents.tickets.by_id.values()
    return [
        (f"{each.id} {each.subject}", _late(each.opened_at, each.answered_at, 2 * HOUR if each.is_critical else DAY))
        for each in tickets
    ] or [("tickets", "there is none")]


def _late(opened_at: int, answered_at: int, within_ns: int) -> str:
    if not answered_at:
        return "no answer"
    return "" if answered_at - opened_at <= within_ns else "too late"


LOOKS: Final[Mapping[str, Look]] = {
    "runbooks": runbooks,
    "access": access,
    "oncall": on_call,
    "team": team,
    "capital": capital,
    "exits": exits,
    "guide": guide,
    "security": security,
    "emergency-contact": pages_answered,
}
"""By item. The risk assessment needs the drills besides: `risks`."""
