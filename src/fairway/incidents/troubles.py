"""Troubles of the alerting process itself, such as an inbox that it cannot read: what is wrong, and since when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from msgspec import Struct


class TroubleChanged(Struct, frozen=True, tag=True, kw_only=True):
    """A part of the alerting process got into trouble, or works again. why: what is wrong, "" for nothing any more."""

    part: str
    why: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """since: ns. why: as it was when it began."""

    part: str
    since: int
    why: str


@dataclass(slots=True)
class Troubles:
    """Those of now, by part."""

    by_part: dict[str, Trouble] = field(default_factory=dict)

    def changed(self, now: Mapping[str, str]) -> Iterator[TroubleChanged]:
        """What has begun and what is over. now: by part, what is wrong with it; "" or no entry for nothing."""
        for part, why in now.items():
            if why and part not in self.by_part:
                yield TroubleChanged(part=part, why=why)
        for part in self.by_part:
            if not now.get(part):
                yield TroubleChanged(part=part, why="")

    def apply(self, event: TroubleChanged, at: int) -> None:
        if event.why:
            self.by_part[event.part] = Trouble(event.part, at, event.why)
        else:
            self.by_part.pop(event.part, None)
