"""Draws a scenario from a seed: conditions, prices, signals, and every kind of fault that is installed."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Final

from fairway.exchange.faults.fuzz_rule import FuzzRule, SymbolDraw
from fairway.exchange.faults.registry import faults
from fairway.money.amount import Amount, Price
from fairway.money.fraction import Fraction
from fairway.orders.plan import PLAIN, ExitPlan, Rung, Trailing
from fairway.proving.conditions import PAIRS, Conditions, conditions
from fairway.proving.injected_fault import InjectedFault
from fairway.proving.market_faults import MARKET_FAULTS, swung
from fairway.proving.scenario import HARNESS_FAULTS, Scenario
from fairway.proving.scenario_script import Path, ScriptedSignal, enter, leave, price_at
from fairway.world.chance import Chance, Stream

BARS: Final[Mapping[str, int]] = {"1m": 5, "3m": 2, "5m": 2, "15m": 2}
"""At how many closes of a candle a strategy may give a signal."""
STRIKING_S: Final = 340
"""From the start of the trader on faults begin within so many seconds, and are over within sixty more."""
AFTER_LAST_BAR_S: Final = 90
FAULTS_MAX: Final = 5
DELICATE_S: Final = (0.5005, 0.5025, 0.5035, 0.5045, 0.5055)
"""After the close of a candle, between the messages of entries and exits."""

DRAW_ORDER: Final = (
    "reset_before",
    "reset_after",
    "error_after",
    "status_unknown",
    "rejected_alive",
    "hidden_order",
    "duplicate_events",
    "reordered_events",
    "missing_events",
    "muted_stream",
    "frozen_book",
    "crossed_book",
    "absurd_prices",
    "clock_skew",
    "rate_limit_storm",
    "maintenance",
    "delisting",
    "key_revoked",
    "partial_fills",
    "latency",
    "altered_answer",
)
"""The order in which the seeds that tests and notes name were drawn. A fault that is not named here comes after all others."""
LOST: Final = "journal lost"


@cache
def fault_rules() -> Mapping[str, FuzzRule]:
    """Every fault that a scenario may have, with how it is drawn: the exchange's, also those of other packages, and our own."""
    exchange = {name: plugin.fuzz for name, plugin in faults().items()}
    first = {name: exchange[name] for name in DRAW_ORDER}
    market = {name: fault.fuzz for name, fault in MARKET_FAULTS.items()}
    return first | market | {name: fault.fuzz for name, fault in HARNESS_FAULTS.items()} | exchange


def plan(seed: int) -> Scenario:
    chance = Chance(seed).stream("plan")
    given = conditions(chance)
    symbols = PAIRS[: chance.choice([1, 1, 1, 1, 1, 2, 2, 3])]
    begins, last_bar = given.begins_s, given.closes_s(BARS[given.interval] - 1)
    quiet_from = max(begins + STRIKING_S + 60, last_bar + AFTER_LAST_BAR_S)
    prices = {symbol: _path(chance, begins, quiet_from) for symbol in symbols}
    kinds_dealt = _once_lost([_kind(chance, given) for _ in range(chance.randint(1, FAULTS_MAX))])
    faults = sorted((_fault(chance, kind, given, symbols, quiet_from) for kind in kinds_dealt), key=lambda fault: fault.since)
    moved = swung(prices, faults)
    drawn = (_wish(chance, given, bar, symbol, moved[symbol]) for bar in range(BARS[given.interval]) for symbol in symbols)
    return Scenario(seed, [signal for signal in drawn if signal is not None], prices, faults, given, quiet_from)


# -- signals ----------------------------------------------------------------------------------------------------------


def _wish(chance: Stream, given: Conditions, bar: int, symbol: str, path: Path) -> ScriptedSignal | None:
    """Stop and target around the price of that time, some so near that they are passed before they rest, some far away."""
    kind, price = chance.random(), price_at(path, given.closes_s(bar))
    if bar == 0 or kind < 0.45:
        stop, target = price * (100 - chance.choice([1, 3, 5, 15])) / 100, price * (100 + chance.choice([1, 3, 10, 40])) / 100
        plan = _exit_plan(chance, symbol, price, target)
        return enter(bar, stop=_cents(stop), target=_cents(target), symbol=symbol, exit_plan=plan)
    return leave(bar, symbol=symbol) if kind < 0.7 else None


