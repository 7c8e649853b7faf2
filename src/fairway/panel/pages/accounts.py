"""Accounts: a list with key rights and worth, a form that adds one, and a page of each with what may be done to it."""

from functools import partial
from typing import Final
from urllib.parse import quote

from fairway.operations.operation import Exposure
from fairway.panel.command_dialog import command_button
from fairway.panel.elements import Tag, card
from fairway.panel.feed import Question
from fairway.panel.guards import MOUNT
from fairway.panel.live import Live
from fairway.panel.moments import InstantPrecision, live_moment
from fairway.panel.page import LISTS, Audience, Given, Page
from fairway.panel.pages.accounts_facts import (
    ACCOUNTS,
    AccountPageFacts,
    ChangeFacts,
    RegisteredAccountFacts,
    account_page_facts,
)
from fairway.panel.secret_forms import SecretField, secret_form
from fairway.panel.state_marks import Mark
from fairway.panel.tables import Column, SearchedTable, live_table
from fairway.panel.unseen import seen
from fairway.panel.visit import Visit
from fairway.people.account import Cohort
from fairway.people.lifecycle import AccountChange
from fairway.people.roles import UserAct, may

PATH: Final = f"{MOUNT}/accounts"
API: Final = "/api/v1/accounts"
MODES: Final = ("practice", "testnet", "live")
_KEYS: Final = (
    SecretField(name="key", label="API key", kind="password", is_required=True),
    SecretField(name="secret", label="API secret", kind="password", is_required=True),
    SecretField(name="is_offline", label="Do not ask the venue about the keys", kind="checkbox"),
    SecretField(name="reason", label="Reason"),
)
_TO_CHANGE: Final = (
    (AccountChange.PAUSE, "Pause", "accounts-pause", ("reason",)),
    (AccountChange.RESUME, "Resume", "accounts-resume", ("reason",)),
    (AccountChange.REMOVE, "Remove", "accounts-remove", ("reason", "keep_positions")),
)
"""Change, words, command, and what is asked for besides."""


def may_keep(visit: Visit) -> bool:
    """Whether this person may add an account, for oneself at least."""
    role = visit.actor.role
    return role is None or may(role, UserAct.KEEP, to_self=True)


async def build(visit: Visit, given: Given) -> None:
    """The list."""
    Tag("h1", "Accounts")
    live = await seen(visit, ACCOUNTS)
    if live is None:
        return
    SearchedTable(
        visit,
        live,
        _COLUMNS,
        lambda facts: facts.accounts,
        lambda each: each.id,
        name="accounts",
        label="Accounts",
        nothing="There is no account yet. Add one below, or type ",
        command="fairway accounts add ID --user USER --exchange binance --mode testnet",
    )
    with Tag("div", "", "cards stacked"):
        if may_keep(visit):
            with card("Add an account", "add-account"):
                _add(visit)
        with card("Removed accounts", "removed"):
            live_table(
                live, _COLUMNS[:4], lambda facts: facts.removed, lambda each: each.id, label="Removed accounts", nothing="None."
            )


def account_cell(row: Live[RegisteredAccountFacts]) -> None:
    """A link to its page; the configuration's own account has none, for nothing of it can be changed here."""
    its = row.facts
    if its.is_registered:
        Tag("a", its.id, href=f"{PATH}/{quote(its.id, safe='')}")
    else:
        Tag("span", its.id)


def state_cell(row: Live[RegisteredAccountFacts]) -> None:
    """The state with its sign, and why it opens nothing."""
    sign = row.mark(lambda each: each.state_mark or Mark.UNKNOWN)
    row.visible(sign, lambda each: each.state_mark is not None)
    row.words(lambda each: f"{each.state}; opens nothing: {each.why_not}" if each.why_not else each.state, classes="prose")


_COLUMNS: Final[tuple[Column[RegisteredAccountFacts], ...]] = (
    Column(head="Account", words=lambda each: each.id, build=account_cell),
    Column(head="User", words=lambda each: each.user),
    Column(head="Venue", words=lambda each: each.venue, prose=True),
    Column(head="State", words=lambda each: f"{each.state} {each.why_not}", build=state_cell),
    Column(head="Profile", words=lambda each: each.profile),
    Column(head="Capital", words=lambda each: each.capital),
    Column(head="Cohort", words=lambda each: each.cohort),
    Column(head="Rights of the keys", words=lambda each: each.keys, mark=lambda each: each.keys_mark),
    Column(head="Worth", words=lambda each: each.worth, by=lambda each: each.worth_value, is_number=True),
)


