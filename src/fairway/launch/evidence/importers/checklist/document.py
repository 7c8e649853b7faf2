"""Reads a Markdown document as statements: list items, table rows, headings and sentences, each with its line and sections."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

TEXT_MAX: Final = 2_000
"""Of a longer statement the first characters are read."""
WRAPPED_FROM: Final = 60
"""A line of prose that is as long as this goes on in the next one, unless its sentence ends with it."""

_MARKDOWN: Final = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_BOX = re.compile(r"^(?P<bullet>[-–—*+•]\s*)?\[(?P<mark>\s{0,3}|\s?[xXvV✓✔\-~/.?>!o*]\s?)\](?![(\[:])(?P<gap>\s?)")
_BEGINS = re.compile(r"^(?:[-–—*•|]|[^\w\s\"'(<`]|[^:.!?]{2,60}:\s|\w+\s?#?\d+\s?[:-])")
_TAGS = re.compile(r"^</?(?:a|abbr|b|br|code|del|details|div|em|font|hr|i|img|input|ins|kbd|li|mark|ol|p|s|small|span|strong|sub|"
                   r"summary|sup|table|tbody|td|th|thead|tr|u|ul)\b", re.IGNORECASE)  # fmt: skip


class Box(Enum):
    """What stands between the brackets of a box. MALFORMED: no box that Markdown knows, so no viewer shows a tick."""

    EMPTY = "empty"
    TICKED = "ticked"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Cell:
    """column: its heading, "" where the table has none."""

    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """line: from 1. text: without marks of Markdown and without what is struck out; code stands between backticks.

    sections: the headings above it, outermost first. cells: of a table's row. below: what is nested beneath it. links: where
    it points to. is_struck: nothing is left of it. is_beside_boxes: half of its list or more have boxes.
    """

    line: int
    text: str
    sections: tuple[str, ...] = ()
    box: Box | None = None
    cells: tuple[Cell, ...] = ()
    below: str = ""
    links: tuple[str, ...] = ()
    is_heading: bool = False
    is_item: bool = False
    is_struck: bool = False
    is_beside_boxes: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a paragraph. has_struck: something of it was struck out."""

    number: int
    text: str
    has_struck: bool = False
    links: tuple[str, ...] = ()


def statements(text: str) -> list[Statement]:
    """All of a document, in its order. Examples of code and comments say nothing."""
    return list(_Walk().over(SyntaxTreeNode(_MARKDOWN.parse(text)).children))


class _Walk:
    """sections: level and text of the headings above."""

    def __init__(self) -> None:
        self._sections: list[tuple[int, str]] = []

    def over(self, nodes: Sequence[SyntaxTreeNode]) -> Iterator[Statement]:
        for node, following in zip(nodes, [*nodes[1:], None], strict=False):
            if node.type == "heading":
                yield from self._heading(node)
            elif node.type == "paragraph":
                yield from self._paragraph(node, is_before_list=following is not None and following.type.endswith("_list"))
            elif node.type in ("bullet_list", "ordered_list"):
                yield from self._list(node)
            elif node.type == "table":
                yield from self._table(node)
            elif node.type == "blockquote":
                yield from self.over(node.children)

    def _enter(self, level: int, title: str) -> None:
        self._sections = [each for each in self._sections if each[0] < level]
        self._sections.append((level, title))

    @property
    def _above(self) -> tuple[str, ...]:
        return tuple(title for _, title in self._sections)

    def _heading(self, node: SyntaxTreeNode) -> Iterator[Statement]:
        for line in _lines(node):
            self._enter(int(node.tag[1]), line.text)
            yield Statement(line.number, line.text, self._above, links=line.links, is_heading=True, is_struck=_is_struck(line))

    def _paragraph(self, node: SyntaxTreeNode, *, is_before_list: bool) -> Iterator[Statement]:
        """A line in bold, or one with a colon before a list, is a heading by another name."""
        lines = _joined(_lines(node))
        is_title = len(lines) == 1 and len(lines[0].text) <= WRAPPED_FROM
        if is_title and (_is_bold(node) or (is_before_list and lines[0].text.endswith(":"))):
            self._enter(7 if _is_bold(node) else 8, lines[0].text)
        for line in lines:
            yield self._statement(line)

    def _statement(self, line: _Line, *, is_item: bool = False) -> Statement:
        box, text = _boxed(line.text, is_item=is_item)
        cells = tuple(Cell("", each.strip()) for each in text.strip("|").split("|")) if text.startswith("|") else ()
        left = replace(line, text=text)
        return Statement(
            line.number, text, self._above, box, cells, links=line.links, is_item=is_item, is_struck=_is_struck(left)
        )

    def _list(self, node: SyntaxTreeNode) -> Iterator[Statement]:
        items = [self._item(each) for each in node.children]
        boxes = sum(first is not None and first.box is not None for first, _ in items)
        has_boxes = 2 * boxes >= len(items) > 0
        for first, nested in items:
            if first is not None:
                yield replace(first, is_beside_boxes=has_boxes)
            yield from nested

    def _item(self, node: SyntaxTreeNode) -> tuple[Statement | None, list[Statement]]:
        """What it says, and what is nested in it."""
        if not node.children or node.children[0].type != "paragraph":
            return None, list(self.over(node.children))
        paragraph, *others = node.children
        first, *more = _joined(_lines(paragraph)) or [_Line((node.map or (0, 0))[0] + 1, "")]
        nested = [self._statement(line) for line in more] + list(self.over(others))
        said = self._statement(first, is_item=True)
        below = " ; ".join(each.text for each in nested)[:TEXT_MAX]
        return replace(said, below=below, links=(*said.links, *(link for each in nested for link in each.links))), nested

    def _table(self, node: SyntaxTreeNode) -> Iterator[Statement]:
        rows = [row for part in node.children for row in part.children]
        columns = [_cell(cell).text for cell in rows[0].children] if rows else []
        for row in rows[1:]:
            said = [_cell(cell) for cell in row.children]
            cells = tuple(Cell(column, each.text) for column, each in zip(columns, said, strict=False))
            links = tuple(link for each in said for link in each.links)
            text = " | ".join(each.text for each in said)
            left = "".join(_boxless(each.text) for each in said)
            is_struck = any(each.has_struck for each in said) and not left
            yield Statement((row.map or (0, 0))[0] + 1, text, self._above, None, cells, links=links, is_struck=is_struck)


