"""Elements of pages: HTML tags whose text is always text, never markup, so that no name from outside becomes a script."""

from collections.abc import Callable
from typing import Any

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from fairway.panel.state_marks import MARKS, Mark


class Tag(TextElement):
    """One HTML element. words: its text; what is created within `with` comes after it."""

    def __init__(self, tag: str, words: str = "", classes: str = "", **props: Any) -> None:
        super().__init__(tag=tag, text=words)
        if classes:
            self.classes(classes)
        for name, value in props.items():
            self.props[name.rstrip("_").replace("_", "-")] = value

    def attribute(self, name: str, value: Any) -> None:
        """Sets an attribute, or takes it away where the value is None; sent only where it differs."""
        if value is None:
            if name in self.props:
                del self.props[name]
        elif self.props.get(name) != value:
            self.props[name] = value


def typed(words: str) -> dict[str, str]:
    """What an input has in it at first, for `Tag`: a property would be put back with each change of the page."""
    return {"^value": words}


def mark_of(mark: Mark) -> Tag:
    """A state as a sign and a word: never by colour alone."""
    return Tag("span", MARKS[mark].sign, f"mark {mark.value}", role="img", aria_label=MARKS[mark].word)


def set_mark(element: Tag, mark: Mark) -> None:
    """Turns a mark into another one."""
    element.set_text(MARKS[mark].sign)
    element.classes(replace=f"mark {mark.value}")
    element.attribute("aria-label", MARKS[mark].word)


def card(title: str, classes: str = "", href: str = "") -> Element:
    """A part of a page under a heading, which leads to the page about it."""
    found = Tag("section", "", f"card {classes}", aria_label=title)
    with found, Tag("h2"):
        if href:
            Tag("a", title, href=href)
        else:
            Tag("span", title)
    return found


def button(words: str, act: Callable[[], Any], classes: str = "", **props: Any) -> Tag:
    """A button. act: called with each click; it may be a coroutine."""
    found = Tag("button", words, classes, type="button", **props)
    found.on("click", act, args=[])
    return found


def empty(words: str, command: str = "") -> Tag:
    """What stands where nothing is, and what to do next."""
    with Tag("p", words, "empty") as found:
        if command:
            Tag("code", command)
    return found
