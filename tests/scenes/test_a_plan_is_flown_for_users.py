"""A plan is flown for several users: up on evidence, held when the exchange misbehaves, back when the bot is worse, and up again.

Nobody sets a stage: people approve, and the exchange and the bot are spoiled; the rest is the pilot's.
"""

import io
import json
import re
from decimal import Decimal

import pytest
from rich.console import Console
from tests.scenes.short_launch import Lines, live

from fairway.assembly import CODEC
from fairway.cli.launch.demo import tell_end
from fairway.journal.kinds import EntryPlanned, LeaseAccepted
from fairway.journal.sql import open_reader
from fairway.launch.control.command_inbox import PILOT_STREAM
from fairway.launch.control.decision import replayed
from fairway.launch.control.launch_events import MessageDue, Reviewed
from fairway.launch.control.state import CODEC as LAUNCH_CODEC
from fairway.launch.observation.trader_projection import TraderProjection
from fairway.proving.launch_demo import LaunchRun, launch_result
from fairway.reports.launch_page import LaunchReport, launch_page_bytes, launch_report_of
from fairway.reports.launch_report import DecidedKind, LaunchResult, MarkKind
from fairway.reports.launch_summary import launch_summary_bytes
from fairway.risk.limits import TradingState
from fairway.world.clock import MINUTE

SCREEN = Lines()


@pytest.fixture(scope="module")
def flown(tmp_path_factory: pytest.TempPathFactory) -> LaunchRun:
    return live(5, tmp_path_factory.mktemp("launch"), SCREEN)


@pytest.fixture(scope="module")
def run(flown: LaunchRun) -> LaunchResult:
    return launch_result(flown)


@pytest.fixture(scope="module")
def report(run: LaunchResult) -> LaunchReport:
    return launch_report_of(run)


def test_it_goes_up_is_held_goes_back_and_up_again(run: LaunchResult) -> None:
    moves = [mark for mark in run.marks if mark.kind in (MarkKind.PROMOTED, MarkKind.DEMOTED)]
    kinds = [(mark.kind, mark.text.partition(":")[0]) for mark in moves]
    assert kinds == [
        (MarkKind.PROMOTED, "internal"),
        (MarkKind.PROMOTED, "limited"),
        (MarkKind.DEMOTED, "back to internal"),
        (MarkKind.PROMOTED, "limited"),
    ]
    assert "the gate harm fails: it does harm (HARM_PROVEN: " in moves[2].text
    maintained, failing_facts = (_staged(run, words) for words in ("closes for", "made worse"))
    contained = next(hold for hold in run.holds if hold.name == "contained" and hold.since > maintained)
    assert maintained < contained.since < contained.until < failing_facts < moves[2].at


def test_a_hold_revokes_the_lease_which_is_issued_again_afterwards(run: LaunchResult) -> None:
    contained = next(hold for hold in run.holds if hold.name == "contained")
    during = [value for at, value in run.allowed if contained.since <= at < contained.until]
    after = [value for at, value in run.allowed if contained.until <= at <= contained.until + 5 * MINUTE]
    assert during == [Decimal(0)]
    assert after == [value for at, value in run.allowed if at < contained.since][-1:]


def test_an_account_without_a_lease_enters_nothing(flown: LaunchRun) -> None:
    """Each entry is within a fresh lease of its account, and those who wait for a larger stage have none."""
    leases: dict[str, LeaseAccepted] = {}
    entered = set()
    with open_reader(flown.simulation.journal) as journal:
        for entry in journal.replay():
            event = CODEC.decode(entry)
            if isinstance(event, LeaseAccepted):
                leases[entry.account] = event
            elif isinstance(event, EntryPlanned):
                entered.add(entry.account)
                assert leases[entry.account].until > entry.at
                assert leases[entry.account].limits.state is TradingState.ACTIVE
    assert entered == {"ada", "ben", "cleo", "dan"}, "elsa finds no room, and leo is of the public"


def test_every_account_ties_out_with_the_exchange_to_the_last_digit(report: LaunchReport) -> None:
    assert [user.name for user, each in report.accounts if not each.tie.is_exact] == []
    assert sum(each.figures.trips for _, each in report.accounts) >= 40


def test_the_incident_is_told_of_the_account_that_it_befell(report: LaunchReport) -> None:
    launch_status = {
        user.name: [story.incident.kind.value for story in each.incidents] for user, each in report.accounts if each.incidents
    }
    assert launch_status == {"cleo": ["lost answer", "silent stream"]}


