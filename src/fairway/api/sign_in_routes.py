"""The paths of sign-ins: a browser's session, a program's tokens, the own password."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Response, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBasicCredentials
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import HTTPConnection

from fairway.api.authentication import CHALLENGE, Caller
from fairway.api.command_bodies import LengthInWords
from fairway.api.context import BASIC, BEARER, COOKIE, Asking, Context, Lowering, ServerContext, address_of
from fairway.api.problems import HttpProblem, documented
from fairway.operations.operation import Call
from fairway.operations.people.passwords import SET_PASSWORD, SetPasswordRequest
from fairway.operations.people.second_factor import (
    BEGIN_SECOND_FACTOR,
    CONFIRM_SECOND_FACTOR,
    END_SECOND_FACTOR,
    ConfirmRequest,
)
from fairway.operations.people.tokens import (
    ADD_TOKEN,
    LIST_TOKENS,
    REVOKE_TOKEN,
    AddTokenRequest,
    RevokeTokenRequest,
)
from fairway.operations.people.users import UserRequest
from fairway.operations.perform import perform
from fairway.people.password import BYTES_MAX, LENGTH_MIN
from fairway.people.secret import Secret
from fairway.people.token import API_TOKEN_MAX_NS, LENGTHS, Token, TokenKind, TokenScope
from fairway.world.clock import SECOND, text_of

router: Final = APIRouter(prefix="/api/v1", tags=["sign-in"])
_ASKED: Final = documented(401, 403, 409, 413, 422, 429, 503)


class Body(BaseModel):
    """Base of all bodies: a field that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class UserAndPassword(Body):
    """User and password."""

    user: str = Field(max_length=32, examples=["me"])
    password: str = Field(max_length=BYTES_MAX, examples=["four unrelated words here"])
    code: str = Field(default="", max_length=10, description="Of the second factor, where the user has one")


class SecondFactorCode(Body):
    """Six digits, as the app shows them now."""

    code: str = Field(pattern=r"^\d{6}$", examples=["123456"])


class NewPassword(Body):
    """The password that counts from now on."""

    password: str = Field(min_length=LENGTH_MIN, max_length=BYTES_MAX, examples=["four unrelated words here"])


class NewToken(Body):
    """A token for a program that nobody watches. It never raises exposure."""

    name: str = Field(default="", max_length=80, examples=["grafana"])
    scope: TokenScope = TokenScope.READ
    length: LengthInWords = Field(default=LENGTHS[TokenKind.API], json_schema_extra={"default": "90d"})


class SignInState(BaseModel):
    """Who is signed in. expires_at: "" where the password comes with each request."""

    user: str
    role: str
    scope: TokenScope
    accounts: list[str]
    is_recent: bool = Field(description="Whether it may raise exposure: the sign-in is of the last 5 minutes")
    expires_at: str
    must_set_password: bool = Field(description="The password was for one sign-in: set one at /api/v1/password")


class Tokens(BaseModel):
    """A program's tokens. expires_in: seconds of the access token."""

    access_token: str
    refresh_token: str
    token_type: str = "bearer"
    expires_in: int


class AccessToken(BaseModel):
    """The next access token."""

    access_token: str
    token_type: str = "bearer"
    expires_in: int


class ShownToken(BaseModel):
    """One token without its text. used_at: "" for never."""

    id: str
    kind: TokenKind
    scope: TokenScope
    name: str
    created_at: str
    expires_at: str
    used_at: str
    is_good: bool


class IssuedToken(ShownToken):
    """text: shown this once."""

    text: str


class NewSecondFactor(BaseModel):
    """Shown this once. address: what an app reads from a QR code."""

    secret: str
    address: str


class Done(BaseModel):
    """What was done, in words."""

    sentences: list[str]


