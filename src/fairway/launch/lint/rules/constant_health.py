"""A health probe that cannot say anything but good."""

from collections.abc import Iterator

from fairway.launch.lint.draft import Draft
from fairway.launch.lint.port import Found, Rule, Severity


def look(draft: Draft) -> Iterator[Found]:
    for index, probe in enumerate(draft.plan.probes):
        if not probe.checks:
            what = f"{probe.asks!r} checks nothing: it answers the same when the database, the venue and the trader are gone"
            yield Found(("probes", index), what, "checks: [database, venue, journal]")


RULE = Rule(
    "constant-health",
    Severity.REFUSE,
    "An endpoint that always says healthy is a test of the web server.",
    look,
)
