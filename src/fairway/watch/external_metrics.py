"""Metrics of other programs that alert rules read: a contract for a program that serves them on its metrics page."""

from typing import Final

from fairway.watch.gauges import METRICS, MetricKind, MetricSpec

EXTERNAL: Final = (
    MetricSpec("model_inference_seconds", "How long a prediction of a model takes", ("model",), "s", MetricKind.HISTOGRAM),
    MetricSpec("model_predictions_total", "Predictions that were asked of a model", ("model",), kind=MetricKind.COUNTER),
    MetricSpec("model_prediction_errors_total", "Predictions that failed", ("model",), kind=MetricKind.COUNTER),
    MetricSpec("model_fallbacks_total", "Predictions that a simpler model answered instead", ("model",), kind=MetricKind.COUNTER),
    MetricSpec(
        "model_population_stability_index", "How far a model's inputs differ from those that it was trained on", ("model",)
    ),
    MetricSpec("model_features_age_seconds", "Age of the oldest input that a model predicts from", ("model",), "s"),
    MetricSpec(
        "llm_rate_limited_total", "Calls of a language model that its provider refused as too many", kind=MetricKind.COUNTER
    ),
    MetricSpec("redis_errors_total", "Commands of a Redis client that failed", kind=MetricKind.COUNTER),
)

ALL_METRICS: Final = {**METRICS, **{spec.name: spec for spec in EXTERNAL}}
"""Every metric that is declared, by name."""
