"""A reference to one stage of a plan: its track and its name."""

from typing import Self

from msgspec import Struct


class StageRef(Struct, frozen=True):
    """Written as `track/stage`. Equal where both parts are equal."""

    track: str
    stage: str

    @classmethod
    def parse(cls, text: str, track: str = "") -> Self:
        """Of a plan's text. track: for a text that names the stage alone."""
        named, _, stage = text.rpartition("/")
        return cls(named or track, stage)

    def __str__(self) -> str:
        return f"{self.track}/{self.stage}"
