"""The configuration file on the control center: changed as a text, checked as a whole, with snapshots to compare and restore."""

import asyncio
import logging
from functools import partial
from typing import Any, Final

from nicegui.element import Element

from fairway.api.command_bodies import command_forms
from fairway.operations.actor import Actor
from fairway.operations.configuration.show import (
    CHECK_CONFIGURATION,
    DIFFERENCE,
    SHOW_CONFIGURATION,
    CheckOutcome,
    CheckRequest,
    ConfigurationOutcome,
    ConfigurationRequest,
    ConfigurationSnapshot,
    DifferenceOutcome,
    DifferenceRequest,
)
from fairway.operations.configuration.write import STAGE_CONFIGURATION, StageRequest
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.panel.command_dialog import CommandDialog, command_button
from fairway.panel.elements import Tag, button, empty
from fairway.panel.failures import told
from fairway.panel.feed import Question, Unseen
from fairway.panel.live import Live
from fairway.panel.moments import InstantPrecision, live_moment
from fairway.panel.sources import Sources
from fairway.panel.unseen import say_unseen
from fairway.panel.visit import Visit

_LOG: Final = logging.getLogger(__name__)
TYPED_EVERY_S: Final = 0.8
LINES_MAX: Final = 400
TONES: Final = {"+": "added", "-": "removed", "@": "place"}
APPLY, WRITE, RESTORE = "configuration-apply", "configuration-write", "configuration-restore"
_VALUE: Final = "(e) => emit(e.target.value)"
LATER: Final = (
    "Fairway reads this file when a process starts. Put into force, it is checked by the doctor too and written, and alerting, "
    "the pilot and the trader are restarted one after the other; where one does not become ready, the file before is put back. "
    "Written only, it counts once each is restarted above. For the server, and what is changed by hand, start the system again: "
)


def ask_configuration(sources: Sources, actor: Actor) -> ConfigurationOutcome:
    """Raises what the operation raises."""
    return sources.outcome(actor, SHOW_CONFIGURATION, ConfigurationRequest(config=sources.context.config))


CONFIGURATION: Final = Question("configuration", ask_configuration)


async def configuration(visit: Visit) -> None:
    """The card's content."""
    live = await visit.live(CONFIGURATION)
    if isinstance(live, Unseen):
        say_unseen(live)
        return
    with Tag("p", "", "note"):
        Tag("span", LATER)
        Tag("code", f"fairway up {visit.parts.context.config}")
    with Tag("div", "", "two"):
        with Tag("div", "", "editor"):
            Editor(visit, live).build()
        with Tag("div", "", "snapshots"):
            Snapshots(visit, live).build()


