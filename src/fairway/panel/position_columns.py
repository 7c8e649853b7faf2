"""The columns of a table of open positions."""

from typing import Final

from fairway.panel.elements import Tag
from fairway.panel.facts.positions import PositionFacts
from fairway.panel.live import Live
from fairway.panel.tables import Column
from fairway.texts.display import NOTHING


def _between(row: Live[PositionFacts]) -> None:
    """Where the price is between stop and target, with the distance to both; the distance to the stop alone without a target."""
    with Tag("span", "", "rail") as rail:
        row.words(lambda each: f"−{each.to_stop}", classes="number")
        with Tag("span", "", "line"):
            dot = Tag("span", "", "dot")
        row.words(lambda each: f"+{each.to_target}", classes="number")
    row.bind(lambda each: each.place, lambda place: dot.style(replace=f"left:{(0.5 if place is None else place) * 100:.1f}%"))
    row.visible(rail, lambda each: each.place is not None)
    alone = row.words(lambda each: f"−{each.to_stop} to the stop" if each.to_stop != NOTHING else "distance unknown")
    row.visible(alone, lambda each: each.place is None)


_FEES: Final[Column[PositionFacts]] = Column(head="Fees", words=lambda each: each.fees, is_number=True)
POSITION_COLUMNS: Final[tuple[Column[PositionFacts], ...]] = (
    Column(head="Pair", words=lambda each: each.symbol, mark=lambda each: each.mark),
    Column(head="Account", words=lambda each: each.account),
    Column(head="Quantity", words=lambda each: each.quantity, is_number=True),
    Column(head="Entry", words=lambda each: each.entry, is_number=True),
    Column(head="Price", words=lambda each: each.price, is_number=True),
    Column(head="Result", words=lambda each: each.result.words, is_number=True, tone=lambda each: each.result.tone),
    Column(head="R", words=lambda each: each.r, is_number=True),
    _FEES,
    Column(head="Stop", words=lambda each: each.stop, is_number=True),
    Column(head="Stop to target", words=lambda each: f"{each.to_stop} {each.to_target}", build=_between),
    Column(head="Target", words=lambda each: each.target, is_number=True),
)
OVERVIEW_COLUMNS: Final = tuple(each for each in POSITION_COLUMNS if each is not _FEES)
"""As many as fit into the overview's card; the page of positions has all."""
