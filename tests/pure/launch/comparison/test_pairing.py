"""A signal's fills are compared with the same signal's in shadow: once, signed by what is worse, and where it is the same."""

from tests.pure.launch.comparison.traders import Trader, bps, records
from tests.pure.watch.journals import START, Pen

from fairway.journal.kinds import ProcessMeasured
from fairway.launch.observation.comparison.legs import FILLED_WITHIN_NS, SignalExecutions
from fairway.launch.observation.comparison.pairing import NEAR_NS, SETTLED_NS, Pairing
from fairway.world.clock import MINUTE, SECOND

LATER = 30
"""Minutes after which everything is settled."""


def paired(live: list[Trader], shadow: list[Trader]) -> tuple[list[float], Pairing]:
    """By how many basis points each pair was worse, oldest first."""
    end = Pen("").later(LATER * 60)
    end.write(ProcessMeasured(since=end.now))
    sides = []
    for traders in (live, shadow):
        legs = SignalExecutions(MINUTE)
        for record in records(*traders, end):
            legs.take(record)
        sides.append(legs)
    pairing = Pairing(*sides)
    return [bps(each.value) for each in pairing.settle()], pairing


def counts(pairing: Pairing) -> tuple[int, int, int]:
    return pairing.pairs, pairing.unpaired_live, pairing.unpaired_shadow


def check(live: Trader, shadow: Trader, worse: list[float], *, unpaired: tuple[int, int] = (0, 0)) -> None:
    found, pairing = paired([live], [shadow])
    assert found == worse
    assert counts(pairing) == (len(worse), *unpaired)


def test_who_bought_dearer_is_worse_and_who_sold_cheaper() -> None:
    check(Trader().enter(5, "100.1"), Trader().enter(5, "100"), [10.0])
    check(Trader().enter(5, "99.9"), Trader().enter(5, "100"), [-10.0])
    check(Trader().leave(5, "99.9"), Trader().leave(5, "100"), [10.0])
    check(Trader().leave(5, "100.1"), Trader().leave(5, "100"), [-10.0])


def test_the_average_of_all_fills_of_a_signal_counts_however_many_orders_it_took() -> None:
    check(Trader().enter(5, "100", "100.4"), Trader().enter(5, "100"), [20.0])
    check(Trader().leave(5, "100", "99.8", "99.6"), Trader().leave(5, "100"), [20.0])


def test_another_symbol_side_or_candle_is_another_signal() -> None:
    check(Trader().enter(5, "101", symbol="ETH/USDT"), Trader().enter(5, "100"), [], unpaired=(1, 1))
    check(Trader().enter(5, "101"), Trader().leave(5, "100"), [], unpaired=(1, 1))
    check(Trader().enter(5, "101"), Trader().enter(6, "100"), [], unpaired=(1, 1))


def test_the_candle_is_the_one_that_was_decided_on_and_not_that_of_the_clock() -> None:
    check(Trader().enter(5, "100.1", late=59), Trader().enter(5, "100", late=1), [10.0])
    check(Trader().enter(5, "100.1", late=61), Trader().enter(5, "100", late=1), [10.0])


def test_who_decides_a_minute_after_the_other_did_not_follow_the_same_signal() -> None:
    near = NEAR_NS / SECOND
    check(Trader().enter(5, "100.1", late=near), Trader().enter(5, "100", late=0), [10.0])
    check(Trader().enter(5, "100.1", late=near + 0.001), Trader().enter(5, "100", late=0), [], unpaired=(1, 1))
    check(Trader().enter(5, "100.1", late=0), Trader().enter(5, "100", late=near + 0.001), [], unpaired=(1, 1))


def test_what_is_filled_too_late_is_not_the_signals_price() -> None:
    late = FILLED_WITHIN_NS / SECOND
    check(Trader().enter(5, "100.1", fill_after=late), Trader().enter(5, "100"), [10.0])
    check(Trader().enter(5, "100.1", fill_after=late + 0.001), Trader().enter(5, "100"), [], unpaired=(0, 1))


def test_a_signal_without_a_fill_makes_no_pair() -> None:
    check(Trader().enter(5), Trader().enter(5, "100"), [], unpaired=(0, 1))
    check(Trader().enter(5, "100"), Trader().enter(5), [], unpaired=(1, 0))


def test_of_another_release_nothing_is_paired_and_of_one_that_nobody_knows() -> None:
    check(Trader("r2").enter(5, "100"), Trader("r1").enter(5, "100"), [], unpaired=(1, 1))
    check(Trader("").enter(5, "100"), Trader("").enter(5, "100"), [], unpaired=(1, 1))
    upgraded = Trader("r1").enter(5, "100.1").at(6).run("r2").enter(7, "100.2")
    shadow = Trader("r1").enter(5, "100").enter(7, "100").at(8).run("r2")
    check(upgraded, shadow, [10.0], unpaired=(1, 1))


def test_all_accounts_that_follow_a_signal_are_one_pair_each_counting_the_same() -> None:
    ann, bob = Trader(account="ann").enter(5, "100.1", late=1), Trader(account="bob").enter(5, "100.3", "100.3", late=20)
    found, pairing = paired([ann, bob], [Trader().enter(5, "100")])
    assert found == [20.0]
    assert counts(pairing) == (1, 0, 0)


def test_a_trade_that_is_told_twice_counts_once() -> None:
    live = Trader().enter(5, "100", "100.4")
    live.write(live.events[-1][0])
    check(live, Trader().enter(5, "100"), [20.0])


def test_each_pair_comes_once_when_all_is_known_of_it_however_the_journals_are_read() -> None:
    live = Trader().enter(5, "100.1").leave(7, "99").enter(9, "100.2").beat(LATER)
    shadow = Trader().enter(5, "100").leave(7, "100").enter(9, "100").beat(LATER)
    legs = SignalExecutions(MINUTE), SignalExecutions(MINUTE)
    pairing = Pairing(*legs)
    lines = [(record.at, side, record) for side, each in enumerate((live, shadow)) for record in records(each)]
    found: list[tuple[int, float]] = []
    for at, side, record in sorted(lines, key=lambda each: (each[0], each[1])):
        legs[side].take(record)
        fresh = pairing.settle()
        assert all(each.at + SETTLED_NS <= at for each in fresh)
        found += [(each.at, bps(each.value)) for each in fresh]
    assert [value for _, value in found] == [10.0, 100.0, 20.0]
    assert [at - START for at, _ in found] == [5 * MINUTE + SECOND, 7 * MINUTE + SECOND, 9 * MINUTE + SECOND]
    assert paired([live], [shadow])[0] == [10.0, 100.0, 20.0]
    assert counts(pairing) == (3, 0, 0)


def test_nothing_is_settled_before_both_journals_have_gone_on() -> None:
    live, shadow = SignalExecutions(MINUTE), SignalExecutions(MINUTE)
    pairing = Pairing(live, shadow)
    for record in records(Trader().enter(5, "100").beat(LATER)):
        live.take(record)
    for record in records(Trader().enter(5, "100").beat(6)):
        shadow.take(record)
    assert pairing.settle() == []
    assert pairing.settled_to == START + 6 * MINUTE - SETTLED_NS
    for record in records(Trader().beat(5 + (SECOND + SETTLED_NS) / MINUTE)):
        shadow.take(record)
    assert len(pairing.settle()) == 1


def test_signals_from_before_a_launch_began_are_not_its_own() -> None:
    legs = SignalExecutions(MINUTE, START + 6 * MINUTE)
    for record in records(Trader().enter(5, "100").enter(7, "100")):
        legs.take(record)
    assert len(legs.until(START + LATER * MINUTE)) == 1
