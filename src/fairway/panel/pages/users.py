"""Users: who they are, what they may do, invitations; and the audit of who did what."""

from typing import Final
from urllib.parse import quote

from fairway.operations.operation import Exposure
from fairway.panel.command_dialog import command_button
from fairway.panel.elements import Tag, card
from fairway.panel.facts.audit import Deed
from fairway.panel.guards import MOUNT
from fairway.panel.live import Live
from fairway.panel.moments import InstantPrecision, live_moment
from fairway.panel.page import LISTS, Given, Page
from fairway.panel.pages.accounts import CHANGE_COLUMNS
from fairway.panel.pages.accounts import PATH as ACCOUNTS_PATH
from fairway.panel.pages.accounts_facts import ChangeFacts
from fairway.panel.pages.users_facts import USERS, UserFacts, UserPageFacts, UsersFacts, user_question
from fairway.panel.secret_forms import secret_form
from fairway.panel.state_marks import Mark
from fairway.panel.tables import Column, SearchedTable, live_table
from fairway.panel.unseen import seen
from fairway.panel.visit import Visit
from fairway.people.lifecycle import AccountChange

PATH: Final = f"{MOUNT}/users"
_TO_CHANGE: Final = (
    (AccountChange.PAUSE, "Pause", "users-pause"),
    (AccountChange.RESUME, "Resume", "users-resume"),
    (AccountChange.REMOVE, "Remove", "users-remove"),
)


async def build(visit: Visit, given: Given) -> None:
    """The list, and the audit."""
    Tag("h1", "Users")
    live = await seen(visit, USERS)
    if live is None:
        return
    if visit.may("users-add"):
        with Tag("p", "", "actions"):
            command_button(visit, "Add a user", "users-add", {}, ask=("reason",))
    SearchedTable(
        visit,
        live,
        _COLUMNS,
        lambda facts: facts.users,
        lambda each: each.id,
        name="users",
        label="Users",
        nothing="There is no user yet. Add one above, or type ",
        command="fairway users add ID --name NAME --role trader --profile moderate",
    )
    with Tag("div", "", "cards stacked"):
        with card("Audit: who did what by this server"):
            _audit(visit, live)
        with card("What was changed of users and accounts, by any shell"):
            SearchedTable(
                visit,
                live,
                (*CHANGE_COLUMNS[:2], _SUBJECT, *CHANGE_COLUMNS[2:]),
                lambda facts: facts.changes,
                lambda each: each.seq,
                name="changes",
                label="Changes of the registry",
                nothing="Nothing was changed yet.",
            )


def state_cell(row: Live[UserFacts]) -> None:
    """The state with its sign."""
    sign = row.mark(lambda each: each.state_mark or Mark.UNKNOWN)
    row.visible(sign, lambda each: each.state_mark is not None)
    row.words(lambda each: " ".join(filter(None, (each.state, each.state_why))))


_SUBJECT: Final[Column[ChangeFacts]] = Column(head="Of", words=lambda each: each.subject)
_COLUMNS: Final[tuple[Column[UserFacts], ...]] = (
    Column(head="User", words=lambda each: each.id, link=lambda each: f"{PATH}/{quote(each.id, safe='')}"),
    Column(head="Name", words=lambda each: each.name),
    Column(head="Role", words=lambda each: each.role),
    Column(head="State", words=lambda each: each.state, build=state_cell),
    Column(head="Profile", words=lambda each: each.profile),
    Column(head="Signs in with", words=lambda each: each.second_factor, mark=lambda each: each.second_factor_mark),
    Column(head="Accounts", words=lambda each: ", ".join(each.accounts) or "none"),
)


def _audit(visit: Visit, live: Live[UsersFacts]) -> None:
    with Tag("p", "The newest of the server's journal. Requests that only read are left out here, and stand in "):
        Tag("a", "the journal", href=f"{MOUNT}/journal?journal=server")
    SearchedTable(
        visit,
        live,
        _DEEDS,
        lambda facts: facts.deeds,
        lambda each: each.seq,
        name="audit",
        label="Who did what",
        nothing="Nothing was done by this server yet.",
    )


