"""What a play is played under: interval, pairs, book, rules of the account, whether its trader needs a lease; drawn by a seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from msgspec.structs import replace

from fairway.market.candles import INTERVALS
from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.proving.harness import RULES
from fairway.proving.leases import LeaseTerms
from fairway.proving.scenario_script import MarketPace
from fairway.risk.guards.rules import GuardRules
from fairway.risk.limits import NO_LIMITS, Limits
from fairway.risk.profiles import Profile, rules_of
from fairway.risk.rules import RiskRules
from fairway.world.chance import Stream
from fairway.world.clock import SECOND

LEAD_S: Final = 60
"""The trader starts so long before the first candle closes."""
PAIRS: Final = ("BTC/USDT", "ETH/USDT", "SOL/USDT")
percent = Fraction.parse


@dataclass(frozen=True, slots=True)
class Conditions:
    interval: str = "1m"
    telling: MarketPace = MarketPace()
    rules: RiskRules = RULES
    lease: LeaseTerms | None = None
    """None where the trader opens positions without being given a lease."""
    own_coins: int = 50
    """Of each pair, the account's owner has so many, which the trader did not buy and must not sell."""

    @property
    def interval_s(self) -> int:
        return INTERVALS[self.interval] // SECOND

    @property
    def begins_s(self) -> int:
        return self.interval_s - LEAD_S

    def closes_s(self, bar: int) -> int:
        """The second of the play at which a bar has closed."""
        return (bar + 1) * self.interval_s

    def __str__(self) -> str:
        said = [f"interval {self.interval}", f"levels of {self.telling.depth}", f"own coins {self.own_coins}", _words(self.rules)]
        if self.lease is not None:
            said.append(f"lease {_fields(self.lease.limits) or 'without limits'}")
        return ", ".join(said)


def conditions(chance: Stream) -> Conditions:
    interval = chance.choice(["1m", "1m", "1m", "3m", "5m", "15m"])
    begins_s, step_s = INTERVALS[interval] // SECOND - LEAD_S, 3 if interval == "15m" else 1
    return Conditions(
        interval,
        MarketPace(begins_s, step_s, chance.choice(["100", "100", "100", "20", "4"])),
        chance.choice([_plain, _plain, _of_profile, _guarded, _guarded])(chance),
        LeaseTerms(chance.choice(_LEASES)) if chance.random() < 0.25 else None,
        chance.choice([50, 50, 0]),
    )


# -- rules -----------------------------------------------------------------------------------------------------------


def _plain(chance: Stream) -> RiskRules:
    """Neither guards nor limits."""
    return RULES


def _of_profile(chance: Stream) -> RiskRules:
    """All that a profile says."""
    return rules_of(chance.choice(list(Profile)), "USDT")


def _guarded(chance: Stream) -> RiskRules:
    """A large position for its stop, a handful of guards with bounds that a play reaches, and a limit or two."""
    guards = {name: chance.choice(bounds) for name, bounds in _GUARDS.items() if chance.random() < 0.4}
    limits = {name: chance.choice(bounds) for name, bounds in _LIMITS.items() if chance.random() < 0.2}
    return replace(
        RULES,
        per_trade=chance.choice([RULES.per_trade, percent("5 %"), percent("50 %")]),
        guards=GuardRules(**guards),
        limits=Limits(**limits),
    )


_GUARDS: Final[Mapping[str, list[Any]]] = {
    "daily_loss": [percent("1 %"), percent("3 %")],
    "breaker_loss": [percent("2 %"), percent("5 %")],
    "drawdown": [percent("2 %"), percent("15 %")],
    "losses_in_a_row": [1, 2],
    "position_loss": [Amount.of(50, "USDT"), Amount.of(200, "USDT")],
    "outlier_bar": [percent("2 %"), percent("5 %")],
    "latency_ns": [SECOND // 5, SECOND],
    "slippage": [percent("0.1 %"), percent("0.35 %")],
    "orders_a_minute": [6, 30],
    "fees": [percent("50 %")],
    "errors": [percent("5 %")],
    "skew_ns": [SECOND // 2],
}
_LIMITS: Final[Mapping[str, list[Any]]] = {
    "positions": [1, 2],
    "exposure_value": [Amount.of(500, "USDT"), Amount.of(3_000, "USDT")],
    "exposure": [percent("20 %"), percent("50 %")],
    "position_value": [Amount.of(400, "USDT"), Amount.of(2_000, "USDT")],
    "order_value": [Amount.of(300, "USDT"), Amount.of(2_000, "USDT")],
    "orders_a_minute": [1, 3],
    "risk": [percent("0.5 %")],
    "capital": [Amount.of(2_000, "USDT")],
}
_LEASES: Final = (
    NO_LIMITS,
    NO_LIMITS,
    Limits(position_value=Amount.of(500, "USDT")),
    Limits(loss=Amount.of(20, "USDT"), capital=Amount.of(3_000, "USDT")),
    Limits(daily_loss=percent("1 %"), drawdown=percent("2 %")),
)


def _words(rules: RiskRules) -> str:
    if rules.profile:
        return f"profile {rules.profile}"
    own = [f"per_trade {rules.per_trade}", _fields(rules.guards), _fields(rules.limits)]
    return ", ".join(it for it in own if it)


def _fields(rules: GuardRules | Limits) -> str:
    set_ones = rules if isinstance(rules, GuardRules) else ((name, getattr(rules, name)) for name in rules.set_fields())
    return ", ".join(f"{name} {value}" for name, value in set_ones)
