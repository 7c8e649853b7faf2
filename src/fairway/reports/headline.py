"""The result of a run in one sentence that a newcomer understands, and the few sentences that keep it honest.

The sentences are in `texts/messages/result_messages.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from fairway.reports.report import Report
from fairway.reports.run_metrics import FEW_TRIPS
from fairway.texts.display import NOTHING, number, percent, places_for, signed_percent
from fairway.texts.durations import duration_words, nearest
from fairway.texts.messages.catalogue import line
from fairway.texts.messages.message import KeyedMessage, message
from fairway.texts.messages.result_messages import ResultMessage


@dataclass(frozen=True, slots=True)
class TieOutVerdict:
    """Whether ledger and exchange agree. tone is `gain`, `loss` or, for what is not known, `""`."""

    mark: str
    tone: str
    text: str


def verdict(report: Report) -> TieOutVerdict:
    """Any difference fails, whatever else is not known."""
    if report.tie.is_exact:
        return TieOutVerdict("✓", "gain", line(message(ResultMessage.TIES_OUT)))
    if not report.story.is_opened:
        return TieOutVerdict("?", "", line(message(ResultMessage.TIE_NOT_READ)))
    if report.tie.worth is None and not report.unexplained:
        return TieOutVerdict("?", "", line(message(ResultMessage.TIE_WITHOUT_PRICE)))
    return TieOutVerdict("✕", "loss", line(message(ResultMessage.TIE_FAILS)))


def unexplained_text(report: Report) -> str:
    """`The exchange holds 0.1 BTC more and 4,650 USDT less than the bot's trades explain`."""
    return line(_unexplained(report))


def _unexplained(report: Report) -> KeyedMessage:
    parts = [
        message(ResultMessage.MORE, amount=each) if each.value > 0 else message(ResultMessage.LESS, amount=abs(each))
        for each in report.unexplained
    ]
    *most, last = parts
    return message(ResultMessage.UNEXPLAINED, most=tuple(most), last=last)


def headline(report: Report) -> str:
    """`In 10 d the bot made 12 round trips and lost 31.20 USDT (−0.31 %) after 9.80 USDT of fees.`"""
    return line(_headline(report))


def _headline(report: Report) -> KeyedMessage:
    figures, run = report.figures, report.run
    span = duration_words(nearest(run.ended_at - run.started_at))
    if not report.story.fills:
        is_unchanged = report.tie.is_exact and not report.story.adjustments
        return message(ResultMessage.NOT_TRADED, span=span, is_unchanged=is_unchanged)
    if figures.change is None:
        return message(ResultMessage.EARNINGS_UNKNOWN, span=span, trips=figures.trips)
    return message(
        ResultMessage.EARNED,
        span=span,
        trips=figures.trips,
        change=money(report, abs(figures.change)) if figures.change else "",
        is_gain=figures.change > 0,
        share=signed_percent(figures.return_share),
        fees=money(report, figures.fees) if figures.fees else "",
    )


def money(report: Report, value: Decimal | None) -> str:
    """An amount of the quote asset with the decimals that this run's worth deserves."""
    return NOTHING if value is None else f"{number(value, money_places(report))} {report.run.quote}"


def money_places(report: Report) -> int:
    return places_for(report.run.quote, report.figures.worth_start or Decimal(1))


def caveats(report: Report) -> Iterator[str]:
    """What a careful reader should know before believing the headline."""
    return map(line, _caveats(report))


def _caveats(report: Report) -> Iterator[KeyedMessage]:
    figures, worth = report.figures, report.tie.worth
    if not report.run.is_complete:
        yield message(ResultMessage.STOPPED_EARLY)
    if report.unexplained:
        yield message(ResultMessage.NOT_BOOKED, unexplained=_unexplained(report))
    if not figures.trips:
        yield message(ResultMessage.NO_TRIPS)
    elif figures.trips < FEW_TRIPS:
        yield message(ResultMessage.FEW_TRIPS, trips=figures.trips)
    if report.story.positions:
        yield message(ResultMessage.STILL_HELD, symbols=tuple(each.position.symbol for each in report.story.positions))
    if worth is not None and worth.adjustments:
        yield message(ResultMessage.MOVED_BY_OTHERS, amount=money(report, worth.adjustments))
    if figures.fees and figures.change is not None and figures.change < 0 < figures.change + figures.fees:
        yield message(ResultMessage.FEES_MADE_LOSS)
    if figures.fees_share is not None and figures.fees:
        yield message(ResultMessage.FEES_SHARE, share=percent(figures.fees_share))
