"""Finds all guards: one file each, in this folder or in another package.

Another package names its guard by an entry point of the group `fairway.guards`. A guard that is installed and cannot be loaded is
an error, never an account without it.
"""

from collections.abc import Sequence
from functools import cache
from typing import Final

from fairway.plugins import BrokenPlugin, Kind, UnusablePlugin
from fairway.risk.guards.plugin import GuardPlugin
from fairway.risk.guards.rules import GuardRules
from fairway.risk.profile import Profile

KIND: Final = Kind("guard", "fairway.risk.guards", "GUARD", GuardPlugin, "fairway.guards")


class BrokenGuard(BrokenPlugin):
    """A guard is installed and cannot be loaded."""

    def __init__(self, broken: UnusablePlugin) -> None:
        ValueError.__init__(self, f"{broken}; repair or uninstall it: no account trades without a guard that is installed")


class UnknownGuardSetting(ValueError):
    """A setting that no installed guard declares."""

    def __init__(self, names: list[str], known: list[str]) -> None:
        super().__init__(f"no guard has a setting {', '.join(names)}; there are: {', '.join(known)}")


@cache
def guards() -> tuple[GuardPlugin, ...]:
    """All guards in their order. Raises BrokenGuard where an installed one cannot be used."""
    installed = KIND.installed()
    if installed.broken:
        raise BrokenGuard(installed.broken[0])
    found = tuple(sorted(installed.plugins.values(), key=lambda each: (each.order, each.name)))
    check_settings(found)
    return found


def check_settings(found: Sequence[GuardPlugin]) -> None:
    """Raises BrokenGuard where two guards declare one setting: the value of one would replace the limit of the other."""
    owners: dict[str, str] = {}
    for plugin in found:
        for setting in plugin.settings:
            owner = owners.setdefault(setting.name, plugin.name)
            if owner != plugin.name:
                why = f"its setting {setting.name!r} is declared by the guard {owner!r} already; give it a name of its own"
                raise BrokenGuard(UnusablePlugin(plugin.name, plugin.guard.__module__, why, KIND.name))


def guards_of(rules: GuardRules) -> list[GuardPlugin]:
    """The guards that watch an account with these settings, without those of a stage. Raises UnknownGuardSetting."""
    known = [setting.name for plugin in guards() for setting in plugin.settings]
    unknown = [name for name, _ in rules if name not in known]
    if unknown:
        raise UnknownGuardSetting(unknown, known)
    return [plugin for plugin in guards() if not plugin.is_of_stage and plugin.watches(rules)]


def guards_of_stage() -> list[GuardPlugin]:
    """The guards that every account has: they watch the limits of its stage."""
    return [plugin for plugin in guards() if plugin.is_of_stage]


def rules_of_profile(profile: Profile, quote: str) -> GuardRules:
    """The settings of all guards in a profile."""
    return GuardRules(**{each.name: each.value(profile, quote) for plugin in guards() for each in plugin.settings})
