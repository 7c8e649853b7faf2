"""What a probe asks is read from its text, and what cannot be asked is told with a right example."""

import pytest

from fairway.watch.questions import Metric, ProbeRequest, SelfMeasurementQuestion, question_of

PAGE = "http://127.0.0.1:9100/metrics"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080/health", "https://green.example/api/v1/markets?symbol=BTC", "http://[::1]:80/"]
)
def test_a_request_is_its_address(url: str) -> None:
    assert question_of(f"GET {url}") == ProbeRequest(url)
    assert question_of(f"  GET   {url} ") == ProbeRequest(url)


@pytest.mark.parametrize(
    ("text", "name", "labels"),
    [
        ("kafka_lag", "kafka_lag", {}),
        ('kafka_lag{topic="orders"}', "kafka_lag", {"topic": "orders"}),
        (
            'a:b{one="1", two = "with \\"quotes\\", a \\\\ and } braces",}',
            "a:b",
            {"one": "1", "two": 'with "quotes", a \\ and } braces'},
        ),
        ("lag{}", "lag", {}),
    ],
)
def test_a_metric_is_its_name_its_labels_and_its_page(text: str, name: str, labels: dict[str, str]) -> None:
    assert question_of(f"METRIC {text} at {PAGE}") == Metric(name, PAGE, labels)


def test_what_the_trader_measures_itself_is_not_asked_over_http() -> None:
    assert question_of("the trader's own measurements") == SelfMeasurementQuestion()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is nothing that can be asked"),
        ("POST http://127.0.0.1/", "is nothing that can be asked"),
        ("GET", "is nothing that can be asked"),
        ("GET /health", "has no whole address"),
        ("GET ftp://127.0.0.1/", "has no whole address"),
        ("GET http:///health", "has no whole address"),
        ("GET http://127.0.0.1:0/", "has no whole address"),
        ("GET http://127.0.0.1:99999/", "has no address"),
        ("GET http://[::1/", "has no address"),
        ("GET http://ann:secret@127.0.0.1/", "a name or a password"),
        ("GET http://127.0.0.1/a b", "a part that no server sees"),
        ("GET http://127.0.0.1/#top", "a part that no server sees"),
        (f"GET http://127.0.0.1/{'a' * 2000}", "longer than 2000"),
        ("METRIC kafka_lag", "is no metric with its page"),
        (f"METRIC 9lives at {PAGE}", "is no metric with its page"),
        (f"METRIC lag{{topic=orders}} at {PAGE}", "labels that cannot be read"),
        (f'METRIC lag{{topic="orders" group="bot"}} at {PAGE}', "labels that cannot be read"),
        ("METRIC lag at 127.0.0.1:9100/metrics", "has no whole address"),
    ],
)
def test_what_cannot_be_asked_is_told(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as told:
        question_of(text)
    assert "secret" not in str(told.value)
    assert "write" in str(told.value)
