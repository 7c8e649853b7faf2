"""Edge: a record is judged by what it proves, not by what it shows."""

from decimal import Decimal

import pytest

from fairway.risk.edge import Edge, TradeRecord, record_of, wilson_lower


@pytest.mark.parametrize(
    ("wins", "trades", "lower"),
    [(0, 0, "0"), (0, 10, "0"), (10, 10, "0.722467"), (50, 100, "0.403832"), (100, 200, "0.431361"), (1, 1, "0.206549")],
)
def test_the_lower_bound_of_a_win_rate(wins: int, trades: int, lower: str) -> None:
    """Wilson's 95 % interval, as tables have it."""
    assert round(wilson_lower(wins, trades), 6) == Decimal(lower)


@pytest.mark.parametrize(
    ("wins", "trades", "win", "edge"),
    [
        (25, 49, "9", Edge.UNKNOWN),
        (50, 100, "1.4762", Edge.COLD),
        (50, 100, "1.4763", Edge.WARM),
        (50, 100, "1.72", Edge.WARM),
        (50, 100, "1.73", Edge.HOT),
    ],
)
def test_hot_warm_and_cold(wins: int, trades: int, win: str, edge: Edge) -> None:
    """By what a trade earns at the lower bound: above 0.1 R, above nothing, not above nothing; with fifty trades at least."""
    assert TradeRecord.of(trades=trades, wins=wins, win=Decimal(win), loss=Decimal(1)).edge is edge


@pytest.mark.parametrize(
    ("wins", "trades", "win", "loss", "kelly"),
    [
        (19, 19, "1", "0", None),
        (12, 20, "1", "1", "0.2"),
        (8, 20, "2", "1", "0.1"),
        (20, 20, "1", "0", "1"),
        (0, 20, "0", "1", "-1"),
        (10, 20, "4", "2", "0.25"),
    ],
)
def test_what_kelly_would_bet(wins: int, trades: int, win: str, loss: str, kelly: str | None) -> None:
    """p - (1 - p) / b, from twenty trades on; all where nothing was lost, and less than nothing where nothing was won."""
    found = TradeRecord.of(trades=trades, wins=wins, win=Decimal(win), loss=Decimal(loss)).kelly
    assert found == (Decimal(kelly) if kelly else None)


def test_a_record_counts_a_result_of_nothing_as_a_loss() -> None:
    """Fees were paid for it, so it counts as a loss."""
    results = [Decimal(2), Decimal(0), Decimal(-1), Decimal(4)]
    assert record_of(results) == TradeRecord.of(trades=4, wins=2, win=Decimal(3), loss=Decimal("0.5"))
    assert record_of([]) == TradeRecord.of(trades=0, wins=0, win=Decimal(0), loss=Decimal(0))


@pytest.mark.parametrize(
    ("wins", "win", "loss", "edge"),
    [(50, "2", "2", Edge.COLD), (50, "4", "2", Edge.HOT), (50, "3", "2", Edge.WARM), (0, "0", "0", Edge.COLD)],
)
def test_what_an_edge_earns_is_less_what_it_loses(wins: int, win: str, loss: str, edge: Edge) -> None:
    """40.4 % of 100 trades win at the lower bound; who neither wins nor loses has no edge."""
    assert TradeRecord.of(trades=100, wins=wins, win=Decimal(win), loss=Decimal(loss)).edge is edge