class Editor:
    """The text, what is wrong with it, and the way to write it."""

    def __init__(self, visit: Visit, live: Live[ConfigurationOutcome]) -> None:
        self.visit, self.live = visit, live
        self.text, self.before = live.facts.text, live.facts.digest

    def build(self) -> None:
        """All of it."""
        facts = self.live.facts
        Tag("h3", "The file")
        if facts.has_secrets:
            Tag(
                "p",
                "It holds secrets, which are hidden here. Move each into a file, write file:PATH, and it can be changed here.",
                "held",
            )
        may = self.visit.may(WRITE) and not facts.has_secrets
        area = Tag(
            "textarea", "", "text", value=facts.text, spellcheck="false", rows="24", aria_label="text of the configuration"
        )
        if may:
            area.on("input", self._typed, js_handler=_VALUE, throttle=TYPED_EVERY_S)
        else:
            area.attribute("readonly", True)
        with Tag("details", "", "by-hand"):
            Tag("summary", "What is changed by hand only")
            Tag("p", f"{', '.join(facts.by_hand)}: these say which bot this is, or name files and secrets of its machine.")
        moved = Tag("p", "The file was changed since you opened this page; open it again before you change it.", "held")
        self.live.visible(moved, lambda now: now.digest != self.before)
        self._said = Tag("p", "", "outcome", role="status")
        self._found = Tag("div", "", "found")
        with Tag("p", "", "buttons"):
            self._ways = [
                button("Put it into force …", partial(self._ask_to, APPLY, "Put the configuration into force"), "raises"),
                button("Write it only …", partial(self._ask_to, WRITE, "Write the configuration"), "raises"),
            ]
        for way in self._ways:
            way.attribute("disabled", True)
            way.set_visibility(may)

    async def _typed(self, event: Any) -> None:
        self.text = str(event.args)
        self._allow(False)
        config = self.visit.parts.context.config
        try:
            checked = await self.visit.read(CHECK_CONFIGURATION, CheckRequest(config=config, text=self.text))
            found = await self.visit.read(DIFFERENCE, DifferenceRequest(config=config, text=self.text))
        except Exception as error:
            self._found.clear()
            self._say(f"✗ {told(error, _LOG, 'the check of the configuration')}", "refused")
            return
        self._show(checked, found)

    def _show(self, checked: CheckOutcome, found: DifferenceOutcome) -> None:
        self._found.clear()
        if not checked.is_done:
            self._say(f"✗ {len(checked.problems)} mistakes; the file stays as it is", "refused")
            with self._found, Tag("ul", "", "problems"):
                for each in checked.problems:
                    with Tag("li"):
                        place = f"line {each.line}" if each.line else "the file"
                        button(place, partial(self._point_at, each.line), "quiet")
                        Tag("span", each.sentence)
            return
        changed = max(found.added, found.removed)
        self._say(f"✓ the whole configuration is right; {changed} lines differ from the file", "done")
        self._allow(bool(changed))
        with self._found:
            show_difference(found)

    def _allow(self, is_allowed: bool) -> None:
        for way in self._ways:
            way.attribute("disabled", None if is_allowed else True)

    def _point_at(self, line: int) -> None:
        self.visit.client.run_javascript(f"fairwayControl.line({int(line)})")

    def _say(self, words: str, tone: str) -> None:
        self._said.set_text(words)
        self._said.classes(remove="refused done", add=tone)

    async def _ask_to(self, slug: str, title: str) -> None:
        """Stages the text, which is checked as a whole once more, and asks for the rest."""
        config = self.visit.parts.context.config
        try:
            await self.visit.again()
            asked = StageRequest(config=config, text=self.text, before=self.before)
            staged = await asyncio.to_thread(perform, STAGE_CONFIGURATION, Call(actor=self.visit.actor, request=asked))
        except Exception as error:
            self._say(f"✗ {told(error, _LOG, 'the staging of the configuration')}", "refused")
            return
        dialog = CommandDialog(self.visit, command_forms()[slug], title, {"digest": staged.digest}, (), {})
        await dialog.open()


def show_difference(found: DifferenceOutcome) -> None:
    """Lines that were added and removed, each with its sign."""
    if not found.changes:
        empty("Nothing differs.")
        return
    with Tag("ol", "", "difference"):
        for line in found.changes[:LINES_MAX]:
            tone = (
                "added"
                if line.startswith("+")
                else "removed"
                if line.startswith("-")
                else "place"
                if line.startswith("@")
                else ""
            )
            Tag("li", line, tone)


class Snapshots:
    """What the file was before: each can be compared with it, and restored."""

    def __init__(self, visit: Visit, live: Live[ConfigurationOutcome]) -> None:
        self.visit, self.live = visit, live

    def build(self) -> None:
        """The list, and the place where a difference is shown."""
        Tag("h3", "Snapshots")
        self.live.rows(Tag("ul", "", "snapshot-list"), lambda facts: facts.snapshots, lambda each: each.name, self._line)
        self.live.visible(
            empty("None yet. Each time the file is written here, the one before is kept."), lambda facts: not facts.snapshots
        )
        self._place = Tag("div", "", "found", aria_live="polite")

    def _line(self, row: Live[ConfigurationSnapshot]) -> Element:
        name = row.facts.name

        async def compare() -> None:
            config = self.visit.parts.context.config
            self._place.clear()
            try:
                found = await self.visit.read(DIFFERENCE, DifferenceRequest(config=config, snapshot=name))
            except Exception as error:
                with self._place:
                    Tag("p", told(error, _LOG, f"the difference to the snapshot {name}"), "refused")
                return
            with self._place:
                Tag("p", f"From the file to {name}:")
                show_difference(found)

        with Tag("li") as line:
            live_moment(row, lambda each: each.replaced_at, InstantPrecision.SECOND)
            Tag("code", name)
            row.words(lambda each: f"{each.changed} lines differ" if each.changed else "as the file is")
            button("Compare", compare).attribute("aria-label", f"Compare {name}")
            if self.visit.may(RESTORE):
                restore = command_button(self.visit, "Restore …", RESTORE, {"snapshot": name}, classes="raises")
                restore.attribute("aria-label", f"Restore {name}")
        return line
