"""What is refused while a request is read: each no with its code, its message and its HTTP status.

What the matching may refuse as well stands in `exchange.refusals`, once for both.
"""

from typing import Final

from fairway.exchange.answers import ExchangeRefusal


class RequestRefused(Exception):
    """The request is refused while it is still being read; carries the answer to give."""

    def __init__(self, refusal: ExchangeRefusal) -> None:
        super().__init__(f"{refusal.code}: {refusal.message}")
        self.refusal = refusal


BAD_INTERVAL: Final = ExchangeRefusal(-1120, "Invalid interval.")
BAD_SIGNATURE: Final = ExchangeRefusal(-1022, "Signature for this request is not valid.")
BAD_KEY_FORMAT: Final = ExchangeRefusal(-2014, "API-key format invalid.", 401)
BAD_KEY: Final = ExchangeRefusal(-2015, "Invalid API-key, IP, or permissions for action.", 401)
OUTSIDE_WINDOW: Final = ExchangeRefusal(-1021, "Timestamp for this request is outside of the recvWindow.")
AHEAD_OF_SERVER: Final = ExchangeRefusal(-1021, "Timestamp for this request was 1000ms ahead of the server's time.")
WINDOW_TOO_WIDE: Final = ExchangeRefusal(-1131, "recvWindow must be less than 60000.")
TIMEOUT: Final = ExchangeRefusal(
    -1007, "Timeout waiting for response from backend server. Send status unknown; execution status unknown.", 408
)
MAINTENANCE: Final = ExchangeRefusal(-1016, "This service is no longer available.", 503)
SWITCHED_OFF: Final = ExchangeRefusal(-1016, "This service is no longer available.", 410)
UNSUPPORTED: Final = ExchangeRefusal(-1020, "This operation is not supported.")
BAD_COMBINATION: Final = ExchangeRefusal(-1128, "Combination of optional parameters invalid.")
DUPLICATE_VALUES: Final = ExchangeRefusal(-1101, "Duplicate values for a parameter detected.")
BAD_JSON: Final = ExchangeRefusal(-1135, "Invalid JSON Request")
UNREADABLE: Final = ExchangeRefusal(-1100, "Illegal characters found: this is no HTTP request.")
TOO_LONG: Final = ExchangeRefusal(-1101, "Too many parameters: the URL or a header is longer than 8190 bytes.", 414)


def refused_by_http(status: int, reason: str) -> ExchangeRefusal:
    """A request that the HTTP server itself refuses: a body that is too long, a WebSocket handshake that is none."""
    return ExchangeRefusal(-1100, f"{reason}.", status)


def no_such_path(method: str, path: str, status: int) -> ExchangeRefusal:
    """With a code, so that clients take it for a mistake of theirs; ccxt takes a bare 404 for an outage of the exchange."""
    return ExchangeRefusal(-1020, f"This operation is not supported: the practice exchange has no {method} {path[:100]}.", status)


def missing_both(first: str, second: str) -> ExchangeRefusal:
    return ExchangeRefusal(-1102, f"Param '{first}' or '{second}' must be sent, but both were empty/null!")


def empty(name: str) -> ExchangeRefusal:
    return ExchangeRefusal(-1105, f"Parameter '{name}' was empty.")


def not_required(name: str) -> ExchangeRefusal:
    return ExchangeRefusal(-1106, f"Parameter '{name}' sent when not required.")


def illegal(name: str, legal: str) -> ExchangeRefusal:
    return ExchangeRefusal(-1100, f"Illegal characters found in parameter '{name}'; legal range is '{legal}'.")


def too_precise(name: str) -> ExchangeRefusal:
    return ExchangeRefusal(-1111, f"Parameter '{name}' has too much precision.")


def overflow(name: str) -> ExchangeRefusal:
    return ExchangeRefusal(-1108, f"Parameter '{name}' overflowed.")


def bad_data(name: str) -> ExchangeRefusal:
    return ExchangeRefusal(-1130, f"Data sent for parameter '{name}' is not valid.")


def unread(read: int, sent: int) -> ExchangeRefusal:
    return ExchangeRefusal(-1104, f"Not all sent parameters were read; read '{read}' parameter(s) but was sent '{sent}'.")


def too_long(hours: int) -> ExchangeRefusal:
    return ExchangeRefusal(-1127, f"More than {hours} hours between startTime and endTime.")


def too_much_weight(limit: int) -> ExchangeRefusal:
    return ExchangeRefusal(
        -1003,
        f"Too much request weight used; current limit is {limit} request weight per 1 MINUTE. "
        "Please use WebSocket Streams for live updates to avoid polling the API.",
        429,
    )


def banned(until_ms: int) -> ExchangeRefusal:
    return ExchangeRefusal(
        -1003,
        f"Way too much request weight used; IP banned until {until_ms}. "
        "Please use WebSocket Streams for live updates to avoid bans.",
        418,
    )


def too_many_orders(limit: int, per: str) -> ExchangeRefusal:
    return ExchangeRefusal(-1015, f"Too many new orders; current limit is {limit} orders per {per}.", 429)
