"""Every failure says what the caller may do: certainly not done, certainly not sent, or perhaps done."""

import socket
from collections.abc import Iterator, Mapping
from typing import Any

import aiohttp
import ccxt
import pytest
from aiohttp.client_reqrep import ConnectionKey

from fairway.venues.ccxt.errors import BINANCE_CODES, BY_CLASS, FailedRequest, FailureKind, sort, verdict_of
from fairway.venues.port import Ambiguous, Duplicate, KeyRefused, Rejected, Throttled, Unreachable, VenueError
from fairway.world.clock import MILLISECOND, SECOND

NOW = 1_700_000_000 * SECOND
AS_EFFECT: Mapping[FailureKind, type[VenueError]] = {
    FailureKind.REJECTED: Rejected,
    FailureKind.DUPLICATE: Duplicate,
    FailureKind.THROTTLED: Throttled,
    FailureKind.KEY: KeyRefused,
    FailureKind.UNSENT: Unreachable,
    FailureKind.DOUBT: Ambiguous,
}


def names(hierarchy: Mapping[str, Any]) -> Iterator[str]:
    for name, below in hierarchy.items():
        yield name
        yield from names(below)


def asked(*, effect: bool = True, retry_after_s: float = 0.0) -> FailedRequest:
    return FailedRequest(venue="binance", effect=effect, at=NOW, codes=BINANCE_CODES, retry_after_s=retry_after_s)


def said(code: int, words: str = "…", kind: type[Exception] = ccxt.ExchangeError) -> Exception:
    error: Exception = kind(f'binance {{"code":{code},"msg":"{words}"}}')
    return error


def raised_from(cause: BaseException, kind: type[Exception] = ccxt.ExchangeNotAvailable) -> Exception:
    """As ccxt raises it: from aiohttp's error, naming the address with its signed query."""
    try:
        try:
            raise cause
        except BaseException as error:
            raise kind("binance POST https://api.binance.com/api/v3/order?timestamp=1&signature=abc") from error
    except Exception as error:
        return error


def check(error: BaseException, expected: type[VenueError], code: str = "") -> VenueError:
    """The failure is of this kind for an order; for a query the doubtful is merely unreachable."""
    failure = sort(error, asked())
    assert type(failure) is expected, f"{error!r} became {failure!r}"
    assert failure.code == code
    as_query = sort(error, asked(effect=False))
    assert type(as_query) is (Unreachable if expected is Ambiguous else expected)
    return failure


@pytest.mark.parametrize("name", sorted(BY_CLASS))
def test_each_ccxt_class_has_its_verdict(name: str) -> None:
    """A bare error of each class is sorted as the table says."""
    check(getattr(ccxt, name)("binance said so"), AS_EFFECT[BY_CLASS[name]])


def test_no_ccxt_class_is_missing() -> None:
    """The table names exactly the classes that ccxt has."""
    from ccxt.base.errors import error_hierarchy

    assert set(BY_CLASS) == set(names(error_hierarchy))


CERTAINLY_NOT = [*range(-1136, -1099), -1010, -1013, -1014, -1020, -1021, -1023, -2010, -2011, -2013]


@pytest.mark.parametrize("code", CERTAINLY_NOT)
def test_the_venues_no_is_a_no(code: int) -> None:
    """Filters, parameters, refused orders and unknown orders: certainly not done, under whatever class ccxt files them."""
    for kind in (ccxt.ExchangeError, ccxt.OperationFailed, ccxt.BadRequest):
        check(said(code, kind=kind), Rejected, str(code))


@pytest.mark.parametrize("code", [-1000, -1001, -1004, -1006, -1007, -1008, -1016, -2021])
def test_what_may_have_been_done_is_ambiguous(code: int) -> None:
    """Unknown, timed out, overloaded or half done, even where ccxt calls it a refusal."""
    for kind in (ccxt.ExchangeError, ccxt.BadRequest, ccxt.RateLimitExceeded):
        check(said(code, kind=kind), Ambiguous, str(code))


@pytest.mark.parametrize("code", [-1002, -1022, -1099, -2008, -2014, -2015])
def test_a_refused_key_needs_a_person(code: int) -> None:
    """Key, signature, rights, address; ccxt calls -2015 a passing ban once the key has worked."""
    for kind in (ccxt.AuthenticationError, ccxt.DDoSProtection):
        check(said(code, kind=kind), KeyRefused, str(code))


