"""What a drill sees at the venue, and by which refusal it decides."""

from dataclasses import replace as changed
from decimal import Decimal

from fairway.journal.kinds import EntryPlanned, EntryRefused
from fairway.market.instrument import Instrument
from fairway.money.amount import Amount, Price
from fairway.operations.drills.limit_breach import is_decided
from fairway.operations.drills.observed_account import VenueView, view_of
from fairway.orders.order import Side
from fairway.venues.port import OrderReport, ReportStatus

BTC = Instrument(symbol="BTC/USDT", venue_symbol="BTCUSDT", base="BTC", quote="USDT", tick=Decimal("0.01"), lot=Decimal("0.001"))


def order(client_id: str, quantity: str, filled: str = "0") -> OrderReport:
    return OrderReport(
        client_id=client_id,
        venue_id="1",
        symbol="BTC/USDT",
        side=Side.SELL,
        status=ReportStatus.OPEN,
        quantity=Amount.of(quantity, "BTC"),
        filled=Amount.of(filled, "BTC"),
        price=Price(Decimal(1), "BTC", "USDT"),
        stop_price=None,
        at=1,
    )


def view(*orders: OrderReport, held: str = "2") -> VenueView:
    return view_of("main", {"BTC/USDT": BTC}, orders, {"BTC": Decimal(held)})


def test_a_view_tells_what_protects_from_what_opens_and_ours_from_others() -> None:
    entry, stop, target = (order(f"fw-main-abcde-1-1-{role}", "2") for role in "est")
    seen = view(entry, stop, target, order("fw-other-abcde-1-1-e", "9"), order("web_1", "9"))
    assert [each.client_id for each in seen.entries] == ["fw-main-abcde-1-1-e"]
    assert (seen.stopped["BTC/USDT"], seen.bare("BTC/USDT"), seen.protected) == (Decimal(2), Decimal(0), ["BTC/USDT"])
    assert view(changed(stop, filled=Amount.of("0.5", "BTC"))).stopped["BTC/USDT"] == Decimal("1.5")
    assert view(target).bare("BTC/USDT") == Decimal(2), "a target is no stop"


def test_only_a_refusal_for_the_very_limit_counts() -> None:
    def refusals(*codes: str) -> list[tuple[int, EntryRefused]]:
        return [(1, EntryRefused(symbol="BTC/USDT", code=code, intent="enter")) for code in codes]

    assert not is_decided(refusals("POSITIONS_MAX: open=2 max=2", "STATE_REDUCE_ONLY: paused"), 1)
    assert is_decided(refusals("POSITIONS_MAX: open=2 max=1"), 1)
    assert not is_decided(refusals("POSITIONS_MAX: open=2 max=11"), 1)
    price = Price(Decimal(1), "BTC", "USDT")
    approved = EntryPlanned(symbol="BTC/USDT", order_id="1", stop=price, target=price, why="", quote_age_ns=0)
    assert is_decided([(1, approved)], 1)
