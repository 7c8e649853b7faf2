"""Writes `summary.json` of a launch: its stages, holds, decisions and users as exact text, in an order that does not change."""

import json
from typing import Any, Final

from fairway.money.amount import text_of
from fairway.reports.launch_page import LaunchReport
from fairway.reports.launch_report import LaunchResult, Spell
from fairway.world.clock import text_of as instant_text

FORM: Final = 1
"""Version of the summary's own shape; raised when a key changes its meaning or goes."""


def launch_summary_bytes(report: LaunchReport) -> bytes:
    """The file's bytes: JSON, UTF-8, two spaces, a line break at the end. Decimals are text; what is not defined is null."""
    return (json.dumps(launch_summary(report), indent=2, ensure_ascii=False) + "\n").encode()


def launch_summary(report: LaunchReport) -> dict[str, Any]:
    """The same as plain values."""
    run = report.run
    return {
        "form": FORM,
        "launch": _run(run),
        "stages": [_spell(spell) for spell in run.lived],
        "holds": [_spell(spell) for spell in run.holds],
        "marks": [{"at": instant_text(mark.at), "kind": mark.kind.value, "text": mark.text} for mark in run.marks],
        "alerts": [{"at": instant_text(at), "severity": severity} for at, severity in run.alerts],
        "allowed": [{"at": instant_text(at), run.quote: text_of(value)} for at, value in run.allowed],
        "decisions": [
            {"number": each.number, "at": instant_text(each.at), "kind": each.kind.value, "what": each.what, "why": each.why}
            for each in run.decisions
        ],
        "next_stage": run.next_stage,
        "users": [
            {
                "name": user.name,
                "profile": user.profile,
                "cohort": user.cohort,
                "let_in_at": instant_text(user.admitted_at) if user.admitted_at is not None else None,
                "result": text_of(each.figures.change) if each.figures.change is not None else None,
                "round_trips": each.figures.trips,
                "ties_out": each.tie.is_exact,
            }
            for user, each in report.accounts
        ],
    }


def _run(run: LaunchResult) -> dict[str, Any]:
    return {
        "plan": run.plan,
        "release": run.release,
        "command": run.command,
        "seed": run.seed,
        "is_complete": run.is_complete,
        "started_at": instant_text(run.started_at),
        "ended_at": instant_text(run.ended_at),
        "journal": {"digest": run.journal_digest, "events": run.journal_count},
        "decisions": {"digest": run.launch_digest, "events": run.launch_count},
    }


def _spell(spell: Spell) -> dict[str, str]:
    return {"name": spell.name, "since": instant_text(spell.since), "until": instant_text(spell.until), "why": spell.why}
