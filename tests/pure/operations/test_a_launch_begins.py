"""A launch begins by the plan that was looked at and no other, by the pilot of the system that is up, or nothing has changed."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path
from threading import Event, Thread

import pytest

from fairway.assembly.system_status import ChildState, ChildStatus, SystemStatus, only_one, place_of, write_status
from fairway.cli import run
from fairway.cli.exits import ExitCode
from fairway.journal.sql import open_journal
from fairway.launch.control.command_inbox import PILOT_STREAM, launch_beside
from fairway.launch.control.launch_events import LaunchBegan
from fairway.launch.control.state import CODEC
from fairway.launch.plan.load import parse
from fairway.operations.actor import owner_of_machine
from fairway.operations.held_processes import PILOT, is_start_asked, take_start
from fairway.operations.launch.begin import BEGIN_LAUNCH, BeginLaunchOutcome, BeginLaunchRequest
from fairway.operations.launch.begin_files import (
    PlanDraft,
    RequestedBegin,
    keep_draft,
    pilot_plan,
    recent_begin,
    request_begin,
    why_no_plan,
)
from fairway.operations.launch.draft import DRAFT_PLAN, DraftPlanRequest
from fairway.operations.launch.start import START, StartLaunchRequest
from fairway.operations.operation import Call
from fairway.operations.perform import perform, preview
from fairway.operations.refusal import Refusal
from fairway.settings import Settings, load
from fairway.world.clock import MINUTE, SystemClock

PLAN = (files("fairway") / "plans" / "practice" / "first-hundred.yaml").read_text()
DIGEST = parse(PLAN).plan.digest
OTHER = PLAN.replace("author: you", "author: ben")
TEXT = """mode: practice
venue: {exchange: binance, url: http://127.0.0.1:9, key: env:KEY, secret: file:practice.secret}
symbols: [BTC/USDT]
strategy: {name: trend}
risk: {profile: moderate}
lease: true
up: {plan: plan.yaml}
"""
ANN = owner_of_machine("ann")


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KEY", "k")
    monkeypatch.setattr("fairway.operations.launch.begin.NAP_S", 0.01)
    (tmp_path / "practice.secret").write_text("s")
    (tmp_path / "bot.yaml").write_text(TEXT)
    return tmp_path / "bot.yaml"


def drafted(config: Path, text: str = PLAN) -> str:
    return perform(DRAFT_PLAN, Call(actor=ANN, request=DraftPlanRequest(config=config, text=text))).digest


def asked(config: Path, digest: str = DIGEST) -> Call[BeginLaunchRequest]:
    return Call(actor=ANN, request=BeginLaunchRequest(config=config, digest=digest, reason="a test"))


def begun(config: Path) -> BeginLaunchOutcome:
    return perform(BEGIN_LAUNCH, asked(config))


@contextmanager
def up(config: Path, then: Callable[[Settings], ChildState], state: ChildState = ChildState.IDLE) -> Iterator[None]:
    """A supervisor whose pilot is idle until its start is asked for; `then` is what the pilot does, and returns its state."""
    settings, clock, is_over = load(config), SystemClock(), Event()

    def kept(state: ChildState) -> None:
        child = ChildStatus(PILOT, state, clock.now(), said="ended with exit code 3" if state is ChildState.ENDED else "")
        write_status(place_of(settings), SystemStatus(0, 1, [child]))

    def supervise() -> None:
        while not is_over.wait(0.01):
            if take_start(settings, PILOT, clock.now()):
                kept(then(settings))

    with only_one(place_of(settings)):
        kept(state)
        thread = Thread(target=supervise)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()


def begins(settings: Settings, text: str = PLAN) -> ChildState:
    """What the pilot's first decision writes."""
    plan, by = parse(text).plan, recent_begin(settings)
    where = launch_beside(settings.journal)
    event = LaunchBegan(plan=plan.name, text=text, digest=plan.digest, release="r1", by=by.by if by is not None else "")
    with closing(open_journal(where, CODEC, mode=settings.mode, trader=settings.account, stream=PILOT_STREAM)) as journal:
        journal.append([event], account="", author="", at=SystemClock().now())
        journal.sync()
    return ChildState.READY


def ends(settings: Settings) -> ChildState:
    return ChildState.ENDED


def test_it_is_done_once_the_launchs_journal_says_that_it_was_begun_by_this_plan(config: Path) -> None:
    drafted(config)
    with up(config, begins):
        outcome = begun(config)
    assert (outcome.is_done, outcome.plan) == (True, "first-hundred")
    assert outcome.lines == (f"the launch of plan first-hundred ({DIGEST[:12]}) is begun, and the pilot flies it",)
    assert (config.parent / "plan.yaml").read_text() == PLAN
    found = recent_begin(load(config))
    assert found is not None
    assert (found.by, found.reason, found.digest) == ("ann", "a test", DIGEST)


def test_another_plan_that_was_begun_meanwhile_is_not_taken_for_it(config: Path) -> None:
    drafted(config)
    with up(config, lambda settings: begins(settings, OTHER)):
        outcome = begun(config)
    assert not outcome.is_done
    assert "another plan was begun meanwhile" in outcome.lines[0]


@pytest.mark.parametrize("before", ["", OTHER])
def test_a_pilot_that_ends_without_beginning_leaves_the_plans_file_as_it_was(config: Path, before: str) -> None:
    place = config.parent / "plan.yaml"
    if before:
        place.write_text(before)
    drafted(config)
    with up(config, ends, ChildState.ENDED):
        outcome = begun(config)
    assert not outcome.is_done
    assert outcome.lines == ("NOT BEGUN: the pilot ended with exit code 3; its last lines are where fairway up runs",)
    assert (place.read_text() if place.exists() else "") == before
    assert recent_begin(load(config)) is None


def test_a_supervisor_that_does_not_start_the_pilot_is_no_longer_asked_for_it(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fairway.operations.launch.begin.LOOKS_MAX", 3)
    drafted(config)
    settings = load(config)
    with only_one(place_of(settings)):
        write_status(place_of(settings), SystemStatus(0, 1, [ChildStatus(PILOT, ChildState.IDLE)]))
        outcome = begun(config)
    assert not outcome.is_done
    assert "the supervisor did not start the pilot" in outcome.lines[0]
    assert not is_start_asked(settings, PILOT)
    assert recent_begin(settings) is None
    assert not (config.parent / "plan.yaml").exists()


def test_the_preview_says_limits_approvals_findings_and_the_digest(config: Path) -> None:
    (config.parent / "plan.yaml").write_text(OTHER)
    drafted(config)
    with up(config, begins):
        details = preview(BEGIN_LAUNCH, asked(config)).details
    assert details[0] == f"plan first-hundred, written by you, digest {DIGEST}"
    assert details[1] == "paper: a practice exchange, no real money"
    assert details[2].startswith("main begins with practice; each account: capital 100 USDT, order value 100 USDT, positions 2")
    assert details[3:5] == (
        "main/practice is entered without an approval",
        "main/practice-100 needs the approval of 2 as owner (any person)",
    )
    assert details[5].startswith("the linter refuses nothing, and warns of 1: line 10: one person alone confirms after")
    assert details[-1] == f"the plan in {config.parent / 'plan.yaml'} is replaced"


def test_only_the_plan_that_was_looked_at_is_begun(config: Path) -> None:
    with up(config, begins):
        with pytest.raises(Refusal, match="no plan was checked"):
            begun(config)
        drafted(config, OTHER)
        with pytest.raises(Refusal, match=f"and you looked at {DIGEST[:12]}; check yours again"):
            begun(config)


def test_a_plan_that_the_linter_refuses_is_neither_drafted_nor_begun(config: Path) -> None:
    undecidable = PLAN.replace("strength: not_disproven, at_least_n: 10}", "strength: proven, at_least_n: 100000}")
    with pytest.raises(Refusal, match="is not launched: undecidable"):
        drafted(config, undecidable)
    keep_draft(load(config), PlanDraft(text=undecidable, digest="d"))
    with up(config, begins), pytest.raises(Refusal, match="is not launched: undecidable"):
        perform(BEGIN_LAUNCH, asked(config, "d"))
    assert not (config.parent / "plan.yaml").exists()


def test_a_launch_that_was_begun_is_given_up_first(config: Path) -> None:
    drafted(config)
    begins(load(config), OTHER)
    with up(config, begins), pytest.raises(Refusal, match=r"give that one up first:  fairway launch abort .* move .* away"):
        begun(config)


@pytest.mark.parametrize(
    ("state", "told"), [(ChildState.READY, "the pilot is ready"), (ChildState.CRASHED, "the pilot is crashed")]
)
def test_a_pilot_that_runs_or_is_started_again_is_not_asked(config: Path, state: ChildState, told: str) -> None:
    drafted(config)
    with up(config, begins, state), pytest.raises(Refusal, match=told):
        begun(config)


def test_where_no_supervisor_runs_nothing_is_written(config: Path) -> None:
    drafted(config)
    with pytest.raises(Refusal, match=r"no supervisor runs; start the system with  fairway up"):
        begun(config)
    assert not (config.parent / "plan.yaml").exists()
    assert recent_begin(load(config)) is None


def test_the_command_says_what_the_plan_is_about_before_it_asks(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = config.parent / "mine.yaml"
    place.write_text(PLAN)
    words = ["launch", "begin", str(config), str(place), "--reason", "a test", "--by", "ann"]
    assert run(words) == ExitCode.NO
    shown = capsys.readouterr()
    assert shown.out.splitlines()[0] == f"plan first-hundred, written by you, digest {DIGEST}"
    assert "no supervisor runs" in shown.err
    with up(config, begins):
        assert run(words) == ExitCode.OK
    assert capsys.readouterr().out.splitlines()[-1].endswith("is begun, and the pilot flies it")


def test_a_plan_that_comes_with_fairway_is_begun_by_the_pilot_itself(config: Path) -> None:
    config.write_text(TEXT.replace("plan.yaml", "beta"))
    drafted(config)
    assert pilot_plan(config, load(config)) == "beta"
    with up(config, begins), pytest.raises(Refusal, match=r"up\.plan names beta"):
        begun(config)


def test_a_pilot_is_idle_until_there_is_a_plan_or_a_launch(config: Path) -> None:
    settings, place = load(config), config.parent / "plan.yaml"
    assert why_no_plan(config, settings).startswith(f"no launch was begun yet, and there is no plan at {place}")
    place.write_text(PLAN)
    assert why_no_plan(config, settings) == ""
    place.unlink()
    begins(settings)
    assert why_no_plan(config, settings) == "", "the pilot itself says that its plan is gone"


def test_without_a_plan_in_the_configuration_the_pilot_begins_by_what_a_person_asked_for(config: Path) -> None:
    config.write_text(TEXT.replace("up: {plan: plan.yaml}\n", ""))
    settings, start = load(config), StartLaunchRequest(config=config)
    assert "`up.plan` names no plan" in why_no_plan(config, settings)
    with pytest.raises(Refusal, match="say which plan"):
        preview(START, Call(actor=ANN, request=start))
    asked_for(settings, SystemClock().now())
    assert why_no_plan(config, settings) == ""
    assert "issues leases by plan first-hundred" in preview(START, Call(actor=ANN, request=start)).effect


def test_what_was_asked_for_two_minutes_ago_begins_nothing(config: Path) -> None:
    config.write_text(TEXT.replace("up: {plan: plan.yaml}\n", ""))
    settings = load(config)
    asked_for(settings, SystemClock().now() - 2 * MINUTE)
    assert recent_begin(settings) is None
    assert why_no_plan(config, settings)
    begins(settings)
    assert why_no_plan(config, settings) == "", "a launch that was begun so goes on with the next start of the system"


def test_a_pilot_by_hand_is_left_to_the_hand(config: Path) -> None:
    """A second one beside it would crash on its lock."""
    config.write_text(TEXT.replace("up: {plan: plan.yaml}\n", ""))
    begins(load(config))
    assert why_no_plan(config, load(config))


def asked_for(settings: Settings, at: int) -> None:
    request_begin(settings, RequestedBegin(text=PLAN, digest=DIGEST, by="ann", reason="a test", at=at))
