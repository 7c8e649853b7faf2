"""When a venue leaves an address, when it returns to the first one, and what bounds how often it switches."""

from itertools import pairwise

import pytest

from fairway.venues.addresses import (
    FAILURES_MIN,
    GOOD_NS,
    LASTING_ALONE_NS,
    LASTING_MIN_NS,
    STAY_LONGEST_NS,
    STAY_NS,
    TOGETHER_NS,
    PendingSwitches,
    VenueAddresses,
    what_is_wrong,
)
from fairway.venues.port import AddressChanged
from fairway.world.clock import HOUR, MILLISECOND, MINUTE, SECOND, Duration, Instant


class Hand:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.at = 0

    def now(self) -> Instant:
        return self.at

    def monotonic(self) -> Duration:
        return self.at


class Addresses(VenueAddresses):
    """Three of them, with what was switched."""

    def __init__(self, *names: str) -> None:
        self.hand = Hand()
        super().__init__(names or ("a", "b", "c"), self.hand)
        self.switched: list[tuple[int, str]] = []
        self.on_switch = lambda changed: self.switched.append((self.hand.at, changed.to_address))

    def fail(self, times: int = FAILURES_MIN, every_ns: int = SECOND) -> None:
        """Requests fail one after the other."""
        for _ in range(times):
            self.hand.at += every_ns
            self.failed(self.turn, "TimeoutError")

    def probe(self, minutes: int, *, is_good: bool = True) -> None:
        for _ in range(2 * minutes + 1):
            self.probed(is_good=is_good)
            self.hand.at += MINUTE // 2


def test_an_address_is_left_after_five_failures_in_a_row() -> None:
    addresses = Addresses()
    addresses.fail(FAILURES_MIN - 1)
    assert addresses.current == "a"
    addresses.fail(1)
    assert addresses.current == "b"


def test_one_answer_ends_the_row() -> None:
    """A refusal too: it was answered."""
    addresses = Addresses()
    for _ in range(10):
        addresses.fail(FAILURES_MIN - 1)
        addresses.answered(addresses.turn)
    assert addresses.switched == []


def test_many_requests_that_break_off_at_once_are_one_failure() -> None:
    addresses = Addresses()
    addresses.fail(1_000, every_ns=MILLISECOND)
    assert 1_000 * MILLISECOND < LASTING_MIN_NS
    assert addresses.current == "a"


def test_two_failures_that_lie_far_apart_are_enough() -> None:
    addresses = Addresses()
    addresses.fail(2, every_ns=LASTING_ALONE_NS)
    assert addresses.current == "b"


def test_late_failures_of_the_address_before_do_not_count() -> None:
    addresses = Addresses()
    before = addresses.turn
    addresses.fail()
    addresses.hand.at += HOUR
    for _ in range(20):
        addresses.hand.at += SECOND
        addresses.failed(before, "TimeoutError")
    assert addresses.current == "b"


def test_late_answers_of_the_address_before_do_not_help_this_one() -> None:
    addresses = Addresses()
    before = addresses.turn
    addresses.fail()
    addresses.hand.at += HOUR
    for _ in range(FAILURES_MIN):
        addresses.fail(1)
        addresses.answered(before)
    assert addresses.current == "c"


def test_it_goes_round_ever_more_seldom_where_none_answers() -> None:
    """In an hour of failures, one a second: each stay is twice as long as the one before, up to five minutes."""
    addresses = Addresses("a", "b")
    addresses.fail(3_600)
    stays = [later - earlier for (earlier, _), (later, _) in pairwise(addresses.switched)]
    assert [round(stay / SECOND) for stay in stays[:5]] == [30, 60, 120, 240, 300]
    assert max(stays) < STAY_LONGEST_NS + 2 * SECOND
    assert len(addresses.switched) < 20


def test_it_returns_to_the_first_when_that_has_answered_for_minutes() -> None:
    addresses = Addresses()
    addresses.fail()
    addresses.probe(4)
    assert addresses.current == "b"
    addresses.probed(is_good=False)
    addresses.probe(4)
    assert addresses.current == "b"
    addresses.probe(1)
    assert addresses.current == "a"
    assert addresses.hand.at >= 2 * GOOD_NS - 2 * MINUTE


def test_the_next_failure_leads_to_the_first_where_its_last_probe_was_good() -> None:
    addresses = Addresses()
    addresses.fail()
    addresses.probe(1)
    addresses.fail()
    assert addresses.current == "a"
    unprobed = Addresses()
    unprobed.fail()
    unprobed.hand.at += STAY_NS
    unprobed.fail()
    assert unprobed.current == "c"


def test_it_waits_longer_for_a_first_address_that_has_failed_again() -> None:
    """One that answers probes and nothing else: it is not left and taken up every five minutes."""
    addresses = Addresses("a", "b")
    for _ in range(4 * 60):
        if addresses.is_at_first:
            addresses.fail(60)
        else:
            addresses.probe(1)
    returns = [at for at, address in addresses.switched if address == "a"]
    waits = [round((later - earlier) / MINUTE) for earlier, later in pairwise(returns)]
    assert waits[0] < waits[1]
    assert all(wait >= 5 for wait in waits)


def test_an_instruction_switches_at_once_and_two_together_once() -> None:
    addresses = Addresses("a", "b")
    assert addresses.switch("ann: slow")
    assert not addresses.switch("eve: slow")
    assert addresses.current == "b"
    addresses.hand.at += TOGETHER_NS
    assert addresses.switch("ann: slow too")
    assert addresses.current == "a"


def test_an_address_that_an_instruction_led_to_is_left_at_once_where_it_does_not_answer() -> None:
    """Although the venue had switched by itself shortly before."""
    addresses = Addresses("a", "b")
    addresses.fail()
    addresses.hand.at += TOGETHER_NS
    assert addresses.switch("ann: slow")
    addresses.fail()
    assert addresses.current == "b"


def test_one_address_alone_is_never_switched() -> None:
    addresses = Addresses("a")
    addresses.fail(100)
    assert not addresses.switch("ann: slow")
    assert not addresses.skip_unanswered("TimeoutError")
    assert addresses.switched == []


def test_an_opening_tries_each_address_once() -> None:
    addresses = Addresses()
    assert [addresses.skip_unanswered("TimeoutError") for _ in range(4)] == [True, True, False, False]
    assert addresses.current == "c"


def test_switches_wait_for_a_sink() -> None:
    told: list[AddressChanged] = []
    pending = PendingSwitches()
    one, other, third = (AddressChanged("a", to, "why") for to in "bca")
    pending.tell(one)
    pending.take(told.append)
    pending.tell(other)
    pending.take(None)
    pending.tell(third)
    assert told == [one, other]
    pending.take(told.append)
    assert told == [one, other, third]


@pytest.mark.parametrize(
    ("fallback", "is_url", "is_right"),
    [
        ("api1.binance.com", False, True),
        ("bytick.com", False, True),
        ("https://api1.binance.com", False, False),
        ("api1.binance.com/api", False, False),
        ("api1", False, False),
        ("-x.com", False, False),
        ("", False, False),
        ("http://127.0.0.1:9101", True, True),
        ("127.0.0.1:9101", True, False),
        ("ws://127.0.0.1", True, False),
    ],
)
def test_a_fallback_is_of_the_form_of_the_first_address(fallback: str, is_url: bool, is_right: bool) -> None:
    assert (what_is_wrong(fallback, is_url=is_url) == "") is is_right
