"""Zero events: no event of a kind happened while its detector was alive."""

from pydantic import Field

from fairway.launch.gates.fixtures import labelled
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.statistics.series_gate import Assessment, EventSettings, Window, indicators, judge_series
from fairway.launch.gates.verdict import Result, Verdict
from fairway.watch.indicators import Measures


class ZeroEventsSettings(EventSettings):
    """only: labels that count; all where it is empty."""

    MEASURES = (Measures.ONE,)
    only: tuple[str, ...] = Field(default=(), description="Labels that count; all where it is left out", examples=["[P0, P1]"])

    @property
    def none_is_good(self) -> bool:
        return True


def judge(settings: ZeroEventsSettings, facts: Facts) -> Verdict:
    def statistics(window: Window) -> Assessment:
        seen = window.labels()
        counted = {label: n for label, n in seen.items() if not settings.only or label in settings.only}
        if counted:
            return Assessment(Result.FAIL, "EVENTS_HAPPENED", {label or "events": n for label, n in counted.items()})
        return Assessment(Result.PASS, "EVENTS_NONE", {"of": settings.of, "only": ",".join(settings.only) or "all"})

    return judge_series(settings, facts, statistics)


def passing_facts(settings: ZeroEventsSettings) -> Facts:
    return labelled(settings, {})


def failing_facts(settings: ZeroEventsSettings) -> Facts:
    """One event, of the last kind that counts."""
    return labelled(settings, {(settings.only or ("",))[-1]: 1})


GATE = Gate(
    "zero_events",
    ZeroEventsSettings,
    judge,
    indicators,
    question="Did no event of a kind happen, such as an alert of P0, while its detector was alive?",
    formula="events = 0. No word from the detector for longer than max_age is STALE: silence of the dead is no good news. Where "
    "the detector was silent for longer than that at a time, for more than a twentieth of the window in all, it is INSUFFICIENT.",
    reference="Exact; a heartbeat beside each detector, as in SEC order 34-70694 (Knight Capital, 2013), where 97 warnings "
    "were read by no one",
    example="{name: no-critical, gate: zero_events, of: alerts, only: [P0]}",
    passing_facts=passing_facts,
    failing_facts=failing_facts,
    assumptions="The detector sees what happens while it is heard",
    limitations="A detector that is alive and blind passes; one that was silent for more than a twentieth of the window does not",
)