def _cell(node: SyntaxTreeNode) -> _Line:
    lines = _lines(node) or [_Line(0, "")]
    return _Line(lines[0].number, " ".join(each.text for each in lines), any(each.has_struck for each in lines), lines[0].links)


def _boxed(text: str, *, is_item: bool) -> tuple[Box | None, str]:
    """The box that a line begins with, and the rest of it."""
    match = _BOX.match(text)
    if match is None:
        return None, text
    rest, mark = text[match.end() :].strip(), match["mark"]
    is_right = is_item and not match["bullet"] and bool(match["gap"] or not rest)
    if not mark.strip():
        return Box.EMPTY if is_right and mark else Box.MALFORMED, rest
    return Box.TICKED if is_right and mark in ("x", "X", "✓", "✔") else Box.MALFORMED, rest


def _boxless(text: str) -> str:
    return _BOX.sub("", text.strip()).strip()


def _is_struck(line: _Line) -> bool:
    """Whether nothing but a remark in parentheses is left."""
    return line.has_struck and not re.sub(r"\([^()]*\)|[\s.,;:–—-]", "", _boxless(line.text))


def _is_bold(node: SyntaxTreeNode) -> bool:
    tokens = [each for each in _inline(node) if each.type != "text" or each.content.strip(" :")]
    return bool(tokens) and tokens[0].type == "strong_open" and tokens[-1].type == "strong_close"


def _inline(node: SyntaxTreeNode) -> Sequence[Token]:
    tokens = [each.token for each in node.children if each.type == "inline" and each.token]
    return tokens[0].children or [] if tokens else []


def _lines(node: SyntaxTreeNode) -> list[_Line]:
    """The lines of a paragraph, a heading or a cell, without marks and without what is struck out."""
    first = (node.map or (node.parent.map if node.parent else None) or (0, 0))[0] + 1
    found, parts, links, struck, has_struck = list[_Line](), list[str](), list[str](), 0, False
    for token in [*_inline(node), Token("softbreak", "", 0)]:
        if token.type in ("softbreak", "hardbreak"):
            text = " ".join("".join(parts).split())[:TEXT_MAX]
            found.append(_Line(first + len(found), text, has_struck, tuple(links)))
            parts, links, has_struck = [], [], struck > 0
        elif token.type in ("s_open", "s_close"):
            struck, has_struck = struck + token.nesting, True
        elif token.type == "link_open":
            links.append(str(token.attrGet("href") or ""))
        elif not struck:
            parts.append(_words(token))
    return [line for line in found if line.text or line.has_struck]


def _words(token: Token) -> str:
    """Of HTML only what is none: `<name>` is a blank that a person has to fill in."""
    if token.type == "code_inline":
        return f"`{token.content}`"
    if token.type == "html_inline":
        return " " if token.content.startswith("<!") or _TAGS.match(token.content) else token.content
    return token.content if token.type in ("text", "image", "text_special") else ""


def _joined(lines: Sequence[_Line]) -> list[_Line]:
    """Sentences that were wrapped are put together again."""
    found: list[_Line] = []
    for line in lines:
        last = found[-1] if found else None
        if last is None or _ends(last, line):
            found.append(line)
            continue
        text = f"{last.text} {line.text}"[:TEXT_MAX]
        found[-1] = _Line(last.number, text, last.has_struck or line.has_struck, (*last.links, *line.links))
    return found


def _ends(last: _Line, line: _Line) -> bool:
    is_short = len(last.text) - max(0, last.text.rfind(". ")) < WRAPPED_FROM and not line.text[:1].islower()
    return is_short or last.text.endswith((".", "!", "?", ":", ";")) or bool(_BEGINS.match(line.text))
