"""Limits and caps: the order of caution is a lattice, and what is in force never depends on who came first."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.pure.kinds_of_caps import other

from fairway.journal.events import Codec
from fairway.journal.kinds import LeaseAccepted
from fairway.journal.port import ReplayEntry
from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.risk.caps import Cap, binding, in_force
from fairway.risk.hours import Hours
from fairway.risk.limits import NO_LIMITS, Limits, TradingState

amounts = some.none() | some.integers(0, 9).map(lambda number: Amount.of(number, "USDT"))
fractions = some.none() | some.integers(0, 9).map(lambda number: Fraction(Decimal(number) / 10))
counts = some.none() | some.integers(0, 9)
names = some.none() | some.frozensets(some.sampled_from(["one", "two", "three"]))
spells = some.tuples(some.integers(0, 23), some.integers(0, 23)).filter(lambda spell: spell[0] != spell[1])
hours = some.none() | some.lists(spells, min_size=1, max_size=3).map(
    lambda many: Hours.parse(",".join(f"{begin:02}:00-{end:02}:00" for begin, end in many))
)
DRAWN: dict[str, some.SearchStrategy[Any]] = {
    "state": some.sampled_from(TradingState),
    "hands_off": some.booleans(),
    "symbols": some.none() | some.frozensets(some.sampled_from(["BTC/USDT", "ETH/USDT", "SOL/USDT"])),
    "capital": amounts,
    "capital_min": amounts,
    "exposure_value": amounts,
    "exposure": fractions,
    "position_value": amounts,
    "position": fractions,
    "order_value": amounts,
    "positions": counts,
    "orders_a_minute": counts,
    "risk": fractions,
    "size": fractions,
    "strategies": names,
    "profiles": names,
    "cohorts": names,
    "open_orders": counts,
    "leverage": some.none() | some.integers(0, 9).map(Decimal),
    "hours": hours,
    "loss": amounts,
    "daily_loss": fractions,
    "drawdown": fractions,
    "capital_total": amounts,
    "loss_total": amounts,
    "users": counts,
    "users_a_day": counts,
}
limits = some.builds(Limits, **DRAWN)
SETS = {"symbols", "strategies", "profiles", "cohorts", "hours"}
"""What is left of two of these may be less than either, so that no single cap says it."""


def cap(name: str, limited: Limits, symbol: str = "") -> Cap:
    return Cap(id=name, kind=other(name), limits=limited, reason="test", since=1, symbol=symbol)


@given(limits, limits, limits)
def test_the_tightest_does_not_depend_on_order_or_repetition(one: Limits, two: Limits, three: Limits) -> None:
    """Reactions of many guards never conflict, and raising a cap twice changes nothing."""
    assert one & two == two & one
    assert (one & two) & three == one & (two & three)
    assert one & one == one
    assert one & NO_LIMITS == one


@given(limits, limits)
def test_combining_only_tightens(one: Limits, two: Limits) -> None:
    """What is in force allows nothing that any cap forbids, and `<=` says exactly that."""
    both = one & two
    assert both <= one
    assert both <= two
    assert (one <= two) == (one & two == one)
    assert one <= NO_LIMITS


@given(some.lists(limits, min_size=1, max_size=5))
def test_lifting_one_cap_lifts_no_other(many: list[Limits]) -> None:
    """Without one of them the rest is still in force."""
    caps = [cap(str(number), each) for number, each in enumerate(many)]
    for gone in caps:
        rest = [each for each in caps if each is not gone]
        assert in_force(caps) <= in_force(rest)
        assert all(in_force(rest) <= each.limits for each in rest)


@given(some.lists(limits, min_size=1, max_size=5))
def test_the_caps_that_bind_a_limit_are_named(many: list[Limits]) -> None:
    """For each field that is limited there is a cap that limits it so; sets alone may need several."""
    caps = [cap(str(number), each) for number, each in enumerate(many)]
    limited = set(in_force(caps).set_fields())
    told = {field for field in Limits.__struct_fields__ if binding(caps, field)}
    assert limited - told <= SETS
    assert told <= limited


def test_a_cap_on_a_symbol_leaves_the_others_alone() -> None:
    """One bad symbol never stops the others."""
    caps = [cap("bad", Limits(state=TradingState.REDUCE_ONLY), "BTC/USDT"), cap("all", Limits(positions=3))]
    assert in_force(caps, "BTC/USDT") == Limits(state=TradingState.REDUCE_ONLY, positions=3)
    assert in_force(caps, "ETH/USDT") == Limits(positions=3)
    assert in_force(caps) == Limits(positions=3)


def test_every_field_takes_part_in_the_order() -> None:
    """A field that no drawn limits hold would be one of which the order is not proven."""
    assert set(DRAWN) == set(Limits.__struct_fields__)


@given(limits)
def test_limits_are_read_back_as_they_were_written(one: Limits) -> None:
    """A lease is in the journal before it is in force; what was written before a field was known limits nothing by it."""
    codec = Codec(LeaseAccepted)
    granted = LeaseAccepted(epoch=1, until=2, limits=one, by="pilot")
    kind, version, body = codec.encode(granted)
    assert codec.decode(ReplayEntry(1, 1, "main", kind, version, body)) == granted


def test_a_lease_of_before_these_limits_is_still_read() -> None:
    """It limits nothing by what it did not know, and belongs to no stage."""
    old = b'{"epoch":3,"until":9,"limits":{"positions":1,"capital":{"value":"100","asset":"USDT"}},"by":"ann"}'
    read = Codec(LeaseAccepted).decode(ReplayEntry(1, 1, "main", "LeaseAccepted", 1, old))
    assert read == LeaseAccepted(epoch=3, until=9, limits=Limits(positions=1, capital=Amount.of(100, "USDT")), by="ann", stage="")


def test_money_of_two_assets_has_no_tightest() -> None:
    """Dollars and bitcoins are not compared."""
    with pytest.raises(TypeError, match="different assets"):
        Limits(capital=Amount.of(1, "USDT")) & Limits(capital=Amount.of(1, "BTC"))


def test_dollars_and_fractions_are_never_mixed() -> None:
    """Each is refused where the other belongs."""
    half = Fraction.parse("0.5 %")
    assert half == Fraction.of("0.005")
    assert half.part_of(Amount.of(200, "USDT")) == Amount.of(1, "USDT")
    with pytest.raises(TypeError):
        half < Amount.of(1, "USDT")  # type: ignore[operator]  # noqa: B015
    with pytest.raises(TypeError, match="part_of"):
        half * Amount.of(1, "USDT")  # type: ignore[operator]
    with pytest.raises(ValueError, match=r"a right one is '0\.5 %'"):
        Fraction.parse("0.5")