def test_the_decision_to_go_back_is_made_anew_to_the_same_bytes(flown: LaunchRun, run: LaunchResult) -> None:
    back = next(each for each in run.decisions if each.what.startswith("BACK"))
    with open_reader(flown.simulation.launch_journal, stream=PILOT_STREAM) as launch:
        own = list(launch.read())
    with open_reader(flown.simulation.journal) as journal:
        trader = list(journal.replay())
    done = replayed(back.number, own, trader, flown.simulation.said, lambda began: flown.simulation.plan, TraderProjection())
    assert done.differs == ""


def test_whoever_is_to_be_told_is_told_of_each_stage_and_each_incident_once(flown: LaunchRun) -> None:
    with open_reader(flown.simulation.launch_journal, stream=PILOT_STREAM) as launch:
        launch_status = [event for record in launch.read() if isinstance(event := LAUNCH_CODEC.decode(record), MessageDue)]
    stages = [each.about for each in launch_status if each.subject is None]
    assert stages == ["entered main/internal", "entered main/limited", "demoted main/internal", "entered main/limited"]
    incidents = [(each.subject, each.since) for each in launch_status if each.subject is not None]
    assert incidents
    assert len(incidents) == len(set(incidents))


def test_an_approval_is_the_review_that_a_stage_asks_for(flown: LaunchRun) -> None:
    """Nobody in the cast reviews; what they approve is promoted all the same, since the last of them has just looked."""
    with open_reader(flown.simulation.launch_journal, stream=PILOT_STREAM) as launch:
        looked = [event.by for record in launch.read() if isinstance(event := LAUNCH_CODEC.decode(record), Reviewed)]
    assert {"olga", "ravi"} <= set(looked)


def test_the_terminal_tells_the_story(flown: LaunchRun) -> None:
    told_lines = "\n".join(SCREEN.lines)
    for words in (
        "stage limited is entered",
        "The exchange closes",
        "! held: how",
        "BACK to stage internal",
        "mended",
        "! cleo:",
    ):
        assert words in told_lines
    assert SCREEN.shown[-1].stage == 1
    assert {each.profile for each in SCREEN.shown[-1].profiles} == {"conservative", "moderate", "aggressive"}


def test_the_page_stands_alone_and_shows_all_on_one_axis(report: LaunchReport) -> None:
    page = launch_page_bytes(report).decode()
    assert page == launch_page_bytes(report).decode()
    assert "http" not in page.replace("http-equiv", "")
    assert page.count("<svg") == 2
    for words in (
        "Gates",
        "Alerts",
        "Limits in force",
        "Worth of each profile",
        "BACK to stage internal",
        "lease revoked",
        "tie out",
    ):
        assert words in page


def test_the_summary_has_it_in_figures(report: LaunchReport) -> None:
    summary = json.loads(launch_summary_bytes(report))
    assert [each["name"] for each in summary["stages"]] == ["internal", "limited", "internal", "limited"]
    assert all(user["ties_out"] for user in summary["users"])
    assert summary["users"][-1]["let_in_at"] is None
    severities = {each["severity"] for each in summary["alerts"]}
    assert severities
    assert severities <= {"P0", "P1", "P2"}


def _staged(run: LaunchResult, words: str) -> int:
    return next(mark.at for mark in run.marks if mark.kind is MarkKind.STAGED and words in mark.text)


def test_holds_of_one_kind_are_one_row_and_none_stands_among_the_decisions(run: LaunchResult, report: LaunchReport) -> None:
    page = launch_page_bytes(report).decode()
    shown = [int(times) for times in re.findall(r'<td class="num">(\d+) ×</td>', page)]
    assert len(shown) == len({(hold.of, hold.name) for hold in run.holds}) < len(run.holds)
    assert sum(shown) == len(run.holds)
    decisions = page.partition('aria-label="Decisions"')[2].partition("</table>")[0]
    assert decisions.count("<tr>") == 1 + sum(each.kind not in (DecidedKind.HELD, DecidedKind.RELEASED) for each in run.decisions)


def test_the_end_in_a_terminal_is_short_and_its_headline_stands_last(
    flown: LaunchRun, run: LaunchResult, report: LaunchReport
) -> None:
    shown = io.StringIO()
    console = Console(file=shown, width=80, force_terminal=False)
    tell_end(report, flown.options, console)
    lines = [line for line in shown.getvalue().splitlines() if line.strip()]
    assert len(lines) < 40
    last = " ".join(lines[-8:])
    assert last.index("was promoted") < last.index(f"Next stage: {run.next_stage.split()[0]}") < last.index("tie out")
    assert "tie out" in lines[-1]
