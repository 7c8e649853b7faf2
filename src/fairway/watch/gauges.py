"""The gauges and counters that are exposed beside the indicators: one table with the name, meaning, unit and labels of each.

A name, a unit and a label stand here alone: the exposition, the alert rules and the rules for Prometheus read them from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

PRIVATE: Final = ("account",)
"""What labels may say of people; the exposition combines such samples."""


class MetricKind(StrEnum):
    """What a metric is for Prometheus."""

    GAUGE = "gauge"
    COUNTER = "counter"
    HISTOGRAM = "histogram"


class Combined(StrEnum):
    """How the samples of several accounts become one."""

    LARGEST = "the largest"
    SMALLEST = "the smallest"
    SUM = "the sum"


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """One metric. unit: "s", "B", "USD", "%" for a share of one, "" for a bare number. is_instant: seconds since 1970."""

    name: str
    means: str
    labels: tuple[str, ...] = ()
    unit: str = ""
    kind: MetricKind = MetricKind.GAUGE
    combined: Combined = Combined.LARGEST
    is_instant: bool = False

    @property
    def public_labels(self) -> tuple[str, ...]:
        return tuple(label for label in self.labels if label not in PRIVATE)


@dataclass(frozen=True, slots=True)
class GaugeSample:
    """One value of a gauge or counter. labels: as exposed."""

    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


Gauges = Mapping[str, tuple[GaugeSample, ...]]
"""By metric name, the newest samples. A name that is absent is unknown; one without samples has nothing to report."""


def _instant(name: str, means: str, *labels: str) -> MetricSpec:
    return MetricSpec(name, f"{means}, since 1970", labels, "s", is_instant=True)


OF_WATCH: Final = (
    _instant("fairway_complete_until_seconds", "Until when everything is known"),
    _instant("fairway_measured_at_seconds", "When the trader last measured itself"),
    MetricSpec("fairway_records_read", "Number of the last record of the journal that was read"),
    MetricSpec("fairway_watch_ok", "1 where the journal and the series store can be read and written"),
)
"""What `fairway metrics` says of itself."""

OF_LAUNCH: Final = (
    MetricSpec("fairway_launch_read_ok", "1 where the launch's journal, and the plan in it, can be read"),
    _instant("fairway_launch_written_at_seconds", "When the pilot last wrote anything down"),
    _instant("fairway_launch_decided_at_seconds", "When the pilot last decided anything"),
    MetricSpec("fairway_launch_decisions_total", "Decisions of all pilots of the launch", kind=MetricKind.COUNTER),
    _instant("fairway_launch_lease_ends_at_seconds", "When the first of all leases ends that let an account open positions"),
    MetricSpec("fairway_launch_stage", "1 for the stage that a track is in", ("track", "stage")),
    MetricSpec("fairway_launch_phase", "1 for the phase that a track is in", ("track", "phase")),
    MetricSpec(
        "fairway_launch_accounts",
        "Accounts whose last lease lets them open positions, by the stage that they are in",
        ("track", "stage"),
    ),
    MetricSpec("fairway_launch_holds", "Holds in force, by their kind", ("kind",)),
    MetricSpec("fairway_launch_holds_for_a_person", "Holds in force that stay until a person releases them"),
    MetricSpec("fairway_launch_holds_containing", "Holds in force while which nothing is opened"),
    MetricSpec("fairway_launch_gates", "Tracks of which a gate said this when the pilot last decided", ("gate", "result")),
    _instant(
        "fairway_source_complete_until_seconds", "Until when everything is known that this source tells the launch", "source"
    ),
    _instant("fairway_source_alive_at_seconds", "When this source was last alive", "source"),
    MetricSpec("fairway_source_ok", "1 where nothing is the matter with this source, or with what it asks", ("source",)),
)
"""What the exposition says of a launch."""

OF_ALERTING: Final = (
    MetricSpec("fairway_kills_in_force", "Kills in force", ("account",), combined=Combined.SUM),
    MetricSpec(
        "fairway_caps",
        "Caps in force, by the category of their cause",
        ("category", "account"),
        combined=Combined.SUM,
    ),
    MetricSpec(
        "fairway_guards_alarmed",
        "Guards that are alarmed, and caps in force, of which no other alert rule is about, by severity",
        ("severity", "account"),
        combined=Combined.SUM,
    ),
    MetricSpec("fairway_drawdown_ratio", "How far equity is below its highest value, as a share of that", ("account",), "%"),
    MetricSpec(
        "fairway_position_loss_ratio", "The largest loss of an open position, as a share of all equity", ("account",), "%"
    ),
    MetricSpec(
        "fairway_equity_change_ratio",
        "Change of equity within a day, as a share of the equity at its beginning",
        ("account",),
        "%",
        combined=Combined.SMALLEST,
    ),
    MetricSpec("fairway_fleet_breaker", "1 while orders of too many accounts fail at once, so that all accounts stop"),
    MetricSpec("fairway_concentration_ratio", "Value of the largest position, as a share of all equity", ("account",), "%"),
    MetricSpec("fairway_positions_open", "Open positions", ("account",)),
    MetricSpec(
        "fairway_positions_unprotected",
        "Positions that were without a whole stop at the venue for longer than may be",
        ("account",),
        combined=Combined.SUM,
    ),
    MetricSpec("fairway_kill_seconds", "How long the newest kill waited until the trader obeyed it", ("account",), "s"),
    MetricSpec("fairway_process_up", "1 while the process runs", ("process",)),
    MetricSpec("fairway_process_ended", "1 while the process has ended and its supervisor does not start it again", ("process",)),
    MetricSpec("fairway_process_crashes_total", "How often the process has crashed", ("process",), kind=MetricKind.COUNTER),
    MetricSpec("fairway_safe_mode", "1 while a process is no longer restarted because it crashed too often"),
    MetricSpec("fairway_account_failed", "1 while an account's executor has failed", ("account",), combined=Combined.SUM),
    MetricSpec(
        "fairway_stream_reconnects",
        "How often an account's streams of the venue came back within the last 10 minutes",
        ("account",),
    ),
    MetricSpec(
        "fairway_account_stream_lost", "1 while an account's stream of orders is lost, or has not caught up yet", ("account",)
    ),
    MetricSpec("fairway_process_cpu_ratio", "Share of one core that the process uses", ("process",), "%"),
    MetricSpec("fairway_disk_free_ratio", "Share of the journal's disk that is free", (), "%"),
    MetricSpec("fairway_tickets_overdue", "Support tickets that were not answered in the promised time"),
    _instant("fairway_backup_at_seconds", "When the newest backup was verified"),
    MetricSpec("fairway_evidence_holds", "1 while a piece of evidence, such as a drill, is valid", ("claim",)),
    MetricSpec("fairway_notifications_failing", "Messages of a channel that could not be delivered", ("channel",)),
    _instant("fairway_alerting_beat_seconds", "When the alerting process last evaluated the rules"),
    MetricSpec("fairway_alert_rules_unknown", "Rules whose measurement is unknown"),
    MetricSpec("fairway_alerting_trouble", "1 while a part of the alerting process does not work", ("part",)),
    MetricSpec("fairway_alerts_firing", "Alerts that fire"),
    MetricSpec("fairway_incidents_open", "Incidents that are not resolved"),
)
"""What the alerting process measures."""

METRICS: Final = {spec.name: spec for spec in (*OF_WATCH, *OF_LAUNCH, *OF_ALERTING)}
