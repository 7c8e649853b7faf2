"""Profiles, escalation and breakers: their numbers as they were agreed, and how they combine with all other caps."""

import itertools

import pytest
from msgspec.structs import replace
from scripts import guards_table

from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.risk import breakers
from fairway.risk.cap_kinds import RESUMED
from fairway.risk.caps import Cap, CapSource, Lifting, in_force, of_settings, paused, resumed, why_it_stays
from fairway.risk.escalation import LIMITS_OF, Level, closes
from fairway.risk.limits import Limits, TradingState
from fairway.risk.profiles import Profile, rules_of
from fairway.risk.rules import RiskRules
from fairway.world.clock import HOUR, MILLISECOND, SECOND

percent = Fraction.parse


def usdt(value: int) -> Amount:
    return Amount.of(value, "USDT")


@pytest.mark.parametrize(
    ("profile", "asset", "size", "drawdown", "stop", "sure", "positions", "position", "exposure", "allocation"),
    [
        (Profile.CONSERVATIVE, "15 %", "50 %", "15 %", "15 %", "80 %", 3, 1_000, 3_000, "70 20 0 10"),
        (Profile.MODERATE, "20 %", "100 %", "15 %", "25 %", "70 %", 5, 5_000, 25_000, "50 30 15 5"),
        (Profile.AGGRESSIVE, "30 %", "150 %", "15 %", "35 %", "60 %", 10, 20_000, 200_000, "30 40 25 5"),
    ],
)
def test_each_profile_has_its_numbers(
    profile: Profile,
    asset: str,
    size: str,
    drawdown: str,
    stop: str,
    sure: str,
    positions: int,
    position: int,
    exposure: int,
    allocation: str,
) -> None:
    """As the demands have them; the drawdown of the breaker where it is tighter than the profile's own."""
    rules = rules_of(profile, "USDT")
    assert (rules.position_max, rules.size, rules.stop_max) == (percent(asset), percent(size), percent(stop))
    assert (rules.confidence_min, rules.guards.drawdown) == (percent(sure), percent(drawdown))
    assert (rules.positions_max, rules.limits.positions) == (positions, positions)
    assert (rules.limits.position_value, rules.limits.exposure_value) == (usdt(position), usdt(exposure))
    assert rules.allocation is not None
    shares = (rules.allocation.most("BTC"), rules.allocation.most("SOL"), rules.allocation.most("PEPE"), rules.allocation.cash)
    assert shares == tuple(percent(f"{share} %") for share in allocation.split())


@pytest.mark.parametrize("profile", Profile)
def test_what_all_profiles_have_in_common(profile: Profile) -> None:
    """What the record and the market's range bound, and the checks of signals and of the clock, are the same in all."""
    rules = rules_of(profile, "USDT")
    assert (rules.kelly, rules.ranges) == (True, True)
    assert (rules.repeats_max, rules.duplicate_ns, rules.skew_max_ns) == (3, 5 * SECOND, 500 * MILLISECOND)
    assert (rules.collar, rules.slippage_max) == (percent("2 %"), percent("0.5 %"))


def test_a_tighter_profile_is_within_a_wider_one() -> None:
    """The more careful profile is tighter in every field."""
    careful, middle, bold = (rules_of(profile, "USDT") for profile in Profile)
    assert careful.limits <= middle.limits <= bold.limits
    for one, other in ((careful, middle), (middle, bold)):
        assert one.position_max < other.position_max
        assert one.guards.daily_loss is not None
        assert other.guards.daily_loss is not None
        assert one.guards.daily_loss < other.guards.daily_loss


def test_a_profile_is_in_dollars() -> None:
    """In another asset their value is not known."""
    with pytest.raises(ValueError, match="BTC is none of"):
        rules_of(Profile.CONSERVATIVE, "BTC")


def test_each_level_is_tighter_than_the_one_before() -> None:
    """Half the size; nothing new; and all sold."""
    levels = [LIMITS_OF[level] for level in Level]
    assert all(one >= other for one, other in itertools.pairwise(levels))
    assert LIMITS_OF[Level.WARNING] == Limits(size=percent("50 %"))
    assert LIMITS_OF[Level.CRITICAL].state is TradingState.REDUCE_ONLY
    assert [closes(level) for level in Level] == [False, False, False, True]