@router.post("/session", responses=_ASKED)
def sign_in(body: UserAndPassword, context: Context, connection: HTTPConnection, response: Response) -> SignInState:
    """Sign in from a browser: the answer sets a cookie."""
    caller, issued = context.authenticator.sign_in(
        body.user, Secret(body.password), address_of(connection), TokenKind.SESSION, code=body.code
    )
    token, text = issued[0]
    response.set_cookie(
        COOKIE,
        text.reveal(),
        max_age=LENGTHS[TokenKind.SESSION] // SECOND,
        httponly=True,
        samesite="strict",
        secure=context.server.is_secure,
    )
    return _session(caller, token, context)


@router.get("/session", responses=documented(401, 403, 429, 503))
def session(caller: Asking, context: Context) -> SignInState:
    """Who is signed in, and what this sign-in may do."""
    return _session(caller, caller.token, context)


@router.delete("/session", responses=_ASKED)
def sign_out(caller: Lowering, context: Context, response: Response, everywhere: bool = False) -> Done:
    """End this sign-in; with `everywhere` every token and sign-in of the user."""
    response.delete_cookie(COOKIE)
    token = "" if everywhere else caller.token_id
    if not token and not everywhere:
        return Done(sentences=["the password came with the request; there is no sign-in to end"])
    return _revoked(caller, context, token)


@router.post("/token/login", responses=documented(401, 403, 429, 503))
def login(context: Context, connection: HTTPConnection, basic: Annotated[HTTPBasicCredentials | None, Depends(BASIC)]) -> Tokens:
    """Sign in from a program: user and password by HTTP Basic, as freqtrade's clients do it."""
    if basic is None:
        raise HttpProblem(401, "SIGN_IN_MISSING", "user and password are missing; send them by HTTP Basic", headers=CHALLENGE)
    return tokens_for(context, basic.username, basic.password, connection)


@router.post("/token", responses=_ASKED)
def login_by_body(body: UserAndPassword, context: Context, connection: HTTPConnection) -> Tokens:
    """Sign in from a program: user and password as JSON."""
    return tokens_for(context, body.user, body.password, connection, body.code)


@router.post("/token/refresh", responses=documented(401, 403, 429, 503))
def refresh(
    context: Context, connection: HTTPConnection, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]
) -> AccessToken:
    """The next access token, for a refresh token. It does not make the sign-in any younger."""
    if bearer is None:
        raise HttpProblem(401, "SIGN_IN_MISSING", "the refresh token is missing; send it as a Bearer token", headers=CHALLENGE)
    token, text = context.authenticator.refreshed(Secret(bearer.credentials), address_of(connection))
    return AccessToken(access_token=text.reveal(), expires_in=_seconds(token))


@router.post("/password", responses=_ASKED)
def set_password(body: NewPassword, caller: Asking, context: Context) -> Done:
    """Set the own password. All sign-ins by the old one end, this one too."""
    request = SetPasswordRequest(place=context.place, user=caller.actor.name, password=Secret(body.password))
    return Done(sentences=list(perform(SET_PASSWORD, Call(actor=caller.actor, request=request)).lines))


@router.post("/second-factor", responses=_ASKED)
def begin_second_factor(caller: Asking, context: Context) -> NewSecondFactor:
    """Begin a second factor: codes of an app besides the password. It counts once a code has confirmed it."""
    begun = perform(BEGIN_SECOND_FACTOR, Call(actor=caller.actor, request=_self(caller, context)))
    return NewSecondFactor(secret=begun.secret.reveal(), address=begun.address.reveal())


@router.post("/second-factor/confirm", responses=_ASKED)
def confirm_second_factor(body: SecondFactorCode, caller: Asking, context: Context) -> Done:
    """Confirm the second factor by a code; each sign-in asks for one from then on."""
    request = ConfirmRequest(place=context.place, user=caller.actor.name, code=body.code, reason="over HTTP")
    return Done(sentences=list(perform(CONFIRM_SECOND_FACTOR, Call(actor=caller.actor, request=request)).lines))


