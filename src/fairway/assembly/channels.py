"""Opens the channels of a configuration."""

from fairway.notify.port import OpenChannel
from fairway.notify.registry import CONSOLE, opened, opened_console
from fairway.settings.notify import NotifySettings


def channels_of(settings: NotifySettings) -> dict[str, OpenChannel]:
    """By name, the console first. None connects before it sends. Raises UnknownPlugin and BrokenPlugin."""
    return {CONSOLE: opened_console(), **{each.name: opened(each.name, each.kind, each.own) for each in settings.channels}}
