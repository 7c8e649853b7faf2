"""What one guard's file declares beside its class: settings with their values by profile, a unit for the page, and its proof."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fairway.money.amount import Amount
from fairway.risk.guards.port import Guard
from fairway.risk.guards.proof import GuardScene
from fairway.risk.guards.rules import GuardRules
from fairway.risk.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardSetting:
    """A setting of a guard, and its value in each profile."""

    name: str
    meaning: str
    conservative: Any
    moderate: Any
    aggressive: Any
    is_money: bool = False
    """Whether the values are amounts of the account's quote asset."""

    @classmethod
    def same(cls, name: str, meaning: str, value: Any, *, is_money: bool = False) -> "GuardSetting":
        """A setting with one value in all profiles."""
        return cls(name=name, meaning=meaning, conservative=value, moderate=value, aggressive=value, is_money=is_money)

    def value(self, profile: Profile, quote: str) -> Any:
        value = getattr(self, profile.value)
        return Amount.of(value, quote) if self.is_money else value


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardPlugin:
    """One guard. A file of fairway.risk.guards, or of another package, holds it in a line `GUARD = GuardPlugin(...)`."""

    guard: type[Guard]
    unit: str
    """The unit of its figure; "" for a guard that only says yes or no."""
    says: str = "its figure is {value}, and {bound} {limit}"
    """What its alarm means, for people. {value}: the figure, in percent where the unit is `%`. {bound} {limit}: `the limit is 4`,
    or of a warning `a warning begins at 3`. {quote}: the symbol's, where the reading has a symbol."""
    calm: GuardScene
    """Proof: a scene in which all is well, so the guard must stay quiet."""
    wrong: GuardScene
    """Proof: the same scene with one thing wrong, so the guard must trip and stop entries."""
    settings: tuple[GuardSetting, ...] = ()
    """By which it is switched on, and which set its bounds. A guard of a stage has none."""
    is_of_stage: bool = False
    """Whether it watches the limits of the lease of a stage, in every account."""
    is_on: Callable[[GuardRules], bool] | None = None
    """Whether the guard watches; without this: where one of its settings is set."""
    bounds_text: Callable[[GuardRules], str] | None = None
    """Its bounds for the page, where its figure is not what a person would name."""
    order: int = 1_000
    """Guards look, and stand on the page, in this order."""

    def __post_init__(self) -> None:
        if bool(self.settings) == self.is_of_stage:
            raise ValueError(f"the guard {self.name!r} needs a setting that switches it on, and a guard of a stage has none")

    @property
    def name(self) -> str:
        return self.guard.name

    def watches(self, rules: GuardRules) -> bool:
        """Whether an account with these settings has this guard."""
        if self.is_on is not None:
            return self.is_on(rules)
        return any(rules.value(each.name, None) for each in self.settings)
