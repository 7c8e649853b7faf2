"""What the trader does with its own weakness, and with what people tell it: caps, lifted by whom they name."""

from tests.ids import RUN
from tests.pure.trading.test_step import ENTER, Scene, kinds
from tests.pure.trading.test_step_under_faults import refusals

from fairway.journal.commands import Instruction, IssueLease, LiftCap, Pause, StopEveryone
from fairway.journal.kinds import CapLifted, CapRaised, InstructionTaken, LeaseAccepted, TraderStopped
from fairway.risk.limits import NO_LIMITS, Limits, TradingState
from fairway.trading.event_mapping import hold
from fairway.trading.inputs import (
    AccountsFailing,
    AccountStarted,
    CommandReceived,
    JournalFailed,
    JournalRecovered,
    Tick,
    TotalLossReached,
)
from fairway.world.clock import HOUR, MINUTE, SECOND

SYMBOL = "BTC/USDT"
STARTED = AccountStarted(release="test", venue="test", strategy="told", run=RUN)


def told(scene: Scene, number: int, instruction: Instruction) -> list[str]:
    """Why each instruction that was read was refused, "" where it was obeyed."""
    events = scene.news(CommandReceived(number, "ann", instruction)).events
    return [event.refused for event in events if isinstance(event, InstructionTaken)]


def leased() -> Scene:
    """An account state that opens positions only while it has a lease to."""
    return Scene(needs_lease=True)


def grant(scene: Scene, number: int, *, epoch: int = 1, for_ns: int = 10 * MINUTE, limits: Limits = NO_LIMITS) -> list[str]:
    return told(scene, number, IssueLease(reason="a rehearsal", epoch=epoch, until=scene.now + for_ns, limits=limits))


def test_nothing_is_opened_that_could_not_be_remembered() -> None:
    """A journal that fails is one cap, raised once; what is held is protected all the same, and it ends by itself."""
    scene = Scene()
    raised = [event for _ in range(2) for event in scene.news(JournalFailed("no space left")).events]
    assert [event.cap.id for event in raised if isinstance(event, CapRaised)] == ["journal"]
    assert refusals(scene.wish(ENTER)) == ["STATE_REDUCE_ONLY: no space left"]
    assert [type(event) for event in scene.news(JournalRecovered()).events] == [CapLifted]
    assert kinds(scene.wish(ENTER).commands) == ["Place"]


def test_a_start_trusts_the_journal_that_it_was_just_written_to() -> None:
    """A cap that was journaled when writing had become possible again, for a moment, does not stay for ever."""
    scene = Scene()
    scene.news(JournalFailed("locked"))
    scene.news(STARTED)
    assert "journal" not in scene.state.limits.caps


def test_without_a_lease_nothing_is_opened() -> None:
    """Authority is leased: before the first one there is none."""
    scene = leased()
    assert refusals(scene.wish(ENTER)) == ["STATE_REDUCE_ONLY: no lease has been issued yet"]


def test_a_lease_ends_by_itself_to_the_nanosecond() -> None:
    """Silence means reduce-only, even where no tick came in between."""
    for spared, commands in ((1, ["Place"]), (0, [])):
        scene = leased()
        assert grant(scene, 1, for_ns=5 * SECOND) == [""]
        assert scene.state.limits.lease is not None
        scene.now = scene.state.limits.lease.until - spared
        scene.quote("100.00", "100.02")
        assert kinds(scene.wish(ENTER).commands) == commands


def test_a_lease_that_ran_out_is_told_once_and_can_be_renewed() -> None:
    """By whoever granted it: with the same epoch or a later one."""
    scene = leased()
    grant(scene, 1)
    ends = [event for _ in range(3) for event in scene.news(Tick(), after=10 * MINUTE).events]
    assert [event.cap.reason for event in ends if isinstance(event, CapRaised)] == ["the lease has run out and was not renewed"]
    assert grant(scene, 2) == [""]
    assert scene.state.limits.of(SYMBOL).state is TradingState.ACTIVE


def test_a_clock_that_is_set_back_makes_no_lease_longer() -> None:
    """Before its own beginning a lease is worth nothing."""
    scene = leased()
    grant(scene, 1)
    scene.news(Tick(), after=-HOUR)
    assert scene.state.limits.of(SYMBOL).state is TradingState.REDUCE_ONLY


def test_an_older_pilot_is_fenced() -> None:
    """A lease of a lower epoch comes from one that was replaced."""
    scene = leased()
    grant(scene, 1, epoch=7)
    assert grant(scene, 2, epoch=6, for_ns=HOUR) == ["LEASE_FENCED: epoch=6 last=7"]
    assert scene.state.limits.lease is not None
    assert scene.state.limits.lease.epoch == 7


def test_a_lease_that_is_read_too_late_is_none() -> None:
    """It lay in the command inbox while nobody traded."""
    scene = leased()
    assert grant(scene, 1, for_ns=0) == ["LEASE_OVER: it ended before it was read"]
    assert scene.state.limits.lease is None


def test_a_lease_brings_its_limits() -> None:
    """The tightest of all caps counts, so a wide lease widens nothing."""
    scene = leased()
    grant(scene, 1, limits=Limits(positions=1))
    assert scene.state.limits.of(SYMBOL).positions == 1
    told(scene, 2, Pause(reason="lunch"))
    grant(scene, 3)
    assert scene.state.limits.of(SYMBOL).state is TradingState.REDUCE_ONLY


