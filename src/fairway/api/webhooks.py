"""Signals from outside, as TradingView and its like send them: proved by a secret, dated, and each obeyed once."""

import hashlib
import hmac
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Header, Path, Request, Response, status
from pydantic import BaseModel, ConfigDict, Field

from fairway.api.authentication import Caller
from fairway.api.command_record import CommandState
from fairway.api.command_routes import CommandStatus, status_of
from fairway.api.command_runner import CommandRunner
from fairway.api.context import Context, ServerContext, address_of
from fairway.api.problems import HttpProblem, documented
from fairway.api.sign_in_routes import Body
from fairway.api.threads import short
from fairway.operations.actor import Actor, Shell
from fairway.operations.trader.signal import SIGNAL, SignalRequest
from fairway.settings.server import WebhookSettings
from fairway.world.clock import SECOND, parse_instant
from fairway.world.secret import SecretMissing

SECRET_MIN: Final = 16
WAIT_S: Final = 8.0
"""A trader that runs answers within a second; senders such as TradingView wait for three, and send again later."""
SIGNATURE: Final = "X-Signature-256"
PROOF_MISSING: Final = "SIGNATURE_WRONG"


class SignalBody(Body):
    """One signal. Its sender may fill it in with what it knows by other names; docs/how-to/signals.md shows TradingView's."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "entry-2026-11-25T12:00:00Z",
                    "symbol": "BTCUSDT",
                    "action": "buy",
                    "sent_at": "2026-11-25T12:00:00Z",
                    "expected": "flat",
                    "secret": "$WEBHOOK_SECRET",
                }
            ]
        }
    )

    id: str = Field(
        min_length=1, max_length=64, description="The same for each copy of one signal", examples=["entry-2026-11-25T12:00:00Z"]
    )
    symbol: str = Field(min_length=1, max_length=41, examples=["BTCUSDT"])
    action: Literal["buy", "sell"]
    sent_at: str = Field(
        max_length=40, description="When the sender sent it, ISO 8601 or seconds since 1970", examples=["2026-11-25T12:00:00Z"]
    )
    expected: Literal["flat", "long", ""] = Field(
        default="", description="The position that the sender has in mind before the signal; empty where it says none"
    )
    number: int | None = Field(default=None, ge=0, le=10**15, description="Counts the signals of this sender")
    stop: str = Field(default="", max_length=26, examples=["59000.5"])
    target: str = Field(default="", max_length=26, examples=["64000"])
    secret: str = Field(
        default="", max_length=200, description=f"Of the configuration; or sign the body in the header {SIGNATURE}"
    )


class SignalAnswer(BaseModel):
    """What became of a signal. state: `obeyed`, `repeated`: it was obeyed before, or `waits`: no trader has read it yet."""

    state: Literal["obeyed", "repeated", "waits"]
    command: CommandStatus


def webhook_router(runner: CommandRunner) -> APIRouter:
    """The paths of the senders that a configuration names."""
    router = APIRouter(prefix="/api/v1/webhooks", tags=["signals"])

    @router.post(
        "/{source}",
        responses={
            202: {"model": SignalAnswer, "description": "No trader has read it yet"},
            **documented(401, 404, 409, 413, 422, 429, 503),
        },
    )
    async def receive_signal(
        source: Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,32}$")],
        body: SignalBody,
        request: Request,
        response: Response,
        context: Context,
        signature: Annotated[
            str, Header(alias=SIGNATURE, max_length=80, description="`sha256=` and the HMAC of the body in hexadecimal digits")
        ] = "",
    ) -> SignalAnswer:
        """Hand the trader a signal. Repeated, late and lost ones are told apart by the code of the problem."""
        webhook = _webhook(context, source)
        _check_proof(webhook, body, await request.body(), signature)
        caller = _sender(context, request, webhook)
        record = await short(runner.accept, SIGNAL, *_asked(context, webhook, body), caller, "")
        answer = _answer(status_of(await runner.ended(record.id, WAIT_S)))
        if answer.state == "waits":
            response.status_code = status.HTTP_202_ACCEPTED
        return answer

    return router


def _webhook(context: ServerContext, source: str) -> WebhookSettings:
    """Raises HttpProblem."""
    for each in context.server.webhooks:
        if each.name == source:
            return each
    raise HttpProblem(
        404, f"WEBHOOK_UNKNOWN: source={source}", f"no webhook is called {source}; name it in the key server.webhooks"
    )


def _check_proof(webhook: WebhookSettings, body: SignalBody, content: bytes, signature: str) -> None:
    """Raises HttpProblem where neither the secret nor a signature proves who sent it."""
    try:
        secret = webhook.secret.reveal()
    except SecretMissing as error:
        raise HttpProblem(503, "SECRET_MISSING", str(error)) from None
    if len(secret) < SECRET_MIN:
        what = f"the secret of the webhook {webhook.name} has fewer than {SECRET_MIN} characters; choose a longer one"
        raise HttpProblem(503, "SECRET_SHORT", what)
    digest = "sha256=" + hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
    is_signed = hmac.compare_digest(digest.encode(), signature.encode())
    if not is_signed and not hmac.compare_digest(secret.encode(), body.secret.encode()):
        raise HttpProblem(401, PROOF_MISSING, f"the secret is wrong, and so is the signature in the header {SIGNATURE}")


def _sender(context: ServerContext, request: Request, webhook: WebhookSettings) -> Caller:
    """The configuration lets this sender in, so it acts as the owner of the machine, by its own name. Raises HttpProblem."""
    wait_s = context.limit.wait_s(f"webhook {webhook.name}", context.clock.monotonic())
    if wait_s:
        what = f"more than {context.limit.most} signals in a minute; the next one is taken in {wait_s} s"
        raise HttpProblem(429, "REQUESTS_TOO_MANY", what, headers={"Retry-After": str(wait_s)})
    caller = Caller(actor=Actor(name=f"webhook {webhook.name}", shell=Shell.API), token=None, address=address_of(request))
    request.state.caller = caller
    return caller


def _asked(context: ServerContext, webhook: WebhookSettings, body: SignalBody) -> tuple[SignalRequest, str]:
    """The request, and how it is shown in the journal: without the secret. Raises HttpProblem."""
    request = SignalRequest(
        config=context.config,
        id=body.id,
        source=webhook.name,
        symbol=body.symbol,
        action=body.action,
        sent_at=_instant(body.sent_at),
        expected=body.expected or None,
        number=body.number,
        stop=body.stop,
        target=body.target,
        account=webhook.account,
        everyone=context.settings.people is not None and not webhook.account,
    )
    return request, body.model_dump_json(exclude={"secret"})


def _instant(text: str) -> int:
    """Raises HttpProblem."""
    try:
        return int(text) * SECOND if text.isdecimal() and len(text) <= 11 else parse_instant(text)
    except ValueError as error:
        raise HttpProblem(422, "FIELD_WRONG: field=sent_at", f"sent_at: {error}") from None


def _answer(command: CommandStatus) -> SignalAnswer:
    """Raises HttpProblem with the trader's own code where the signal was not obeyed."""
    outcome = command.outcome or {}
    if command.state is CommandState.REFUSED:
        raise HttpProblem(422, command.code, " ".join(command.sentences))
    if not outcome.get("is_answered", False):
        return SignalAnswer(state="waits", command=command)
    refused = [code for code in outcome.get("refused", {}).values() if code]
    if not refused:
        return SignalAnswer(state="obeyed", command=command)
    if all(code.startswith("SIGNAL_REPEATED") for code in refused):
        return SignalAnswer(state="repeated", command=command)
    raise HttpProblem(409, refused[0], " ".join(command.sentences))
