"""The keys of a configuration file that bound risk: a profile, and what tightens it."""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec.structs import replace
from pydantic import BeforeValidator, Field

from fairway.launch.plan.limits import OpenHours
from fairway.money.fraction import Fraction as Share
from fairway.risk.limits import Limits
from fairway.risk.profiles import Profile, rules_of
from fairway.risk.rules import RiskRules
from fairway.settings.values import Fraction, fraction
from fairway.texts.section import Section


class RiskSettings(Section):
    """How much may be lost, and how much may be held: a profile, and keys that tighten it."""

    profile: Literal["conservative", "moderate", "aggressive"] = Field(
        default="conservative",
        description="`conservative`, `moderate` or `aggressive`: sizes, limits and guards (docs/reference/guards.md); "
        "with `people`, each account has its user's own instead",
        examples=["conservative"],
    )
    profile_max: Literal["conservative", "moderate", "aggressive"] | None = Field(
        default=None,
        description="With `people`: the boldest profile that any account is traded by, whatever its user's is",
        examples=["moderate"],
    )
    per_trade: Annotated[Decimal, Field(gt=0, le=Decimal("0.1")), BeforeValidator(fraction)] | None = Field(
        default=None,
        description="Share of the account's worth lost when a stop is hit, before the profile's factor; only tighter than 0.75 %",
        examples=["0.5 %"],
    )
    position_max: Annotated[Decimal, Field(gt=0, le=1), BeforeValidator(fraction)] | None = Field(
        default=None,
        description="Largest share of the account's worth in one position; only tighter than the profile's own",
        examples=["10 %"],
    )
    positions_max: Annotated[int, Field(ge=1, le=50)] | None = Field(
        default=None,
        description="Positions open at the same time; only tighter than the profile's own",
        examples=["3"],
    )
    hours: OpenHours | None = Field(
        default=None,
        description="When positions may be opened, by UTC: `08:00-20:00`, several with commas between; what is held is managed "
        "at all hours",
        examples=["09:00-21:00"],
    )
    slippage: Fraction = Field(
        default=Decimal("0.001"),
        ge=0,
        le=Decimal("0.1"),
        description="Slippage allowed for, each way, in sizing",
        examples=["0.1 %"],
    )
    spread_max: Fraction = Field(
        default=Decimal("0.005"), gt=0, le=Decimal("0.1"), description="Widest spread to enter at", examples=["0.5 %"]
    )

    def rules(self, quote: str, user: Profile | None = None) -> RiskRules:
        """The profile's, and what tightens them. user: the profile of the account's user, which counts instead of the file's,
        up to profile_max. Raises ValueError where the profile's dollars are no amounts of quote."""
        rules = rules_of(Profile(self.profile) if user is None else self.bounded(user), quote)
        own = {name: min(value, getattr(rules, name)) for name, value in self._own().items() if value is not None}
        limits = rules.limits & Limits(hours=self.hours)
        return replace(rules, **own, limits=limits, slippage=Share(self.slippage), spread_max=Share(self.spread_max))

    def bounded(self, user: Profile) -> Profile:
        """The profile that an account is traded by whose user has this one."""
        return user if self.profile_max is None else min(user, Profile(self.profile_max), key=tuple(Profile).index)

    def _own(self) -> dict[str, Share | int | None]:
        return {
            "per_trade": Share(self.per_trade) if self.per_trade is not None else None,
            "position_max": Share(self.position_max) if self.position_max is not None else None,
            "positions_max": self.positions_max,
        }

    def wider(self, quote: str) -> tuple[str, str, str] | None:
        """The first key that is wider than its profile allows: the key, its value, and the profile's own."""
        rules = rules_of(Profile(self.profile), quote)
        for name, value in self._own().items():
            most = getattr(rules, name)
            if value is not None and value > most:
                return name, str(value), str(most)
        return None
