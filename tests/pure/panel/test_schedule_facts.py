"""What the control center says runs when: as it is now, and the next instant at which that changes."""

from decimal import Decimal
from pathlib import Path

from tests.pure.operations.test_configuration import TEXT

from fairway.operations.actor import owner_of_machine
from fairway.operations.operation import Call
from fairway.operations.trader.caps import AccountCaps, CapsOutcome
from fairway.operations.trader.risk_rules import RiskRulesRequest, show_risk_rules
from fairway.panel.pages.schedule_facts import bounds_text, day_facts, hours_facts, maintenance_facts, reducing_facts
from fairway.risk.cap_kinds import LEASE
from fairway.risk.caps import Cap, of_settings
from fairway.risk.hours import Hours
from fairway.risk.limits import Limits
from fairway.settings import Settings
from fairway.settings.load import parse
from fairway.world.clock import parse_instant

NOON = parse_instant("2026-11-25T12:00:00Z")


def configured(more: str = "") -> Settings:
    return parse(TEXT + more)


def caps_of(settings: Settings, *caps: Cap, account: str = "main") -> AccountCaps:
    return AccountCaps(
        account=account,
        caps=caps,
        settings_cap=of_settings(settings.risk.rules("USDT").all_limits),
        may_open=True,
        doubt="",
        lost={},
        lease=None,
        needs_lease=False,
        has_launch=False,
        has_wide_kill=False,
    )


def shown(settings: Settings, *accounts: AccountCaps) -> CapsOutcome:
    return CapsOutcome(settings=settings, accounts=accounts, removed=(), known=tuple(each.account for each in accounts))


def of_stage(hours: str) -> Cap:
    return Cap(id="lease", kind=LEASE, limits=Limits(hours=Hours.parse(hours)), reason="a stage", since=0)


def test_hours_say_whether_it_is_open_now_and_until_when() -> None:
    open_at_noon = configured("  hours: 09:00-21:00\n")
    [found] = hours_facts(open_at_noon, shown(open_at_noon, caps_of(open_at_noon)), NOON)
    assert (found.now, found.next_at) == ("open until 21:00 (09:00-21:00 UTC)", parse_instant("2026-11-25T21:00:00Z"))
    [found] = hours_facts(open_at_noon, shown(open_at_noon, caps_of(open_at_noon)), parse_instant("2026-11-25T22:00:00Z"))
    assert (found.now, found.next_at) == ("shut until 09:00 (09:00-21:00 UTC)", parse_instant("2026-11-26T09:00:00Z"))
    always = configured()
    assert [each.now for each in hours_facts(always, shown(always, caps_of(always)), NOON)] == ["open at all hours"]


def test_a_stage_tightens_the_hours_of_the_configuration_by_account() -> None:
    settings = configured("  hours: 09:00-21:00\n")
    found = [
        *hours_facts(settings, shown(settings, caps_of(settings), caps_of(settings, of_stage("13:00-22:00"), account="b")), NOON)
    ]
    assert [(each.name, each.now) for each in found] == [
        ("hours of main", "open until 21:00 (09:00-21:00 UTC)"),
        ("hours of b", "shut until 13:00 (13:00-21:00 UTC)"),
    ]


def test_maintenance_that_runs_tells_its_end_and_what_is_over_is_gone() -> None:
    spells = [f"2026-11-{day}T02:00Z to 2026-11-{day}T04:00Z" for day in (24, 25, 26)]
    settings = configured(f"maintenance: [{', '.join(spells)}]\n")
    at = parse_instant("2026-11-25T03:00:00Z")
    assert [(each.now, each.next_at) for each in maintenance_facts(settings, at)] == [
        ("nothing is opened until 2026-11-25 04:00", parse_instant("2026-11-25T04:00:00Z")),
        ("from 2026-11-26 02:00 until 2026-11-26 04:00", parse_instant("2026-11-26T02:00:00Z")),
    ]
    assert [each.now for each in maintenance_facts(configured(), at)] == ["none is planned"]


def test_the_day_ends_at_midnight_by_utc() -> None:
    assert {each.next_at for each in day_facts(NOON)} == {parse_instant("2026-11-26T00:00:00Z")}


def test_the_loss_of_a_day_and_the_fall_from_the_highest_worth_reduce_the_risk_of_each_account(tmp_path: Path) -> None:
    config = tmp_path / "bot.yaml"
    config.write_text(TEXT)
    rules = show_risk_rules(Call(actor=owner_of_machine("test"), request=RiskRulesRequest(config=config)))
    assert [(each.name, each.now) for each in reducing_facts(rules)] == [
        (
            "risk reduced by the loss of a day",
            "WARNING at 2.1 %: half the size; CRITICAL at 3.0 %: opens nothing; EMERGENCY at 5.0 %: sells all, opens nothing",
        ),
        (
            "risk reduced by the fall below the highest worth",
            "WARNING at 10.5 %: half the size; EMERGENCY at 15.0 %: sells all, opens nothing",
        ),
    ]


def test_each_bound_stands_with_what_it_does() -> None:
    bounds = {"WARNING": Decimal("0.021"), "CRITICAL": Decimal("0.03"), "EMERGENCY": Decimal("0.05")}
    said = "WARNING at 2.1 %: half the size; CRITICAL at 3.0 %: opens nothing; EMERGENCY at 5.0 %: sells all, opens nothing"
    assert bounds_text(bounds) == said
