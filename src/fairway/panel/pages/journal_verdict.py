"""Verifies the chain of a journal from a page, with the progress of a long one."""

import asyncio
import logging
from functools import partial
from typing import Final

from fairway.operations.operation import Call, Progress
from fairway.operations.perform import perform
from fairway.operations.trader.read_journal import JournalName
from fairway.operations.trader.verify_journal import VERIFY_JOURNAL, VerifyJournalRequest
from fairway.panel.elements import Tag, button, mark_of
from fairway.panel.failures import told
from fairway.panel.state_marks import Mark
from fairway.panel.visit import Visit

DIGEST_LENGTH = 64
_LOG: Final = logging.getLogger(__name__)


def verdict_part(visit: Visit, journal: JournalName) -> None:
    """The button, a field for a digest that was kept elsewhere, and the verdict."""
    if not visit.sees_all:
        Tag("p", "The whole chain is verified by who may read the whole bot.", "empty")
        return
    digest = ""

    def keep(value: str) -> None:
        nonlocal digest
        digest = value.strip()

    async def verify() -> None:
        act.attribute("disabled", True)
        said.clear()
        with said:
            line = Tag("p", "It is being read …")
        try:
            await _verified(
                visit, VerifyJournalRequest(config=visit.parts.context.config, journal=journal, digest=digest), said, line
            )
        finally:
            act.attribute("disabled", None)

    Tag("p", "Checks that no record was changed, lost, moved or put in.")
    with Tag("label", "A digest that was kept elsewhere, as in a report"):
        field = Tag(
            "input", type="text", maxlength=DIGEST_LENGTH, autocomplete="off", placeholder="none: a cut at the end is not seen"
        )
        field.on("input", lambda event: keep(str(event.args)), js_handler="(e) => emit(e.target.value)")
    act = button("Verify the chain", verify)
    said = Tag("div", "", "said", role="status")


async def _verified(visit: Visit, request: VerifyJournalRequest, said: Tag, line: Tag) -> None:
    loop = asyncio.get_running_loop()

    def tell(progress: Progress) -> None:
        loop.call_soon_threadsafe(partial(line.set_text, f"{progress.sentence} …"))

    try:
        await visit.again()
        call = Call(actor=visit.actor, request=request, tell=tell)
        found = await asyncio.to_thread(perform, VERIFY_JOURNAL, call)
    except Exception as error:
        _say(said, Mark.UNKNOWN, told(error, _LOG, f"the verification of the journal {request.journal.value}"))
        return
    _say(said, Mark.GOOD if found.is_done else Mark.BAD, " ".join(found.lines))


def _say(said: Tag, mark: Mark, words: str) -> None:
    said.clear()
    with said, Tag("p"):
        mark_of(mark)
        Tag("span", words)
