"""The figures of a run: the name of each, and its value as people read it."""

from collections.abc import Mapping
from enum import auto
from typing import Final

from fairway.texts.messages.message import MessageKey, Template
from fairway.texts.messages.plural import counted


class FigureMessage(MessageKey):
    # Names.
    TIME = auto()
    WORTH = auto()
    RESULT = auto()
    DEEPEST_FALL = auto()
    ROUND_TRIPS = auto()
    AVERAGE = auto()
    PROFIT_FACTOR = auto()
    TIME_IN_THE_MARKET = auto()
    FEES = auto()
    ORDERS = auto()
    ENTRIES_REFUSED = auto()
    WENT_WRONG = auto()
    # Values.
    FROM_TO = auto()
    WITH_SHARE = auto()
    NO_FALL = auto()
    FALL = auto()
    TRIPS = auto()
    AVERAGES = auto()
    IN_R = auto()
    FEES_PAID = auto()
    ORDERS_IN_STATE = auto()
    ORDERS_AT_WORK = auto()
    NO_ORDERS = auto()
    TIMES = auto()
    NEVER = auto()
    EVENTS = auto()
    NOTHING_WRONG = auto()


ENGLISH: Final[Mapping[MessageKey, Template]] = {
    FigureMessage.TIME: Template("Time"),
    FigureMessage.WORTH: Template("Worth"),
    FigureMessage.RESULT: Template("Result"),
    FigureMessage.DEEPEST_FALL: Template("Deepest fall"),
    FigureMessage.ROUND_TRIPS: Template("Round trips"),
    FigureMessage.AVERAGE: Template("Average, in R"),
    FigureMessage.PROFIT_FACTOR: Template("Profit factor"),
    FigureMessage.TIME_IN_THE_MARKET: Template("Time in the market"),
    FigureMessage.FEES: Template("Fees"),
    FigureMessage.ORDERS: Template("Orders"),
    FigureMessage.ENTRIES_REFUSED: Template("Entries refused"),
    FigureMessage.WENT_WRONG: Template("What went wrong"),
    FigureMessage.FROM_TO: Template("{{ first }} to {{ last }}"),
    FigureMessage.WITH_SHARE: Template("{{ change }} ({{ share }})"),
    FigureMessage.NO_FALL: Template("none"),
    FigureMessage.FALL: Template("{{ share }} ({{ amount }}); below a peak for at most {{ longest }}"),
    FigureMessage.TRIPS: Template("{{ trips }} ({{ won }} won, {{ lost }} lost, {{ share }} won)"),
    FigureMessage.AVERAGES: Template("{{ average }} (wins {{ wins }}, losses {{ losses }})"),
    FigureMessage.IN_R: Template("{{ ratio }} R"),
    FigureMessage.FEES_PAID: Template("{{ amount }} ({{ share }} of the opening worth)"),
    FigureMessage.ORDERS_IN_STATE: Template("{{ count }} {{ state }}"),
    FigureMessage.ORDERS_AT_WORK: Template("{{ count }} at work"),
    FigureMessage.NO_ORDERS: Template("none"),
    FigureMessage.TIMES: Template(counted("count", "time")),
    FigureMessage.NEVER: Template("never"),
    FigureMessage.EVENTS: Template(counted("count", "event")),
    FigureMessage.NOTHING_WRONG: Template("nothing"),
}
