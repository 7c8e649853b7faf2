"""Questions that a probe asks by the clock, as a plan writes them: a request, or a number on a page of Prometheus.

`GET http://127.0.0.1:8080/health`; `METRIC kafka_lag{topic="orders"} at http://127.0.0.1:9100/metrics`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, urlsplit

GET_EXAMPLE: Final = "GET http://127.0.0.1:8080/health"
METRIC_EXAMPLE: Final = "METRIC llm_cost_dollars_total at http://127.0.0.1:9100/metrics"
OWN: Final = "the trader's own measurements"
URL_LONGEST: Final = 2_000

_METRIC: Final = re.compile(r"METRIC\s+([A-Za-z_:][A-Za-z0-9_:]*)\s*(?:\{(.*)\}\s*)?(?:\s|(?<=\}))at\s+(\S+)")
_LABEL: Final = re.compile(r'\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,|$)')
_ESCAPES: Final = {r"\\": "\\", r"\"": '"', r"\n": "\n"}


@dataclass(frozen=True, slots=True)
class ProbeRequest:
    """A request that is sent, and whether and how fast it is answered."""

    url: str


@dataclass(frozen=True, slots=True)
class Metric:
    """A number on a page in Prometheus' text form: all samples of the name that bear these labels, added up."""

    name: str
    url: str
    labels: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        labels = ",".join(f'{key}="{value}"' for key, value in self.labels.items())
        return f"{self.name}{{{labels}}}" if labels else self.name


@dataclass(frozen=True, slots=True)
class SelfMeasurementQuestion:
    """What the trader measures of itself: read from its journal, and never asked over HTTP."""


Question = ProbeRequest | Metric | SelfMeasurementQuestion


def question_of(text: str) -> Question:
    """Raises ValueError, in words that continue a sentence that names the value."""
    text = text.strip()
    if text == OWN:
        return SelfMeasurementQuestion()
    if text.startswith("GET "):
        return ProbeRequest(_address(text.removeprefix("GET ").strip()))
    if text.startswith("METRIC "):
        found = _METRIC.fullmatch(text)
        if found is None:
            raise ValueError(f"is no metric with its page; write {METRIC_EXAMPLE}")
        return Metric(found[1], _address(found[3]), _labels(found[2] or ""))
    raise ValueError(f"is nothing that can be asked; write {GET_EXAMPLE}, or {METRIC_EXAMPLE}")


def _address(text: str) -> str:
    """A whole address, without a name and a password: a plan is read by many, and stands in the journal."""
    try:
        parts: SplitResult = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"has no address: {error}; write {GET_EXAMPLE}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise ValueError(f"has no whole address, which begins with http:// or https:// and names a host; write {GET_EXAMPLE}")
    if parts.username is not None or parts.password is not None:
        raise ValueError("has a name or a password in its address; write token: and the name of an environment variable")
    if parts.fragment or not text.isprintable() or " " in text or len(text) > URL_LONGEST:
        raise ValueError(f"has an address with a part that no server sees, or one longer than {URL_LONGEST}; write {GET_EXAMPLE}")
    return text


def _labels(text: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    at = 0
    while at < len(text.rstrip()):
        match = _LABEL.match(text, at)
        if match is None:
            raise ValueError('has labels that cannot be read; write them as {topic="orders", group="bot"}')
        found[match[1]] = re.sub(r"\\[\\\"n]", lambda each: _ESCAPES[each[0]], match[2])
        at = match.end()
    return found
