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


class FailureKind(Enum):
    """What is known of a request that failed. DOUBT and UNSENT are the transport's, the rest are the venue's answers."""

    REJECTED = auto()
    DUPLICATE = auto()
    THROTTLED = auto()
    KEY = auto()
    UNSENT = auto()
    DOUBT = auto()


BY_CLASS: Final[Mapping[str, FailureKind]] = {
    "BaseError": FailureKind.DOUBT,
    "ExchangeError": FailureKind.DOUBT,  # also what ccxt makes of an answer that broke off halfway
    "AuthenticationError": FailureKind.KEY,
    "PermissionDenied": FailureKind.KEY,
    "AccountNotEnabled": FailureKind.KEY,
    "AccountSuspended": FailureKind.KEY,
    "ArgumentsRequired": FailureKind.REJECTED,
    "BadRequest": FailureKind.REJECTED,
    "BadSymbol": FailureKind.REJECTED,
    "OperationRejected": FailureKind.REJECTED,
    "NoChange": FailureKind.REJECTED,
    "MarginModeAlreadySet": FailureKind.REJECTED,
    "MarketClosed": FailureKind.REJECTED,
    "ManualInteractionNeeded": FailureKind.REJECTED,
    "RestrictedLocation": FailureKind.KEY,
    "InsufficientFunds": FailureKind.REJECTED,
    "InvalidAddress": FailureKind.REJECTED,
    "AddressPending": FailureKind.REJECTED,
    "InvalidOrder": FailureKind.REJECTED,
    "OrderNotFound": FailureKind.REJECTED,
    "OrderNotCached": FailureKind.REJECTED,
    "OrderImmediatelyFillable": FailureKind.REJECTED,
    "OrderNotFillable": FailureKind.REJECTED,
    "DuplicateOrderId": FailureKind.DUPLICATE,
    "ContractUnavailable": FailureKind.REJECTED,
    "NotSupported": FailureKind.REJECTED,
    "InvalidProxySettings": FailureKind.REJECTED,
    "ExchangeClosedByUser": FailureKind.UNSENT,
    "OperationFailed": FailureKind.DOUBT,
    "NetworkError": FailureKind.DOUBT,
    "DDoSProtection": FailureKind.THROTTLED,
    "RateLimitExceeded": FailureKind.THROTTLED,
    "ExchangeNotAvailable": FailureKind.DOUBT,  # every 5xx, and whatever a proxy in between answers
    "OnMaintenance": FailureKind.DOUBT,
    "InvalidNonce": FailureKind.REJECTED,
    "ChecksumError": FailureKind.DOUBT,
    "RequestTimeout": FailureKind.DOUBT,
    "BadResponse": FailureKind.DOUBT,
    "NullResponse": FailureKind.DOUBT,
    "CancelPending": FailureKind.DOUBT,
    "UnsubscribeError": FailureKind.DOUBT,
}
"""Every class of ccxt.base.errors by name (a test walks them all)."""

BY_CAUSE: Final[Mapping[str, FailureKind]] = {
    "ClientConnectorError": FailureKind.UNSENT,  # refused, no route, TLS or name resolution failed: no connection came about
    "ConnectionTimeoutError": FailureKind.UNSENT,  # the connection was not made in time
    "gaierror": FailureKind.UNSENT,
    "InvalidURL": FailureKind.UNSENT,
    "ClientError": FailureKind.DOUBT,  # aiohttp's others: reset, closed, broken off, timed out while reading
    "TimeoutError": FailureKind.DOUBT,
    "OSError": FailureKind.DOUBT,
}
"""What lies beneath a ccxt error, by the name of the nearest class; it decides where it is known, because ccxt calls
a refused connection and one that was reset after the order left by the same name."""

_REJECTED_CODES = (
    *(-1010, -1013, -1014, -1020, -1021, -1023),
    *range(-1136, -1099),
    *(-1145, -1151),
    *(-2010, -2011, -2013, -2016, -2022, -2026),
)

