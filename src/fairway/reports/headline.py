"""The result of a run in one sentence that a newcomer understands, and the few sentences that keep it honest."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from fairway.reports.report import Report
from fairway.reports.run_metrics import FEW_TRIPS
from fairway.texts.display import NOTHING, amount, count_text, number, percent, places_for, signed_percent
from fairway.world.clock import HOUR, MINUTE, SECOND


@dataclass(frozen=True, slots=True)
class TieOutVerdict:
    """Whether ledger and exchange agree. tone is `gain`, `loss` or, for what is not known, `""`."""

    mark: str
    tone: str
    text: str


def verdict(report: Report) -> TieOutVerdict:
    """Any difference fails, whatever else is not known."""
    if report.tie.is_exact:
        return TieOutVerdict("✓", "gain", "Ties out with the exchange, to the last digit")
    if not report.story.is_opened:
        return TieOutVerdict("?", "", "The tie-out is not known: the bot ended before it had read what the account holds")
    if report.tie.worth is None and not report.unexplained:
        return TieOutVerdict("?", "", "The tie-out is not known: something held has no price")
    return TieOutVerdict("✕", "loss", "Does not tie out with the exchange: trust the exchange, not this report")


def unexplained_words(report: Report) -> str:
    """`The exchange holds 0.1 BTC more and 4,650 USDT less than the bot's trades explain`."""
    parts = [f"{amount(abs(each))} {'more' if each.value > 0 else 'less'}" for each in report.unexplained]
    *most, last = parts
    return f"The exchange holds {', '.join(most)}{' and ' if most else ''}{last} than the bot's trades explain"


def headline(report: Report) -> str:
    """`In 10 days the bot made 12 round trips and lost 31.20 USDT (−0.31 %) after 9.80 USDT of fees.`"""
    figures, run = report.figures, report.run
    span = span_text(run.ended_at - run.started_at)
    trips = count_text(figures.trips, "round trip")
    if not report.story.fills:
        is_as_before = report.tie.is_exact and not report.story.adjustments
        return f"In {span} the bot did not trade{', and nothing changed' if is_as_before else ''}."
    if figures.change is None:
        return f"In {span} the bot made {trips}; what it earned is not known, because something it holds has no price."
    return f"In {span} the bot made {trips} and {_outcome(report, figures.change)}{_fees(report)}."


def _outcome(report: Report, change: Decimal) -> str:
    if not change:
        return "ended where it began"
    verb = "earned" if change > 0 else "lost"
    return f"{verb} {money(report, abs(change))} ({signed_percent(report.figures.return_share)})"


def _fees(report: Report) -> str:
    return f" after {money(report, report.figures.fees)} of fees" if report.figures.fees else ""


def money(report: Report, value: Decimal | None) -> str:
    """An amount of the quote asset with the decimals that this run's worth deserves."""
    return NOTHING if value is None else f"{number(value, money_places(report))} {report.run.quote}"


def money_places(report: Report) -> int:
    return places_for(report.run.quote, report.figures.worth_start or Decimal(1))


def caveats(report: Report) -> Iterator[str]:
    """What a careful reader should know before believing the headline."""
    figures, run = report.figures, report.run
    if not run.is_complete:
        yield "It was stopped before its last day; this is what was reached."
    if report.unexplained:
        yield f"{unexplained_words(report)}. It is booked once it is read again, and no result counts it."
    if not figures.trips:
        yield "No round trip was completed, so nothing is known yet of how good the strategy is."
    elif figures.trips < FEW_TRIPS:
        yield (
            f"{count_text(figures.trips, 'round trip')} can neither prove nor disprove a strategy: "
            "with so few, luck decides. That is why there is no Sharpe ratio here and nothing is annualised."
        )
    if report.story.positions:
        held = ", ".join(each.position.symbol for each in report.story.positions)
        yield f"Still held at the end, valued at market: {held}."
    if report.tie.worth is not None and report.tie.worth.adjustments:
        moved = money(report, report.tie.worth.adjustments)
        yield f"Another user of the account moved {moved}; it is not counted as the bot's result, but the curve shows it."
    if figures.fees and figures.change is not None and figures.change < 0 < figures.change + figures.fees:
        yield "Before fees it would have earned; fees made it a loss."
    if figures.fees_share is not None and figures.fees:
        yield f"Fees took {percent(figures.fees_share)} of the opening worth."


def span_text(nanoseconds: int) -> str:
    """`10 days`, `9 days and 5 hours`, `40 minutes`, `4 seconds`: to the nearest hour, below a day to the nearest minute."""
    if nanoseconds < MINUTE:
        return count_text(nanoseconds // SECOND, "second")
    if nanoseconds < 24 * HOUR:
        minutes = (nanoseconds + MINUTE // 2) // MINUTE
        hours, minutes = divmod(minutes, 60)
        return _both(hours, "hour", minutes, "minute")
    days, hours = divmod((nanoseconds + HOUR // 2) // HOUR, 24)
    return _both(days, "day", hours, "hour")


def _both(large: int, large_name: str, small: int, small_name: str) -> str:
    parts = [count_text(count, name) for count, name in ((large, large_name), (small, small_name)) if count]
    return " and ".join(parts) or count_text(0, small_name)
