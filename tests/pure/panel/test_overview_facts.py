"""What the overview says: what is old or unknown never looks well, a kill is named, and a person is told what to do and where."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.pure.launch.launches import at_middle
from tests.pure.launch.test_record import told

from fairway.launch.control.hold_kinds import cause_kind
from fairway.launch.control.holds import hold_of
from fairway.launch.control.launch_events import VenueChecked
from fairway.launch.control.transitions import next_gates
from fairway.money.amount import Amount
from fairway.operations.alerts.show import AlertsOutcome
from fairway.operations.launch.show import GateOutlook, LaunchOutcome
from fairway.operations.trader.caps import AccountCaps
from fairway.operations.trader.status import AccountStatus, StatusOutcome, TraderStatus
from fairway.panel.facts.audit import Deed
from fairway.panel.facts.caps import CapFacts
from fairway.panel.facts.events import folded
from fairway.panel.facts.kills import kill_facts, kill_sentence
from fairway.panel.facts.life import data_sign, valued_every, venue_sign
from fairway.panel.facts.safety import safety
from fairway.panel.facts.tracks import track_facts
from fairway.panel.pages.overview_facts import Duty, duties_of
from fairway.panel.state_marks import Mark
from fairway.reports.event_context import EventText, Weight
from fairway.reports.holdings import Earned, Holdings
from fairway.reports.trader_view import MeasuredMinute, OrderAnswer, RecentEvent
from fairway.risk.cap_kinds import KILL
from fairway.risk.caps import Cap, of_settings
from fairway.risk.causes import GUARD_TRIPPED, Effect
from fairway.risk.limits import NO_LIMITS, Limits, TradingState
from fairway.settings.load import parse
from fairway.world.clock import HOUR, MILLISECOND, MINUTE, SECOND

NOW = 20_000 * 24 * HOUR + 16 * HOUR + 21 * MINUTE
MEASURED = MeasuredMinute(at=NOW - 20 * SECOND, oldest_quote_at=NOW - 22 * SECOND, calls=40, calls_failed=0)
LOSSES = "4 losses in a row, and the limit is 4"


def account(name: str = "me", marked_at: int = NOW - SECOND, **changes: Any) -> AccountStatus:
    earned = Earned(since=0, result=Amount.of(0, "USDT"), trades=0)
    held = Holdings(
        account=name, quote="USDT", worth=Amount.of(100, "USDT"), marked_at=marked_at, held=(), today=earned, in_all=earned
    )
    return replace(AccountStatus(holdings=held, stage="", why_not=""), **changes)


def status(*accounts: AccountStatus, measures: MeasuredMinute | None = MEASURED) -> StatusOutcome:
    trader = TraderStatus(is_started=True, last_at=NOW, is_running=True, measures=measures)
    return StatusOutcome(now=NOW, accounts=accounts or (account(),), trader=trader)


def test_market_data_is_as_old_as_its_oldest_account_and_not_green_for_long() -> None:
    assert data_sign(status(), MINUTE, runs=True).mark is Mark.GOOD
    dead = account("ben", NOW - 10 * MINUTE)
    found = data_sign(status(account(), dead), MINUTE, runs=True)
    assert (found.mark, found.at) == (Mark.BAD, NOW - 10 * MINUTE)
    assert found.why == "ben was last valued 10 min ago, and is every 1 min"
    assert data_sign(status(account(), dead), HOUR, runs=True).mark is Mark.GOOD


@pytest.mark.parametrize(("interval", "reconcile_every", "every"), [("1s", "30s", 30 * SECOND), ("1h", "30s", HOUR)])
def test_an_account_is_valued_where_it_is_reconciled_once_a_candle(interval: str, reconcile_every: str, every: int) -> None:
    text = f"""
