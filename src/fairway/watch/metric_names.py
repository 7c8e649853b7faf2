"""The names under which Prometheus knows the indicators."""

from typing import Final

from fairway.watch.indicators import Indicator, Measures

PREFIX: Final = "fairway_"


def is_histogram(indicator: Indicator) -> bool:
    """Whether it is exposed as a histogram: a time that does not come by the clock alone."""
    return indicator.measures is Measures.SECONDS and (indicator.every_s is None or indicator.name == "db_latency")


def sample_name(indicator: Indicator, part: str = "", prefix: str = PREFIX) -> str:
    """The name under which it is exposed. part: of a histogram or summary, `_sum`, `_count` or `_bucket`."""
    if indicator.measures in (Measures.GOOD, Measures.ONE):
        return f"{prefix}{indicator.name}_total"
    bare = indicator.name
    if indicator.measures in (Measures.R, Measures.BASIS_POINTS):
        bare = bare.removesuffix("_bps").removesuffix("_r")
    suffix = f"_{_SUFFIX[indicator.measures]}"
    return f"{prefix}{bare.removesuffix(suffix)}{suffix}{part}"


_SUFFIX: Final = {
    Measures.SECONDS: "seconds",
    Measures.BYTES: "bytes",
    Measures.MESSAGES: "messages",
    Measures.R: "r",
    Measures.BASIS_POINTS: "bps",
    Measures.DOLLARS: "dollars",
}
