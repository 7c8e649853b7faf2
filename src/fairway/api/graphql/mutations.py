"""Fields that change something: commands by way of the server's journal, and keys, which no journal may hold, without it."""

from dataclasses import replace
from typing import Any, Final

import strawberry
from anyio import from_thread
from pydantic import BaseModel
from strawberry import Info

from fairway.api.command_bodies import command_forms, slug_of
from fairway.api.command_routes import KEY_MAX, CommandStatus, sent, status_of
from fairway.api.graphql.asking import GraphQLAsking, asking_of
from fairway.api.graphql.nodes import (
    CreatedAccount,
    ExchangeAccountKeysInput,
    NewExchangeAccountInput,
    RotatedKeys,
    one,
)
from fairway.api.problems import HttpProblem
from fairway.api.views import people
from fairway.api.views.people import AccountKeys, AccountToAdd, ApiKeys
from fairway.operations.operation import Exposure
from fairway.operations.people.accounts import PAUSE_ACCOUNT, REMOVE_ACCOUNT, RESUME_ACCOUNT
from fairway.operations.people.users import ADD_USER, PAUSE_USER, REMOVE_USER, RESUME_USER, SET_ROLE
from fairway.operations.registry import AnyOperation
from fairway.operations.trader.close import CLOSE
from fairway.operations.trader.lift import LIFT
from fairway.operations.trader.pause import PAUSE
from fairway.people.roles import UserRole
from fairway.people.user import Profile
from fairway.risk.cap_kinds import PAUSED

WAIT_S: Final = 5.0
"""So long a command's end is waited for; the answer then says that it is still running."""
COMMANDS: Final[dict[str, AnyOperation]] = {
    "pauseStrategy": PAUSE,
    "resumeStrategy": LIFT,
    "closePosition": CLOSE,
    "pauseExchangeAccount": PAUSE_ACCOUNT,
    "resumeExchangeAccount": RESUME_ACCOUNT,
    "removeExchangeAccount": REMOVE_ACCOUNT,
    "createUser": ADD_USER,
    "setUserRole": SET_ROLE,
    "pauseUser": PAUSE_USER,
    "resumeUser": RESUME_USER,
    "removeUser": REMOVE_USER,
}
"""Fields that send a command, by the name that a query gives them."""
LOWERING: Final = frozenset(name for name, operation in COMMANDS.items() if operation.exposure is Exposure.LOWERS)


def _command(info: Info, idempotency_key: str, **given: Any) -> CommandStatus:
    """Sends the command of a field. Raises HttpProblem, Refusal, ValidationError, JournalErrors."""
    asking = asking_of(info)
    form = command_forms()[slug_of(COMMANDS[info.field_name].name)]
    if len(idempotency_key) > KEY_MAX:
        what = f"idempotencyKey has {len(idempotency_key)} characters, and {KEY_MAX} are the most; a right one is pause-17"
        raise HttpProblem(422, "FIELD_WRONG: field=idempotencyKey", what)
    body: BaseModel = form.body(**given)
    record = from_thread.run(sent, asking.runner, form, body, asking.caller, asking.server, idempotency_key, WAIT_S)
    return status_of(record)


def _pause_strategy(info: Info, id: str, reason: str, idempotency_key: str = "") -> CommandStatus:
    return _command(info, idempotency_key, account=id, reason=reason)


def _resume_strategy(info: Info, id: str, reason: str, idempotency_key: str = "") -> CommandStatus:
    return _command(info, idempotency_key, account=id, reason=reason, cap=PAUSED.id_of())


def _close_position(info: Info, strategy_id: str, symbol: str, reason: str, idempotency_key: str = "") -> CommandStatus:
    return _command(info, idempotency_key, account=strategy_id, symbol=symbol, reason=reason)


def _pause_account(info: Info, id: str, reason: str = "", idempotency_key: str = "") -> CommandStatus:
    return _command(info, idempotency_key, account=id, reason=reason)


def _resume_account(info: Info, id: str, reason: str = "", idempotency_key: str = "") -> CommandStatus:
    return _command(info, idempotency_key, account=id, reason=reason)


def _remove_account(
    info: Info, id: str, reason: str = "", keep_positions: bool = False, idempotency_key: str = ""
) -> CommandStatus:
    return _command(info, idempotency_key, account=id, reason=reason, keep_positions=keep_positions)