mode: practice
venue: {{exchange: binance, url: "http://127.0.0.1:9", key: "env:K", secret: "env:S"}}
symbols: [BTC/USDT]
strategy: {{name: periodic}}
interval: {interval}
reconcile_every: {reconcile_every}
"""
    assert valued_every(parse(text, folder=Path())) == every


def test_market_data_that_cannot_be_known_looks_unknown() -> None:
    assert data_sign(status(), MINUTE, runs=False).mark is Mark.UNKNOWN
    never = data_sign(status(account(), account("ben", 0)), MINUTE, runs=True)
    assert (never.mark, never.at, never.why) == (Mark.UNKNOWN, 0, "no price yet of ben")


def test_market_data_is_bad_where_a_stream_is_lost_or_a_quote_is_old() -> None:
    lost = data_sign(status(account(lost={"market": (NOW, "closed")})), MINUTE, runs=True)
    assert (lost.mark, lost.why) == (Mark.BAD, "me lost the market stream: closed")
    silent = data_sign(status(measures=replace(MEASURED, oldest_quote_at=NOW - 20 * MINUTE)), HOUR, runs=True)
    assert silent.mark is Mark.BAD


def test_the_venue_is_judged_by_its_answers() -> None:
    found = venue_sign(status(account(answer=OrderAnswer(NOW - SECOND, 38 * MILLISECOND))), runs=True)
    assert (found.mark, found.at) == (Mark.GOOD, NOW - SECOND)
    assert found.why == "40 calls answered in a minute; the last order was taken in 38 ms"
    some = venue_sign(status(measures=replace(MEASURED, calls_failed=3)), runs=True)
    assert (some.mark, some.why) == (Mark.HELD, "3 of 40 calls failed in the last minute")
    assert venue_sign(status(measures=replace(MEASURED, calls_failed=40)), runs=True).mark is Mark.BAD
    lost = venue_sign(status(account(lost={"account": (NOW, "closed")})), runs=True)
    assert (lost.mark, lost.why) == (Mark.BAD, "me lost the account stream: closed")


@pytest.mark.parametrize(
    ("measures", "runs"),
    [(None, True), (replace(MEASURED, at=NOW - HOUR), True), (replace(MEASURED, calls=0), True), (MEASURED, False)],
)
def test_a_venue_of_which_nothing_is_known_looks_unknown(measures: MeasuredMinute | None, runs: bool) -> None:
    assert venue_sign(status(measures=measures), runs=runs).mark is Mark.UNKNOWN


def killed(name: str = "me", **changes: Any) -> AccountCaps:
    known: dict[str, Any] = {
        "id": "kill account",
        "kind": KILL,
        "limits": Limits(state=TradingState.KILLED, hands_off=True),
        "reason": "the story (of today) is told (me, flatten)",
        "since": NOW - MINUTE,
    }
    return AccountCaps(
        account=name,
        caps=(Cap(**{**known, **changes}),),
        settings_cap=of_settings(NO_LIMITS),
        may_open=False,
        doubt="",
        lost={},
        lease=None,
        needs_lease=False,
        has_launch=False,
        has_wide_kill=False,
    )


def command(mark: Mark, outcome: str = "done") -> Deed:
    return Deed(seq=1, at=NOW - 65 * SECOND, who="me", what="kill: account=me", origin="panel", outcome=outcome, mark=mark)


def test_a_kill_is_named_with_its_time_its_person_and_its_reason() -> None:
    [kill] = kill_facts([killed()], {}, [])
    assert (kill.by, kill.reason, kill.at) == ("me", "the story (of today) is told", NOW - MINUTE)
    sentence, mark = safety(status(account(why_not="x")), (), [kill])
    assert sentence == (
        "Killed at 16:20 by me: the story (of today) is told (me). Not confirmed at the venue yet: me. Nothing is held."
    )
    assert mark is Mark.BAD


def test_a_kill_is_confirmed_by_what_was_seen_at_the_venue_after_it() -> None:
    clean = VenueChecked(account="me", asked_at=NOW)
    [kill] = kill_facts([killed()], {"me": clean}, [])
    assert kill_sentence([kill]).endswith("Confirmed at the venue: the pilot asked the venue at 16:21.")
    [early] = kill_facts([killed()], {"me": replace_check(clean, asked_at=NOW - HOUR)}, [])
    assert early.confirmed == ""
    [left] = kill_facts([killed()], {"me": replace_check(clean, entries=2, held=("BTC/USDT",))}, [command(Mark.GOOD)])
    assert left.confirmed == ""
    assert left.trouble == "at 16:21 the venue showed: 2 entries rest; BTC/USDT is held"


def replace_check(check: VenueChecked, **changes: Any) -> VenueChecked:
    return VenueChecked(**{"account": check.account, "asked_at": check.asked_at, **changes})


def test_a_kill_is_confirmed_by_its_command_and_by_the_end_of_its_sales() -> None:
    assert kill_facts([killed()], {}, [command(Mark.GOOD)])[0].confirmed == "the command asked the venue until it confirmed"
    [failed] = kill_facts([killed()], {}, [command(Mark.BAD, "not done: 0.1 BTC was not sold")])
    assert "NOT in order at the venue: me: not done: 0.1 BTC was not sold." in kill_sentence([failed])
    assert kill_facts([killed(is_over=True)], {}, [])[0].confirmed != ""


def test_a_kill_that_no_trader_has_read_is_named_alike() -> None:
    waits = killed(reason="enough (ann, keep stops); no trader has read it yet")
    [kill] = kill_facts([waits], {}, [])
    assert (kill.by, kill.reason) == ("ann", "enough")


def test_why_nothing_is_opened_names_the_account() -> None:
    sentence, mark = safety(status(account(why_not=LOSSES), account("ben", why_not="a stream was lost")), ())
    assert sentence == f"Nothing is held. Nothing is opened (me, and 1 more account): {LOSSES}."
    assert mark is Mark.HELD


QUIET = AlertsOutcome(alerts=(), silences=(), on_call="", evaluated_at=NOW, is_silent=False)


def cap(what: str = "guard losses in a row", mark: Mark = Mark.HELD, **changes: Any) -> CapFacts:
    known: dict[str, Any] = {
        "account": "me",
        "id": what,
        "what": what,
        "reason": LOSSES,
        "symbol": "",
        "since": NOW,
        "lifted_by": "a person lifts it",
        "mark": mark,
    }
    return CapFacts(**{**known, **changes})


def test_what_a_person_lifts_or_resumes_is_a_duty_with_its_page() -> None:
    caps = [cap("kill", Mark.BAD, is_kill=True), cap(), cap(account="ben"), cap("lease", id=""), cap("limited", Mark.GOOD)]
    assert list(duties_of((), QUIET, caps, "")) == [
        Duty("resume me once it is in order", "/control"),
        Duty("lift the cap guard losses in a row of me, ben, or let it stand", "/risk"),
    ]
    assert list(duties_of((), QUIET, [], "")) == []


def test_a_hold_of_a_launch_says_when_it_ends_and_not_that_its_cap_is_gone() -> None:
    flight = at_middle()
    reason = "a guard is alarmed (me: GUARD_LOSSES_IN_A_ROW: losses=4 limit=4)"
    kind = cause_kind(GUARD_TRIPPED, Effect.HOLD, "the trader's own cap is gone (fairway caps says who lifts it)")
    hold = hold_of(kind, reason, NOW)
    flight.launch.holds[hold.id] = hold
    seen = told(flight)
    unknown = GateOutlook(forecast="", blocks=True, at=0)
    gates = [(each.name, gate.name) for each in seen.plan.tracks for gate in next_gates(seen.plan, each, seen.launch)]
    [track, *_] = track_facts(LaunchOutcome(status=seen, outlooks=dict.fromkeys(gates, unknown)))
    assert track.sentence == (f"Held since 16:21: a guard is alarmed (me: {LOSSES}); it ends when the trader's own cap is gone.")
    assert (track.holds[0].reason, track.holds[0].code) == (
        f"a guard is alarmed (me: {LOSSES})",
        "GUARD_LOSSES_IN_A_ROW: losses=4 limit=4",
    )


def event(seq: int, what: str, at: int, *, account: str = "me", weight: Weight = Weight.NEWS) -> RecentEvent:
    return RecentEvent(seq, at, account, "EntryRefused", EventText(weight, what, "The bot opens nothing", "Look"))


def test_alike_events_are_one_line_with_a_count_and_hide_nothing() -> None:
    pairs = ("BTC/USDT", "ETH/USDT", "SOL/USDT")
    kill = event(1, "The account is killed: enough", NOW, weight=Weight.TROUBLE)
    refused = [event(2 + at, f"{pairs[at % 3]} not bought: killed", NOW + at * SECOND) for at in range(300)]
    lines = folded([kill, *refused])
    assert [each.words for each in lines] == ["BTC/USDT, ETH/USDT, SOL/USDT not bought: killed", "The account is killed: enough"]
    assert (lines[0].count, lines[0].since, lines[0].at) == (300, NOW, NOW + 299 * SECOND)
    assert (lines[1].count, lines[1].mark, lines[1].did, lines[1].can) == (1, Mark.BAD, "The bot opens nothing", "Look")


def test_what_happens_again_after_a_while_or_to_another_account_is_a_line_of_its_own() -> None:
    lines = folded(
        [event(1, "it paused", NOW), event(2, "it paused", NOW + HOUR), event(3, "it paused", NOW + HOUR, account="ben")]
    )
    assert [(each.account, each.count) for each in lines] == [("ben", 1), ("me", 1), ("me", 1)]
