"""Finds the kinds of channels, Fairway's and those of other packages, and opens configured ones."""

from typing import Final

from fairway.notify.port import ChannelKind, ChannelSettings, OpenChannel
from fairway.plugins import Installed, Kind

KIND: Final = Kind("channel", "fairway.notify.channels", "CHANNEL", ChannelKind, "fairway.channels")
CONSOLE: Final = "console"
"""The name of the channel that exists without a configuration, and of its kind."""


def installed_kinds() -> Installed[ChannelKind]:
    """Every kind that can be used, and those that cannot."""
    return KIND.installed()


def opened(name: str, kind: str, settings: ChannelSettings) -> OpenChannel:
    """A configured channel. It connects when it sends. Raises UnknownPlugin and BrokenPlugin."""
    return OpenChannel(name=name, kind=kind, channel=KIND.named(kind).open(settings), per_minute=settings.per_minute)


def opened_console() -> OpenChannel:
    """The channel that always exists."""
    return opened(CONSOLE, CONSOLE, KIND.named(CONSOLE).settings())