def _create_user(
    info: Info,
    id: str,
    role: UserRole,
    name: str = "",
    profile: Profile = Profile.CONSERVATIVE,
    reason: str = "",
    idempotency_key: str = "",
) -> CommandStatus:
    return _command(info, idempotency_key, user=id, name=name, role=role, profile=profile, reason=reason)


def _set_user_role(info: Info, id: str, role: UserRole, reason: str = "", idempotency_key: str = "") -> CommandStatus:
    return _command(info, idempotency_key, user=id, role=role, reason=reason)


def _pause_user(info: Info, id: str, reason: str = "", idempotency_key: str = "") -> CommandStatus:
    return _command(info, idempotency_key, user=id, reason=reason)


def _resume_user(info: Info, id: str, reason: str = "", idempotency_key: str = "") -> CommandStatus:
    return _command(info, idempotency_key, user=id, reason=reason)


def _remove_user(info: Info, id: str, reason: str = "", idempotency_key: str = "") -> CommandStatus:
    return _command(info, idempotency_key, user=id, reason=reason)


def _create_account(info: Info, input: NewExchangeAccountInput) -> CreatedAccount:  # type: ignore[valid-type]
    body: AccountToAdd = input.to_pydantic()  # type: ignore[attr-defined]
    asking = asking_of(info)
    added = people.add_account(body, asking.caller, asking.server)
    actor = asking.caller.actor
    if body.user == actor.name:  # who asks is known as of before the account was there
        actor = replace(actor, accounts=actor.accounts | {body.account})
    asking = replace(asking, caller=replace(asking.caller, actor=actor))
    return CreatedAccount(**_told(asking, added, body.account))


def _rotate_keys(info: Info, id: str, input: ExchangeAccountKeysInput) -> RotatedKeys:  # type: ignore[valid-type]
    body: ApiKeys = input.to_pydantic()  # type: ignore[attr-defined]
    asking = asking_of(info)
    return RotatedKeys(**_told(asking, people.rotate_keys(id, body, asking.caller, asking.server), id))


def _told(asking: GraphQLAsking, keys: AccountKeys, account: str) -> dict[str, Any]:
    """The account as it is now, and what the venue said about its keys."""
    shown = people.account(account, asking.caller, asking.server).account
    return {"account": shown, "validation": keys.validation, "sentences": keys.sentences}


def _field(resolver: Any, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=one(CommandStatus), description=description)


@strawberry.type(
    description="What may be changed. A field that is refused is null, and `errors` says why. Commands are waited for up to 5 s; "
    "what becomes of one later is told at /api/v1/commands/{id}. The same idempotencyKey performs a command once."
)
class Mutation:
    pause_strategy: Any = _field(_pause_strategy, "Open nothing more; what is held stays protected")
    resume_strategy: Any = _field(_resume_strategy, "End a pause. It raises exposure: sign in within the last 5 minutes")
    close_position: Any = _field(_close_position, "Sell a position at the venue, and open nothing in its symbol until a resume")
    pause_exchange_account: Any = _field(_pause_account, "Open nothing more with an account")
    resume_exchange_account: Any = _field(_resume_account, "End an account's pause")
    remove_exchange_account: Any = _field(_remove_account, "Remove an account for good, and destroy its keys here")
    create_user: Any = _field(_create_user, "Add a user; POST /api/v1/users/{id}/one-time-password lets that user sign in")
    set_user_role: Any = _field(_set_user_role, "Give a user another role")
    pause_user: Any = _field(_pause_user, "Open nothing more with any account of a user")
    resume_user: Any = _field(_resume_user, "End a user's pause")
    remove_user: Any = _field(_remove_user, "Remove a user who has no accounts any more")
    create_exchange_account: Any = strawberry.mutation(
        resolver=_create_account,
        graphql_type=one(CreatedAccount),
        description="Add an account with its keys; the venue is asked about them first, and its answers are returned",
    )
    rotate_exchange_account_keys: Any = strawberry.mutation(
        resolver=_rotate_keys,
        graphql_type=one(RotatedKeys),
        description="Give an account new keys; the old ones go when the venue has accepted the new ones",
    )
