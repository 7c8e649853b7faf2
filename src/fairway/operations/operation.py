"""The one shape of an operation: its name, its permission, its effect on exposure, its preview and its work."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Generic, TypeVar

from fairway.operations.actor import Actor
from fairway.people.roles import UserAct

R = TypeVar("R")
Asked = TypeVar("Asked", covariant=True)
O = TypeVar("O", bound="Outcome")  # noqa: E741


Length = Annotated[int, "a length of time in ns"]
"""The type of a request's field that is one: a shell takes it in words, such as 12h."""


class Exposure(StrEnum):
    """What an operation does to the exposure of accounts."""

    RAISES = "raises"
    LOWERS = "lowers"
    KEEPS = "keeps"


class Of(StrEnum):
    """What an operation is about."""

    ACCOUNT = "account"
    USER = "user"
    BOT = "bot"
    """A whole trader or launch, and so every account that it carries."""
    REGISTRY = "registry"
    """The registry of users and accounts as a whole, with its vault."""
    OWN = "own things"
    """Whatever of it the actor may read: the outcome holds no more than that."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What one request is about. id: of the account or user; "" for a bot or the registry."""

    of: Of
    id: str = ""

    def belongs_to(self, actor: Actor) -> bool:
        """Whether it is the actor's own account, or the actor."""
        match self.of:
            case Of.ACCOUNT:
                return self.id in actor.accounts
            case Of.USER:
                return self.id == actor.name
            case Of.OWN:
                return True
            case Of.BOT | Of.REGISTRY:
                return False


WHOLE_BOT = Subject(Of.BOT)


OWN_THINGS = Subject(Of.OWN)


def account_or_own(account: str) -> Subject:
    """The account that a request names; where it names none, all that the actor may read."""
    return Subject(Of.ACCOUNT, account) if account else OWN_THINGS


def account_or_bot(account: str) -> Subject:
    """The account that a request names; the whole bot where it names none."""
    return Subject(Of.ACCOUNT, account) if account else WHOLE_BOT


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an operation would do now. Each entry is a short text for people."""

    effect: str
    details: tuple[str, ...] = ()
    """What a person weighs before it is confirmed, such as limits now and then."""
    accounts: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    """Orders that would be cancelled or placed."""
    positions: tuple[str, ...] = ()
    """Positions that would be sold."""
    changes: tuple[str, ...] = ()
    """Lines of a file that would change, each with `+`, `-` or a space before it."""
    unknown: tuple[str, ...] = ()
    """What could not be seen, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of an operation. Each operation extends it by its own fields, all of them plain values."""

    is_done: bool = True
    lines: tuple[str, ...] = ()
    """The outcome as lines for people."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Something that happened while an operation is still being performed, as a sentence."""

    sentence: str


Tell = Callable[[Progress], None]


def tell_no_one(progress: Progress) -> None:
    """For a shell that shows only the outcome."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[Asked]):
    """One request to perform an operation. key: an idempotency key, "" where the shell has none."""

    actor: Actor
    request: Asked
    key: str = ""
    tell: Tell = tell_no_one


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[R, O]):
    """Something that people can do. `fairway.operations.perform` performs it.

    Fields of a request that are called `config` and `place` say which bot and which registry; a shell that serves one bot fills
    them by itself.
    """

    name: str
    summary: str
    """One sentence for lists and documentation."""
    act: UserAct
    """What the actor's role must allow."""
    exposure: Exposure
    request: type[R]
    subject: Callable[[R], Subject]
    preview: Callable[[Call[R]], Preview]
    """Changes nothing. Raises Refusal."""
    perform: Callable[[Call[R]], O]
    """Raises Refusal, and the errors of the rooms below with their own names."""
