"""`summary.json`: the same run gives the same bytes, and every amount in it is exact text."""

import io
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

from rich.console import Console
from tests.pure.reports.runs import LAST_PRICES, two_trips

from fairway.reports.report import report_of
from fairway.reports.summary import summary_bytes
from fairway.reports.table import summary_table


def _floats(node: Any) -> list[float]:
    if isinstance(node, dict):
        return [each for value in node.values() for each in _floats(value)]
    if isinstance(node, list):
        return [each for value in node for each in _floats(value)]
    return [node] if isinstance(node, float) else []


def test_the_same_run_gives_the_same_bytes() -> None:
    """However long it took, and in whatever order the balances came."""
    run = two_trips().result(LAST_PRICES)
    other = replace(
        two_trips().result(LAST_PRICES),
        wall_seconds=99.0,
        exchange_balances=dict(reversed(list(run.exchange_balances.items()))),
        prices=dict(reversed(list(LAST_PRICES.items()))),
    )
    assert summary_bytes(report_of(run)) == summary_bytes(report_of(other))


def test_it_names_the_journal_the_data_and_both_sides_of_every_balance() -> None:
    """What a person needs to check the run."""
    run = two_trips().result(LAST_PRICES)
    summary = json.loads(summary_bytes(report_of(run)))
    assert summary["journal"] == {"digest": "ab" * 32, "events": len(run.events)}
    assert summary["run"]["data"] == [{"file": "BTCUSDT-1m.csv.gz", "sha256": "cd" * 32}]
    assert summary["tie_out"]["is_exact"] is True
    for line in summary["tie_out"]["assets"].values():
        assert line["ledger"] == line["exchange"]
        assert line["difference"] == "0"
    assert Decimal(summary["tie_out"]["assets"]["USDT"]["exchange"]) == run.exchange_balances["USDT"]


def test_no_number_of_it_is_inexact() -> None:
    """Amounts are text; the rest are counts."""
    assert _floats(json.loads(summary_bytes(report_of(two_trips().result(LAST_PRICES))))) == []


def test_the_terminal_table_fits_narrow_terminals() -> None:
    """No line is wider than the terminal, and the verdict is there."""
    for width in (60, 80, 120):
        console = Console(width=width, record=True, file=io.StringIO())
        console.print(summary_table(report_of(two_trips().result(LAST_PRICES))))
        text = console.export_text()
        assert max(map(len, text.splitlines())) <= width
        assert "to the last digit" in " ".join(text.split())
