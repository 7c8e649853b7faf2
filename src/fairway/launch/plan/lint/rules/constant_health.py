"""A health probe that cannot say anything but good."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.probe import Probe
from fairway.watch.questions import ProbeRequest

HEALTH = frozenset({"", "health", "healthz", "healthcheck", "ready", "readyz", "live", "livez", "alive", "ping", "status", "up"})
"""Last parts of addresses at which a server says how it is; every other address does some of its work."""


def look(draft: Draft) -> Iterator[RuleFinding]:
    for index, probe in enumerate(draft.plan.probes):
        if not probe.checks and _is_health(probe):
            what = f"{probe.asks!r} checks nothing: it answers the same when the database, the venue and the trader are gone"
            yield RuleFinding(("probes", index), what, "checks: [database, venue, journal]")


def _is_health(probe: Probe) -> bool:
    question = probe.question
    return isinstance(question, ProbeRequest) and urlsplit(question.url).path.rstrip("/").rpartition("/")[2].casefold() in HEALTH


RULE = Rule(
    "constant-health",
    Severity.REFUSE,
    "An endpoint that always says healthy is a test of the web server.",
    look,
)
