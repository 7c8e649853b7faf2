"""The file in which the alerting process keeps what it measures, for the programs that show it to Prometheus.

It is replaced every few seconds and may be lost: it says what is so now, and an old one shows its age.
"""

from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from fairway.incidents.alerting_journal import alerting_beside
from fairway.settings import Settings
from fairway.watch.gauges import OF_ALERTING, Gauges, GaugeSample
from fairway.world.files import replaced
from fairway.world.private import MODE

NAMES: Final = frozenset(spec.name for spec in OF_ALERTING)


class _Sample(Struct, frozen=True):
    value: float
    labels: dict[str, str]


def gauge_file_of(settings: Settings) -> Path:
    """Beside the alerting journal's file, or among the kill latches where the journal is in a database."""
    journal = alerting_beside(settings.journal)
    if isinstance(journal, Path):
        return journal.with_name(f"{journal.name}.gauges")
    return settings.latch_folder / f"{settings.account}.gauges"


def write_gauges(place: Path, gauges: Gauges) -> None:
    """Raises OSError."""
    kept = {
        name: [_Sample(each.value, dict(each.labels)) for each in samples] for name, samples in gauges.items() if name in NAMES
    }
    with replaced(place, is_durable=False) as draft:
        draft.write_bytes(msgspec.json.encode(kept))
        draft.chmod(MODE)


def read_gauges(place: Path) -> Gauges:
    """Empty where alerting never ran, or where the file cannot be read: absent is not zero."""
    try:
        found = msgspec.json.decode(place.read_bytes(), type=dict[str, list[_Sample]])
    except (OSError, msgspec.MsgspecError):
        return {}
    return {name: tuple(GaugeSample(each.value, each.labels) for each in samples) for name, samples in found.items()}
