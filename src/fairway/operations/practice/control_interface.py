"""Talks to the control interface of the practice exchange that a configuration names, and refuses any other venue."""

import json
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from fairway.notify.http import is_loopback
from fairway.operations.refusal import Ground, Refusal, against_rule, wrong_input
from fairway.settings import Settings, load

WITHIN_S: Final = 5.0
ANSWER_MAX: Final = 4_000_000
"""Bytes of an answer that are read."""
HOW: Final = "make one with  fairway up --practice"


def practice_url(settings: Settings) -> str:
    """The address of the practice exchange; "" where the configuration's venue is none, or is on another machine."""
    url = settings.venue.url or ""
    return url if settings.mode == "practice" and is_loopback(urlsplit(url).hostname or "") else ""


class ControlInterface:
    """The `/practice` of one exchange. Its methods block."""

    def __init__(self, config: Path) -> None:
        """Raises SettingsError, Refusal where the venue is no practice exchange of this machine."""
        settings = load(config)
        self._url = practice_url(settings)
        if not self._url:
            what = f"the venue of {config} is {settings.venue.exchange} in mode {settings.mode}"
            raise against_rule(
                f"PRACTICE_ONLY: mode={settings.mode}",
                f"{what}, and only a practice exchange of this machine can be told what to do; {HOW}",
            )
        self._opener = build_opener(ProxyHandler({}))  # no proxy leads to this machine

    def ask(self, method: str, path: str = "", body: object = None, *, within_s: float = WITHIN_S) -> Any:
        """The answer. Raises Refusal: of the exchange's own with its sentence, or because it does not answer."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self._url}/practice{path}", data=data, method=method, headers={"Content-Type": "application/json"})
        try:
            with self._opener.open(request, timeout=within_s) as response:
                return json.loads(response.read(ANSWER_MAX))
        except HTTPError as error:
            raise wrong_input("PRACTICE_REFUSED: " + f"status={error.code}", _sentence(error)) from None
        except (URLError, HTTPException, OSError, ValueError) as error:
            raise Refusal(
                f"PRACTICE_SILENT: url={self._url}",
                f"the practice exchange at {self._url} does not answer ({error}); see whether it runs with  fairway up status",
                Ground.VENUE_UNREACHABLE,
            ) from None


def _sentence(error: HTTPError) -> str:
    """What the exchange says is wrong."""
    try:
        found = json.loads(error.read(ANSWER_MAX))["error"]
    except (ValueError, KeyError, TypeError, OSError, HTTPException):
        found = error.reason
    return f"the practice exchange refuses it: {found}"
