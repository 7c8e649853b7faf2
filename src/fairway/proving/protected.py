"""Whether each position was protected in time, at the exchange, over the whole of a play."""

from collections.abc import Iterator
from typing import Final

from fairway.market.instrument import Instrument
from fairway.money.amount import ZERO, text_of
from fairway.proving.aftermath import Aftermath, unshared
from fairway.proving.script import seconds_into
from fairway.proving.timeline import Moment, moments
from fairway.proving.troubles import is_free_from
from fairway.world.clock import SECOND

PROTECTED_WITHIN_NS: Final = 5 * SECOND
"""From each fill on, and from the end of what kept the trader from acting."""


def is_protected_in_time(left: Aftermath) -> Iterator[str]:
    for symbol, instrument in unshared(left):
        for since, until, naked in _naked(left, instrument, left.ended_at):
            troubles = [trouble for trouble in left.troubles if trouble.symbol in ("", instrument.venue_symbol)]
            free_from = is_free_from(since, troubles, left.answers, PROTECTED_WITHIN_NS)
            if until - free_from > PROTECTED_WITHIN_NS and not _is_given_up(left, symbol):
                yield (
                    f"{symbol}: {text_of(naked.sellable)} were held and {text_of(naked.stopped)} protected from second "
                    f"{seconds_into(since):.3f} to {seconds_into(until):.3f}, and nothing hindered it from "
                    f"{seconds_into(free_from):.3f} on"
                )


def stops_are_no_larger(left: Aftermath) -> Iterator[str]:
    for symbol, instrument in unshared(left):
        for moment in moments(left.reports, instrument):
            if moment.stopped > moment.held:
                yield (
                    f"{symbol}: at second {seconds_into(moment.at):.3f} stops for {text_of(moment.stopped)} rested against "
                    f"{text_of(moment.held)} held"
                )
                break


def _naked(left: Aftermath, instrument: Instrument, ends_at: int) -> Iterator[tuple[int, int, Moment]]:
    """Each time (from, to, how it was) without enough protection; each fill begins it anew."""
    since, worst = 0, None
    for moment in (*moments(left.reports, instrument), Moment(ends_at, ZERO, ZERO, ZERO, ZERO, filled=False)):
        if moment.at > ends_at:
            moment = moment._replace(at=ends_at)
        is_naked = moment.stopped < moment.sellable
        if worst is not None and (moment.filled or not is_naked):
            yield since, moment.at, worst
            worst = None
        if is_naked and worst is None:
            since, worst = moment.at, moment


def _is_given_up(left: Aftermath, symbol: str) -> bool:
    """A person was called: the exchange takes neither the stop nor the sale."""
    return f"held {symbol}" in left.desk.caps