def test_breakers_are_caps_that_only_a_person_lifts() -> None:
    """L2 not before a day has passed, and not by itself then; the configuration not at all."""
    one, two, three = paused("holiday", "ann", 1), breakers.stopped("lost", 1), breakers.stopped_for_everyone("ban", 1)
    assert [cap.lifting for cap in (one, two, three)] == [Lifting.PERSON] * 3
    assert [cap.source for cap in (one, two, three)] == [CapSource.PERSON, CapSource.LOSS_BUDGET, CapSource.INCIDENT]
    assert all(cap.limits.state is TradingState.REDUCE_ONLY for cap in (one, two, three))
    assert why_it_stays(one, 1) == ""
    assert why_it_stays(two, 24 * HOUR) == "CAP_TOO_EARLY: cap=breaker L2 wait_s=1"
    assert why_it_stays(two, 24 * HOUR + 1) == ""
    configured = of_settings(Limits(positions=1))
    assert why_it_stays(configured, 10**20) == "CAP_NOT_YOURS: cap=settings lifting=a change of the configuration"


def test_stage_person_guard_and_profile_combine_to_the_tightest() -> None:
    """One way of combining for all of them."""
    stage = resumed("looked at", "ann", 1)
    profile = of_settings(rules_of(Profile.MODERATE, "USDT").limits)
    caps = [stage, profile, breakers.stopped("lost", 1)]
    tightest = in_force(caps)
    assert all(tightest <= cap.limits for cap in caps)
    assert (tightest.positions, tightest.position_value, tightest.size) == (1, usdt(5_000), Fraction.of(0))


def health(*levels: Level) -> list[breakers.AccountHealth]:
    return [breakers.AccountHealth(f"a{number}", level) for number, level in enumerate(levels)]


def test_too_many_failing_accounts_are_everyone_s_trouble() -> None:
    """Three, and a quarter of all; fewer, or a smaller part, is their own."""
    bad, good = Level.CRITICAL, Level.WARNING
    assert breakers.everyones_trouble(health(bad, bad)) is None
    assert breakers.everyones_trouble(health(bad, bad, bad)) == "ACCOUNTS_FAILING: failing=3 of=3 first=a0"
    assert breakers.everyones_trouble(health(*[bad] * 3, *[good] * 9)) is not None
    assert breakers.everyones_trouble(health(*[bad] * 3, *[good] * 10)) is None
    assert breakers.everyones_trouble([]) is None


def test_what_a_cap_of_each_kind_says() -> None:
    """After a kill an account has one position of a quarter of its size; what all lose together is a loss, no incident."""
    assert resumed("looked at", "ann", 7) == Cap(
        id="resumed",
        kind=RESUMED,
        limits=Limits(positions=1, size=percent("25 %")),
        reason="resumed after a kill by ann: looked at",
        since=7,
    )
    assert (RESUMED.source, RESUMED.lifting) == (CapSource.STAGE, Lifting.PERSON)
    assert (of_settings(Limits()).id, of_settings(Limits()).since) == ("settings", 0)
    lost = breakers.all_have_lost("gone", 7)
    assert (lost.id, lost.source, lost.reason, lost.since) == (breakers.TOTAL_LOSS, CapSource.LOSS_BUDGET, "gone", 7)


@pytest.mark.parametrize(
    ("rules", "most"),
    [
        ({}, "20 %"),
        ({"capital_share": percent("10 %")}, "10 %"),
        ({"free_share": percent("15 %")}, "15 %"),
        ({"capital_share": percent("30 %"), "free_share": percent("40 %")}, "20 %"),
    ],
)
def test_the_most_that_one_entry_may_take_is_the_smallest_of_its_shares(rules: dict[str, Fraction], most: str) -> None:
    """25 % with room to grow by a quarter are 20 %."""
    start = RiskRules(per_trade=percent("1 %"), position_max=percent("25 %"), positions_max=3, slippage=percent("0 %"))
    assert replace(start, drift=percent("25 %"), **rules).entry_max == percent(most)


def test_profiles_are_what_their_page_says_when_they_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each number of docs/reference/guards.md, made now, and not when the script was read."""
    monkeypatch.setattr(guards_table, "RULES", {profile: rules_of(profile, "USDT") for profile in Profile})
    text = guards_table.PAGE.read_text()
    assert guards_table.page(text) == text
