"""The service level indicators: what is measured, in which unit it is counted, what is good, and where it comes from.

One observation is one unit: an order intent, a probe, an API call; never a fill where an order is meant, nor a tick. A ratio's
value is 1 for a good observation and 0 for a bad one.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Unit(StrEnum):
    """What one observation is."""

    ORDER_INTENT = "order intent"
    PROBE = "probe"
    API_CALL = "API call"
    QUERY = "query"
    SIGNAL = "signal"
    ROUND_TRIP = "round trip"
    FILL = "fill"
    SAMPLE = "sample"
    EVENT = "event"
    RECONCILIATION = "reconciliation"
    SLICE = "minute"
    REQUEST = "request"
    ANSWER = "answer"


class Measures(StrEnum):
    """What a value is."""

    GOOD = "1 for good, 0 for bad"
    SECONDS = "seconds"
    BYTES = "bytes"
    R = "R, multiples of the risk that was planned"
    BASIS_POINTS = "basis points"
    DOLLARS = "dollars"
    MESSAGES = "messages"
    ONE = "1 for each"


@dataclass(frozen=True, slots=True)
class Indicator:
    """label: what an observation is labelled with, such as an account or a severity; "" where it bears none.

    means: for a ratio, what a good one is. every_s: the seconds between two observations where they come by the clock, so that
    coverage is known; None where they come with trading. source: where its observations come from, in a few words.
    counted_from_zero: labels that are exposed before they are observed, so that Prometheus sees the first observation as a rise.
    """

    name: str
    unit: Unit
    measures: Measures
    means: str
    source: str
    label: str = ""
    every_s: int | None = None
    counted_from_zero: tuple[str, ...] = ()


MINUTE_S: Final = 60
_JOURNAL: Final = "the trader's journal"
_PROBE: Final = "what the trader measures of itself once a minute"
_ASKED: Final = "a probe of the launch's plan, asked by its pilot"

ORDERS: Final = (
    Indicator(
        "order_success",
        Unit.ORDER_INTENT,
        Measures.GOOD,
        "it came to the end it was meant for: filled, or cancelled by us; a stop and its target are one intent. "
        "Not rejected, not expired unfilled, not cancelled by the venue, not unknown for a minute",
        _JOURNAL,
        label="account",
    ),
    Indicator(
        "order_ack",
        Unit.ORDER_INTENT,
        Measures.SECONDS,
        "from the instant it was noted to be sent until the venue's word that it has it",
        _JOURNAL,
        label="account",
    ),
    Indicator(
        "order_confirm",
        Unit.ORDER_INTENT,
        Measures.SECONDS,
        "of an entry or a sale at market, from the instant it was noted to be sent until it is known how it ended",
        _JOURNAL,
        label="account",
    ),
    Indicator(
        "order_paths",
        Unit.EVENT,
        Measures.ONE,
        "a path that an order's life, or the connection, took: open, close, partial_fill, reject, cancel, expire, stop_hit, "
        "target_hit, unknown_resolved, ws_reconnect, restart_with_position",
        _JOURNAL,
        label="path",
        counted_from_zero=("ws_reconnect",),
    ),
    Indicator(
        "slippage_bps",
        Unit.FILL,
        Measures.BASIS_POINTS,
        "how much worse than the price it was decided at: of an entry than the ask, of a stop than its stop price",
        _JOURNAL,
        label="account",
    ),
    Indicator("fees", Unit.FILL, Measures.DOLLARS, "what it cost, in the quote asset", _JOURNAL, label="account"),
)
"""The lives of orders."""

MONEY: Final = (
    Indicator(
        "trade_pnl_r",
        Unit.ROUND_TRIP,
        Measures.R,
        "the result net of all fees, by what was to be lost at the planned stop",
        _JOURNAL,
        label="account",
    ),
    Indicator(
        "trade_pnl",
        Unit.ROUND_TRIP,
        Measures.DOLLARS,
        "the result net of all fees, in the quote asset",
        _JOURNAL,
        label="account",
    ),
    Indicator(
        "trade_won",
        Unit.ROUND_TRIP,
        Measures.GOOD,
        "its result net of all fees was above zero",
        _JOURNAL,
        label="account",
    ),
    Indicator("round_trips", Unit.ROUND_TRIP, Measures.ONE, "a position was opened and closed", _JOURNAL, label="account"),
    Indicator("signal_latency", Unit.SIGNAL, Measures.SECONDS, "from the close of its candle to the decision", _JOURNAL),
    Indicator(
        "decision_time",
        Unit.SIGNAL,
        Measures.SECONDS,
        "from the arrival of its closed candle, or of itself, at the trader until risk's yes or no is recorded",
        _JOURNAL,
    ),
    Indicator("refusals", Unit.SIGNAL, Measures.ONE, "risk said no to it", _JOURNAL, label="category"),
)
"""Signals and what they brought."""

TRUTH: Final = (
    Indicator(
        "reconciled",
        Unit.RECONCILIATION,
        Measures.GOOD,
        "orders, fills and balances were asked of the venue, and nothing was there that our books do not explain",
        _PROBE,
        every_s=MINUTE_S,
    ),
    Indicator(
        "tied_out",
        Unit.SAMPLE,
        Measures.GOOD,
        "of every account our balances are the venue's, to the last digit",
        _PROBE,
        every_s=MINUTE_S,
    ),
    Indicator(
        "protected",
        Unit.SAMPLE,
        Measures.GOOD,
        "no position was without a stop at the venue for longer than may be",
        _PROBE,
        every_s=MINUTE_S,
    ),
)
"""Invariants: one bad observation is too many."""

ALARMS: Final = (
    Indicator(
        "alerts",
        Unit.EVENT,
        Measures.ONE,
        "a guard tripped, a breaker or a kill came into force, an account failed or a position was naked: P0, P1 or P2",
        _JOURNAL,
        label="severity",
        counted_from_zero=("P0", "P1", "P2"),
    ),
    Indicator(
        "incidents",
        Unit.EVENT,
        Measures.ONE,
        "something happened that holds until a person has looked at it: P0 or P1",
        _JOURNAL,
        label="severity",
        counted_from_zero=("P0", "P1"),
    ),
)
"""Their source is alive as long as the trader measures itself."""

PROCESS: Final = (
    Indicator(
        "uptime",
        Unit.SLICE,
        Measures.GOOD,
        "the trader measured itself in it, its market data was no older than a minute, and neither its database nor all calls of "
        "the venue failed; minutes of planned maintenance are not counted",
        _PROBE,
        every_s=MINUTE_S,
    ),
    Indicator(
        "venue_api",
        Unit.API_CALL,
        Measures.GOOD,
        "the venue answered in time, and with no failure of its own; what our own budget held back is not counted",
        _PROBE,
        every_s=MINUTE_S,
    ),
    Indicator(
        "reconnect_seconds",
        Unit.EVENT,
        Measures.SECONDS,
        "from the loss of a stream, market or account, until all that was missed is booked",
        _JOURNAL,
        label="channel",
    ),
    Indicator("data_age", Unit.SAMPLE, Measures.SECONDS, "of the oldest quote of all symbols", _PROBE, every_s=MINUTE_S),
    Indicator("db_ok", Unit.QUERY, Measures.GOOD, "a commit of the journal was durable", _PROBE, every_s=MINUTE_S),
    Indicator(
        "db_latency",
        Unit.QUERY,
        Measures.SECONDS,
        "of a commit of the journal, rounded up to 1, 2 or 5 of a decade",
        _PROBE,
        every_s=MINUTE_S,
    ),
    Indicator("rss", Unit.SAMPLE, Measures.BYTES, "memory that the process holds", _PROBE, every_s=MINUTE_S),
    Indicator("loop_lag", Unit.SAMPLE, Measures.SECONDS, "the most that a tick came late in a minute", _PROBE, every_s=MINUTE_S),
)
"""Whether the trader itself can be relied on."""

PAIRED: Final = (
    Indicator(
        "live_vs_shadow_bps",
        Unit.SIGNAL,
        Measures.BASIS_POINTS,
        "how much worse its fills were than those of the same signal in shadow: an entry's, or an exit's at market; "
        "the mean of all accounts that followed it",
        "the journals of the trader and of its shadow, paired by a launch's pilot (`beside`)",
        label="symbol",
    ),
)
"""What the journal of one trader cannot show: the pilot pairs what two of them wrote."""

ANSWERS: Final = (
    Indicator(
        "http_ok",
        Unit.REQUEST,
        Measures.GOOD,
        "it was answered in time with a status below 400; a health page with 200, and it names each part as working",
        _ASKED,
        label="probe",
    ),
    Indicator(
        "http_latency",
        Unit.REQUEST,
        Measures.SECONDS,
        "until all of the answer was there; one that was not answered counts as the longest that was waited",
        _ASKED,
        label="probe",
    ),
    Indicator("consumer_lag", Unit.SAMPLE, Measures.MESSAGES, "messages that wait to be read", _ASKED, label="probe"),
    Indicator(
        "llm_cost",
        Unit.SAMPLE,
        Measures.DOLLARS,
        "what calls of language models have cost since the look before",
        _ASKED,
        label="probe",
    ),
)
"""What the pilot asks of others by the clock, where a plan has a probe that asks."""
PROBED: Final = tuple(each.name for each in ANSWERS)

PEOPLE: Final = (
    Indicator(
        "feedback",
        Unit.ANSWER,
        Measures.GOOD,
        "a user's answer to a survey was positive",
        "answers that a person brings: `fairway launch survey`",
        label="severity",
    ),
)
"""What people say."""

OF_TRADER: Final = (*ORDERS, *MONEY, *TRUTH, *ALARMS, *PROCESS)
"""What a trader's journal shows; everything else that has a source is noted by a launch's pilot."""

INDICATORS: Final = (*OF_TRADER, *PAIRED, *ANSWERS, *PEOPLE)
"""Every indicator; one more is one entry here, and its source in this room."""

BY_NAME: Final = {each.name: each for each in INDICATORS}
