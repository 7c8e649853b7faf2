"""A launch of four days that has everything a launch chart shows: promotion, demotion, holds, gate results, alerts, profiles."""

from decimal import Decimal
from pathlib import Path

from fairway.reports.launch_report import DecidedKind, LaunchDecision, LaunchMark, LaunchResult, MarkKind, Spell
from fairway.world.clock import DAY, HOUR, parse_instant

BEGAN = parse_instant("2026-01-01T00:00:00.000Z")
ENDED = BEGAN + 4 * DAY
_RESULTS = ("INSUFFICIENT", "PASS", "FAIL", "STALE", "ERROR")


def launch_run() -> LaunchResult:
    return LaunchResult(
        plan="ramp",
        stages=("internal", "limited", "open"),
        quote="USDT",
        lived=[
            Spell("internal", BEGAN, BEGAN + DAY),
            Spell("limited", BEGAN + DAY, BEGAN + 3 * DAY),
            Spell("internal", BEGAN + 3 * DAY, ENDED),
        ],
        holds=[
            Spell("contained", BEGAN + 2 * DAY, BEGAN + 2 * DAY + HOUR, "books differ"),
            Spell("held", BEGAN + DAY, BEGAN + DAY + HOUR, "late"),
        ],
        gates={
            name: _spells(shift)
            for shift, name in enumerate(("internal/success", "internal/harm", "limited/drawdown_of_the_account"))
        },
        allowed=[(BEGAN, Decimal(1_000)), (BEGAN + DAY, Decimal(4_000)), (BEGAN + 3 * DAY, Decimal(1_000))],
        equity={
            name: [(BEGAN + hour * HOUR, 1 + Decimal(hour * sign) / 10_000) for hour in range(96)]
            for name, sign in (("cautious", 1), ("moderate", -1), ("bold", 2))
        },
        marks=[
            LaunchMark(BEGAN + DAY, MarkKind.PROMOTED, "up"),
            LaunchMark(BEGAN + 3 * DAY, MarkKind.DEMOTED, "down"),
            LaunchMark(BEGAN + 2 * DAY, MarkKind.HELD, "books differ"),
            LaunchMark(BEGAN + 2 * DAY, MarkKind.STAGED, "the stream was cut"),
        ],
        alerts=[(BEGAN + hour * HOUR, f"P{hour % 3}") for hour in range(0, 96, 8)],
        decisions=[LaunchDecision(1, BEGAN + DAY, DecidedKind.FORWARD, "up", "every gate passes")],
        next_stage="limited, after its gates",
        users=[],
        started_at=BEGAN,
        ended_at=ENDED,
        is_complete=True,
        seed=1,
        journal_digest="ab" * 32,
        journal_count=10,
        journal_path=Path("journal.sqlite"),
        launch_digest="cd" * 32,
        launch_count=4,
        launch_path=Path("launch.sqlite"),
        wall_seconds=3.0,
        command="fairway launch demo",
        release="0.1.0",
    )


def _spells(shift: int) -> list[Spell]:
    return [
        Spell(_RESULTS[(index + shift) % len(_RESULTS)], BEGAN + index * 8 * HOUR, BEGAN + (index + 1) * 8 * HOUR)
        for index in range(12)
    ]
