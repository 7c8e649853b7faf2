"""A pilot gives a trader leave, stage by stage, and takes it back: by a word, by a trouble, by its own death."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from msgspec import structs
from tests.scenes.script import enter

from fairway.journal.commands import Pause
from fairway.journal.kinds import LeaseAccepted
from fairway.journal.memory import MemoryFile
from fairway.launch.control import commands as said
from fairway.launch.control import launch_events
from fairway.launch.control.command_handler import binds_of
from fairway.launch.control.decision import replayed
from fairway.launch.control.lifecycle import StageEntered, TrackAborted, TrackDemoted, TrackRearmed
from fairway.launch.control.state import CODEC
from fairway.launch.observation.trader_projection import TraderProjection
from fairway.launch.plan.compiled_plan import LEASE_NS, CompiledPlan, CompiledStage, CompiledTrack, OnFail
from fairway.launch.plan.stage import FailureAction
from fairway.launch.plan.watching import Alarm
from fairway.money.amount import Amount
from fairway.proving.coins import LIVE
from fairway.proving.flown import TOWER, LaunchHarness
from fairway.proving.harness import RULES
from fairway.proving.harness_result import ACCOUNT
from fairway.proving.invariants import violations
from fairway.proving.scripted_gate import asked, evidence
from fairway.risk.causes import CauseCategory
from fairway.risk.disposal import Disposal
from fairway.risk.limits import Limits, TradingState
from fairway.risk.profiles import Profile, rules_of
from fairway.texts.quantities import Quantity
from fairway.world.clock import MINUTE, SECOND
from fairway.world.loop import EPOCH_NS, running

SMALL, LARGE = (Limits(capital=Amount.of(each, "USDT")) for each in ("1000", "5000"))
STAGES = (
    CompiledStage("small", SMALL, stay_min_ns=2 * MINUTE, gates=(asked("one"),)),
    CompiledStage("large", LARGE, stay_min_ns=60 * MINUTE, gates=(asked("two"),)),
)
PLAN = CompiledPlan(name="ramp", digest="plan-1", author="ann", tracks=(CompiledTrack("engine", STAGES),))
LOT = Decimal("0.001")
TWO = {"BTC/USDT": {0: "100"}, "ETH/USDT": {0: "100"}}
Acts = dict[float, Callable[[Any], object]]


class Flown(LaunchHarness):
    @property
    def where(self) -> tuple[int, str]:
        progress = self.launch.track("engine")
        return progress.stage, progress.phase.value

    def leases(self) -> list[tuple[float, LeaseAccepted]]:
        found = [(record.at, event) for record, event in self._pairs() if isinstance(event, LeaseAccepted)]
        return [((at - EPOCH_NS) / SECOND, event) for at, event in found]

    def _pairs(self) -> list[tuple[Any, Any]]:
        from fairway.assembly import CODEC as TRADERS

        return [(record, TRADERS.decode(record)) for record in self.file.records]

    def launched_of(self, kind: type) -> list[Any]:
        events = [CODEC.decode(record) for record in self.launched.records]
        return [event for event in events if isinstance(event, kind)]

    def launched_pairs(self, kind: type) -> list[tuple[Any, Any]]:
        pairs = [(record, CODEC.decode(record)) for record in self.launched.records]
        return [(record, event) for record, event in pairs if isinstance(event, kind)]

    def entries_at(self) -> list[float]:
        return [(order.created_at - EPOCH_NS) / SECOND for order in self.orders if order.side.value == "BUY"]


def show(claim: str, word: str = "good") -> Callable[[Any], object]:
    def act(stage: Any) -> None:
        stage.tell_pilot("ann", said.Submit(reason="measured", evidence=evidence(claim, word, running().wall_ns)))

    return act


def play(*wishes: Any, acts: Acts, minutes: float, plan: CompiledPlan = PLAN, **more: Any) -> Flown:
    stage = Flown(*wishes, plan=plan, acts=acts, **more)
    stage.run(minutes=minutes)
    return stage


def test_a_trader_opens_nothing_before_its_first_stage_and_then_within_its_limits() -> None:
    stage = play(enter(0), enter(6), acts={200: show("one")}, minutes=9)
    assert [each.name for each in stage.launched_of(StageEntered)] == ["small", "large"]
    limits = [lease.limits for _, lease in stage.leases()]
    assert limits[0] == SMALL
    assert limits[-1] == LARGE
    assert stage.launch.track("engine").stage == 1


def test_when_its_pilot_dies_a_trader_is_reduce_only_within_the_lease() -> None:
    stage = play(enter(0), enter(3), enter(8), acts={400: Flown.kill_pilot}, minutes=11)
    granted = [(at, lease) for at, lease in stage.leases() if lease.limits.state is TradingState.ACTIVE]
    at, last = granted[-1]
    assert at <= 400
    ends = (last.until - EPOCH_NS) / SECOND
    assert ends - 400 <= LEASE_NS / SECOND
    assert all(entry < ends for entry in stage.entries_at())
    assert stage.entries_at()
    assert stage.account_state.limits.of("BTC/USDT").state is TradingState.REDUCE_ONLY
    raised = [record.at for record, event in stage._pairs() if type(event).__name__ == "CapRaised" and event.cap.id == "lease"]
    assert 0 <= (max(raised) - last.until) / SECOND <= 2, "measured: from the end of the lease to the cap"


def test_a_pilot_that_was_killed_goes_on_and_an_older_one_is_fenced() -> None:
    """The old one has a copy of the journal: a restored backup, on another machine."""

    def copy_and_restart(stage: Any) -> None:
        copy = MemoryFile("a copy")
        copy.records, copy.stamp = list(stage.launched.records), stage.launched.stamp
        stage.kill_and_restart_pilot()
        running().call_later(60, lambda: stage.start_pilot(copy, "elsewhere"))

    acts: Acts = {200: copy_and_restart, 400: lambda it: seen.append(dict(it.pilots[-1].launch.holds))}
    seen: list[Any] = []
    release = said.Release(reason="this one from now on", hold_id="safe start")
    stage = play(enter(0), acts={**acts, 420: lambda it: it.tell_pilot("eve", release)}, minutes=9)
    assert seen[0]["safe start"].contains
    assert {lease.epoch for at, lease in stage.leases() if 205 < at < 420} == {2}, "what it knows nothing of goes on"
    assert {lease.epoch for at, lease in stage.leases() if at > 430} == {3}, "a person has chosen"
    assert stage.flown_to_end == ["a pilot of epoch 3 issues leases, and this one is of epoch 2"]


def test_an_old_copy_of_the_journal_issues_no_lease_though_its_pilot_was_never_restarted() -> None:
    """It has the epoch that the trader knows, and does not know that the stage was left since."""

    def copy(stage: Any) -> None:
        copies.append(MemoryFile("a copy"))
        copies[0].records, copies[0].stamp = list(stage.launched.records), stage.launched.stamp

    def restore(stage: Any) -> None:
        stage.kill_pilot()
        stage.start_pilot(copies[0])

    copies: list[MemoryFile] = []
    show_one, show_harm = show("one"), show("harm", "bad")
    acts: Acts = {200: show_one, 260: copy, 300: show_harm, 400: restore}
    harm = replace(STAGES[1], gates=(asked("two"), asked("harm", OnFail.DEMOTE)))
    stage = play(enter(0), acts=acts, minutes=9, plan=replace(PLAN, tracks=(CompiledTrack("engine", (STAGES[0], harm)),)))
    assert [each.name for each in stage.launched_of(TrackDemoted)] == ["small"]
    assert stage.pilots[-1].launch.holds["safe start"].contains
    assert [lease for at, lease in stage.leases() if at > 402 and lease.limits.state is TradingState.ACTIVE] == []


def test_two_pilots_of_one_journal_are_one() -> None:
    stage = play(enter(0), acts={200: lambda it: it.start_pilot(node="elsewhere")}, minutes=6)
    assert "is written by another trader" in stage.flown_to_end[0]
    assert {lease.epoch for _, lease in stage.leases()} == {1}


def test_a_command_revokes_the_lease_within_seconds_and_another_restores_it() -> None:
    hold = said.HoldIt(reason="something smells", contains=True)
    free = said.Release(reason="it was the kitchen", hold_id="person eve")
    acts: Acts = {200: lambda it: it.tell_pilot("eve", hold), 300: lambda it: it.tell_pilot("eve", free)}
    stage = play(enter(0), acts=acts, minutes=8)
    reduced = [at for at, lease in stage.leases() if lease.limits.state is TradingState.REDUCE_ONLY]
    assert 200 <= min(reduced) <= 203
    assert stage.leases()[-1][1].limits == SMALL


def test_a_launch_that_is_given_up_is_verified_at_the_venue_within_seconds() -> None:
    """Who gives up a launch waits for the word that the venue is in order. An account in order is not asked more often."""

    def give_up(stage: Flown) -> None:
        stage.tell_pilot("eve", said.Abort(reason="enough"))

    stage = play(enter(0), acts={250: give_up}, minutes=8)
    [(given_up, _)] = stage.launched_pairs(TrackAborted)
    looks = [each.asked_at for each in stage.launched_of(launch_events.VenueChecked) if each.asked_at > given_up.at]
    assert (looks[0] - given_up.at) / SECOND <= 3
    assert len([at for at in looks if at - given_up.at < 3 * MINUTE]) <= 4


def test_a_venue_that_is_not_in_order_when_a_launch_is_given_up_is_looked_at_every_few_seconds() -> None:
    """Here the trader is dead and somebody has taken the stop away."""

    def give_up(stage: Flown) -> None:
        stage.tell_pilot("eve", said.Abort(reason="enough"))

    def bare(stage: Flown) -> None:
        stage.kill_trader()
        running().spawn("exchange", stage.exchange.backend.cancel_all(ACCOUNT, "BTCUSDT"))

    stage = play(enter(0), acts={240: bare, 250: give_up, 520: Flown.come_back}, minutes=10)
    [(given_up, _)] = stage.launched_pairs(TrackAborted)
    looks = [each.asked_at for each in stage.launched_of(launch_events.VenueChecked) if each.asked_at > given_up.at]
    assert any(each.naked for each in stage.launched_of(launch_events.VenueChecked))
    assert len([at for at in looks if at - given_up.at < MINUTE]) >= 8
    assert len([at for at in looks if at - given_up.at > 4 * MINUTE]) <= 2, "a person has been called"


def test_a_kill_takes_the_launch_to_its_smallest_stage() -> None:
    from fairway.trading.latch import Killed, KillScope

    killed = Killed(scope=KillScope.ACCOUNT, reason="it misbehaves", by="eve", at=0)
    stage = play(enter(0), acts={200: show("one"), 420: lambda it: it.kill(killed)}, minutes=10)
    assert [(each.stage, each.by) for each in stage.launched_of(TrackDemoted)] == [(0, "pilot")]
    assert stage.leases()[-1][1].limits.state is TradingState.REDUCE_ONLY


def test_an_alarm_that_kills_is_carried_out_and_stays_until_a_person_resumes() -> None:
    """The plan says: more than one position opened within an hour is a runaway. The second kills it; their stops stay."""
    runaway = Alarm(name="runaway", of="order_paths", above=Quantity.parse("1"), within=60 * MINUTE, does=FailureAction.KILL)
    stage = play(enter(0), enter(5, symbol="ETH/USDT"), plan=replace(PLAN, alarms=(runaway,)), prices=TWO, acts={}, minutes=9)
    assert [each.accounts for each in stage.launched_of(launch_events.KillOrdered)] == [("main",)]
    assert stage.account_state.limits.of("BTC/USDT").state is TradingState.KILLED
    assert len(stage.account_state.money.ledger.positions) == 2
    assert list(violations(stage.run_result())) == []
    assert stage.where == (0, "dwelling")
    assert stage.leases()[-1][1].limits.state is TradingState.REDUCE_ONLY


def test_a_trader_that_restarts_with_another_release_opens_nothing_without_its_own_entry_evidence_and_approvals() -> None:
    """It restarts within its lease, with a position under its stop. The old release had entry evidence and an approval."""

    def restart(stage: Any) -> None:
        stage.release = "r2"
        stage.kill_and_restart_trader()

    def show_of(claim: str, release: str) -> Callable[[Any], object]:
        def act(stage: Any) -> None:
            made = structs.replace(evidence(claim, "good", running().wall_ns), release=release)
            stage.tell_pilot("ann", said.Submit(reason="measured", evidence=made))

        return act

    def approve(stage: Any) -> None:
        binds = binds_of(stage.plan, stage.pilots[-1].launch, first)
        stage.tell_pilot("olga", said.Approve(reason="seen", stage="small", role="owner", login="s1", binds=binds))

    class Changing(Flown):
        release = "r1"

    first = replace(STAGES[0], approvals={"owner": 1})
    plan = replace(PLAN, tracks=(CompiledTrack("engine", (first, STAGES[1])),), entry=(asked("safe"),))
    acts: Acts = {5: show_of("safe", "r1"), 10: approve, 15: show_of("one", "r1"), 180: restart}
    acts |= {360: show_of("safe", "r2"), 480: approve}
    stage = Changing(enter(1), enter(4, symbol="ETH/USDT"), enter(10, symbol="ETH/USDT"), plan=plan, prices=TWO, acts=acts)
    stage.run(minutes=12)
    opened = [lease for at, lease in stage.leases() if 185 < at < 480 and lease.limits.state is TradingState.ACTIVE]
    assert opened == []
    reduced = [at for at, lease in stage.leases() if lease.limits.state is TradingState.REDUCE_ONLY]
    assert 180 <= reduced[0] <= 190, "the lease that was out ends at once"
    assert [at for at in stage.entries_at() if 180 < at < 480] == []
    assert [at for at in stage.entries_at() if at > 480], "with both it goes on"
    assert [each.track for each in stage.launched_of(TrackRearmed)] == ["engine"]
    assert list(violations(stage.run_result())) == []


def test_a_launch_whose_trader_dies_enters_no_stage_and_lifts_no_hold_until_it_is_back() -> None:
    """The evidence for the next stage comes two minutes after the trader died."""
    acts: Acts = {300: lambda it: it.kill_trader(), 420: show("one"), 900: lambda it: it.come_back()}
    stage = play(enter(0), acts=acts, minutes=22)
    entered = {each.name: (record.at - EPOCH_NS) / SECOND for record, each in stage.launched_pairs(StageEntered)}
    assert entered["large"] > 900
    lifted = [(record.at - EPOCH_NS) / SECOND for record, _ in stage.launched_pairs(launch_events.HoldLifted)]
    assert lifted, "it was held"
    assert [at for at in lifted if 300 < at < 900] == []
    [stopped] = [each for _, each in stage.launched_pairs(launch_events.ClockStopped)][:1]
    assert (stopped.since - EPOCH_NS) / SECOND <= 301
    assert list(violations(stage.run_result())) == []


def test_a_paused_trader_is_not_promoted() -> None:
    acts: Acts = {30: lambda it: it.trader_inbox.say("bob", Pause(reason="holiday")), 60: show("one")}
    stage = play(enter(0), acts=acts, minutes=20)
    assert [each.name for each in stage.launched_of(StageEntered)] == ["small"]


def test_a_venue_that_is_not_seen_holds_the_lease_back_until_it_is_seen_again() -> None:
    def cut(stage: Any) -> None:
        running().network.link(TOWER, "exchange").blocked = True
        running().network.link("exchange", TOWER).blocked = True

    def mend(stage: Any) -> None:
        running().network.link(TOWER, "exchange").blocked = False
        running().network.link("exchange", TOWER).blocked = False

    stage = play(enter(0), acts={200: cut, 620: mend}, minutes=16)
    reduced = [at for at, lease in stage.leases() if lease.limits.state is TradingState.REDUCE_ONLY]
    assert reduced, "three minutes without a look, and nobody knows"
    assert 360 <= reduced[0] <= 400
    assert stage.leases()[-1][1].limits == SMALL


def test_every_decision_is_made_anew_to_the_same_bytes() -> None:
    hold = said.HoldIt(reason="wait", contains=False)
    acts: Acts = {100: lambda it: it.tell_pilot("eve", hold), 200: show("one"), 300: Flown.kill_and_restart_pilot}
    stage = play(enter(0), acts=acts, minutes=8)
    number = stage.launch.decisions
    assert number >= 5
    for each in range(1, number + 1):
        done = replayed(each, stage.launched.records, stage.file.records, stage.said, lambda began: PLAN, TraderProjection())
        assert done.differs == "", each


def test_a_decision_that_was_forged_is_found() -> None:
    stage = play(enter(0), acts={200: show("one")}, minutes=7)
    forged = []
    for record in stage.launched.records:
        event = CODEC.decode(record)
        if isinstance(event, launch_events.Decided) and "StageEntered" in event.outcome and event.number > 1:
            forged.append((event.number, record))
    number, record = forged[-1]
    from msgspec.structs import replace as changed_to

    changed = [
        changed_to(each, body=each.body.replace(b'"now":', b'"now":1')) if each is record else each
        for each in stage.launched.records
    ]
    done = replayed(number, changed, stage.file.records, stage.said, lambda began: PLAN, TraderProjection())
    assert done.differs


class Unleashed(Flown):
    """Its trader was started before `lease: true` was written into its configuration."""

    needs_lease = False


def test_a_trader_that_needs_no_lease_enters_no_stage() -> None:
    stage = Unleashed(plan=PLAN, acts={})
    stage.run(minutes=4)
    assert stage.where == (-1, "armed")
    assert stage.launched_of(StageEntered) == []


GUARDED = replace(PLAN, guards=("daily loss", "edge health", "fee churn"))


def test_a_trader_whose_guards_are_off_is_issued_no_lease() -> None:
    """The stage's own rules have none on. The same trader with those of a profile trades."""
    off = play(enter(0), acts={}, minutes=4, plan=GUARDED)
    assert off.leases() == []
    assert off.entries_at() == []
    assert "GUARDS_MISSING: guards=daily loss,edge health,fee churn" in off.launch.holds["guards"].reason
    on = play(
        enter(0),
        acts={},
        minutes=4,
        plan=GUARDED,
        rules=structs.replace(RULES, guards=rules_of(Profile.MODERATE, "USDT").guards),
    )
    assert {lease.limits for _, lease in on.leases()} == {SMALL}
    assert on.entries_at()
    for stage in (off, on):
        for number in range(1, stage.launch.decisions + 1):
            done = replayed(
                number, stage.launched.records, stage.file.records, stage.said, lambda began: GUARDED, TraderProjection()
            )
            assert done.differs == ""