def _exit_plan(chance: Stream, symbol: str, price: Decimal, target: Decimal) -> ExitPlan:
    """Often nothing beside the stop and the target; else a trailing stop, a rung half way, or an end after some bars."""
    base, quote = symbol.split("/")
    half_way = Price.of(_cents((price + target) / 2), base, quote)
    match chance.choice(["", "", "", "trail", "ladder", "time"]):
        case "trail":
            return ExitPlan(trailing=Trailing(starts=half_way, distance=Amount(Decimal(chance.choice([1, 3])), quote)))
        case "ladder":
            return ExitPlan(rungs=(Rung(Fraction.parse("50 %"), half_way),), break_even=chance.random() < 0.5)
        case "time":
            return ExitPlan(bars_max=chance.choice([1, 2]))
        case _:
            return PLAIN


# -- prices ----------------------------------------------------------------------------------------------------------


def _path(chance: Stream, begins_s: int, until: float) -> Path:
    """Steps up and down, or a walk of small ones; all within about a tenth of where it began."""
    if chance.random() < 0.5:
        return _moves(chance, begins_s + 60, until, chance.choice([7, 15, 30]), [-300, -100, -50, 0, 50, 100, 300])
    largest = chance.choice([3, 10, 30])
    return _moves(chance, max(0, begins_s - 60), until, chance.choice([2, 5]), range(-largest, largest + 1))


def _moves(chance: Stream, since: int, until: float, every: int, moves: Sequence[int]) -> Path:
    cents, path = 10_000, {0: "100"}
    for second in range(since, int(until) + 20, every):
        cents = max(9_000, min(11_200, cents + chance.choice(moves)))
        path[second] = _cents(Decimal(cents) / 100)
    return path


def _cents(price: Decimal) -> str:
    return f"{price:.2f}"


# -- faults ----------------------------------------------------------------------------------------------------------


def _kind(chance: Stream, given: Conditions) -> str:
    """Where the trader needs no lease, no fault of leases is drawn."""
    rules = {kind: rule for kind, rule in fault_rules().items() if given.lease is not None or not rule.needs_lease}
    return chance.choices(list(rules), [rule.weight for rule in rules.values()])[0]


def _once_lost(kinds_dealt: Sequence[str]) -> list[str]:
    """A journal is lost once: after a second loss it would be unknown what the trader held in between."""
    first = kinds_dealt.index(LOST) if LOST in kinds_dealt else len(kinds_dealt)
    return ["kill -9" if kind == LOST and number > first else kind for number, kind in enumerate(kinds_dealt)]


def _fault(chance: Stream, kind: str, given: Conditions, symbols: Sequence[str], quiet_from: float) -> InjectedFault:
    rule = fault_rules()[kind]
    bars = [given.closes_s(0) + delay for delay in DELICATE_S] + [given.closes_s(1) + delay for delay in DELICATE_S[1:4]]
    begins, last = given.begins_s + 40, quiet_from - 60
    since = chance.choice([*bars, *(chance.uniform(begins, last) for _ in range(6))])
    options, endpoints = rule.draw(chance)
    lasts = [20, 60, 150, 200] if rule.lasts_long else [0.002, 1, 3, 20, 60, 150]
    until = min(quiet_from, since + chance.choice(lasts))
    return InjectedFault(kind, since, until, endpoints, options, _symbol(chance, rule.symbols, symbols))


def _symbol(chance: Stream, draw: SymbolDraw, symbols: Sequence[str]) -> str:
    match draw:
        case SymbolDraw.ALL:
            return ""
        case SymbolDraw.ONE:
            return chance.choice(symbols)
        case SymbolDraw.ONE_OR_ALL:
            return chance.choice(["", *symbols])
