"""The types of GraphQL, made from the answers of the other paths: no field of an answer is written twice."""

import re
from collections.abc import Callable
from enum import Enum
from inspect import cleandoc
from types import GenericAlias
from typing import Any, Final

import strawberry
from pydantic import BaseModel
from strawberry.experimental import pydantic as from_models
from strawberry.scalars import JSON
from strawberry.utils.str_converters import to_camel_case

from fairway.api.command_record import CommandState
from fairway.api.command_routes import CommandStatus
from fairway.api.graphql.strategies import MadeDecision, StrategyState, StrategyStatus
from fairway.api.sign_in_routes import SignInState
from fairway.api.views.launch import GateState, HoldState, LaunchState, StageState, TrackState
from fairway.api.views.orders import ShownOrder, ShownOrders
from fairway.api.views.people import AccountToAdd, ApiKeys, ShownAccount, UserState, Validation
from fairway.api.views.portfolio import ShownPosition, ShownResult
from fairway.api.views.shown import ShownAmount
from fairway.people.account import Cohort
from fairway.people.roles import UserRole
from fairway.people.token import TokenScope
from fairway.people.user import Profile
from fairway.reports.decisions import DecisionAction

ENUMS: Final[tuple[type[Enum], ...]] = (
    CommandState,
    Cohort,
    DecisionAction,
    Profile,
    StrategyStatus,
    TokenScope,
    UserRole,
)


class CreatedAccount(BaseModel):
    """An account that was added, and what the venue said about its keys."""

    account: ShownAccount
    validation: list[Validation]
    sentences: list[str]


class RotatedKeys(BaseModel):
    """An account that got new keys, and what the venue said about them."""

    account: ShownAccount
    validation: list[Validation]
    sentences: list[str]


def one(model: type[BaseModel]) -> Any:
    """The type of a field that answers with a model. It may be null, so that an error of one field keeps the others."""
    return _NODES[model] | None


def many(model: type[BaseModel]) -> Any:
    """The type of a field that answers with a list of models, null as above."""
    return GenericAlias(list, (_NODES[model],)) | None


def _node(model: type[BaseModel], name: str, **other: Any) -> type[Any]:
    """other: fields whose type GraphQL has not, by name: texts for what is longer than 32 bits, JSON for what has no form."""
    return _made(from_models.type, model, name, other)


def _input(model: type[BaseModel], name: str, **other: Any) -> type[Any]:
    return _made(from_models.input, model, name, other)


def _made(make: Callable[..., Any], model: type[BaseModel], name: str, other: dict[str, Any]) -> type[Any]:
    description = _in_camel_case(cleandoc(model.__doc__ or ""), model)
    bare = type(model.__name__, (), {"__annotations__": other, "__module__": __name__})
    made: type[Any] = make(model, name=name, description=description, all_fields=True)(bare)
    return made


def _in_camel_case(text: str, model: type[BaseModel]) -> str:
    """A description with the names of fields as a query writes them."""
    for name in filter(lambda name: "_" in name, model.model_fields):
        text = re.sub(rf"\b{name}\b", to_camel_case(name), text)
    return text


for _enum in ENUMS:
    strawberry.enum(_enum, description=cleandoc(_enum.__doc__ or "") or None)

_NODES: Final[dict[type[BaseModel], Any]] = {
    ShownAmount: _node(ShownAmount, "Money"),
    ShownResult: _node(ShownResult, "Result"),
    ShownPosition: _node(ShownPosition, "Position"),
    StrategyState: _node(StrategyState, "Strategy"),
    MadeDecision: _node(MadeDecision, "Decision"),
    ShownOrder: _node(ShownOrder, "Order"),
    ShownOrders: _node(ShownOrders, "Orders"),
    HoldState: _node(HoldState, "Hold"),
    GateState: _node(GateState, "Gate", numbers=JSON),
    StageState: _node(StageState, "Stage", limits=JSON, approvals=JSON, stay_min_ns=str),
    TrackState: _node(TrackState, "Track", limits=JSON | None, served_ns=str),
    LaunchState: _node(LaunchState, "Launch"),
    SignInState: _node(SignInState, "Me"),
    UserState: _node(UserState, "User"),
    ShownAccount: _node(ShownAccount, "ExchangeAccount"),
    Validation: _node(Validation, "Validation"),
    CreatedAccount: _node(CreatedAccount, "CreatedAccount"),
    RotatedKeys: _node(RotatedKeys, "RotatedKeys"),
    CommandStatus: _node(CommandStatus, "Command", request=JSON, outcome=JSON | None),
}
"""By the model of the other paths; a type stands after those that it holds."""

NewExchangeAccountInput: Final = _input(AccountToAdd, "NewExchangeAccount", mode=str)
ExchangeAccountKeysInput: Final = _input(ApiKeys, "ExchangeAccountKeys")