def _sells(**more: Any) -> CompiledPlan:
    """The plan says: more than one position opened within an hour, and all is sold."""
    alarm = Alarm(name="two", of="order_paths", above=Quantity.parse("1"), within=60 * MINUTE, does=FailureAction.FLATTEN, **more)
    return replace(PLAN, alarms=(alarm,))


def test_an_alarm_that_flattens_sells_at_the_venue_and_stays_until_a_person_resumes() -> None:
    """The second position sets it off: the exchange shows no position and no stop, and the trader is killed."""
    stage = play(enter(0), enter(5, symbol="ETH/USDT"), plan=_sells(), prices=TWO, acts={}, minutes=9)
    assert [each.disposal for each in stage.launched_of(launch_events.KillOrdered)] == [Disposal.FLATTEN]
    assert [(each.account, each.left) for each in stage.launched_of(launch_events.KillDone)] == [("main", ())]
    held = stage.held_at_exchange()
    assert held["BTC"] < LOT
    assert held["ETH"] < LOT
    assert [order for order in stage.orders if order.status in LIVE] == []
    assert stage.account_state.money.ledger.positions == {}
    assert stage.account_state.limits.of("BTC/USDT").state is TradingState.KILLED
    assert list(violations(stage.run_result())) == []
    assert stage.where == (0, "dwelling")
    for number in range(1, stage.launch.decisions + 1):
        done = replayed(
            number, stage.launched.records, stage.file.records, stage.said, lambda began: _sells(), TraderProjection()
        )
        assert done.differs == ""


def test_where_orders_cannot_be_placed_an_alarm_that_flattens_sells_nothing() -> None:
    stage = play(
        enter(0), enter(5, symbol="ETH/USDT"), plan=_sells(cause=CauseCategory.CANNOT_PLACE), prices=TWO, acts={}, minutes=9
    )
    assert [each.disposal for each in stage.launched_of(launch_events.KillOrdered)] == [Disposal.KEEP_STOPS]
    assert stage.account_state.limits.of("BTC/USDT").state is TradingState.KILLED
    assert len(stage.account_state.money.ledger.positions) == 2
    assert stage.held_at_exchange()["BTC"] > LOT
    assert len([order for order in stage.orders if order.status in LIVE]) == 4, "a stop and a target each"
    assert list(violations(stage.run_result())) == []
