"""The body of each command, made from the request of its operation: nothing about a command is written twice."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from functools import cache
from typing import Annotated, Any, Final, get_type_hints

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema, create_model

from fairway.api.authentication import Caller
from fairway.api.command_examples import EXAMPLES
from fairway.api.context import ServerContext
from fairway.operations.configuration.write import STAGE_CONFIGURATION
from fairway.operations.launch.draft import DRAFT_PLAN
from fairway.operations.launch.evidence import EVIDENCE
from fairway.operations.launch.plan_text import REHEARSE
from fairway.operations.launch.start import START as START_LAUNCH
from fairway.operations.launch.survey import SURVEY
from fairway.operations.operation import Length
from fairway.operations.people.account_keys import ADD_ACCOUNT, ROTATE_KEYS
from fairway.operations.people.passwords import ONE_TIME_PASSWORD, SET_PASSWORD
from fairway.operations.people.second_factor import BEGIN_SECOND_FACTOR, CONFIRM_SECOND_FACTOR, END_SECOND_FACTOR
from fairway.operations.people.tokens import ADD_TOKEN, LIST_TOKENS, REVOKE_TOKEN
from fairway.operations.people.vault import INIT_VAULT, ROTATE_VAULT
from fairway.operations.registry import AnyOperation, all_operations
from fairway.operations.trader.start import START
from fairway.people.roles import UserAct
from fairway.texts.quantities import Duration

FILLED: Final = frozenset({"config", "place", "login", "folder"})
"""Fields that the server fills: which bot, which registry, in which session."""
ELSEWHERE: Final = frozenset(
    each.name
    for each in (
        START,  # `fairway up` starts the trader
        START_LAUNCH,  # and the pilot; `launch begin` asks it to
        INIT_VAULT,  # a key that is on the machine itself
        ROTATE_VAULT,
        EVIDENCE,  # a file comes with it: `POST /api/v1/launch/evidence`
        SURVEY,
        REHEARSE,  # a whole plan comes with it, and it takes minutes
        DRAFT_PLAN,  # a whole plan, too; it is begun by its digest
        ADD_ACCOUNT,  # a secret comes with it, which no journal may hold
        ROTATE_KEYS,
        STAGE_CONFIGURATION,  # a text comes with it that may hold one; it is written by its digest
        SET_PASSWORD,
        ONE_TIME_PASSWORD,  # or comes out of it
        BEGIN_SECOND_FACTOR,
        CONFIRM_SECOND_FACTOR,
        END_SECOND_FACTOR,
        ADD_TOKEN,
        LIST_TOKENS,
        REVOKE_TOKEN,
    )
)
"""Operations that are no command over HTTP, or have a path of their own."""
_TEXT_MAX: Final = 2_000


def _in_words(value: object) -> object:
    """A number alone would be nanoseconds, which nobody means."""
    if not isinstance(value, str):
        raise ValueError("is no text with a unit; a right one is 12h")
    return value


LengthInWords = Annotated[
    Duration,
    BeforeValidator(_in_words),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,9}(\.\d{1,6})?[smhdw]$", "examples": ["12h"]}),
]
"""A length of time as people write it."""


@dataclass(frozen=True, slots=True)
class CommandForm:
    """One operation as a command. slug: its name in a path."""

    operation: AnyOperation
    body: type[BaseModel]

    @property
    def slug(self) -> str:
        return slug_of(self.operation.name)

    def request(self, body: BaseModel, caller: Caller, context: ServerContext) -> Any:
        """The operation's request."""
        login = f"api {caller.asker}"
        filled = {"config": context.config, "place": context.place, "login": login}
        names = {field.name for field in fields(self.operation.request)}
        given = {name: getattr(body, name) for name in type(body).model_fields}
        return self.operation.request(**given, **{name: value for name, value in filled.items() if name in names})


def slug_of(name: str) -> str:
    """A name of an operation as a part of a path."""
    return name.replace(" ", "-")


@cache
def command_forms() -> Mapping[str, CommandForm]:
    """Every operation that is a command, by its slug; those of other packages too."""
    forms = (
        CommandForm(operation, _body_of(operation))
        for name, operation in all_operations().items()
        if name not in ELSEWHERE and operation.act is not UserAct.READ
    )
    return {form.slug: form for form in forms}


def _body_of(operation: AnyOperation) -> type[BaseModel]:
    hints = get_type_hints(operation.request, include_extras=True)
    shown = [field for field in fields(operation.request) if field.name not in FILLED]
    given: dict[str, Any] = {field.name: (_type_of(hints[field.name]), _default_of(field)) for field in shown}
    words = "".join(part.capitalize() for part in operation.name.split())
    return create_model(
        f"{words}Command",
        __config__=ConfigDict(
            extra="forbid",
            frozen=True,
            str_max_length=_TEXT_MAX,
            json_schema_extra={"examples": [EXAMPLES.get(operation.name, {})]},
        ),
        __doc__=operation.summary,
        **given,
    )


def _type_of(hint: Any) -> Any:
    return LengthInWords if hint == Length else hint


def _default_of(field: Field[Any]) -> Any:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else ...
