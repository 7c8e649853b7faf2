"""Sorts every failure that ccxt, its transport or the venue can give by what the caller may do.

The tables are the knowledge, and the doubtful is sorted as doubtful: an order that may exist is asked for before
anything else, while an order that is wrongly believed dead is placed twice. Names instead of classes keep this
module free of ccxt's import (a second of start-up time).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from fairway.venues.port import Ambiguous, Duplicate, KeyRefused, Rejected, Throttled, Unreachable, VenueError
from fairway.world.clock import MILLISECOND, SECOND

THROTTLE_REST_NS: Final = 10 * SECOND
"""Rest after "too many requests" where the venue does not say how long: the length of Binance's order window."""
WORDS_MAX: Final = 300
CHAIN_MAX: Final = 10


class Verdict(Enum):
    """What is known of a request that failed. DOUBT and UNSENT are the transport's, the rest are the venue's answers."""

    REJECTED = auto()
    DUPLICATE = auto()
    THROTTLED = auto()
    KEY = auto()
    UNSENT = auto()
    DOUBT = auto()


BY_CLASS: Final[Mapping[str, Verdict]] = {
    "BaseError": Verdict.DOUBT,
    "ExchangeError": Verdict.DOUBT,  # also what ccxt makes of an answer that broke off halfway
    "AuthenticationError": Verdict.KEY,
    "PermissionDenied": Verdict.KEY,
    "AccountNotEnabled": Verdict.KEY,
    "AccountSuspended": Verdict.KEY,
    "ArgumentsRequired": Verdict.REJECTED,
    "BadRequest": Verdict.REJECTED,
    "BadSymbol": Verdict.REJECTED,
    "OperationRejected": Verdict.REJECTED,
    "NoChange": Verdict.REJECTED,
    "MarginModeAlreadySet": Verdict.REJECTED,
    "MarketClosed": Verdict.REJECTED,
    "ManualInteractionNeeded": Verdict.REJECTED,
    "RestrictedLocation": Verdict.KEY,
    "InsufficientFunds": Verdict.REJECTED,
    "InvalidAddress": Verdict.REJECTED,
    "AddressPending": Verdict.REJECTED,
    "InvalidOrder": Verdict.REJECTED,
    "OrderNotFound": Verdict.REJECTED,
    "OrderNotCached": Verdict.REJECTED,
    "OrderImmediatelyFillable": Verdict.REJECTED,
    "OrderNotFillable": Verdict.REJECTED,
    "DuplicateOrderId": Verdict.DUPLICATE,
    "ContractUnavailable": Verdict.REJECTED,
    "NotSupported": Verdict.REJECTED,
    "InvalidProxySettings": Verdict.REJECTED,
    "ExchangeClosedByUser": Verdict.UNSENT,
    "OperationFailed": Verdict.DOUBT,
    "NetworkError": Verdict.DOUBT,
    "DDoSProtection": Verdict.THROTTLED,
    "RateLimitExceeded": Verdict.THROTTLED,
    "ExchangeNotAvailable": Verdict.DOUBT,  # every 5xx, and whatever a proxy in between answers
    "OnMaintenance": Verdict.DOUBT,
    "InvalidNonce": Verdict.REJECTED,
    "ChecksumError": Verdict.DOUBT,
    "RequestTimeout": Verdict.DOUBT,
    "BadResponse": Verdict.DOUBT,
    "NullResponse": Verdict.DOUBT,
    "CancelPending": Verdict.DOUBT,
    "UnsubscribeError": Verdict.DOUBT,
}
"""Every class of ccxt.base.errors by name (a test walks them all)."""

BY_CAUSE: Final[Mapping[str, Verdict]] = {
    "ClientConnectorError": Verdict.UNSENT,  # refused, no route, TLS or name resolution failed: no connection came about
    "ConnectionTimeoutError": Verdict.UNSENT,  # the connection was not made in time
    "gaierror": Verdict.UNSENT,
    "InvalidURL": Verdict.UNSENT,
    "ClientError": Verdict.DOUBT,  # aiohttp's others: reset, closed, broken off, timed out while reading
    "TimeoutError": Verdict.DOUBT,
    "OSError": Verdict.DOUBT,
}
"""What lies beneath a ccxt error, by the name of the nearest class; it decides where it is known, because ccxt calls
a refused connection and one that was reset after the order left by the same name."""

_REJECTED_CODES = (
    *(-1010, -1013, -1014, -1020, -1021, -1023),
    *range(-1136, -1099),
    *(-1145, -1151),
    *(-2010, -2011, -2013, -2016, -2022, -2026),
)