BINANCE_CODES: Final[Mapping[int, FailureKind]] = {
    **dict.fromkeys(_REJECTED_CODES, FailureKind.REJECTED),
    -1000: FailureKind.DOUBT,  # an unknown error occurred while processing the request
    -1001: FailureKind.DOUBT,  # internal error; unable to process
    -1002: FailureKind.KEY,  # not authorized to execute this request
    -1003: FailureKind.THROTTLED,  # too many requests, or banned for them
    -1004: FailureKind.DOUBT,  # server is busy
    -1006: FailureKind.DOUBT,  # unexpected response from the message bus, execution status unknown
    -1007: FailureKind.DOUBT,  # timeout waiting for the backend, execution status unknown
    # Overloaded: the documents call it a failure, and filled orders have been reported after it all the same.
    -1008: FailureKind.DOUBT,
    -1015: FailureKind.THROTTLED,  # too many new orders
    # Comes with a 5xx during maintenance, and a 5xx proves nothing about execution.
    -1016: FailureKind.DOUBT,
    -1022: FailureKind.KEY,  # signature: the secret is wrong
    -1034: FailureKind.THROTTLED,  # too many connections
    -1099: FailureKind.KEY,  # not found, authenticated, or authorized
    -2008: FailureKind.KEY,
    -2014: FailureKind.KEY,
    # ccxt takes this for a passing ban once a key has worked; a key that is revoked later looks just so (2026-11).
    -2015: FailureKind.KEY,
    -2021: FailureKind.DOUBT,  # cancel-replace done by half
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
class FailedRequest:
    """What a failed request was: `effect` where it may have changed something at the venue."""

    venue: str
    effect: bool
    at: int
    codes: Mapping[int, FailureKind]
    """The venue's own codes."""
    ahead_ns: int = 0
    """How far the venue's clock, by which it names the end of a ban, is ahead of ours."""
    retry_after_s: float = 0.0


def sort(error: BaseException, asked: FailedRequest) -> VenueError:
    """The failure, sorted. For a query nothing is ambiguous: asking again changes nothing."""
    text = str(error)
    code = code_of(text)
    message = f"{asked.venue}: {words_of(error, asked.venue)}"
    match verdict_of(error, asked.codes):
        case FailureKind.DUPLICATE:
            return Duplicate(message, code)
        case FailureKind.THROTTLED:
            return Throttled(message, code, retry_at=_retry_at(text, asked))
        case FailureKind.KEY:
            return KeyRefused(message, code)
        case FailureKind.REJECTED:
            return Rejected(message, code)
        case FailureKind.DOUBT if asked.effect:
            return Ambiguous(message, code)
        case _:
            return Unreachable(message, code)


def verdict_of(error: BaseException, codes: Mapping[int, FailureKind]) -> FailureKind:
    """The venue's own code first, then what lies beneath the error, then ccxt's class; the unknown is doubtful."""
    text = str(error)
    if _DUPLICATE.search(text):
        return FailureKind.DUPLICATE
    if (code := code_of(text)) and int(code) in codes:
        return codes[int(code)]
    for cause in _chain(error):
        verdict = _by_name(cause, BY_CAUSE)
        if verdict is not None:
            return verdict
    return _by_name(error, BY_CLASS) or FailureKind.DOUBT


def code_of(text: str) -> str:
    """The venue's code in the text of an error, `""` where there is none."""
    if (found := _CODE.search(text)) is not None:
        return found[1]
    return next((code for words, code in _BINANCE_TEXTS.items() if words in text), "")


def _by_name(error: BaseException, table: Mapping[str, FailureKind]) -> FailureKind | None:
    return next((table[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in table), None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was raised from, at most ten deep."""
    link: BaseException | None = error
    for _ in range(CHAIN_MAX):
        if link is None:
            return
        yield link
        link = link.__cause__ or link.__context__


def _retry_at(text: str, asked: FailedRequest) -> int:
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