def _add(visit: Visit) -> None:
    Tag("p", "The venue is asked about the keys first, and keys that may withdraw are refused.")
    Tag("p", "Keys go into the vault, and are never shown again.")
    own = "" if visit.sees_all else visit.actor.name
    secret_form(
        API,
        "Add the account",
        (
            SecretField(name="account", label="Account, an id that was never used", is_required=True, example="ann1"),
            SecretField(name="user", label="User", value=own, is_required=True, example="ann"),
            SecretField(name="exchange", label="Exchange", is_required=True, example="binance"),
            SecretField(name="mode", label="Mode", kind="select", options=MODES, value="testnet"),
            SecretField(name="url", label="Address of a practice exchange", example="http://127.0.0.1:9100"),
            SecretField(name="symbols", label="Pairs; those of the bot where empty", kind="list", example="BTC/USDT ETH/USDT"),
            SecretField(name="capital_min", label="Capital at least", example="100 USDT"),
            SecretField(name="capital_max", label="Capital at most", example="5000 USDT"),
            SecretField(name="cohort", label="Cohort", kind="select", options=tuple(Cohort), value=Cohort.PUBLIC),
            *_KEYS,
        ),
        Exposure.RAISES,
    )


async def build_one(visit: Visit, given: Given) -> None:
    """One account."""
    account = given["account"]
    Tag("h1", f"Account {account}")
    live = await seen(visit, Question("account", partial(account_page_facts, account), about=account))
    if live is None:
        return
    with Tag("div", "", "cards stacked"):
        with card("What it is"):
            _facts(live)
            _actions(visit, live, account)
        if may_keep(visit):
            with card("Rotate the keys") as rotate:
                Tag("p", "The old keys go only when the venue has accepted the new ones.")
                secret_form(f"{API}/{quote(account, safe='')}/keys", "Rotate the keys", _KEYS, Exposure.KEEPS)
            live.visible(rotate, lambda facts: AccountChange.ROTATE in facts.possible)
        with card("What was done to it"):
            live_table(
                live, CHANGE_COLUMNS, lambda facts: facts.history, lambda each: each.seq, label="Changes", nothing="Nothing yet."
            )


def _facts(live: Live[AccountPageFacts]) -> None:
    with Tag("dl", "", "fact-list"):
        Tag("dt", "state")
        with Tag("dd"):
            sign = live.mark(lambda facts: facts.account.state_mark or Mark.UNKNOWN)
            live.visible(sign, lambda facts: facts.account.state_mark is not None)
            live.words(lambda facts: _opens(facts.account))
        Tag("dt", "rights of the keys")
        with Tag("dd"):
            live.mark(lambda facts: facts.account.keys_mark)
            live.words(lambda facts: f"{facts.account.keys}; keys {facts.account.keys_version} since ")
            live_moment(live, lambda facts: facts.account.keys_at, InstantPrecision.SECOND)
        for name, get in _PAIRS:
            Tag("dt", name)
            live.words(get, "dd")


def _opens(each: RegisteredAccountFacts) -> str:
    return f"{each.state}; opens nothing: {each.why_not}" if each.why_not else f"{each.state}; it may open positions"


_PAIRS: Final = (
    ("user", lambda facts: facts.account.user),
    ("venue", lambda facts: facts.account.venue),
    ("profile of its user", lambda facts: facts.account.profile),
    ("pairs", lambda facts: facts.account.symbols),
    ("capital", lambda facts: facts.account.capital),
    ("cohort", lambda facts: facts.account.cohort),
    ("worth", lambda facts: facts.account.worth),
)


_CAPITAL: Final = (
    ("Lower the capital", "accounts-lower-capital", "lowers"),
    ("Change the capital", "accounts-capital", "raises"),
)
_OF_CAPITAL: Final = ("capital_max", "capital_min", "reason")


def _actions(visit: Visit, live: Live[AccountPageFacts], account: str) -> None:
    with Tag("p", "", "actions"):
        for change, words, slug, asked in _TO_CHANGE:
            if visit.may(slug, account=account):
                found = command_button(visit, words, slug, {"account": account}, ask=asked)
                live.visible(found, lambda facts, change=change: change in facts.possible)  # type: ignore[misc]
        for words, slug, classes in _CAPITAL:
            if visit.may(slug, account=account):
                found = command_button(visit, words, slug, {"account": account}, ask=_OF_CAPITAL, classes=classes)
                live.visible(found, lambda facts: AccountChange.REMOVE in facts.possible)
        if visit.may("accounts-cohort", account=account):
            command_button(visit, "Change the cohort", "accounts-cohort", {"account": account}, ask=("reason",))


CHANGE_COLUMNS: Final[tuple[Column[ChangeFacts], ...]] = (
    Column(head="When, UTC", at=lambda each: each.at),
    Column(head="Who", words=lambda each: each.author),
    Column(head="What", words=lambda each: each.what, prose=True),
    Column(head="Why", words=lambda each: each.reason),
)
PAGE: Final = Page(
    styles=LISTS,
    path="/accounts",
    title="Accounts",
    nav="Accounts",
    key="a",
    build=build,
    audience=Audience.ALL,
)
ONE: Final = Page(styles=LISTS, path="/accounts/{account}", title="Account", build=build_one, audience=Audience.ALL)