_DEEDS: Final[tuple[Column[Deed], ...]] = (
    Column(head="When, UTC", at=lambda each: each.at),
    Column(head="Who", words=lambda each: each.who),
    Column(head="What", words=lambda each: each.what, prose=True),
    Column(head="From", words=lambda each: each.origin),
    Column(head="What came of it", words=lambda each: each.outcome, mark=lambda each: each.mark),
    Column(
        head="Record",
        words=lambda each: f"{each.seq:,}",
        by=lambda each: each.seq,
        is_number=True,
        link=lambda each: f"{MOUNT}/journal?journal=server&after={each.seq - 1}",
    ),
)


async def build_one(visit: Visit, given: Given) -> None:
    """One user."""
    user = given["user"]
    Tag("h1", f"User {user}")
    live = await seen(visit, user_question(user))
    if live is None:
        return
    with Tag("div", "", "cards stacked"):
        with card("Who it is"):
            _facts(live)
            _actions(visit, live, user)
        if visit.actor.role is None or visit.may("users-add"):
            with card("Invitation") as invitation:
                Tag("p", "A password for one sign-in replaces the present one, and all sign-ins by that end.")
                Tag("p", "It is shown this once. The user sets a password of their own then.")
                secret_form(
                    f"/api/v1/users/{quote(user, safe='')}/one-time-password", "Make a one-time password", (), Exposure.RAISES
                )
            live.visible(invitation, lambda facts: AccountChange.REMOVE in facts.user.possible)
        with card("What was done to this user, and by this user"):
            live_table(
                live,
                (*CHANGE_COLUMNS[:2], _SUBJECT, *CHANGE_COLUMNS[2:]),
                lambda facts: facts.changes,
                lambda each: each.seq,
                label="Changes",
                nothing="Nothing of late.",
            )


def _facts(live: Live[UserPageFacts]) -> None:
    with Tag("dl", "", "fact-list"):
        Tag("dt", "state")
        with Tag("dd"):
            sign = live.mark(lambda facts: facts.user.state_mark or Mark.UNKNOWN)
            live.visible(sign, lambda facts: facts.user.state_mark is not None)
            live.words(lambda facts: " ".join(filter(None, (facts.user.state, facts.user.state_why))))
        Tag("dt", "signs in with")
        with Tag("dd"):
            live.mark(lambda facts: facts.user.second_factor_mark)
            live.words(lambda facts: facts.user.second_factor)
        Tag("dt", "name")
        live.words(lambda facts: facts.user.name, "dd")
        Tag("dt", "role")
        live.words(lambda facts: facts.user.role, "dd")
        Tag("dt", "profile")
        live.words(lambda facts: facts.user.profile, "dd")
        Tag("dt", "accounts")
        live.rows(Tag("dd"), lambda facts: facts.user.accounts, lambda each: each, _account_link)
        Tag("dt", "since")
        with Tag("dd"):
            live_moment(live, lambda facts: facts.user.created_at, InstantPrecision.SECOND)


def _account_link(row: Live[str]) -> Tag:
    return Tag("a", row.facts, "listed", href=f"{ACCOUNTS_PATH}/{quote(row.facts, safe='')}")


def _actions(visit: Visit, live: Live[UserPageFacts], user: str) -> None:
    with Tag("p", "", "actions"):
        for change, words, slug in _TO_CHANGE:
            if visit.may(slug, user=user):
                found = command_button(visit, words, slug, {"user": user}, ask=("reason",))
                live.visible(found, lambda facts, change=change: change in facts.user.possible)  # type: ignore[misc]
        for words, slug in (("Give another role", "users-role"), ("Give another profile", "users-profile")):
            if visit.may(slug, user=user):
                command_button(visit, words, slug, {"user": user}, ask=("reason",))


PAGE: Final = Page(styles=LISTS, path="/users", title="Users", nav="Users", key="u", build=build)
ONE: Final = Page(styles=LISTS, path="/users/{user}", title="User", build=build_one)
