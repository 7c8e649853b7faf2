"""The summary that a terminal shows at the end of a run.

Names and values of its figures are worded in `texts/messages/figure_messages.py`.
"""

from collections.abc import Iterator
from decimal import Decimal

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from fairway.reports.headline import caveats, headline, money, money_places, verdict
from fairway.reports.report import Report
from fairway.texts.display import NOTHING, day_text, number, percent, signed, signed_percent
from fairway.texts.durations import duration_words
from fairway.texts.messages.catalogue import line
from fairway.texts.messages.figure_messages import FigureMessage
from fairway.texts.messages.message import KeyedMessage, NumberValue, message

_DIM = "dim"


def summary_table(report: Report) -> RenderableType:
    """The headline, the figures and the tie-out, for rich to print at any width."""
    return Group(
        Text(headline(report), style="bold"),
        *(Text(line, style=_DIM) for line in caveats(report)),
        Padding(_figures_table(report), (1, 0, 0, 0)),
        _tie_table(report),
        _verdict(report),
    )


def _figures_table(report: Report) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style=_DIM, no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in figure_lines(report):
        table.add_row(name, value)
    return table


def figure_lines(report: Report) -> Iterator[tuple[str, str]]:
    """Name and value of each figure, as people read them; `—` where one is not defined."""
    for name, value in _figures(report):
        yield line(KeyedMessage(name, {})), line(value) if isinstance(value, KeyedMessage) else value


def _figures(report: Report) -> Iterator[tuple[FigureMessage, KeyedMessage | str]]:
    figures, run = report.figures, report.run
    yield FigureMessage.TIME, _from_to(day_text(run.started_at), day_text(run.ended_at))
    yield FigureMessage.WORTH, _from_to(money(report, figures.worth_start), money(report, figures.worth_end))
    change = f"{signed(figures.change, money_places(report))} {run.quote}"
    yield FigureMessage.RESULT, message(FigureMessage.WITH_SHARE, change=change, share=signed_percent(figures.return_share))
    yield FigureMessage.DEEPEST_FALL, _drawdown(report)
    yield FigureMessage.ROUND_TRIPS, _trips(report)
    yield FigureMessage.AVERAGE, _averages(report)
    yield FigureMessage.PROFIT_FACTOR, number(figures.profit_factor, 2)
    yield FigureMessage.TIME_IN_THE_MARKET, percent(figures.exposure_share, 0)
    fees, fees_share = money(report, figures.fees), percent(figures.fees_share)
    yield FigureMessage.FEES, message(FigureMessage.FEES_PAID, amount=fees, share=fees_share)
    yield FigureMessage.ORDERS, orders_text(report)
    yield FigureMessage.ENTRIES_REFUSED, _refused(sum(report.story.refusals.values()))
    yield FigureMessage.WENT_WRONG, _wrong(report.story.troubles_count + bool(report.unexplained))


def _from_to(first: str, last: str) -> KeyedMessage:
    return message(FigureMessage.FROM_TO, first=first, last=last)


def _trips(report: Report) -> KeyedMessage:
    figures, share = report.figures, percent(report.figures.win_share, 0)
    return message(FigureMessage.TRIPS, trips=figures.trips, won=figures.wins, lost=figures.losses, share=share)


def _averages(report: Report) -> KeyedMessage:
    average, wins, losses = report.figures.average_r, report.figures.average_win_r, report.figures.average_loss_r
    return message(FigureMessage.AVERAGES, average=r_text(average), wins=r_text(wins), losses=r_text(losses))


def _refused(times: int) -> KeyedMessage:
    return message(FigureMessage.TIMES, count=times) if times else message(FigureMessage.NEVER)


def _wrong(events: int) -> KeyedMessage:
    return message(FigureMessage.EVENTS, count=events) if events else message(FigureMessage.NOTHING_WRONG)


def r_text(value: Decimal | None) -> str:
    """`+0.85 R`: a result in units of what was at risk; `—` where it is not defined."""
    return NOTHING if value is None else line(message(FigureMessage.IN_R, ratio=NumberValue(value, 2, is_signed=True)))


def orders_text(report: Report) -> str:
    """`12 filled, 9 cancelled, 2 at work`."""
    ended, live = report.story.orders_ended, len(report.story.orders_live)
    parts = [message(FigureMessage.ORDERS_IN_STATE, count=count, state=state.value) for state, count in ended.items()]
    parts += [message(FigureMessage.ORDERS_AT_WORK, count=live)] * bool(live)
    return ", ".join(map(line, parts or [message(FigureMessage.NO_ORDERS)]))


def _drawdown(report: Report) -> KeyedMessage | str:
    fall = report.figures.drawdown
    if fall is None:
        return NOTHING
    if not fall.share:
        return message(FigureMessage.NO_FALL)
    share, amount, longest = percent(-fall.share), money(report, fall.amount), duration_words(fall.longest_ns)
    return message(FigureMessage.FALL, share=share, amount=amount, longest=longest)


def _tie_table(report: Report) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("Balance", style=_DIM)
    for name in ("ledger", "exchange", "difference"):
        table.add_column(name, justify="right", overflow="fold")
    for tie in report.tie.assets:
        style = "" if not tie.difference else "bold red"
        table.add_row(tie.asset, number(tie.ledger), number(tie.exchange), number(tie.difference), style=style)
    return table


def _verdict(report: Report) -> Text:
    found = verdict(report)
    return Text(f"{found.mark} {found.text}", {"gain": "green", "loss": "bold red"}.get(found.tone, "yellow"))
