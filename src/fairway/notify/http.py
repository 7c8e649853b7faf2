"""Posts to a service over HTTP, and sorts what comes back by whether another try can help.

No error shows an address or a secret.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import msgspec

from fairway.notify.port import ConfigurationFailure, PermanentFailure, SendFailure, TransientFailure
from fairway.notify.wording import one_line

if TYPE_CHECKING:
    from aiohttp import ClientSession

ANSWER_MAX: Final = 65_536
"""Bytes of an answer that are read."""
RETRY_AFTER_MAX_S: Final = 3_600.0
"""A service that asks for more is asked again after an hour."""
_REFUSES_CHANNEL: Final = frozenset({401, 403, 404, 407, 410})
_REDIRECTS: Final = range(300, 400)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as an object of JSON; empty where it is none."""
        try:
            found = msgspec.json.decode(self.body)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return {}
        return found if isinstance(found, dict) else {}


class HttpSender:
    """Sends to one service. service: its name for people. authority: certificates that count besides the usual ones."""

    def __init__(self, service: str, authority: Path | None = None) -> None:
        self._service, self._authority = service, authority
        self._session: ClientSession | None = None

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], secrets: tuple[str, ...] = ()) -> HttpAnswer:
        """The answer, where its status is 2xx. secrets: are replaced where the answer repeats them. Raises SendFailure."""
        answer = await self.asked(url, body, headers)
        if failure := failure_of(self._service, answer, secrets):
            raise failure
        return answer

    async def asked(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        """The answer, whatever its status. Raises TransientFailure where none came, ConfigurationFailure for a wrong address."""
        from aiohttp import ClientError, InvalidURL

        check_address(self._service, url)
        try:
            return await self._posted(url, body, headers)
        except InvalidURL:
            raise ConfigurationFailure(
                f"the address of {self._service} is no address", "correct it in the configuration"
            ) from None
        except (ClientError, OSError, ValueError) as error:
            raise TransientFailure(f"{self._service}: {_silence(error)}", None, _ADVICE_NETWORK) from None

    async def _posted(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        """Redirects are not followed: a secret is sent to no other address."""
        if self._session is None:
            self._session = _session(self._authority)
        async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
            content = await response.content.read(ANSWER_MAX)
            while len(content) < ANSWER_MAX and (piece := await response.content.read(ANSWER_MAX - len(content))):
                content += piece
            return HttpAnswer(response.status, dict(response.headers), content)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


_ADVICE_NETWORK: Final = "see whether this machine reaches the address"
_ADVICE_CHANNEL: Final = "check the address and the token of the channel; a repaired one is used without a restart"


def failure_of(service: str, answer: HttpAnswer, secrets: tuple[str, ...] = ()) -> SendFailure | None:
    """What an answer means for the message; None for a status 2xx."""
    status = answer.status
    if 200 <= status < 300:
        return None
    why = f"{service} answers {status}{excerpt(answer, secrets)}"
    if status in (408, 429) or status >= 500:
        return TransientFailure(why, retry_after_s(answer), "wait, and look at the state of the service where it lasts")
    if status in _REFUSES_CHANNEL or status in _REDIRECTS:
        return ConfigurationFailure(why, _ADVICE_CHANNEL)
    return PermanentFailure(why, "the service does not take this message; look at its words")


def no_answer_of(service: str) -> TransientFailure:
    """For an answer that is not of the service's own form: something else may stand in between."""
    return TransientFailure(f"what came is no answer of {service}", None, "see whether a proxy answers in its place")


def excerpt(answer: HttpAnswer, secrets: tuple[str, ...]) -> str:
    """The beginning of the answer's text, as `: no such channel`; "" where it has none."""
    text = answer.body[:2_000].decode(errors="replace")
    for secret in filter(None, secrets):
        text = text.replace(secret, "(hidden)")
    shown = one_line(text, 160)
    return f": {shown}" if shown else ""


def retry_after_s(answer: HttpAnswer) -> float | None:
    """Seconds by the header Retry-After, a number or a date; None where there is none. At most an hour."""
    headers = {name.lower(): value for name, value in answer.headers.items()}
    text = headers.get("retry-after", "")
    seconds = _number(text)
    if seconds is None and text:
        try:
            begins = parsedate_to_datetime(headers.get("date", ""))
            seconds = (parsedate_to_datetime(text) - begins).total_seconds()
        except (TypeError, ValueError):
            return None
    return bounded_wait(seconds)


def bounded_wait(seconds: float | None) -> float | None:
    """A wait that a service asked for, between 0 and an hour; None where it asked for none."""
    return None if seconds is None or seconds != seconds else min(max(seconds, 0.0), RETRY_AFTER_MAX_S)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def check_address(service: str, url: str) -> None:
    """Raises ConfigurationFailure for an address that would carry a secret in clear to another machine."""
    if not is_protected(url):
        what = f"the address of {service} is neither https nor of this machine"
        raise ConfigurationFailure(what, "write an address that begins with https://")


def is_protected(url: str) -> bool:
    """Whether nobody on the way can read what is sent there."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
        )
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _silence(error: Exception) -> str:
    """The reason in Fairway's own words: those of libraries name addresses, and vary."""
    from aiohttp import ClientConnectorDNSError, ClientConnectorError, ClientSSLError

    match error:
        case ClientSSLError():
            return "its certificate is not trusted"
        case ClientConnectorDNSError():
            return "the name of its address is unknown"
        case ClientConnectorError():
            return "no server answers at its address"
    return "the connection broke off, or what came was no HTTP"


def _session(authority: Path | None) -> "ClientSession":
    """A connection of its own for each message; messages are rare, and an old connection may be dead."""
    import aiohttp

    connector = aiohttp.TCPConnector(
        resolver=aiohttp.ThreadedResolver(), use_dns_cache=False, force_close=True, ssl=trusted(authority)
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),
        headers={"User-Agent": "fairway"},
    )


def trusted(authority: Path | None) -> ssl.SSLContext:
    """Checks certificates by the usual authorities, and by those of a file. Raises ConfigurationFailure."""
    import certifi

    context = ssl.create_default_context(cafile=certifi.where())
    if authority is not None:
        try:
            context.load_verify_locations(authority)
        except (OSError, ssl.SSLError):
            raise ConfigurationFailure(f"{authority} holds no certificates", "name a file of PEM certificates") from None
    return context
