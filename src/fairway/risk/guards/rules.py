"""The settings of an account's guards, by name. Each guard declares its own settings in its own file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, init=False, repr=False, eq=False, slots=True)
class GuardRules:
    """Values of guards' settings. A setting that is absent, None or zero turns off the guard that needs it.

    Money is in the account's quote asset; fractions are of the account's worth, or of its capital where that is less. A `Roster`
    refuses names that no guard has declared.
    """

    settings: Mapping[str, Any]
    """The values that are set, by name."""

    def __init__(self, **settings: Any) -> None:
        object.__setattr__(self, "settings", {name: value for name, value in settings.items() if value is not None})

    def __getattr__(self, name: str) -> Any:
        """The value of a setting; None where it is absent."""
        if name.startswith("_"):
            raise AttributeError(name)
        return self.settings.get(name)

    def value(self, name: str, default: Any) -> Any:
        """The value of a setting, or this default where it is absent."""
        return self.settings.get(name, default)

    def changed(self, **settings: Any) -> "GuardRules":
        """The same settings but for these; None takes one away."""
        return GuardRules(**{**self.settings, **settings})

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """The settings that are set, each with its value."""
        return iter(self.settings.items())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, GuardRules) and self.settings == other.settings

    def __hash__(self) -> int:
        return hash(frozenset(self.settings.items()))

    def __repr__(self) -> str:
        return f"GuardRules({', '.join(f'{name}={value!r}' for name, value in self)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _of, (self.settings,)


def _of(settings: Mapping[str, Any]) -> GuardRules:
    return GuardRules(**settings)


NO_GUARDS = GuardRules()
