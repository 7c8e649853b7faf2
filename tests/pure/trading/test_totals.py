"""Totals: what all accounts have together, kept up to date by those that changed, and when it is too much for all."""

from decimal import Decimal
from functools import partial

from hypothesis import given
from hypothesis import strategies as some
from tests.pure.trading.test_a_stage_by_its_lease import Staged, usdt
from tests.pure.trading.test_guard_evaluation import FAR

from fairway.money.amount import ZERO
from fairway.risk.entry import OtherAccounts
from fairway.risk.limits import Limits
from fairway.trading.exposure import figures
from fairway.trading.fleet_breaker import TotalLoss, standing
from fairway.trading.inputs import AccountsFailing, TotalLossReached
from fairway.trading.totals import Figures, Totals
from fairway.world.clock import SECOND

amounts = some.integers(0, 1_000).map(Decimal)
drawn = some.builds(Figures, exposure=amounts, lost=amounts, worst=amounts, unknown=some.integers(0, 0))


@given(some.lists(some.tuples(some.sampled_from(["ann", "bob", "cem"]), some.none() | drawn), max_size=20))
def test_totals_are_the_sum_of_what_each_account_has_last(changes: list[tuple[str, Figures | None]]) -> None:
    """In whatever order accounts change, leave and come back."""
    totals, kept = Totals(), dict[str, Figures]()
    for account, figure in changes:
        if figure is None:
            totals.forget(account)
            kept.pop(account, None)
        else:
            totals.change(account, partial(_given, figure))
            kept[account] = figure
        assert totals.of_all().exposure == sum((it.exposure for it in kept.values()), ZERO)
        rest = [it for name, it in kept.items() if name != "ann"]
        assert totals.of_others("ann") == OtherAccounts(
            sum((it.exposure for it in rest), ZERO), sum((it.worst for it in rest), ZERO), sum(it.unknown for it in rest)
        )


def _given(figure: Figures) -> Figures:
    return figure


def test_nothing_is_reckoned_before_somebody_asks() -> None:
    """A thousand accounts change with each signal, and few have anything to do with totals."""
    asked: list[str] = []

    def reckon() -> Figures:
        asked.append("ann")
        return Figures()

    totals = Totals()
    for _ in range(3):
        totals.change("ann", reckon)
    assert asked == []
    totals.of_all()
    totals.of_all()
    assert asked == ["ann"]


def test_an_account_of_which_nobody_knows_keeps_what_it_had_lost() -> None:
    """A price that is missing makes no room."""
    totals = Totals()
    totals.change("ann", lambda: Figures(lost=Decimal(5), worst=Decimal(9)))
    totals.of_all()
    totals.change("ann", lambda: Figures(exposure=Decimal(3), unknown=1))
    assert totals.of_all() == Figures(exposure=Decimal(3), lost=Decimal(5), worst=Decimal(9), unknown=1)


def test_the_figures_of_an_account_state() -> None:
    """What it holds at cost; what it lost since its stage began; and what it would lose in all with its stop hit."""
    scene = Staged(loss_total=usdt("5000"))
    assert figures(scene.state) == Figures()
    scene.holds()
    scene.lease()
    position = scene.state.money.ledger.positions["BTC/USDT"]
    scene.falls_to("95")
    found = figures(scene.state)
    quantity = position.quantity.value
    assert found.exposure == position.cost.value
    assert found.lost == quantity * (Decimal("100.01") - Decimal("95.015")) * Decimal("0.999")
    stop = FAR.stop.value * (Decimal("0.999") - Decimal("0.001"))
    assert found.worst == quantity * (Decimal("100.01") * Decimal("0.999") - stop)
    assert found.marked_at == scene.state.market.quotes["BTC/USDT"].seen_at
    scene.now += 60 * SECOND
    assert figures(scene.state) == found, "an old price is the best that there is; guards say when it is too old"
    scene.state.market.quotes.clear()
    assert figures(scene.state) == Figures(exposure=position.cost.value, unknown=1)


class Lost:
    """An account that has lost what a test says, by prices of an instant."""

    def __init__(self, limit: str = "100") -> None:
        self.totals, self.scene = Totals(), Staged(loss_total=usdt(limit))
        self.watch = TotalLoss(self.totals)
        self.scene.lease()

    def look(self, lost: str, now: int, marked_at: int = 0) -> str:
        self.totals.change("ann", lambda: Figures(lost=Decimal(lost), marked_at=marked_at))
        self.watch.learn([self.scene.state])
        return self.watch.trouble(now)


def test_all_are_stopped_at_the_limit_and_told_once() -> None:
    """At exactly what they may lose; again only after it was less meanwhile."""
    ground = Lost()
    assert ground.look("99.99", 1) == ""
    assert ground.look("100", 2) == "LOSS_TOTAL: lost=100 limit=100 USDT"
    assert ground.look("120", 3) == ""
    assert ground.look("50", 4) == ""
    assert ground.look("100", 5) != ""


def test_one_price_stops_nobody() -> None:
    """It takes a second look, at prices that came after the first."""
    ground = Lost()
    assert ground.look("150", 10, marked_at=9) == ""
    assert ground.look("150", 11, marked_at=9) == ""
    assert ground.look("20", 12, marked_at=12) == ""
    assert ground.look("150", 13, marked_at=13) == ""
    assert [ground.watch.takes_a_price() for _ in range(2)] == [True, False]
    assert ground.look("150", 14, marked_at=14) == "LOSS_TOTAL: lost=150 limit=100 USDT"


def test_without_a_limit_nobody_asks() -> None:
    ground = Lost()
    ground.scene.lease(limits=Limits(positions=1))
    assert ground.look("1000000", 1) == ""


def test_whoever_joins_is_stopped_for_the_same_reasons() -> None:
    """By failing accounts and by losses of all, each with its reason."""
    scene = Staged()
    assert standing([scene.state]) == []
    for news in (TotalLossReached("LOSS_TOTAL: lost=1 limit=1 USDT"), AccountsFailing("ACCOUNTS_FAILING: failing=3")):
        scene.news(news)
    assert standing([Staged().state, scene.state]) == [
        AccountsFailing("ACCOUNTS_FAILING: failing=3"),
        TotalLossReached("LOSS_TOTAL: lost=1 limit=1 USDT"),
    ]