def test_a_pause_keeps_positions_protected_and_is_lifted_by_a_person() -> None:
    """No new positions; everything else goes on."""
    scene = Scene()
    assert told(scene, 1, Pause(reason="lunch")) == [""]
    assert refusals(scene.wish(ENTER)) == ["STATE_REDUCE_ONLY: paused by ann: lunch"]
    assert told(scene, 2, LiftCap(reason="back", cap_id="paused")) == [""]
    assert kinds(scene.wish(ENTER).commands) == ["Place"]


def test_an_instruction_is_obeyed_once() -> None:
    """It is read again after a restart, and after each reading that was cut short."""
    scene = Scene()
    told(scene, 1, Pause(reason="lunch"))
    told(scene, 2, LiftCap(reason="back", cap_id="paused"))
    assert told(scene, 1, Pause(reason="lunch")) == []
    assert scene.state.limits.caps == {}


def test_an_instruction_for_another_account_is_none_of_ours() -> None:
    """One command inbox serves all accounts of a trader."""
    scene = Scene()
    assert told(scene, 1, Pause(reason="lunch", account="bob")) == []
    assert scene.state.limits.caps == {}


def test_only_what_a_person_may_lift_is_lifted() -> None:
    """A kill ends by `fairway resume` alone, a precaution when its reason is gone, and an unknown cap is told."""
    scene = Scene()
    scene.news(JournalFailed("locked"))
    assert told(scene, 1, LiftCap(reason="?", cap_id="journal")) == ["CAP_NOT_YOURS: cap=journal lifting=by itself"]
    assert told(scene, 2, LiftCap(reason="?", cap_id="moon")) == ["CAP_UNKNOWN: cap=moon"]
    for event in hold(scene.state, SYMBOL, "sell it by hand", scene.now):
        scene.state.apply(event, scene.now)
    assert told(scene, 3, LiftCap(reason="sold", cap_id=f"held {SYMBOL}")) == [""]
    assert list(scene.state.limits.caps) == ["journal"]


def test_what_people_said_survives_a_restart() -> None:
    """Pause and lease are events: a replay leads to the same state."""
    scene = leased()
    grant(scene, 1)
    told(scene, 2, Pause(reason="lunch"))
    again = scene.replayed()
    assert again.limits.caps == scene.state.limits.caps
    assert again.limits.lease == scene.state.limits.lease
    assert again.limits.last_command == 2
    assert any(isinstance(event, LeaseAccepted) for event, _ in scene.journal)
    assert again.limits.lacks_lease(scene.now + 9 * MINUTE + 59 * SECOND) is False


def test_a_trader_that_keeps_crashing_opens_nothing_until_a_person_has_looked() -> None:
    """Five crashes in ten minutes are forgiven; with the sixth start it only protects and closes."""
    scene = Scene()
    for start in range(2, 7):
        assert scene.state.limits.of(SYMBOL).state is TradingState.ACTIVE, start
        scene.news(STARTED, after=MINUTE)
    assert [cap.id for cap in scene.state.limits.caps.values()] == ["crash loop"]
    assert told(scene, 1, LiftCap(reason="a full disk; mended", cap_id="crash loop")) == [""]


def test_starts_that_are_far_apart_or_ended_in_order_are_no_crash_loop() -> None:
    """A bot that is restarted once an hour, or by a person who stops it each time, is left in peace."""
    for pause, stops in ((3 * MINUTE, False), (MINUTE, True)):
        scene = Scene()
        for _ in range(8):
            if stops:
                scene.state.apply(TraderStopped(why="stopped", protective_orders=0), scene.now)
            scene.news(STARTED, after=pause)
        assert scene.state.limits.caps == {}


def test_what_all_have_lost_stops_everybody_until_a_person_lifts_it() -> None:
    """One cap, of which the first reason stays; lifted, the account's own part is counted from there."""
    scene = Scene()
    for lost in ("101", "102"):
        scene.news(TotalLossReached(f"LOSS_TOTAL: lost={lost} limit=100 USDT"))
    assert refusals(scene.wish(ENTER)) == ["STATE_REDUCE_ONLY: LOSS_TOTAL: lost=101 limit=100 USDT"]
    scene.state.guards.stage_loss.stage = "beta/internal 1"
    assert told(scene, 1, LiftCap(reason="agreed with all", cap_id="stage total loss")) == [""]
    assert scene.state.guards.stage_loss.stage is None
    assert kinds(scene.wish(ENTER).commands) == ["Place"]


def test_everybody_is_stopped_by_a_person_or_by_too_many_failures() -> None:
    """The breaker L3 is one cap, of which the first reason stays, and only a person lifts it."""
    scene = Scene()
    assert told(scene, 1, StopEveryone(reason="the venue behaves oddly")) == [""]
    scene.news(AccountsFailing("ACCOUNTS_FAILING: failing=3 of=4 first=bob"))
    assert refusals(scene.wish(ENTER)) == ["STATE_REDUCE_ONLY: stopped by ann: the venue behaves oddly"]
    assert told(scene, 2, LiftCap(reason="back to normal", cap_id="breaker L3")) == [""]
    scene.news(AccountsFailing("ACCOUNTS_FAILING: failing=3 of=4 first=bob"))
    assert refusals(scene.wish(ENTER)) == ["STATE_REDUCE_ONLY: ACCOUNTS_FAILING: failing=3 of=4 first=bob"]
