"""Makes the request of an operation from the texts of a runbook, and says what an operation does to exposure."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from functools import cache
from typing import Annotated, Any, Final, get_type_hints

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, create_model

from fairway.incidents.runbooks.facts import StepEffect
from fairway.operations.operation import Exposure, Length
from fairway.operations.people.registry_place import RegistryPlace
from fairway.operations.refusal import Refusal, wrong_input
from fairway.operations.registry import AnyOperation, all_operations, operation_named
from fairway.people.roles import UserAct
from fairway.settings import Settings
from fairway.texts.durations import duration_of
from fairway.texts.nearest import nearest

FILLED: Final = frozenset({"config", "place", "login"})
"""Fields that the execution fills: which bot, which registry, in which session."""
_EFFECTS: Final = {Exposure.RAISES: StepEffect.RAISES, Exposure.LOWERS: StepEffect.LOWERS, Exposure.KEEPS: StepEffect.CHANGES}


def operation_effect(name: str) -> StepEffect:
    """What an operation does, UNKNOWN for a name that none has."""
    try:
        operation = operation_named(name)
    except Refusal:
        return StepEffect.UNKNOWN
    if operation.act is UserAct.READ:
        return StepEffect.READS
    return _EFFECTS[operation.exposure]


def operation_trouble(name: str, request: Mapping[str, str]) -> str:
    """What is wrong with an operation and the texts of its request, "" for right ones."""
    known = all_operations()
    if name not in known:
        meant = nearest(name, list(known))
        return f"no operation is called {name!r}{f'; did you mean {meant}?' if meant else ''}"
    try:
        _checked(known[name], request)
    except Refusal as refusal:
        return refusal.sentence()
    return ""


def request_of(operation: AnyOperation, request: Mapping[str, str], *, config: object, place: RegistryPlace, login: str) -> Any:
    """The operation's request. Raises Refusal."""
    given = _checked(operation, request)
    filled = {"config": config, "place": place, "login": login}
    names = {field.name for field in fields(operation.request)}
    return operation.request(**given, **{name: value for name, value in filled.items() if name in names})


def registry_place(settings: Settings) -> RegistryPlace:
    """Of the configured registry, else of the server's users, else the usual file."""
    server = settings.server.users if settings.server is not None else None
    place = settings.people or server or "fairway.people"
    return RegistryPlace(registry=str(place))


def _checked(operation: AnyOperation, request: Mapping[str, str]) -> dict[str, Any]:
    """The fields that were given, with their types. Raises Refusal."""
    form = _form_of(operation.name)
    try:
        model = form.model_validate(dict(request))
    except ValidationError as error:
        found = error.errors(include_url=False)
        first = next((each for each in found if each["type"] == "extra_forbidden"), found[0])
        field = ".".join(str(part) for part in first["loc"])
        there = ", ".join(form.model_fields) or "none"
        raise wrong_input(
            f"REQUEST_WRONG: operation={operation.name} field={field}",
            f"the operation {operation.name} does not take {field}: {first['msg']}; its fields are {there}",
        ) from None
    return {name: getattr(model, name) for name in model.model_fields_set}


@cache
def _form_of(name: str) -> type[BaseModel]:
    operation = operation_named(name)
    hints = get_type_hints(operation.request, include_extras=True)
    shown = [field for field in fields(operation.request) if field.name not in FILLED]
    given: dict[str, Any] = {field.name: (_type_of(hints[field.name]), _default_of(field)) for field in shown}
    return create_model(
        f"{operation.request.__name__}Texts", __config__=ConfigDict(extra="forbid", arbitrary_types_allowed=True), **given
    )


def _type_of(hint: Any) -> Any:
    return Annotated[int, BeforeValidator(duration_of)] if hint == Length else hint


def _default_of(field: Field[Any]) -> Any:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else ...
