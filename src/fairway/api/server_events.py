"""The events of the server's own journal: who signed in, who asked for what, what was refused, and what became of commands."""

from typing import Final

from msgspec import Struct

from fairway.journal.events import Codec


class ServerEvent(Struct, frozen=True, tag=True, kw_only=True):
    """Base of all. The author of the record is who did it, "" for one who did not prove who it is."""


class SignedIn(ServerEvent, frozen=True, tag=True):
    """A user proved who it is. token: the id of what was issued for it, "" where each request brings the password."""

    kind: str
    token: str
    address: str


class SignInFailed(ServerEvent, frozen=True, tag=True):
    """user: as it was given, shortened; it may not exist. code: why, for programs."""

    user: str
    address: str
    code: str


class RequestServed(ServerEvent, frozen=True, tag=True):
    """token: the id of what was shown, "" for a password. more: the same reads by the same sign-in since the last record."""

    method: str
    path: str
    status: int
    address: str
    token: str = ""
    more: int = 0


class RequestDenied(ServerEvent, frozen=True, tag=True):
    """more: refusals of the same address that were not written one by one, since the last one that was."""

    method: str
    path: str
    status: int
    code: str
    address: str
    token: str = ""
    more: int = 0


class CommandAccepted(ServerEvent, frozen=True, tag=True):
    """A command that is going to be performed. request: as JSON; key: the sender's idempotency key, "" for none."""

    id: str
    operation: str
    request: str
    shell: str
    key: str = ""


class CommandProgressed(ServerEvent, frozen=True, tag=True):
    """What happened meanwhile, as a sentence."""

    id: str
    sentence: str


class CommandEnded(ServerEvent, frozen=True, tag=True):
    """What became of it. code: of the refusal, "" where it was performed. outcome: its own fields, as JSON."""

    id: str
    is_done: bool
    code: str
    sentences: tuple[str, ...]
    outcome: str


CODEC: Final = Codec(SignedIn, SignInFailed, RequestServed, RequestDenied, CommandAccepted, CommandProgressed, CommandEnded)
