"""Users and accounts of the registry; and new accounts, whose keys go to the vault and into no journal."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, status
from pydantic import BaseModel, Field

from fairway.api.context import Asking, Context
from fairway.api.problems import documented
from fairway.api.sign_in_routes import Body
from fairway.api.views.shown import instant
from fairway.operations.operation import Call
from fairway.operations.people.account_keys import ADD_ACCOUNT, ROTATE_KEYS, AddAccountRequest, KeysOutcome, RotateKeysRequest
from fairway.operations.people.listings import (
    LIST_ACCOUNTS,
    LIST_USERS,
    SHOW_ACCOUNT,
    ListedAccount,
    ListRequest,
    ShowAccountRequest,
)
from fairway.operations.people.passwords import ONE_TIME_PASSWORD
from fairway.operations.people.users import UserRequest
from fairway.operations.perform import perform
from fairway.people.account import Account, Cohort, Mode
from fairway.people.secret import BYTES_MAX, Keys, Secret

router: Final = APIRouter(prefix="/api/v1", tags=["people"])
READING: Final = documented(401, 403, 409, 422, 429, 503)
WRITING: Final = documented(401, 403, 409, 413, 422, 429, 502, 503, 504)
AccountId = Annotated[str, Path(pattern="^[a-z0-9]{1,12}$")]
UserId = Annotated[str, Path(pattern="^[a-z0-9][a-z0-9._-]{0,31}$")]


class UserState(BaseModel):
    """A user of the registry."""

    id: str
    name: str
    role: str
    profile: str
    state: str
    accounts: list[str]


class ShownAccount(BaseModel):
    """An account at a venue, without its keys. state: what counts, which is paused where its user is."""

    id: str
    user: str
    exchange: str
    mode: str
    symbols: list[str]
    capital_min: str
    capital_max: str
    cohort: str
    state: str
    keys_version: int
    keys_at: str
    key_check: str


class Change(BaseModel):
    """One entry of the record of changes."""

    at: str
    author: str
    what: str
    reason: str


class AccountHistory(BaseModel):
    """An account and all that was done to it, oldest first."""

    account: ShownAccount
    history: list[Change]


class ApiKeys(Body):
    """What opens an account at its venue. It goes into the vault, and is never shown again."""

    key: str = Field(min_length=1, max_length=BYTES_MAX, examples=["the API key of the venue"])
    secret: str = Field(min_length=1, max_length=BYTES_MAX, examples=["the API secret of the venue"])
    is_offline: bool = Field(default=False, description="Do not ask the venue about the keys")
    reason: str = Field(default="", max_length=2_000)


class AccountToAdd(ApiKeys):
    """An account at a venue, with its keys. The venue is asked first: keys that may withdraw are not taken."""

    account: str = Field(max_length=12, examples=["ann1"])
    user: str = Field(max_length=32, examples=["ann"])
    exchange: str = Field(max_length=40, examples=["binance"])
    mode: Mode
    url: str = Field(default="", max_length=200, examples=["http://127.0.0.1:9100"])
    symbols: list[Annotated[str, Field(max_length=41)]] = Field(default=[], max_length=50)
    capital_min: str = Field(default="", max_length=40, examples=["100 USDT"])
    capital_max: str = Field(default="", max_length=40, examples=["5000 USDT"])
    cohort: Cohort = Cohort.PUBLIC


class Validation(BaseModel):
    """What the venue said about one thing that was asked."""

    check: str
    verdict: str = Field(description="OK, WARN or FAIL")
    found: str
    advice: str


class AccountKeys(BaseModel):
    """What became of the keys, and what the venue said about them."""

    account: str
    state: str
    keys_version: int
    validation: list[Validation]
    sentences: list[str]


class OneTimePassword(BaseModel):
    """Shown this once."""

    user: str
    password: str


@router.get("/users", responses=READING)
def users(caller: Asking, context: Context) -> list[UserState]:
    """All users, the removed ones too."""
    found = perform(LIST_USERS, Call(actor=caller.actor, request=ListRequest(place=context.place))).users
    return [
        UserState(
            id=each.user.id,
            name=each.user.name,
            role=each.user.role.value,
            profile=each.user.profile.value,
            state=each.user.state.value,
            accounts=list(each.accounts),
        )
        for each in found
    ]


@router.post("/users/{user_id}/one-time-password", responses=WRITING)
def one_time_password(user_id: UserId, caller: Asking, context: Context) -> OneTimePassword:
    """Give a user a password for one sign-in. The user's sign-ins end."""
    request = UserRequest(place=context.place, user=user_id, reason="over HTTP")
    outcome = perform(ONE_TIME_PASSWORD, Call(actor=caller.actor, request=request))
    return OneTimePassword(user=user_id, password=outcome.password.reveal())