def test_a_duplicate_is_proof_of_arrival() -> None:
    """-2010 is a no, except where it says that the order is already there."""
    check(said(-2010, "Duplicate order sent.", ccxt.InvalidOrder), Duplicate, "-2010")
    check(said(-2010, "Duplicate order sent.", ccxt.DuplicateOrderId), Duplicate, "-2010")


def test_codes_that_ccxt_drops_are_found_by_their_words() -> None:
    """ccxt keeps only the text of some answers; the code is known all the same."""
    words = "Account has insufficient balance for requested action."
    failure = check(ccxt.InsufficientFunds(f"binance {words}"), Rejected, "-2010")
    assert words in str(failure)


@pytest.mark.parametrize(
    ("text", "retry_after_s", "expected"),
    [
        ('binance 429 Too Many Requests {"code":-1003,"msg":"Too much request weight used"}', 7, NOW + 7 * SECOND),
        ('binance 429 Too Many Requests {"code":-1003,"msg":"Too much request weight used"}', 0, NOW + 10 * SECOND),
        (
            'binance 418 I\'m a teapot {"code":-1003,"msg":"Way too much request weight used; IP banned until 1700000123456."}',
            3,
            1_700_000_123_456 * MILLISECOND,
        ),
        ('binance {"code":-1015,"msg":"Too many new orders"}', 2, NOW + 2 * SECOND),
    ],
)
def test_throttling_says_until_when(text: str, retry_after_s: float, expected: int) -> None:
    """The ban's own instant, else Retry-After, else a rest of ten seconds."""
    failure = sort(ccxt.DDoSProtection(text), asked(retry_after_s=retry_after_s))
    assert isinstance(failure, Throttled)
    assert failure.retry_at == expected


KEY = ConnectionKey("api.binance.com", 443, True, True, None, None, None)
REFUSED = ConnectionRefusedError(111, "Connect call failed")


@pytest.mark.parametrize(
    "cause",
    [
        aiohttp.ClientConnectorError(KEY, REFUSED),
        aiohttp.ClientConnectorDNSError(KEY, socket.gaierror(-2, "Name or service not known")),
        aiohttp.ClientProxyConnectionError(KEY, REFUSED),
        aiohttp.ConnectionTimeoutError("Connection timeout to host"),
        socket.gaierror(-3, "Temporary failure in name resolution"),
        aiohttp.InvalidURL("http//"),
    ],
)
def test_what_never_connected_was_never_sent(cause: BaseException) -> None:
    """Refused, unresolved, not connected in time: certainly not sent, under whatever name ccxt gives it."""
    for kind in (ccxt.ExchangeNotAvailable, ccxt.RequestTimeout, ccxt.ExchangeError):
        check(raised_from(cause, kind), Unreachable)


@pytest.mark.parametrize(
    "cause",
    [
        aiohttp.ServerDisconnectedError(),
        aiohttp.ClientOSError(104, "Connection reset by peer"),
        aiohttp.ClientConnectionResetError("Cannot write to closing transport"),
        aiohttp.SocketTimeoutError("Timeout on reading data from socket"),
        aiohttp.ClientPayloadError("Response payload is not completed"),
        TimeoutError(),
    ],
)
def test_what_broke_after_connecting_may_have_arrived(cause: BaseException) -> None:
    """Reset, closed, timed out or broken off: the order may exist, even where ccxt calls it an error of the exchange."""
    for kind in (ccxt.ExchangeNotAvailable, ccxt.RequestTimeout, ccxt.ExchangeError):
        check(raised_from(cause, kind), Ambiguous)


@pytest.mark.parametrize("error", [ValueError("no JSON"), KeyError("orderId"), TypeError("string indices"), TimeoutError()])
def test_an_answer_that_cannot_be_read_proves_nothing(error: BaseException) -> None:
    """The venue answered something; the order may exist."""
    check(error, Ambiguous)


def test_words_are_the_venues_and_never_the_query() -> None:
    """People read what the venue said, or what the transport did, and no signature."""
    assert str(sort(said(-1013, "Filter failure: LOT_SIZE"), asked())) == "binance: Filter failure: LOT_SIZE"
    words = str(sort(raised_from(aiohttp.ServerDisconnectedError()), asked()))
    assert words == ("binance: POST https://api.binance.com/api/v3/order (ServerDisconnectedError: Server disconnected)")


def test_another_venues_codes_are_not_binances() -> None:
    """A code means what its own venue means by it."""
    assert verdict_of(said(-1007, kind=ccxt.InvalidOrder), {}) is FailureKind.REJECTED
