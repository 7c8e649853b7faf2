"""Tables of pages: rows keep their place while they change; search, order and choice of columns are remembered."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Generic, TypeVar

from nicegui.element import Element

from fairway.panel.elements import Tag, button, empty, typed
from fairway.panel.live import Live
from fairway.panel.moments import InstantPrecision, live_moment, moment_words
from fairway.panel.scripts import javascript
from fairway.panel.state_marks import Mark
from fairway.panel.table_choices import TableChoices, read_choices, stored
from fairway.panel.visit import Visit
from fairway.texts.display import count_text

F = TypeVar("F")
R = TypeVar("R")

ROWS_MAX: Final = 200
"""Rows that are shown at once; a search finds those that are not shown, and a copy has them all."""
COPY_S: Final = 30.0
"""A browser may ask its person whether a page may copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[R]):
    """One column. words: the text of a cell; left out where it has none to be found or copied, such as a button.

    by: what rows are ordered by, where it is not the text. at: the instant (ns) that a cell shows, in place of words, with this
    precision, or nothing. tone: the class of a cell, such as `gain`. mark: a state before the text. link: where the text leads.
    prose: the text may be long. build: fills the cell in place of the text.
    """

    head: str
    words: Callable[[R], str] | None = None
    at: Callable[[R], int] | None = None
    precision: InstantPrecision = InstantPrecision.SECOND
    nothing: str = ""
    prose: bool = False
    is_number: bool = False
    by: Callable[[R], Any] | None = None
    tone: Callable[[R], str] | None = None
    mark: Callable[[R], Mark] | None = None
    link: Callable[[R], str] | None = None
    build: Callable[[Live[R]], None] | None = None

    def text(self, row: R) -> str:
        """What a search finds and a copy has."""
        if self.at is not None:
            return moment_words(self.at(row), self.precision, self.nothing)
        return self.words(row) if self.words is not None else ""

    @property
    def has_text(self) -> bool:
        """Whether its cells are more than buttons."""
        return self.words is not None or self.at is not None

    def order(self, row: R) -> Any:
        """What a row is ordered by."""
        return (self.by or self.at or self.text)(row)


def cell(row: Live[R], column: Column[R], tag: str = "td") -> Tag:
    """A cell; on a phone its head stands before it."""
    found = Tag(tag, "", "number" if column.is_number else "", data_label=column.head, scope="row" if tag == "th" else None)
    with found:
        if column.mark is not None:
            row.mark(column.mark)
        if column.build is not None:
            column.build(row)
        elif column.at is not None:
            live_moment(row, column.at, column.precision, nothing=column.nothing)
        elif column.link is not None:
            row.attribute(row.words(column.text, "a"), "href", column.link)
        else:
            row.words(column.text, classes="prose" if column.prose else "")
    if column.tone is not None:
        row.toned(found, column.tone)
    return found


def live_table(
    live: Live[F],
    columns: Sequence[Column[R]],
    get: Callable[[F], Sequence[R]],
    key: Callable[[R], Hashable],
    *,
    label: str,
    nothing: str,
    command: str = "",
) -> None:
    """A table without a search. nothing: what stands below it while it has no rows; command: what to type then."""
    body = _head(columns, label)
    live.rows(body, get, key, lambda row: _row(row, columns))
    live.visible(empty(nothing, command), lambda facts: not get(facts))


