"""One open page: who looks at it, what it shows, and what is done from it."""

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from nicegui import Client
from pydantic import BaseModel

from fairway.api.authentication import Caller
from fairway.api.command_bodies import CommandForm, command_forms
from fairway.api.command_record import CommandRecord, CommandState
from fairway.api.command_routes import sent
from fairway.api.command_runner import CommandRunner
from fairway.api.context import ServerContext
from fairway.api.threads import short
from fairway.operations.actor import Actor, Shell
from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview
from fairway.operations.perform import preview
from fairway.operations.permissions import may_read_all
from fairway.panel.feed import Feed, Question, Unseen
from fairway.panel.live import Live
from fairway.panel.rehearsals import Rehearsals
from fairway.panel.scripts import javascript
from fairway.panel.sources import Sources
from fairway.people.master_key import fresh_from
from fairway.people.roles import denial
from fairway.world.chance import SystemChance

F = TypeVar("F")
R = TypeVar("R")
O = TypeVar("O", bound=Outcome)  # noqa: E741

KEY_BYTES: Final = 16
LOOK_S: Final = 0.5
"""How often it is asked what became of a command, while it is performed."""


def _tell_no_one(record: CommandRecord) -> None:
    """For a place that shows only the end."""


def new_key() -> str:
    """An idempotency key: a command that is sent twice with it is performed once."""
    return fresh_from(SystemChance())(KEY_BYTES).hex()


@dataclass(frozen=True, slots=True)
class PanelParts:
    """What all pages of one server share."""

    context: ServerContext
    runner: CommandRunner
    sources: Sources
    feed: Feed
    rehearsals: Rehearsals = field(default_factory=Rehearsals)


@dataclass(slots=True, eq=False)
class Visit:
    """Of one page in one browser. caller: as the page was opened, or since a fresh sign-in on it; see `OpenPages.renew`."""

    parts: PanelParts
    client: Client
    caller: Caller
    _leaves: list[Callable[[], None]] = field(default_factory=list)
    _troubles: dict[tuple[str, Hashable], str] = field(default_factory=dict)
    """By question, why what it shows is not current."""

    @property
    def actor(self) -> Actor:
        """Who looks, as this shell's operations see it."""
        return replace(self.caller.actor, shell=Shell.PANEL)

    @property
    def sees_all(self) -> bool:
        """Whether this person may see the whole bot, and not the own accounts alone."""
        return may_read_all(self.actor)

    async def live(self, question: Question[F]) -> "Live[F] | Unseen":
        """Facts that the feed keeps current while the page is open; or why they cannot be seen."""
        found = await self.parts.feed.first(question, self.actor)
        if isinstance(found, Unseen):
            self._open_again_once_seen(question)
            return found
        shown: Live[F] = Live(found)

        def show(news: F | Unseen) -> None:
            if self.client.is_deleted:
                return
            with self.client:
                self._trouble(question, news.why if isinstance(news, Unseen) else "")
                if not isinstance(news, Unseen):
                    shown.show(news)

        self._leaves.append(self.parts.feed.watch(question, self.actor, show))
        return shown

    def _open_again_once_seen(self, question: Question[F]) -> None:
        def show(news: F | Unseen) -> None:
            if not isinstance(news, Unseen) and not self.client.is_deleted:
                self.client.run_javascript("location.reload()")

        self._leaves.append(self.parts.feed.watch(question, self.actor, show))

    def _trouble(self, question: Question[Any], why: str) -> None:
        """Greys the page, and says why, while the facts of one of its questions cannot be seen."""
        before = self._why_not_current()
        self._troubles[question.name, question.about] = why
        if (now := self._why_not_current()) != before:
            self.client.run_javascript(f"fairway.unseen({javascript(now)})")

    def _why_not_current(self) -> str:
        return "; ".join(dict.fromkeys(filter(None, self._troubles.values())))

    def close(self) -> None:
        """The page is gone."""
        for leave in self._leaves:
            leave()
        self._leaves.clear()

    async def again(self) -> None:
        """Asks once more who this is. Raises HttpProblem where the sign-in has ended."""
        self.caller = await short(self.parts.context.authenticator.again, self.caller)

    async def read(self, operation: Operation[R, O], request: R) -> O:
        """What an operation that only reads tells. Raises what it raises."""
        return await asyncio.to_thread(self.parts.sources.outcome, self.actor, operation, request)

    def may(self, slug: str, **given: Any) -> bool:
        """Whether the role allows a command on what is given; whether it is possible now, only its preview tells."""
        form = command_forms()[slug]
        operation, actor = form.operation, self.actor
        request = form.request(form.body.model_construct(**{**_defaults(form), **given}), self.caller, self.parts.context)
        if actor.role is None:
            return True
        is_own = operation.subject(request).belongs_to(actor)
        lowers = operation.exposure is Exposure.LOWERS
        return denial(actor.role, operation.act, is_active=actor.is_active, to_self=is_own, lowers=lowers) is None

    async def preview(self, form: CommandForm, body: BaseModel) -> Preview:
        """What a command would do now. Raises what the operation raises."""
        await self.again()
        call = Call(actor=self.actor, request=form.request(body, self.caller, self.parts.context))
        return await asyncio.to_thread(preview, form.operation, call)

    async def perform(
        self, form: CommandForm, body: BaseModel, tell: Callable[[CommandRecord], None] = _tell_no_one, *, key: str = ""
    ) -> CommandRecord:
        """Performs a command, and returns its end. tell: called as it goes. key: of idempotency, a new one where it is left out.

        Raises HttpProblem, Refusal, JournalErrors.
        """
        await self.again()
        caller = replace(self.caller, actor=self.actor)
        record = await sent(self.parts.runner, form, body, caller, self.parts.context, key or new_key(), LOOK_S)
        while record.state is CommandState.RUNNING:
            tell(record)
            record = await self.parts.runner.ended(record.id, LOOK_S)
        await self.parts.feed.refresh()
        return record


def _defaults(form: CommandForm) -> dict[str, Any]:
    return {
        name: "" if each.is_required() else each.get_default(call_default_factory=True)
        for name, each in form.body.model_fields.items()
    }
