"""`fairway tokens`: what programs show to the HTTP server instead of a password; added, shown, revoked."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from fairway.cli.answer import CommandOutput, instant, shows
from fairway.cli.durations import duration
from fairway.cli.perform import outcome_of, perform_here
from fairway.cli.registry import CommandPlace, show_rows
from fairway.cli.shared_options import UserId, WhyChanged
from fairway.people.token import LENGTHS, TokenKind, TokenScope

if TYPE_CHECKING:
    from fairway.people.token import Token

app = App(name="tokens", help="Tokens of programs: add, show and revoke them.")

HERE = CommandPlace()


@app.command
def add(
    user: UserId,
    /,
    *,
    name: str = "",
    scope: TokenScope = TokenScope.READ,
    length: Annotated[int, duration("90d", "365d")] = LENGTHS[TokenKind.API],
    reason: WhyChanged = "",
    place: CommandPlace = HERE,
) -> int:
    """Give a program a token of its own; it is shown this once. Whatever its scope, it never raises exposure.

    Parameters
    ----------
    name: str
        What you call it, such as grafana.
    scope: TokenScope
        read: looks. stop: lowers exposure besides. manage: all that the user's role allows, but for what raises exposure.
    length: Duration
        How long it counts, up to 365d.
    """
    from fairway.operations.people.tokens import ADD_TOKEN, AddTokenRequest

    request = AddTokenRequest(place=place.where, user=user, name=name, scope=scope, length=length, reason=reason)
    return perform_here(ADD_TOKEN, request, place.by)


@app.command
def revoke(
    user: UserId,
    token: Annotated[str, Parameter(help="The token's id; every token and sign-in of the user where it is left out.")] = "",
    /,
    *,
    reason: WhyChanged = "",
    place: CommandPlace = HERE,
) -> int:
    """End a token at once, or every token and sign-in of a user."""
    from fairway.operations.people.tokens import REVOKE_TOKEN, RevokeTokenRequest

    return perform_here(REVOKE_TOKEN, RevokeTokenRequest(place=place.where, user=user, token=token, reason=reason), place.by)


@app.command(name="list")
@shows
def list_tokens(user: UserId, /, *, place: CommandPlace = HERE) -> CommandOutput:
    """Show a user's tokens and sign-ins, those that ended in the last 30 days too; never their texts."""
    from fairway.operations.people.tokens import LIST_TOKENS
    from fairway.operations.people.users import UserRequest

    tokens = outcome_of(LIST_TOKENS, UserRequest(place=place.where, user=user), place.by).tokens
    columns = ("token", "kind", "scope", "name", "expires", "last use", "state")
    rows = [_row(each) for each in tokens]
    value = {"tokens": [dict(zip(columns, row, strict=True)) for row in rows]}
    if not rows:
        return CommandOutput(value=value, text=[f"user {user} has no token"])
    return CommandOutput(value=value, text=lambda: show_rows(columns, rows))


def _row(token: "Token") -> tuple[str, ...]:
    used = instant(token.used_at) if token.used_at else "never"
    state = "revoked" if token.revoked_at else "good"
    return token.id, token.kind.value, token.scope.value, token.name, instant(token.expires_at), used, state
