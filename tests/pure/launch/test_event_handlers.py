"""The table of a launch's events is complete."""

import ast
from collections import Counter
from inspect import getsource

from fairway.launch.control import event_handlers
from fairway.launch.control.event_handlers import EVENT_HANDLERS
from fairway.launch.control.launch_events import EVENTS
from fairway.launch.control.lifecycle import MOVES, Move


def test_each_kind_of_event_is_in_the_table_exactly_once() -> None:
    assert set(EVENT_HANDLERS) == set(EVENTS)
    assert {*MOVES} == {*Move.__subclasses__()} == {each for each in EVENT_HANDLERS if issubclass(each, Move)}
    assert set(Counter(_written()).values()) == {1}


def _written() -> list[str]:
    """The keys of the table as its source names them: a dict keeps the last of two alike without a word."""
    for node in ast.walk(ast.parse(getsource(event_handlers))):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "EVENT_HANDLERS":
            assert isinstance(node.value, ast.Dict)
            return [ast.unparse(key) for key in node.value.keys if key is not None]
    raise AssertionError("there is no table")
