"""Which alarms are counted, how bad each is, and which of them are incidents."""

import re
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from tests.pure.kinds_of_caps import named, raised
from tests.pure.watch.journals import START, Pen

from fairway.journal.kinds import AccountFailed, CapLifted, CapRaised, GuardTripped, NakedTooLong, StopFailed, Unexplained
from fairway.money.amount import Amount
from fairway.risk import breakers, caps
from fairway.risk.cap_kinds import KILL
from fairway.risk.caps import Cap, CapSource, Lifting
from fairway.risk.escalation import LIMITS_OF, Level
from fairway.risk.guards.guard_caps import kind_of, severity_at
from fairway.risk.guards.port import Guard
from fairway.risk.guards.registry import guards
from fairway.risk.limits import Limits, TradingState


def check(event: Struct, alerts: dict[str, int], incidents: dict[str, int]) -> None:
    found = Pen().start().write(event).series()
    assert found["alerts"].by_label() == alerts
    assert found["incidents"].by_label() == incidents


def test_a_guard_is_as_bad_as_its_level() -> None:
    for level, severity in ((Level.WARNING, "P2"), (Level.CRITICAL, "P1"), (Level.EMERGENCY, "P0")):
        check(_tripped("latency", level), {severity: 1}, {})


def test_that_a_rule_stops_an_account_for_a_while_is_no_incident_and_its_emergency_is() -> None:
    check(_tripped("daily loss", Level.CRITICAL), {"P1": 1}, {})
    check(_tripped("low volume", Level.CRITICAL), {"P2": 1}, {})
    check(_tripped("daily loss", Level.EMERGENCY), {"P0": 1}, {})
    check(CapRaised(cap=_guard("daily loss")), {}, {})


def test_what_the_page_of_a_launch_says_of_a_guard_is_what_is_counted() -> None:
    """Row by row of docs/explanation/launch.md; the worse of what its alarm and its cap count."""
    page = (Path(__file__).parents[3] / "docs" / "explanation" / "launch.md").read_text()
    rows = re.findall(r"^\| [^|]+ \| `guard ([a-z ]+)` \| [^|]* \| (P\d) \|", page, re.MULTILINE)
    assert {"daily loss", "stage daily loss", "errors", "runaway rate", "drawdown", "latency"} <= {guard for guard, _ in rows}
    for guard, severity in rows:
        level = Level.EMERGENCY if guard in ("drawdown", "position loss") else Level.CRITICAL
        kind = kind_of(_known(guard), level)
        cap = Cap(id=kind.id_of(), kind=kind, limits=LIMITS_OF[level], reason="", since=START)
        alerts = Pen().start().write(_tripped(guard, level), CapRaised(cap=cap)).series()["alerts"].by_label()
        assert min(alerts) == severity, guard


def test_a_kill_and_the_breakers_are_p0_until_a_person_has_looked() -> None:
    killed = Cap(
        id="kill all",
        kind=KILL,
        limits=Limits(state=TradingState.KILLED),
        reason="",
        since=START,
    )
    for cap in (killed, breakers.stopped("", START), breakers.stopped_for_everyone("", START)):
        check(CapRaised(cap=cap), {"P0": 1}, {"P0": 1})


def test_a_hold_is_p1_and_what_people_do_on_purpose_is_no_alarm() -> None:
    check(CapRaised(cap=caps.held("BTC/USDT", "", START)), {"P1": 1}, {"P1": 1})
    check(CapRaised(cap=caps.paused("lunch", "ann", START)), {}, {})
    check(CapRaised(cap=caps.resumed("fixed", "ann", START)), {}, {})


def test_the_cap_of_a_guard_is_no_second_alert_but_may_be_an_incident() -> None:
    check(CapRaised(cap=_guard("errors")), {}, {"P1": 1})
    check(CapRaised(cap=_guard("runaway rate")), {}, {"P0": 1})


def _guard(name: str) -> Cap:
    limits, reason = LIMITS_OF[Level.CRITICAL], ""
    kind = replace(named(f"guard {name}"), source=CapSource.GUARD, lifting=Lifting.PERSON)
    return Cap(id=kind.id_of(), kind=kind, limits=limits, reason=reason, since=START)


def _tripped(name: str, level: Level) -> GuardTripped:
    return GuardTripped(guard=name, symbol="", level=level, severity=severity_at(_known(name), level), code="")


def _known(name: str) -> type[Guard]:
    return next(each for each in [plugin.guard for plugin in guards()] if each.name == name)


def test_a_cap_that_is_raised_again_is_nothing_new_until_it_was_lifted() -> None:
    again = CapRaised(cap=caps.held("BTC/USDT", "", START))
    pen = Pen().start().write(again, again)
    assert pen.series()["alerts"].count == 1
    pen.write(CapLifted(cap_id=again.cap.id, by="ann", why=""), again)
    assert pen.series()["alerts"].count == 2


def test_unexplained_money_is_p0_and_breaks_two_invariants() -> None:
    check(CapRaised(cap=raised("unexplained USDT", "", START)), {"P0": 1}, {"P0": 1})
    pen = Pen().start().write(Unexplained(amount=Amount.of("-5", "USDT"), asked_at=START))
    assert pen.series()["reconciled"].values.tolist() == [0.0]
    assert pen.series()["tied_out"].values.tolist() == [0.0]


def test_a_naked_position_is_p0_and_breaks_an_invariant() -> None:
    event = NakedTooLong(symbol="BTC/USDT", naked_ns=6)
    check(event, {"P0": 1}, {})
    assert Pen().start().write(event).series()["protected"].values.tolist() == [0.0]


def test_an_account_that_fails_and_a_stop_that_does_not_sell_are_p1() -> None:
    check(AccountFailed(why="KeyError", where="step.py:1", recent=1), {"P1": 1}, {})
    check(StopFailed(symbol="BTC/USDT", why="the price is below it"), {"P1": 1}, {})
