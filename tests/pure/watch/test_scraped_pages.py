"""What is kept of the metrics pages of other programs."""

from fairway.watch.answers import ProbedPage
from fairway.watch.scraped_pages import FRESH_NS, KEPT_NS, ScrapedPages
from fairway.world.clock import MINUTE

WANTED = ("model_fallbacks_total", "model_inference_seconds")
PAGE = b"""# HELP other_total x
# TYPE other_total counter
other_total 9
# TYPE model_fallbacks_total counter
model_fallbacks_total{model="lgbm"} 3
# TYPE model_inference_seconds histogram
model_inference_seconds_bucket{le="0.1"} 5
model_inference_seconds_bucket{le="+Inf"} 6
model_inference_seconds_sum 0.7
model_inference_seconds_count 6
"""


def test_only_wanted_samples_are_kept_with_their_labels() -> None:
    pages = ScrapedPages(WANTED)
    pages.take("models", ProbedPage(MINUTE, 1, 200, PAGE))
    gauges = pages.gauges(MINUTE)
    assert [(each.value, each.labels) for each in gauges["model_fallbacks_total"]] == [(3, {"model": "lgbm"})]
    assert [each.value for each in gauges["model_inference_seconds_bucket"]] == [5, 6]
    assert "other_total" not in gauges


def test_a_page_that_is_not_answered_leaves_its_samples_unknown_after_five_minutes() -> None:
    pages = ScrapedPages(WANTED)
    pages.take("models", ProbedPage(MINUTE, 1, 200, PAGE))
    pages.take("models", ProbedPage(2 * MINUTE, 1, silence="no server answers at its address"))
    assert pages.trouble == {"models": "no server answers at its address"}
    assert pages.gauges(MINUTE + FRESH_NS)
    assert not pages.gauges(MINUTE + FRESH_NS + 1)


def test_a_damaged_page_and_an_error_page_are_reported() -> None:
    pages = ScrapedPages(WANTED)
    pages.take("models", ProbedPage(MINUTE, 1, 200, b"model_fallbacks_total{ 3\n"))
    pages.take("cache", ProbedPage(MINUTE, 1, 500, b""))
    assert pages.trouble == {"models": "its page cannot be read", "cache": "it is answered with status 500"}


def test_the_history_holds_an_hour() -> None:
    pages = ScrapedPages(WANTED)
    for minute in range(1, 200):
        pages.take("models", ProbedPage(minute * MINUTE, 1, 200, PAGE))
    kept = [at for at, _ in pages.history.all()["model_fallbacks_total"]]
    assert kept[-1] - kept[0] == KEPT_NS // MINUTE * MINUTE
