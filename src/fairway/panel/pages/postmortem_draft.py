"""The draft of a postmortem, on the page of its incident."""

import logging
from typing import Final

import msgspec

from fairway.api.command_bodies import command_forms
from fairway.api.command_record import CommandRecord
from fairway.panel.elements import Tag, button
from fairway.panel.failures import told
from fairway.panel.visit import Visit

_LOG: Final = logging.getLogger(__name__)
_SLUG: Final = "incident-postmortem"


def postmortem_part(visit: Visit, incident: str) -> None:
    """The button, and below it what came of it."""
    if not visit.may(_SLUG, incident=incident):
        Tag("p", "A person who responds to incidents drafts it.", "empty")
        return

    async def draft() -> None:
        act.attribute("disabled", True)
        form = command_forms()[_SLUG]
        try:
            _show(said, await visit.perform(form, form.body(incident=incident)))
        except Exception as error:
            said.clear()
            with said:
                Tag("p", told(error, _LOG, f"the postmortem of {incident}"), "refused")
        finally:
            act.attribute("disabled", None)

    Tag("p", "A draft is made from the journals; a resolved incident is in the phase postmortem from then on.")
    with Tag("p", "", "actions"):
        act = button("Draft the postmortem", draft)
    said = Tag("div", "", "said", role="status")


def _show(said: Tag, record: CommandRecord) -> None:
    said.clear()
    with said:
        for sentence in record.sentences:
            Tag("p", sentence)
        if record.outcome:
            text = msgspec.json.decode(record.outcome, type=dict[str, object]).get("markdown", "")
            Tag("pre", str(text), "draft", tabindex="0", aria_label="draft of the postmortem")
