"""The keys of a configuration file that say how messages reach people. Each channel's own keys are checked by its plug-in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, SerializeAsAny, ValidationError, model_validator

from fairway.notify.port import ChannelKind, ChannelSettings
from fairway.notify.registry import CONSOLE, KIND
from fairway.plugins import BrokenPlugin, UnknownPlugin
from fairway.texts.located_yaml import Composed
from fairway.texts.problems import Problem
from fairway.texts.section import Section
from fairway.texts.validation_errors import misfit, problems_of

_KIND = "kind: email"


def _name(value: object) -> object:
    if isinstance(value, str) and not (1 <= len(value) <= 32 and all(each.isalnum() or each in "-_" for each in value)):
        raise ValueError("is no channel's name; it has 1 to 32 letters, digits, hyphens and underlines")
    if value == CONSOLE:
        raise ValueError("is the channel that exists without a configuration; choose another name")
    return value


class ChannelChoice(Section):
    """One channel; its own keys stand beside name and kind, and its plug-in checks them."""

    name: Annotated[str, BeforeValidator(_name)] = Field(
        description="The channel's name, by which `recipients` and `fairway notify test` name it", examples=["ops-mail"]
    )
    kind: str = Field(description="What it is; its own keys follow (docs/reference/channels.md)", examples=["email"])
    own: SerializeAsAny[ChannelSettings]


class NotifySettings(Section):
    """How messages reach people; docs/reference/channels.md. The channel `console` always exists."""

    channels: tuple[ChannelChoice, ...] = Field(
        default=(),
        max_length=50,
        description="Channels, each with a name, a kind and the keys of its kind",
        examples=["[{name: team-slack, kind: slack, webhook: env:FAIRWAY_SLACK_WEBHOOK}]"],
    )
    recipients: dict[str, dict[str, tuple[str, ...]]] = Field(
        default={},
        max_length=100,
        description="By whom a launch plan names in `to`, and by the medium that it names in `by`: the channels",
        examples=["{team: {chat: [team-slack]}}"],
    )

    def channels_for(self, to: str, by: str) -> tuple[str, ...]:
        """The names of the channels for what a launch plan says to somebody; every medium where `by` is empty."""
        media = self.recipients.get(to, {})
        if by:
            return media.get(by, ())
        return tuple(dict.fromkeys(name for names in media.values() for name in names))

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        names = [each.name for each in self.channels]
        for index, name in enumerate(names):
            if name in names[:index]:
                raise misfit(f"channels.{index}.name", f"{name} stands twice; each channel has a name of its own", example="")
        known = (CONSOLE, *names)
        for to, media in self.recipients.items():
            for by, channels in media.items():
                for index, name in enumerate(channels):
                    if name not in known:
                        what = f"there is no channel {name!r}; there are {', '.join(known)}"
                        raise misfit(f"recipients.{to}.{by}.{index}", what, example=f"{by}: [{known[-1]}]")
        return self


def decode_channels(values: dict[str, Any], composed: Composed, folder: Path) -> list[Problem]:
    """Puts each channel's own keys, checked by its plug-in, into values; where they are wrong a stand-in, to check all else.

    folder: where relative paths start.
    """
    section = values.get("notify")
    channels = section.get("channels") if isinstance(section, dict) else None
    if not isinstance(channels, list):
        return []  # left out, or of the wrong form: reported by the model
    found: list[Problem] = []
    for index, channel in enumerate(channels):
        if isinstance(channel, dict):
            channels[index], problems = _decoded(channel, index, composed, folder)
            found += problems
    return found


def _decoded(channel: dict[str, Any], index: int, composed: Composed, folder: Path) -> tuple[dict[str, Any], list[Problem]]:
    path = ("notify", "channels", index)
    named = {key: value for key, value in channel.items() if key in ("name", "kind")}
    own = {key: value for key, value in channel.items() if key not in named}
    decoded = {**named, "own": ChannelSettings()}
    if not isinstance(channel.get("kind"), str):
        return decoded, []  # reported by the model
    try:
        kind = KIND.named(channel["kind"])
    except (UnknownPlugin, BrokenPlugin) as error:
        line, column = composed.place((*path, "kind"))
        return decoded, [Problem(line=line, column=column, key=f"notify.channels[{index}].kind", what=str(error), example=_KIND)]
    try:
        decoded["own"] = kind.settings.model_validate(own, context={"folder": folder})
    except ValidationError as error:
        return decoded, problems_of(error, composed, kind.settings, path)
    return decoded, []


def kinds_in_use(settings: NotifySettings) -> Iterator[tuple[ChannelChoice, ChannelKind]]:
    """Each configured channel with its kind."""
    for each in settings.channels:
        yield each, KIND.named(each.kind)
