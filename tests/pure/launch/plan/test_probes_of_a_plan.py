"""A probe of a plan is a question that can be asked; what cannot be is told with its place, its value and a right example."""

import pytest
from tests.pure.launch.lint.drafts import changed

from fairway.launch.plan.load import PlanError, parse
from fairway.launch.plan.model import canonical
from fairway.launch.plan.probe import Probe
from fairway.watch.questions import Metric, ProbeRequest, SelfMeasurementQuestion
from fairway.world.clock import MINUTE, SECOND

HEALTH = {
    "name": "health",
    "of": "http_ok",
    "asks": "GET http://127.0.0.1:8080/health",
    "every": "1m",
    "checks": "[database, venue]",
}
LAG = {"name": "lag", "of": "consumer_lag", "asks": "METRIC lag at http://127.0.0.1:9100/metrics", "every": "30s"}


MINUTELY = "{name: health, of: http_ok, asks: GET http://127.0.0.1:8080/prices, every: 1m}"


def probe(told: dict[str, str]) -> Probe:
    text = ", ".join(f"{key}: {value}" for key, value in told.items())
    return parse(changed(probes=f"[{{{text}}}]")).plan.probes[0]


def test_a_request_feeds_whether_and_how_fast_it_is_answered() -> None:
    read = probe(HEALTH)
    assert read.question == ProbeRequest("http://127.0.0.1:8080/health")
    assert (read.feeds, read.every, read.within) == (("http_ok", "http_latency"), MINUTE, 5 * SECOND)


def test_a_metric_feeds_what_the_plan_says() -> None:
    read = probe(LAG)
    assert read.question == Metric("lag", "http://127.0.0.1:9100/metrics")
    assert read.feeds == ("consumer_lag",)


def test_what_asks_beside_the_launch_feeds_nothing_of_the_launch_itself() -> None:
    read, other = probe(HEALTH), probe(HEALTH | {"beside": "true"})
    assert (read.beside, read.feeds_own) == (False, read.feeds)
    assert (other.beside, other.feeds, other.feeds_own) == (True, read.feeds, ())
    plain, said = (parse(changed(probes=f"[{text}]")).plan for text in (MINUTELY, MINUTELY.replace("}", ", beside: true}")))
    assert '"beside"' not in canonical(plain)
    assert plain.digest != said.digest


def test_what_the_trader_measures_itself_is_no_question_of_the_pilot() -> None:
    read = probe({"name": "own", "of": "uptime", "asks": "the trader's own measurements", "every": "1m"})
    assert (read.question, read.feeds) == (SelfMeasurementQuestion(), ())


@pytest.mark.parametrize(
    ("told", "key", "says", "example"),
    [
        (
            HEALTH | {"asks": "GET /health"},
            "asks",
            "'GET /health' has no whole address",
            "asks: GET http://127.0.0.1:8080/health",
        ),
        (HEALTH | {"of": "uptime"}, "of", "'uptime' is not fed by a request; it feeds http_ok", "of: http_ok"),
        (LAG | {"of": "http_ok"}, "of", "it feeds consumer_lag or llm_cost", "of: consumer_lag"),
        (HEALTH | {"asks": "the trader's own measurements"}, "of", "is not fed by the trader itself", "of: uptime"),
        (LAG | {"checks": "[database]"}, "checks", "belongs to GET", "checks: [database, venue, journal]"),
        (HEALTH | {"every": "1s"}, "every", "'1s' is not within 5s to 24h", "every: 1m"),
        (HEALTH | {"every": "2d"}, "every", "'2d' is not within 5s to 24h", "every: 1m"),
        (LAG | {"within": "31s"}, "within", "'31s' is more than 30s", "within: 5s"),
        (HEALTH | {"every": "24h", "within": "2m"}, "within", "'2m' is more than 1m", "within: 5s"),
        (LAG | {"within": "0s"}, "within", "'0s' must be above 0", "within: 5s"),
        (HEALTH | {"token": "sk-1234"}, "token", "is no name of an environment variable", "token: PROBE_TOKEN"),
    ],
)
def test_what_cannot_be_asked_is_told(told: dict[str, str], key: str, says: str, example: str) -> None:
    with pytest.raises(PlanError) as refused:
        probe(told)
    (problem,) = refused.value.problems
    assert problem.key == f"probes[0].{key}"
    assert says in problem.what
    assert problem.example == example
    assert problem.line > 0
    assert "1234" not in str(refused.value)


def test_two_probes_of_one_name_are_told() -> None:
    two = ", ".join(f"{{name: a, of: http_ok, asks: GET http://a/{path}, every: 1m}}" for path in ("x", "y"))
    with pytest.raises(PlanError, match="is the name of another probe"):
        parse(changed(probes=f"[{two}]"))