@router.delete("/second-factor", responses=_ASKED)
def end_second_factor(caller: Asking, context: Context) -> Done:
    """End the second factor. It asks for a sign-in of the last 5 minutes, which had a code."""
    return Done(sentences=list(perform(END_SECOND_FACTOR, Call(actor=caller.actor, request=_self(caller, context))).lines))


def _self(caller: Caller, context: ServerContext) -> UserRequest:
    return UserRequest(place=context.place, user=caller.actor.name, reason="over HTTP")


@router.get("/tokens", responses=documented(401, 403, 429, 503))
def tokens(caller: Asking, context: Context) -> list[ShownToken]:
    """The own tokens and sign-ins, and those that ended in the last 30 days."""
    request = UserRequest(place=context.place, user=caller.actor.name)
    found = perform(LIST_TOKENS, Call(actor=caller.actor, request=request)).tokens
    return [ShownToken(**_shown(each, context)) for each in found]


@router.post("/tokens", status_code=status.HTTP_201_CREATED, responses=_ASKED)
def add_token(body: NewToken, caller: Asking, context: Context) -> IssuedToken:
    """Issue a token for a program; its text is shown this once."""
    if not 0 < body.length <= API_TOKEN_MAX_NS:
        raise HttpProblem(422, "LENGTH_WRONG: field=length", "length: is not between 1s and 365d; a right one is 90d")
    request = AddTokenRequest(
        place=context.place, user=caller.actor.name, name=body.name, scope=body.scope, length=body.length, reason="over HTTP"
    )
    issued = perform(ADD_TOKEN, Call(actor=caller.actor, request=request))
    return IssuedToken(**_shown(issued.token, context), text=issued.text.reveal())


@router.delete("/tokens/{token_id}", responses=documented(401, 403, 409, 413, 422, 429, 503))
def revoke(token_id: Annotated[str, Path(pattern="^[0-9a-f]{1,32}$")], caller: Lowering, context: Context) -> Done:
    """End one of the own tokens at once."""
    return _revoked(caller, context, token_id)


def _revoked(caller: Caller, context: ServerContext, token: str) -> Done:
    request = RevokeTokenRequest(place=context.place, user=caller.actor.name, token=token, reason="over HTTP")
    return Done(sentences=list(perform(REVOKE_TOKEN, Call(actor=caller.actor, request=request)).lines))


def _session(caller: Caller, token: Token | None, context: ServerContext) -> SignInState:
    actor = caller.actor
    return SignInState(
        user=actor.name,
        role=actor.role.value if actor.role is not None else "",
        scope=actor.scope,
        accounts=sorted(actor.accounts),
        is_recent=actor.is_recent,
        expires_at=text_of(token.expires_at) if token is not None else "",
        must_set_password=not context.authenticator.has_own_password(actor.name),
    )


def tokens_for(context: ServerContext, user: str, password: str, connection: HTTPConnection, code: str = "") -> Tokens:
    """A program's tokens for a user's password, with the code of a second factor. Raises HttpProblem."""
    kinds = (TokenKind.ACCESS, TokenKind.REFRESH)
    _, issued = context.authenticator.sign_in(user, Secret(password), address_of(connection), *kinds, code=code)
    (access, access_text), (_, refresh_text) = issued
    return Tokens(access_token=access_text.reveal(), refresh_token=refresh_text.reveal(), expires_in=_seconds(access))


def _seconds(token: Token) -> int:
    return (token.expires_at - token.created_at) // SECOND


def _shown(token: Token, context: ServerContext) -> dict[str, Any]:
    return {
        "id": token.id,
        "kind": token.kind,
        "scope": token.scope,
        "name": token.name,
        "created_at": text_of(token.created_at),
        "expires_at": text_of(token.expires_at),
        "used_at": text_of(token.used_at) if token.used_at else "",
        "is_good": token.is_good(context.clock.now()),
    }
