"""Shows facts that change: each cell of a page is told only where its own value differs, and only that goes over the wire."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

from nicegui.element import Element

from fairway.panel.elements import Tag, set_mark
from fairway.panel.state_marks import Mark

F = TypeVar("F")
R = TypeVar("R")
V = TypeVar("V")


class Live(Generic[F]):
    """The cells of one page, or of one row of it. facts: as they are shown now."""

    def __init__(self, facts: F) -> None:
        self.facts = facts
        self._cells: dict[str, list[Callable[[F], None]]] = {}

    def show(self, facts: F) -> None:
        """Brings every cell up to date."""
        if facts == self.facts:
            return
        self.facts = facts
        for cell in [each for cells in self._cells.values() for each in cells]:
            cell(facts)

    def forget(self, name: str) -> None:
        """Lets go the cells of this name: what showed them is gone."""
        self._cells.pop(name, None)

    def bind(self, get: Callable[[F], V], apply: Callable[[V], Any], *, name: str = "") -> None:
        """Calls apply with what get finds: now, and whenever it has changed. name: by which it can be forgotten."""
        last = get(self.facts)
        apply(last)

        def cell(facts: F) -> None:
            nonlocal last
            found = get(facts)
            if found != last:
                last = found
                apply(found)

        self._cells.setdefault(name, []).append(cell)

    def words(self, get: Callable[[F], str], tag: str = "span", classes: str = "") -> Tag:
        """An element whose text follows the facts; it flashes softly with each change."""
        found = Tag(tag, "", f"live {classes}")
        self.bind(get, found.set_text)
        return found

    def mark(self, get: Callable[[F], Mark]) -> Tag:
        """A mark that follows the facts."""
        found = Tag("span", role="img")
        self.bind(get, lambda mark: set_mark(found, mark))
        return found

    def attribute(self, element: Tag, name: str, get: Callable[[F], Any]) -> None:
        """An attribute that follows the facts; None takes it away."""
        self.bind(get, lambda value: element.attribute(name, value))

    def toned(self, element: Tag, get: Callable[[F], str]) -> None:
        """A class of an element that follows the facts."""
        last = ""

        def apply(tone: str) -> None:
            nonlocal last
            element.classes(remove=last, add=tone)
            last = tone

        self.bind(get, apply)

    def visible(self, element: Element, get: Callable[[F], bool]) -> None:
        """An element that is there only while the facts say so."""
        self.bind(get, element.set_visibility)

    def rows(
        self,
        parent: Element,
        get: Callable[[F], Sequence[R]],
        key: Callable[[R], Hashable],
        build: Callable[["Live[R]"], Element],
        *,
        name: str = "",
    ) -> None:
        """One element in the parent for each of get, which keeps its place while it changes. build: makes one, and returns it."""
        known: dict[Hashable, tuple[Element, Live[R]]] = {}

        def apply(found: Sequence[R]) -> None:
            keys = [key(each) for each in found]
            for gone in set(known) - set(keys):
                parent.remove(known.pop(gone)[0])
            for place, each in enumerate(found):
                if keys[place] in known:
                    known[keys[place]][1].show(each)
                    continue
                row = Live(each)
                with parent:
                    element = build(row)
                known[keys[place]] = element, row
                if place < len(keys) - 1:
                    element.move(target_index=place)

        self.bind(get, apply, name=name)
