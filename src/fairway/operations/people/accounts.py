"""Operations on accounts without their keys: pause, resume, remove, and the cohort by which a launch admits them."""

from dataclasses import dataclass
from typing import Final

from fairway.operations.operation import Call, Exposure, Of, Operation, Outcome, Preview, Subject
from fairway.operations.people.registry_place import RegistryPlace, note_of
from fairway.people.account import Cohort
from fairway.people.lifecycle import AccountChange, LifecycleState
from fairway.people.roles import UserAct


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRequest:
    """account: the id."""

    place: RegistryPlace
    account: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveAccountRequest(AccountRequest):
    """keep_positions: remove it also where it has positions or orders at the venue, or where that is not known."""

    keep_positions: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortRequest(AccountRequest):
    cohort: Cohort


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOutcome(Outcome):
    """state: of the account afterwards."""

    account: str
    state: str


def perform_pause(call: Call[AccountRequest]) -> AccountOutcome:
    """Raises ChangeRefused, StoreErrors."""
    asked = call.request
    with asked.place.opened() as (_, registrar):
        changed = registrar.change_account(asked.account, AccountChange.PAUSE, note_of(call, asked.reason))
    line = f"account {asked.account} is paused: it opens nothing; what is held stays, and stays protected"
    return AccountOutcome(account=asked.account, state=changed.state, lines=(line,))


def perform_resume(call: Call[AccountRequest]) -> AccountOutcome:
    """Raises ChangeRefused, StoreErrors."""
    asked = call.request
    with asked.place.opened() as (registry, registrar):
        changed = registrar.change_account(asked.account, AccountChange.RESUME, note_of(call, asked.reason))
        user = registry.user(changed.user)
    if user.state is LifecycleState.ACTIVE:
        line = f"account {asked.account} is active: it may open positions"
    else:
        line = f"account {asked.account} is active, but it opens nothing while user {user.id} is {user.state}"
    return AccountOutcome(account=asked.account, state=changed.state, lines=(line,))


def perform_remove(call: Call[RemoveAccountRequest]) -> AccountOutcome:
    """The venue is asked first; while it holds a position or an order of the account, the account stays.

    Raises Refusal, ChangeRefused, StoreErrors.
    """
    from fairway.operations.people.account_venue import check_left  # it imports the venue's library

    asked, note = call.request, note_of(call, call.request.reason)
    with asked.place.opened() as (registry, registrar):
        found = registry.account(asked.account)
        registrar.check_change(found, AccountChange.REMOVE, note)
        left = check_left(registry, found, keep_positions=asked.keep_positions)
        changed = registrar.change_account(asked.account, AccountChange.REMOVE, note_of(call, asked.reason))
    lines = (
        f"account {asked.account} is removed: its keys are destroyed here, its history and its id stay.",
        f"At {found.exchange}: {left}. Now delete the key there: an older copy of the registry may still hold it.",
    )
    return AccountOutcome(account=asked.account, state=changed.state, lines=lines)


def perform_cohort(call: Call[CohortRequest]) -> AccountOutcome:
    """Raises ChangeRefused, StoreErrors."""
    asked = call.request
    with asked.place.opened() as (_, registrar):
        changed = registrar.set_cohort(asked.account, asked.cohort, note_of(call, asked.reason))
    line = f"account {asked.account} is of the cohort {changed.cohort}"
    return AccountOutcome(account=asked.account, state=changed.state, lines=(line,))


def _preview(call: Call[AccountRequest], effect: str) -> Preview:
    """The effect on an account that is known. Raises ChangeRefused, StoreErrors."""
    with call.request.place.opened() as (registry, _):
        return Preview(effect=effect, accounts=(registry.account(call.request.account).id,))


def _account(asked: AccountRequest) -> Subject:
    return Subject(Of.ACCOUNT, asked.account)


PAUSE_ACCOUNT = Operation(
    name="accounts pause",
    summary="Pause an account: it opens nothing.",
    act=UserAct.PAUSE,
    exposure=Exposure.LOWERS,
    request=AccountRequest,
    subject=_account,
    preview=lambda call: _preview(call, "opens nothing; what is held stays protected"),
    perform=perform_pause,
)
RESUME_ACCOUNT = Operation(
    name="accounts resume",
    summary="End an account's pause.",
    act=UserAct.KEEP,
    exposure=Exposure.RAISES,
    request=AccountRequest,
    subject=_account,
    preview=lambda call: _preview(call, "may open positions, where its user is active"),
    perform=perform_resume,
)
REMOVE_ACCOUNT = Operation(
    name="accounts remove",
    summary="Remove an account for good, and destroy its keys here.",
    act=UserAct.KEEP,
    exposure=Exposure.KEEPS,
    request=RemoveAccountRequest,
    subject=_account,
    preview=lambda call: _preview(call, "is removed for good, and its keys are destroyed here"),
    perform=perform_remove,
)
SET_COHORT = Operation(
    name="accounts cohort",
    summary="Put an account into another cohort.",
    act=UserAct.GOVERN,
    exposure=Exposure.RAISES,
    request=CohortRequest,
    subject=_account,
    preview=lambda call: _preview(call, f"is of the cohort {call.request.cohort}; a launch admits it by that"),
    perform=perform_cohort,
)
OPERATIONS: Final = (PAUSE_ACCOUNT, RESUME_ACCOUNT, REMOVE_ACCOUNT, SET_COHORT)
