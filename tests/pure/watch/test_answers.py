"""What comes back of a probe's question is worth one observation, or is told as what it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway.watch.answers import SIZE_MAX, ProbedPage, answered, increase, read
from fairway.watch.questions import Metric
from fairway.world.clock import MILLISECOND, SECOND

CHECKS = ("database", "venue")
LAG = Metric("kafka_lag", "http://127.0.0.1/metrics", {"topic": "orders"})


def page(body: str | bytes = b"", status: int = 200, *, silence: str = "", is_whole: bool = True) -> ProbedPage:
    return ProbedPage(7, 20 * MILLISECOND, status, body.encode() if isinstance(body, str) else body, is_whole, silence)


def why(body: str | bytes = b"", status: int = 200, checks: tuple[str, ...] = (), is_whole: bool = True) -> str:
    found = answered(page(body, status, is_whole=is_whole), checks, 5 * SECOND)
    assert (found.at, found.took_s, found.is_good) == (7, 0.02, not found.why)
    return found.why


@pytest.mark.parametrize("status", [200, 204, 302])
def test_an_answer_below_400_is_good(status: int) -> None:
    assert why("anything", status) == ""


@pytest.mark.parametrize("status", [400, 404, 429, 500, 503])
def test_an_answer_from_400_on_is_not_for_the_question_was_right(status: int) -> None:
    assert why("anything", status) == f"it is answered with status {status}"


def test_who_does_not_answer_is_a_bad_observation_and_as_slow_as_was_waited() -> None:
    found = answered(page(silence="no server answers at its address"), (), 5 * SECOND)
    assert (found.is_good, found.took_s, found.why) == (False, 5.0, "no server answers at its address")


@pytest.mark.parametrize(
    "body",
    [
        '{"database": "ok", "venue": true}',
        '{"status": "ok", "checks": {"Database": {"status": "UP"}, "venue": [{"status": "pass"}]}}',
        '{"status": "UP", "checks": [{"name": "Database", "status": "UP"}, {"name": "venue", "status": "UP", "data": {}}]}',
        '{"components": {"database": {"healthy": true, "since": 3}, "venue": {"state": "good"}}}',
    ],
)
def test_a_health_page_that_names_each_part_as_working_is_good(body: str) -> None:
    assert why(body, checks=CHECKS) == ""


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('{"status": "healthy"}', "its page does not name database"),
        ("healthy", "its page is no JSON, so it names nothing that works"),
        ('{"database": "ok"}', "its page does not name venue"),
        ('{"database": "ok", "venue": "down"}', "venue does not work, its page says"),
        ('{"database": {"status": "ok"}, "venue": {"latency": 3}}', "venue does not work, its page says"),
        ('{"database": {"status": "ok", "ok": false}, "venue": true}', "database does not work, its page says"),
        ('{"database": "ok", "venue": []}', "venue does not work, its page says"),
        ('{"database": "ok", "venue": null}', "venue does not work, its page says"),
        ('{"database": "ok", "venue": true, "old": {"venue": false}}', "venue does not work, its page says"),
        ('{"checks": [{"name": "database", "status": "UP"}, {"name": "venue"}]}', "venue does not work, its page says"),
        ('{"checks": ["database", "venue"]}', "its page does not name database"),
        ('{"database": 1, "venue": true}', "database does not work, its page says"),
        ("[" * 100_000, "its page is no JSON, so it names nothing that works"),
    ],
)
def test_a_health_page_that_does_not_is_not(body: str, says: str) -> None:
    assert why(body, checks=CHECKS) == says


def test_a_health_page_is_a_200_and_whole() -> None:
    good = '{"database": "ok", "venue": true}'
    assert why(good, 204, CHECKS) == "it is answered with status 204"
    assert why(good, checks=CHECKS, is_whole=False) == f"its page is larger than {SIZE_MAX} bytes"


# -- numbers ---------------------------------------------------------------------------------------------------------------

METRICS = """\
# HELP kafka_lag messages
# TYPE kafka_lag gauge
kafka_lag{topic="orders",partition="0"} 3
kafka_lag{topic="orders",partition="1"} 4.5 1395066363000
kafka_lag{topic="fills",partition="0"} 100
kafka_lag_max 9
broken{ 1
"""


def test_all_samples_that_fit_are_added_up() -> None:
    assert read(page(METRICS), LAG).value == 7.5
    assert read(page(METRICS), Metric("kafka_lag", LAG.url)).value == 107.5
    assert read(page(METRICS), Metric("kafka_lag_max", LAG.url)).value == 9


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (page(silence="no answer within 5 s"), "no answer within 5 s"),
        (page("lag 1", 404), "it is answered with status 404"),
        (page("", 200), 'its page has no sample of kafka_lag{topic="orders"}'),
        (page('kafka_lag{topic="orders"} none'), "its line of kafka_lag cannot be read"),
        (page('kafka_lag{topic="orders} 1'), "its line of kafka_lag cannot be read"),
        (page(b'kafka_lag{topic="orders"} 1\xff'), "its line of kafka_lag cannot be read"),
        (page('kafka_lag{topic="orders"} NaN'), 'its sample of kafka_lag{topic="orders"} is negative, or no number'),
        (page('kafka_lag{topic="orders"} +Inf'), 'its sample of kafka_lag{topic="orders"} is negative, or no number'),
        (page('kafka_lag{topic="orders"} -1'), 'its sample of kafka_lag{topic="orders"} is negative, or no number'),
        (page('kafka_lag{topic="orders"} 1\n' * 5_001), "its page has more than 5000 samples of kafka_lag"),
        (page(METRICS, is_whole=False), f"its page is larger than {SIZE_MAX} bytes"),
    ],
)
def test_a_number_that_cannot_be_read_is_none_and_its_reason_is_told(told: ProbedPage, says: str) -> None:
    found = read(told, LAG)
    assert (found.value, found.why) == (None, says)


@given(st.binary(max_size=200))
def test_no_page_is_more_than_can_be_told(junk: bytes) -> None:
    found = read(page(b'kafka_lag{topic="orders"' + junk), LAG)
    assert (found.value is None) == bool(found.why)
    assert answered(page(junk), CHECKS, SECOND).why


@pytest.mark.parametrize(("before", "now", "grown"), [(None, 5.0, None), (5.0, 5.0, 0.0), (5.0, 7.5, 2.5), (5.0, 1.0, 1.0)])
def test_a_counter_counts_its_increase_and_a_lower_one_was_reset(before: float | None, now: float, grown: float | None) -> None:
    assert increase(now, before) == grown
