"""The own settings: password, second factor, and every sign-in and token, each of which can be ended."""

from dataclasses import dataclass
from typing import Final

from fairway.operations.actor import Actor
from fairway.operations.operation import Exposure
from fairway.operations.people.tokens import LIST_TOKENS
from fairway.operations.people.users import UserRequest
from fairway.panel.elements import Tag, card
from fairway.panel.feed import Question, Unseen
from fairway.panel.live import Live
from fairway.panel.page import Audience, Given, Page
from fairway.panel.secret_forms import SecretField, secret_form
from fairway.panel.sources import Sources
from fairway.panel.state_marks import Mark
from fairway.panel.tables import Column, live_table
from fairway.panel.unseen import say_unseen
from fairway.panel.visit import Visit
from fairway.people.password import LENGTH_MIN


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInFacts:
    """One sign-in or token; instants in ns. used_at: 0 for never."""

    id: str
    kind: str
    name: str
    scope: str
    begun_at: int
    ends_at: int
    used_at: int
    is_good: bool


def sign_in_facts(sources: Sources, actor: Actor) -> tuple[SignInFacts, ...]:
    """The newest first. Raises what the operation raises."""
    now = sources.context.clock.now()
    request = UserRequest(place=sources.context.place, user=actor.name)
    return tuple(
        SignInFacts(
            id=each.id,
            kind=each.kind.value,
            name=each.name or "no name",
            scope=each.scope.value,
            begun_at=each.created_at,
            ends_at=each.expires_at,
            used_at=each.used_at,
            is_good=each.is_good(now),
        )
        for each in reversed(sources.outcome(actor, LIST_TOKENS, request).tokens)
    )


SIGN_INS: Final = Question("sign-ins", sign_in_facts)


async def build(visit: Visit, given: Given) -> None:
    """The page."""
    Tag("h1", "My settings")
    with Tag("div", "", "cards stacked"):
        with card("Password"):
            Tag("p", "All sign-ins by the old password end, this one too.", "empty")
            what = f"new password, {LENGTH_MIN} characters at least"
            secret_form("/api/v1/password", "Set the password", (_text("password", what, "password"),), Exposure.KEEPS)
        with card("Second factor"):
            Tag("p", "Codes of an app besides the password. It counts once a code has confirmed it.", "empty")
            secret_form("/api/v1/second-factor", "Begin a second factor", (), Exposure.KEEPS)
            code = (_text("code", "code of the app"),)
            secret_form("/api/v1/second-factor/confirm", "Confirm the second factor", code, Exposure.KEEPS)
            secret_form("/api/v1/second-factor", "End the second factor", (), Exposure.RAISES, method="DELETE")
        with card("Sign-ins and tokens"):
            live = await visit.live(SIGN_INS)
            if isinstance(live, Unseen):
                say_unseen(live)
            else:
                live_table(live, COLUMNS, lambda facts: facts, lambda each: each.id, label="Sign-ins", nothing="None.")


def _text(name: str, label: str, kind: str = "text") -> SecretField:
    return SecretField(name=name, label=label, kind=kind, is_required=True)


def _end(row: Live[SignInFacts]) -> None:
    form = secret_form(f"/api/v1/tokens/{row.facts.id}", "End it", (), Exposure.LOWERS, method="DELETE")
    row.visible(form, lambda each: each.is_good)


COLUMNS: Final[tuple[Column[SignInFacts], ...]] = (
    Column(head="Kind", words=lambda each: each.kind, mark=lambda each: Mark.GOOD if each.is_good else Mark.UNKNOWN),
    Column(head="Name", words=lambda each: each.name),
    Column(head="Scope", words=lambda each: each.scope),
    Column(head="Begun, UTC", at=lambda each: each.begun_at),
    Column(head="Ends, UTC", at=lambda each: each.ends_at),
    Column(head="Last used, UTC", at=lambda each: each.used_at, nothing="never"),
    Column(head="End", build=_end),
)
PAGE: Final = Page(path="/settings", title="My settings", build=build, audience=Audience.ALL, styles=("people",))