BINANCE_CODES: Final[Mapping[int, Verdict]] = {
    **dict.fromkeys(_REJECTED_CODES, Verdict.REJECTED),
    -1000: Verdict.DOUBT,  # an unknown error occurred while processing the request
    -1001: Verdict.DOUBT,  # internal error; unable to process
    -1002: Verdict.KEY,  # not authorized to execute this request
    -1003: Verdict.THROTTLED,  # too many requests, or banned for them
    -1004: Verdict.DOUBT,  # server is busy
    -1006: Verdict.DOUBT,  # unexpected response from the message bus, execution status unknown
    -1007: Verdict.DOUBT,  # timeout waiting for the backend, execution status unknown
    # Overloaded: the documents call it a failure, and filled orders have been reported after it all the same.
    -1008: Verdict.DOUBT,
    -1015: Verdict.THROTTLED,  # too many new orders
    # Comes with a 5xx during maintenance, and a 5xx proves nothing about execution.
    -1016: Verdict.DOUBT,
    -1022: Verdict.KEY,  # signature: the secret is wrong
    -1034: Verdict.THROTTLED,  # too many connections
    -1099: Verdict.KEY,  # not found, authenticated, or authorized
    -2008: Verdict.KEY,
    -2014: Verdict.KEY,
    # ccxt takes this for a passing ban once a key has worked; a key that is revoked later looks just so (2026-11).
    -2015: Verdict.KEY,
    -2021: Verdict.DOUBT,  # cancel-replace done by half
}
"""Verdicts by Binance's codes; they go before ccxt's classes, which mix "no" with "perhaps" here and there."""

_BINANCE_TEXTS: Final[Mapping[str, str]] = {
    "Account has insufficient balance for requested action.": "-2010",
    "Order would trigger immediately.": "-2010",
    "Stop price would trigger immediately.": "-2010",
    "Order would immediately match and take.": "-2010",
    "Market is closed.": "-2010",
}
"""Answers of which ccxt keeps the text and drops the code."""

_DUPLICATE = re.compile(r"duplicate order|duplicate clientorderid|client order id is not unique", re.IGNORECASE)
_CODE = re.compile(r'"code"\s*:\s*"?(-?\d+)')
_SAID = re.compile(r'"msg"\s*:\s*"((?:[^"\\]|\\.)*)"')
_BANNED_UNTIL = re.compile(r"banned until (\d{13})")
_QUERY = re.compile(r"\?\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a failed request was: `effect` where it may have changed something at the venue."""

    venue: str
    effect: bool
    at: int
    codes: Mapping[int, Verdict]
    """The venue's own codes."""
    ahead_ns: int = 0
    """How far the venue's clock, by which it names the end of a ban, is ahead of ours."""
    retry_after_s: float = 0.0


def sort(error: BaseException, asked: Asked) -> VenueError:
    """The failure, sorted. For a query nothing is ambiguous: asking again changes nothing."""
    text = str(error)
    code = code_of(text)
    message = f"{asked.venue}: {words_of(error, asked.venue)}"
    match verdict_of(error, asked.codes):
        case Verdict.DUPLICATE:
            return Duplicate(message, code)
        case Verdict.THROTTLED:
            return Throttled(message, code, retry_at=_retry_at(text, asked))
        case Verdict.KEY:
            return KeyRefused(message, code)
        case Verdict.REJECTED:
            return Rejected(message, code)
        case Verdict.DOUBT if asked.effect:
            return Ambiguous(message, code)
        case _:
            return Unreachable(message, code)


def verdict_of(error: BaseException, codes: Mapping[int, Verdict]) -> Verdict:
    """The venue's own code first, then what lies beneath the error, then ccxt's class; the unknown is doubtful."""
    text = str(error)
    if _DUPLICATE.search(text):
        return Verdict.DUPLICATE
    if (code := code_of(text)) and int(code) in codes:
        return codes[int(code)]
    for cause in _chain(error):
        verdict = _by_name(cause, BY_CAUSE)
        if verdict is not None:
            return verdict
    return _by_name(error, BY_CLASS) or Verdict.DOUBT


def code_of(text: str) -> str:
    """The venue's code in the text of an error, `""` where there is none."""
    if (found := _CODE.search(text)) is not None:
        return found[1]
    return next((code for words, code in _BINANCE_TEXTS.items() if words in text), "")


def _by_name(error: BaseException, table: Mapping[str, Verdict]) -> Verdict | None:
    return next((table[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in table), None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was raised from, at most ten deep."""
    link: BaseException | None = error
    for _ in range(CHAIN_MAX):
        if link is None:
            return
        yield link
        link = link.__cause__ or link.__context__


def _retry_at(text: str, asked: Asked) -> int:
    if (banned := _BANNED_UNTIL.search(text)) is not None:
        return int(banned[1]) * MILLISECOND - asked.ahead_ns
    return asked.at + (round(asked.retry_after_s * SECOND) or THROTTLE_REST_NS)


def words_of(error: BaseException, venue: str) -> str:
    """What happened in the venue's words, else in the transport's; never a query, which carries the signature."""
    text = str(error).removeprefix(f"{venue} ")
    if (said := _SAID.search(text)) is not None:
        return said[1][:WORDS_MAX]
    words = _QUERY.sub("", text)[:WORDS_MAX]
    if words in _BINANCE_TEXTS:
        return words
    beneath = [link for link in _chain(error) if link is not error and _by_name(link, BY_CAUSE) is not None]
    if beneath:
        return f"{words} ({type(beneath[-1]).__name__}: {_QUERY.sub('', str(beneath[-1]))[:WORDS_MAX]})"
    return f"{type(error).__name__}: {words}"