class SearchedTable(Generic[F, R]):
    """A table with a search, an order by any column, a choice of columns, and a copy as CSV. name: by which it is remembered."""

    # size: all that there is to say about a table is said in one place, where it is made.
    def __init__(
        self,
        visit: Visit,
        live: Live[F],
        columns: Sequence[Column[R]],
        get: Callable[[F], Sequence[R]],
        key: Callable[[R], Hashable],
        *,
        name: str,
        label: str,
        nothing: str,
        command: str = "",
    ) -> None:
        self._visit, self._live, self._columns, self._get, self._key = visit, live, tuple(columns), get, key
        self._name, self._label = name, label
        self._choices = read_choices(visit.client.request.cookies, name, {column.head for column in columns})
        self._tools()
        self._place = Tag("div", "", "table-place")
        self._count = Tag("p", "", "count", role="status")
        live.visible(empty(nothing, command), lambda facts: not get(facts))
        self._build()

    def _tools(self) -> None:
        with Tag("div", "", "table-tools"):
            first, label = typed(self._choices.search), f"search {self._label}"
            search = Tag("input", type="search", placeholder="search", aria_label=label, **first)
            search.on("input", lambda event: self._change(search=str(event.args)), js_handler="(e) => emit(e.target.value)")
            with Tag("details", "", "columns"):
                Tag("summary", "Columns")
                for column in self._columns:
                    with Tag("label", column.head):
                        box = Tag("input", type="checkbox", checked=column.head not in self._choices.hidden or None)
                    box.on(
                        "change", lambda event, head=column.head: self._hide(head, shown=bool(event.args)), js_handler=_CHECKED
                    )
            button("Copy as CSV", self._copy, "quiet")
            self._copied = Tag("span", "", "count", role="status")

    async def _copy(self) -> None:
        """All rows that are found, also those that are not shown."""
        columns = [each for each in self._columns if each.has_text and each.head not in self._choices.hidden]
        rows = self._found(self._live.facts)
        copy = f"fairway.copyCsv({javascript(self._name)}, {javascript(as_csv(columns, rows))})"
        try:
            where = await self._visit.client.run_javascript(copy, timeout=COPY_S)
        except TimeoutError:
            where = ""
        self._copied.set_text(f"{count_text(len(rows), 'row')} {_COPIED.get(where, 'not copied: the browser did not answer')}")

    def _hide(self, head: str, *, shown: bool) -> None:
        self._change(hidden=self._choices.hidden - {head} if shown else self._choices.hidden | {head})

    def _order(self, head: str) -> None:
        turned = self._choices.order == head and not self._choices.is_down
        self._change(order=head, is_down=turned)

    def _change(self, **changes: Any) -> None:
        self._choices = self._choices.with_(**changes)
        self._visit.client.run_javascript(f"fairway.remember({stored(self._name, self._choices)})")
        self._build()

    def _build(self) -> None:
        """All of it again, as it was chosen; from then on rows keep their place."""
        self._live.forget(self._name)
        self._place.clear()
        shown = [column for column in self._columns if column.head not in self._choices.hidden]
        with self._place:
            body = _head(shown, self._label, self._choices, self._order, self._name)
            self._live.rows(body, self._chosen, self._key, lambda row: _row(row, shown), name=self._name)
        self._live.bind(self._counted, self._count.set_text, name=self._name)

    def _chosen(self, facts: F) -> Sequence[R]:
        return self._found(facts)[:ROWS_MAX]

    def _found(self, facts: F) -> list[R]:
        found = [row for row in self._get(facts) if self._choices.finds(column.text(row) for column in self._columns)]
        by = next((column for column in self._columns if column.head == self._choices.order), None)
        if by is not None:
            found.sort(key=by.order, reverse=self._choices.is_down)
        return found

    def _counted(self, facts: F) -> str:
        whole, shown = len(self._get(facts)), len(self._chosen(facts))
        return f"{shown:,} of {whole:,} shown" if whole > shown else ""


_CHECKED: Final = "(e) => emit(e.target.checked)"
_COPIED: Final = {
    "copied": "copied",
    "downloaded": "downloaded: this browser lets a page copy on https or localhost only",
}
"""By what `fairway.copyCsv` returns."""


def as_csv(columns: Sequence[Column[R]], rows: Sequence[R]) -> str:
    """Heads and texts, each in quotes."""
    lines = ([each.head for each in columns], *([each.text(row) for each in columns] for row in rows))
    return "\n".join(",".join(f'"{text.replace(chr(34), chr(34) * 2)}"' for text in line) for line in lines)


def _head(
    columns: Sequence[Column[R]],
    label: str,
    choices: TableChoices | None = None,
    order: Callable[[str], None] | None = None,
    name: str = "",
) -> Tag:
    with (
        Tag("div", "", "wide", tabindex="0", role="region", aria_label=label),
        Tag("table", "", aria_label=label, data_name=name or None),
    ):
        with Tag("thead"), Tag("tr"):
            for column in columns:
                with Tag("th", "", "number" if column.is_number else "", scope="col") as head:
                    if order is None or choices is None:
                        Tag("span", column.head)
                        continue
                    is_by, turn = choices.order == column.head, partial(order, column.head)
                    arrow = ("▾" if choices.is_down else "▴") if is_by else ""
                    button(f"{column.head} {arrow}", turn, "order")
                    head.attribute("aria-sort", ("descending" if choices.is_down else "ascending") if is_by else None)
        return Tag("tbody")


def _row(row: Live[R], columns: Sequence[Column[R]]) -> Element:
    with Tag("tr") as found:
        for place, column in enumerate(columns):
            cell(row, column, "td" if place else "th")
    return found
