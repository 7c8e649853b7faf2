"""Operations on tokens: a program gets one of its own, a user sees which there are, and ends one or all of them."""

from dataclasses import dataclass
from typing import Final

from fairway.operations.operation import Call, Exposure, Length, Operation, Outcome, Preview
from fairway.operations.people.registry_place import note_of
from fairway.operations.people.users import UserRequest, user_subject
from fairway.operations.refusal import wrong_input
from fairway.people.roles import UserAct
from fairway.people.secret import Secret
from fairway.people.token import API_TOKEN_MAX_NS, LENGTHS, Token, TokenKind, TokenScope
from fairway.texts.durations import duration_words
from fairway.world.clock import SystemClock, text_of

NAME_MAX: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTokenRequest(UserRequest):
    """name: what the user calls it, such as grafana. length: how long it counts (ns), up to a year."""

    name: str = ""
    scope: TokenScope = TokenScope.READ
    length: Length = LENGTHS[TokenKind.API]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeTokenRequest(UserRequest):
    """token: the id; "" for every token and sign-in of the user."""

    token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenOutcome(Outcome):
    """text: shown once, and stored nowhere."""

    token: Token
    text: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensOutcome(Outcome):
    """Oldest first; those that ended in the last 30 days too."""

    tokens: tuple[Token, ...]


def perform_add(call: Call[AddTokenRequest]) -> TokenOutcome:
    """Raises Refusal, ChangeRefused, StoreErrors."""
    asked = call.request
    _check(asked)
    note = note_of(call, asked.reason)
    token = Token(
        id="",
        user=asked.user,
        kind=TokenKind.API,
        scope=asked.scope,
        name=asked.name,
        created_at=note.at,
        signed_in_at=0,
        expires_at=note.at + asked.length,
    )
    with asked.place.sign_ins() as sign_ins:
        issued, text = sign_ins.issue_api(token, note)
    lines = (
        f"token {issued.id} of user {asked.user}, scope {issued.scope.value}, until {text_of(issued.expires_at)}:",
        text.reveal(),
        "It is shown this once.",
    )
    return TokenOutcome(token=issued, text=text, lines=lines)


def _check(asked: AddTokenRequest) -> None:
    if not 0 < asked.length <= API_TOKEN_MAX_NS:
        most = duration_words(API_TOKEN_MAX_NS)
        raise wrong_input(f"LENGTH_WRONG: length={asked.length}", f"is not between 1 s and {most}", field="length", example="90d")
    if len(asked.name) > NAME_MAX or not asked.name.isprintable():
        what = f"has more than {NAME_MAX} characters, or some that do not print"
        raise wrong_input("NAME_WRONG: field=name", what, field="name", example="grafana")


def perform_revoke(call: Call[RevokeTokenRequest]) -> Outcome:
    """Raises ChangeRefused, StoreErrors."""
    asked = call.request
    with asked.place.sign_ins() as sign_ins:
        ended = sign_ins.revoke(asked.user, asked.token, note_of(call, asked.reason))
    which = f"token {asked.token}" if asked.token else f"{ended} tokens and sign-ins"
    return Outcome(lines=(f"{which} of user {asked.user} ended",))


def list_tokens(call: Call[UserRequest]) -> TokensOutcome:
    """Raises ChangeRefused, StoreErrors."""
    with call.request.place.sign_ins() as sign_ins:
        return TokensOutcome(tokens=tuple(sign_ins.tokens_of(call.request.user, SystemClock().now())))


ADD_TOKEN = Operation(
    name="tokens add",
    summary="Give a program a token of its own, with a scope and an end.",
    act=UserAct.SIGN_IN,
    exposure=Exposure.RAISES,  # a new way in is a new way to raise it
    request=AddTokenRequest,
    subject=user_subject,
    preview=lambda call: Preview(effect=f"issues a token of the scope {call.request.scope.value}"),
    perform=perform_add,
)
REVOKE_TOKEN = Operation(
    name="tokens revoke",
    summary="End a token at once, or every token and sign-in of a user.",
    act=UserAct.SIGN_IN,
    exposure=Exposure.LOWERS,
    request=RevokeTokenRequest,
    subject=user_subject,
    preview=lambda call: Preview(effect="who shows it is refused from now on"),
    perform=perform_revoke,
)
LIST_TOKENS = Operation(
    name="tokens list",
    summary="Show a user's tokens and sign-ins, without their texts.",
    act=UserAct.SIGN_IN,
    exposure=Exposure.KEEPS,
    request=UserRequest,
    subject=user_subject,
    preview=lambda call: Preview(effect="reads the registry; nothing is changed"),
    perform=list_tokens,
)
OPERATIONS: Final = (ADD_TOKEN, REVOKE_TOKEN, LIST_TOKENS)
