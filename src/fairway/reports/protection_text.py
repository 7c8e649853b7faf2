"""Tells in plain words how a position is protected: what became of its stop, and how long it was without one."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from fairway.journal import kinds
from fairway.reports.scene import Scene, Words, news, routine, trouble
from fairway.texts.display import amount, brief_text, number


def _moved(event: kinds.StopMoved, scene: Scene) -> Words:
    return news(
        f"{event.symbol}: the stop is to rest at {number(event.stop.value)}: {event.why}", "The bot places its pairs anew."
    )


def _dropped(event: kinds.LadderDropped, scene: Scene) -> Words:
    return news(
        f"{event.symbol}: the rungs on the way to the target are given up: {event.why}",
        "One stop and one target cover the whole position.",
    )


def _failed(event: kinds.StopFailed, scene: Scene) -> Words:
    return trouble(
        f"{event.symbol}: the stop did not sell the position: {event.why}",
        "The bot cancels what is left of the stop and sells, at first no more than 1 % below the best price that is offered.",
        "Watch that the position is sold; the bot calls for help if it cannot.",
    )


def _protected(event: kinds.Protected, scene: Scene) -> Words:
    return routine(f"{event.symbol}: stops cover the whole position, after {brief_text(event.naked_ns)} in which they did not")


def _naked(event: kinds.NakedTooLong, scene: Scene) -> Words:
    return trouble(
        f"{event.symbol}: the position has been without a whole stop for {brief_text(event.naked_ns)}",
        "The bot goes on trying to protect it or to sell it, and buys no more of it until it is protected.",
        "Look at the position at the exchange, and protect or sell it by hand if that goes on.",
    )


def _dust(event: kinds.DustLeft, scene: Scene) -> Words:
    return news(
        f"{event.symbol}: {amount(event.quantity)} are left over, too little for any order at the exchange",
        "The position counts as closed; the rest stays in the account.",
    )


PROTECTION_WORDS: Final[Mapping[type, Callable[[Any, Scene], Words]]] = {
    kinds.StopMoved: _moved,
    kinds.LadderDropped: _dropped,
    kinds.StopFailed: _failed,
    kinds.Protected: _protected,
    kinds.NakedTooLong: _naked,
    kinds.DustLeft: _dust,
}
