"""Cells of a page are told only of what differs, and rows keep their place while they change."""

from typing import Any

from nicegui.element import Element

from fairway.panel.live import Live


class Parent:
    """As much of an element as rows are put into."""

    def __init__(self) -> None:
        self.children: list[Child] = []

    def __enter__(self) -> "Parent":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def remove(self, child: "Child") -> None:
        self.children.remove(child)


class Child:
    def __init__(self, parent: Parent, name: str) -> None:
        self.parent, self.name, self.values = parent, name, list[Any]()
        parent.children.append(self)

    def move(self, *, target_index: int) -> None:
        self.parent.children.remove(self)
        self.parent.children.insert(target_index, self)


def shown(facts: object) -> tuple[Live[Any], list[object]]:
    return Live(facts), []


def test_a_cell_is_told_once_for_each_value_and_not_for_what_others_show() -> None:
    live, told = shown({"a": 1, "b": 1})
    live.bind(lambda facts: facts["a"], told.append)
    live.show({"a": 1, "b": 2})
    live.show({"a": 2, "b": 2})
    live.show({"a": 2, "b": 2})
    assert told == [1, 2]


def test_a_cell_that_was_forgotten_is_told_nothing() -> None:
    live, told = shown(1)
    live.bind(lambda facts: facts, told.append, name="table")
    live.forget("table")
    live.show(2)
    assert told == [1]


def rows_of(live: Live[Any], parent: Parent) -> list[tuple[str, object]]:
    def build(row: Live[Any]) -> Element:
        child = Child(parent, row.facts[0])
        row.bind(lambda facts: facts[1], child.values.append)
        return child  # type: ignore[return-value]

    live.rows(parent, lambda facts: facts, lambda each: each[0], build)  # type: ignore[arg-type]
    return []


def test_rows_keep_their_place_and_their_element_while_their_values_change() -> None:
    live, parent = Live[Any]((("b", 1), ("d", 1))), Parent()
    rows_of(live, parent)
    first = list(parent.children)
    live.show((("a", 1), ("b", 2), ("c", 1), ("d", 1)))
    assert [each.name for each in parent.children] == ["a", "b", "c", "d"]
    assert [parent.children[1], parent.children[3]] == first
    assert (first[0].values, first[1].values) == ([1, 2], [1])
    live.show((("b", 2), ("c", 1)))
    assert [each.name for each in parent.children] == ["b", "c"]
    live.show((("b", 2), ("c", 1), ("d", 5)))
    assert parent.children[-1].values == [5], "a row that came back is a new one"
