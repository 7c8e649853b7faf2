"""Decides whether a request may be carried out: key, rights, signature, timing, known parameters."""

from typing import Final, NamedTuple

from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.refusals import missing
from fairway.exchange.wire import errors
from fairway.exchange.wire.endpoint_context import Endpoint, EndpointContext
from fairway.exchange.wire.errors import RequestRefused
from fairway.exchange.wire.keys import Key, Security, refuse, refuse_timing
from fairway.exchange.wire.parameters import Parameters
from fairway.exchange.wire.signatures import Secret
from fairway.world.clock import MICROSECOND, MILLISECOND, SECOND

_DEFAULT_WINDOW: Final = 5 * SECOND
_MICROSECONDS_FROM: Final = 10**14
"""A timestamp as large as this is in microseconds; in milliseconds it would lie past the year 5000."""


class RequestCredentials(NamedTuple):
    """Who a request says it is from, and the proof."""

    key_id: str
    payloads: tuple[bytes, ...] = ()
    """What may have been signed."""
    signature: str = ""
    logged_on: Key | None = None
    """The key of the connection's session, which need not sign again."""


def admit(
    context: EndpointContext, endpoint: Endpoint, parameters: Parameters, claim: RequestCredentials, address: str, now: int
) -> Key | None:
    """The key that the request may act with, None for what is open to all. Raises `Refused`."""
    if endpoint.security is Security.NONE:
        parameters.check_known(endpoint.names)
        return None
    key = claim.logged_on or _found(context.keyring.find(claim.key_id, address, now))
    if context.faults.keys and context.faults.revokes_key(key.account, now):
        raise RequestRefused(errors.BAD_KEY)
    if refusal := refuse(key, endpoint.security):
        raise RequestRefused(refusal)
    if endpoint.security is not Security.KEY:
        _check_timing(parameters, now)
        if claim.logged_on is None:
            _check_signature(key.secret, parameters, claim)
    parameters.check_known(endpoint.names)
    return key


def _check_signature(secret: Secret, parameters: Parameters, claim: RequestCredentials) -> None:
    parameters.needed("signature")
    if not any(secret.signed(payload, claim.signature) for payload in claim.payloads):
        raise RequestRefused(errors.BAD_SIGNATURE)


def _check_timing(parameters: Parameters, now: int) -> None:
    if not parameters.has("timestamp"):
        raise RequestRefused(missing("timestamp"))
    timestamp = parameters.whole("timestamp")
    timestamp_ns = timestamp * MICROSECOND if timestamp >= _MICROSECONDS_FROM else timestamp * MILLISECOND
    if refusal := refuse_timing(timestamp_ns, _window_ns(parameters), now):
        raise RequestRefused(refusal)


def _window_ns(parameters: Parameters) -> int:
    if not parameters.has("recvWindow"):
        return _DEFAULT_WINDOW
    # It may have three decimals; read in 10⁻⁸ milliseconds, of which a hundred are a nanosecond.
    return parameters.amount("recvWindow") // 100


def _found(key: Key | ExchangeRefusal) -> Key:
    if isinstance(key, ExchangeRefusal):
        raise RequestRefused(key)
    return key
