"""The rule `stream-reconnects` means the same with one account and with a hundred: what one account sees, and no sum."""

from collections.abc import Mapping, Sequence

import pytest
from msgspec import Struct
from tests.pure.watch.journals import START

from fairway.alerting.alert_book import AlertBook
from fairway.alerting.alert_events import AlertFired
from fairway.alerting.evaluation import evaluate
from fairway.alerting.measured import MeasuredNow
from fairway.alerting.promql import expression
from fairway.alerting.rule_files import shipped_rules
from fairway.journal import kinds
from fairway.journal.port import ReplayEntry
from fairway.watch.account_gauges import CODEC, AccountGauges
from fairway.watch.gauge_exposition import exposed_gauges
from fairway.watch.gauges import Gauges
from fairway.watch.stream_reconnects import KEPT, RECONNECTS_WITHIN_NS, StreamReconnects
from fairway.world.clock import MINUTE, SECOND

[RULE] = [rule for rule in shipped_rules() if rule.name == "stream-reconnects"]
NAME = "fairway_stream_reconnects"
BREAKS_EVERY_NS = 30 * SECOND


def lost_and_back(at: int, channel: str = "market") -> list[tuple[int, Struct]]:
    return [(at, kinds.StreamLost(channel=channel, why="reset")), (at + SECOND, kinds.CaughtUp(channels=(channel,)))]


def broken(times: int) -> list[tuple[int, Struct]]:
    """What one account's journal has of a connection that breaks so often, one after the other."""
    return [each for number in range(times) for each in lost_and_back(START + number * BREAKS_EVERY_NS)]


def gauges_of(journals: Mapping[str, Sequence[tuple[int, Struct]]], now: int) -> Gauges:
    """Of a trader's journal with the events of its accounts in the order of their instants."""
    found = AccountGauges()
    events = sorted((at, account, number, event) for account, own in journals.items() for number, (at, event) in enumerate(own))
    for seq, (at, account, _, event) in enumerate(events, 1):
        kind, version, body = CODEC.encode(event)
        found.fold([ReplayEntry(seq, at, account, kind, version, body)])
    return found.gauges({}, now)


def fires(gauges: Gauges, now: int) -> bool:
    events = evaluate([RULE], AlertBook(), MeasuredNow(now=now, gauges=gauges)).events
    assert [type(event) for event in events] in ([], [AlertFired]), "at most one alert, whatever the number of accounts"
    return bool(events)


def exposed(gauges: Gauges) -> float:
    """What Prometheus reads; the rule's own name must have one sample, or `max` would hide that it became a sum."""
    [family] = [each for each in exposed_gauges(gauges) if each.name == NAME]
    [sample] = family.samples
    assert sample.labels == {}
    return float(sample.value)


@pytest.mark.parametrize("accounts", [1, 12, 100])
@pytest.mark.parametrize(("breaks", "is_beyond"), [(1, False), (5, False), (6, True)])
def test_a_connection_that_all_accounts_share_counts_once_for_each_break(accounts: int, breaks: int, is_beyond: bool) -> None:
    now = START + 5 * MINUTE
    gauges = gauges_of({f"account{number}": broken(breaks) for number in range(accounts)}, now)
    assert fires(gauges, now) is is_beyond
    assert expression(RULE) == f"max({NAME}) > 5"
    assert exposed(gauges) == breaks


def test_one_account_of_twelve_whose_own_stream_breaks_again_and_again_fires_it() -> None:
    now = START + 5 * MINUTE
    gauges = gauges_of({**{f"account{number}": broken(1) for number in range(11)}, "ann": broken(6)}, now)
    assert fires(gauges, now)
    assert exposed(gauges) == 6


def test_what_is_older_than_ten_minutes_no_longer_counts() -> None:
    last = START + 5 * BREAKS_EVERY_NS + SECOND
    journal = {"ann": broken(6)}
    assert fires(gauges_of(journal, last), last)
    ends = START + SECOND + RECONNECTS_WITHIN_NS
    assert exposed(gauges_of(journal, ends - 1)) == 6
    assert exposed(gauges_of(journal, ends)) == 5
    assert exposed(gauges_of(journal, last + RECONNECTS_WITHIN_NS)) == 0


def test_only_what_was_lost_comes_back_and_a_start_is_no_reconnection() -> None:
    started = kinds.TraderStarted(account="ann", epoch=1, release="1", venue="binance", strategy="periodic", symbols=(), lots={})
    events = [
        (START, kinds.CaughtUp(channels=("market", "account"))),
        (START + 1, kinds.StreamLost(channel="market", why="reset")),
        (START + 2, kinds.StreamLost(channel="market", why="reset")),
        (START + 3, started),
        (START + 4, kinds.CaughtUp(channels=("market", "account"))),
        *lost_and_back(START + 5, "account"),
    ]
    assert exposed(gauges_of({"ann": events}, START + MINUTE)) == 1


LOST = (START, kinds.StreamLost(channel="account", why="turned away"))
BACK = (START + 90 * SECOND, kinds.CaughtUp(channels=("account",)))
OTHER = (START, kinds.StreamLost(channel="market", why="reset"))
STOPPED = (START + 90 * SECOND, kinds.TraderStopped(why="asked", protective_orders=0))


@pytest.mark.parametrize(
    ("events", "after_s", "is_lost"),
    [
        ([LOST], 60, True),
        ([LOST, BACK], 120, False),
        ([OTHER], 60, False),
        ([LOST, STOPPED], 120, False),
        ([LOST, BACK, (START + 100 * SECOND, LOST[1])], 120, True),
    ],
    ids=["lost", "caught up", "the market's", "the trader has stopped", "lost again"],
)
def test_an_account_without_its_stream_fires_after_half_a_minute(
    events: list[tuple[int, Struct]], after_s: int, is_lost: bool
) -> None:
    [rule], book = [rule for rule in shipped_rules() if rule.name == "account-stream-lost"], AlertBook()
    found = list[Struct]()
    for second in range(after_s, after_s + 31, 10):
        now = START + second * SECOND
        gauges = gauges_of({"ann": events}, now)
        new = evaluate([rule], book, MeasuredNow(now=now, gauges=gauges)).events
        for event in new:
            book.apply(event, now)
        found += new
    assert [type(event) for event in found if isinstance(event, AlertFired)] == [AlertFired] * is_lost
    assert rule.lasts == 30 * SECOND


def test_the_number_of_instants_kept_is_bounded() -> None:
    found = StreamReconnects()
    for number in range(KEPT + 10):
        found.take(kinds.StreamLost(channel="market", why="reset"), START + number)
        found.take(kinds.CaughtUp(channels=("market",)), START + number)
    assert found.count(START + MINUTE) == KEPT
