"""Draws the random part of client order ids, for those who may draw; what decides is handed one."""

from fairway.orders.ids import DIGITS, RUN_DIGITS
from fairway.world.chance import Stream


def draw_run(stream: Stream) -> str:
    """Five digits in base 36: one of sixty million."""
    return "".join(stream.choice(DIGITS) for _ in range(RUN_DIGITS))
