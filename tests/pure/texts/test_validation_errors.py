"""Mistakes in a file: each is told at its line, with the keys that may stand there, also deep in lists and mappings."""

from pathlib import Path

import pytest
from pydantic import Field, ValidationError, model_validator

from fairway.texts.located_yaml import compose
from fairway.texts.problems import FileError, Problem
from fairway.texts.quantities import Share
from fairway.texts.reading import read_text
from fairway.texts.section import Section
from fairway.texts.validation_errors import misfit, problems_of


class Room(Section):
    name: str = Field(examples=["attic"])
    share: Share | None = None

    @model_validator(mode="after")
    def _fits(self) -> "Room":
        if self.name == "cellar":
            raise misfit("name", "is flooded")
        return self


class House(Section):
    rooms: tuple[Room, ...] = ()
    wings: dict[str, Room] = Field(default={})


def told(text: str) -> list[str]:
    composed = compose(text, kind="house", empty=Problem(what="is empty"))
    with pytest.raises(ValidationError) as caught:
        House.model_validate(composed.tree)
    return [str(each) for each in problems_of(caught.value, composed, House)]


def test_all_mistakes_are_told_at_once_each_at_its_line() -> None:
    assert told("rooms:\n  - nam: a\n  - name: b\n    share: 5\n  - name: cellar\n") == [
        "2:5: rooms[0].name: is missing; right is  name: attic",
        "2:5: rooms[0].nam: is no key here; did you mean name?; there are name, share",
        "4:5: rooms[1].share: '5' is no percentage; write a number and %; right is  share: 95 %",
        "5:5: rooms[2].name: is flooded; right is  name: attic",
    ]


def test_a_name_in_a_mapping_is_no_key() -> None:
    assert told("wings:\n  west:\n    name: a\n    shar: 5 %\n") == [
        "4:5: wings.west.shar: is no key here; did you mean share?; there are name, share"
    ]


def test_a_file_that_is_none_is_told_in_one_sentence(tmp_path: Path) -> None:
    for name, said in {"none": "there is no such file", ".": "cannot be read: Is a directory"}.items():
        with pytest.raises(FileError, match=said):
            read_text(tmp_path / name)
    (tmp_path / "noise").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileError, match="is no text in UTF-8"):
        read_text(tmp_path / "noise")
    with pytest.raises(FileError, match="null"):
        read_text(tmp_path / "a\0b")