@router.get("/accounts", responses=READING)
def accounts(caller: Asking, context: Context) -> list[ShownAccount]:
    """The accounts of the registry that you may read, the removed ones too."""
    found = perform(LIST_ACCOUNTS, Call(actor=caller.actor, request=ListRequest(place=context.place))).accounts
    return [account_state(each) for each in found]


@router.get("/accounts/{account_id}", responses=READING)
def account(account_id: AccountId, caller: Asking, context: Context) -> AccountHistory:
    """An account, and all that was done to it."""
    request = ShowAccountRequest(place=context.place, account=account_id)
    found = perform(SHOW_ACCOUNT, Call(actor=caller.actor, request=request))
    history = [Change(at=instant(each.at), author=each.author, what=each.what, reason=each.reason) for each in found.history]
    return AccountHistory(account=_account(found.account, found.account.state.value), history=history)


@router.post("/accounts", status_code=status.HTTP_201_CREATED, responses=WRITING)
def add_account(body: AccountToAdd, caller: Asking, context: Context) -> AccountKeys:
    """Add an account with its keys. It raises exposure, so it asks for a sign-in of the last 5 minutes."""
    return keys_state(perform(ADD_ACCOUNT, Call(actor=caller.actor, request=_wanted(body, context))))


@router.post("/accounts/{account_id}/keys", responses=WRITING)
def rotate_keys(account_id: AccountId, body: ApiKeys, caller: Asking, context: Context) -> AccountKeys:
    """Give an account new keys. The old ones go only when the venue has accepted the new ones."""
    request = RotateKeysRequest(
        place=context.place,
        account=account_id,
        reason=body.reason,
        is_offline=body.is_offline,
        keys=lambda: Keys(Secret(body.key), Secret(body.secret)),
    )
    return keys_state(perform(ROTATE_KEYS, Call(actor=caller.actor, request=request)))


def _wanted(body: AccountToAdd, context: Any) -> AddAccountRequest:
    return AddAccountRequest(
        place=context.place,
        account=body.account,
        user=body.user,
        exchange=body.exchange,
        mode=body.mode,
        url=body.url,
        symbols=tuple(body.symbols),
        capital_min=body.capital_min,
        capital_max=body.capital_max,
        cohort=body.cohort,
        is_offline=body.is_offline,
        reason=body.reason,
        keys=lambda: Keys(Secret(body.key), Secret(body.secret)),
    )


def keys_state(outcome: KeysOutcome) -> AccountKeys:
    """What became of an account's keys."""
    return AccountKeys(
        account=outcome.account,
        state=outcome.state,
        keys_version=outcome.keys_version,
        validation=[
            Validation(check=each.check, verdict=each.verdict.value, found=each.found, advice=each.advice)
            for each in outcome.findings
        ],
        sentences=list(outcome.lines),
    )


def account_state(listed: ListedAccount) -> ShownAccount:
    """An account of the list."""
    return _account(listed.account, listed.in_force.value)


def _account(its: Account, state: str) -> ShownAccount:
    return ShownAccount(
        id=its.id,
        user=its.user,
        exchange=its.exchange,
        mode=its.mode,
        symbols=list(its.symbols),
        capital_min=str(its.capital_min or ""),
        capital_max=str(its.capital_max or ""),
        cohort=its.cohort.value,
        state=state,
        keys_version=its.keys_version,
        keys_at=instant(its.keys_at),
        key_check=its.key_check.value,
    )
