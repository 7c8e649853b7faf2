"""The exposition of a launch: where it is, and whether its pilot lives, in the form that Prometheus reads.

No label names an account or a person: what a hold's id says of them is left out.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from prometheus_client.core import Metric

from fairway.launch.control import launch_events
from fairway.launch.control.hold_kinds import HoldSource
from fairway.launch.control.lifecycle import Phase
from fairway.launch.evidence.producers import BACKUP
from fairway.launch.gates.verdict import Result
from fairway.launch.views.launch_view import LaunchSnapshot, LaunchView
from fairway.risk.caps import Lifting
from fairway.watch.exposition import families
from fairway.watch.gauge_exposition import MetricFamily, family_of, gauge
from fairway.watch.gauges import Gauges, GaugeSample
from fairway.watch.indicators import INDICATORS
from fairway.world.clock import SECOND

OF_CONTROL: Final = "fairway_control_"
"""How the names begin of what a launch's control measures: never added to what the launch's own trader does."""


def families_of(onlooker: LaunchView) -> Iterator[Metric]:
    """Where there is no launch, names without samples: absent is not zero."""
    seen = onlooker.seen
    is_known = seen.began is not None or onlooker.trouble
    is_ok = float(not onlooker.trouble) if is_known else None
    yield gauge("fairway_launch_read_ok", is_ok)
    yield from _pilot(seen)
    yield from _places(seen)
    yield from _holds(seen)
    yield _gates(seen)
    yield from _sources(seen)
    for indicator in INDICATORS:
        if indicator.name in seen.controls:
            yield from families(indicator, seen.controls[indicator.name], OF_CONTROL)


def _pilot(seen: LaunchSnapshot) -> Iterator[Metric]:
    """Instants, not ages: an instant shows how old it is even where a copy of the metrics is shown later."""
    decided = seen.decided
    yield gauge("fairway_launch_written_at_seconds", _at(seen.written_at))
    yield gauge("fairway_launch_decided_at_seconds", _at(decided.now) if decided is not None else None)
    count = None if seen.began is None else float(decided.number) if decided is not None else 0.0
    yield gauge("fairway_launch_decisions_total", count)
    ends = _at(min((lease.until for lease in seen.leases.values()), default=0))
    yield gauge("fairway_launch_lease_ends_at_seconds", ends)


def _places(seen: LaunchSnapshot) -> Iterator[Metric]:
    stage, phase = family_of("fairway_launch_stage"), family_of("fairway_launch_phase")
    accounts = family_of("fairway_launch_accounts")
    given = Counter(lease.track for lease in seen.leases.values())
    for track, (place, now) in seen.tracks.items():
        for at, name in enumerate(seen.stages.get(track, ())):
            stage.add_metric([track, name], float(at == place))
            accounts.add_metric([track, name], given[track] if at == place else 0)
        for each in Phase:
            phase.add_metric([track, each.value], float(each is now))
    yield from (stage, phase, accounts)


def _holds(seen: LaunchSnapshot) -> Iterator[Metric]:
    """Every kind has its number, also where there is none of it: so a hold that comes is seen to come."""
    holds = family_of("fairway_launch_holds")
    there, is_there = Counter(each.kind.source for each in seen.holds), seen.began is not None
    for source in HoldSource if is_there else ():
        holds.add_metric([source.value], there[source])
    yield holds
    persons = float(sum(each.lifting is Lifting.PERSON for each in seen.holds)) if is_there else None
    yield gauge("fairway_launch_holds_for_a_person", persons)
    containing = float(sum(each.contains for each in seen.holds)) if is_there else None
    yield gauge("fairway_launch_holds_containing", containing)


def _gates(seen: LaunchSnapshot) -> Metric:
    family = family_of("fairway_launch_gates")
    verdicts = [each for judged in seen.decided.verdicts.values() for each in judged] if seen.decided is not None else []
    said = Counter((each.gate, each.result) for each in verdicts)
    for gate in dict.fromkeys(each.gate for each in verdicts):
        for result in Result:
            family.add_metric([gate, result.value], said[gate, result])
    return family


def _sources(seen: LaunchSnapshot) -> Iterator[Metric]:
    """Watermarks of what is noted: it is complete as far as its source is."""
    until, alive = family_of("fairway_source_complete_until_seconds"), family_of("fairway_source_alive_at_seconds")
    ok = family_of("fairway_source_ok")
    for each in seen.sources:
        _add(until, each, each.seen_to)
        _add(alive, each, each.beats)
        ok.add_metric([each.source], float(not each.trouble))
    yield from (until, alive, ok)


def _add(family: MetricFamily, noted: launch_events.SamplesTaken, at: int) -> None:
    if at:
        family.add_metric([noted.source], at / SECOND)


def _at(instant: int) -> float | None:
    return instant / SECOND if instant else None


def evidence_gauges(seen: LaunchSnapshot) -> Gauges:
    """Whether the newest word on each claim speaks for it, and when the newest backup was verified."""
    backup = seen.evidence.get(BACKUP)
    return {
        "fairway_evidence_holds": tuple(
            GaugeSample(float(each.holds), {"claim": claim}) for claim, each in sorted(seen.evidence.items())
        ),
        "fairway_backup_at_seconds": (GaugeSample(backup.made_at / SECOND),) if backup is not None and backup.holds else (),
    }
