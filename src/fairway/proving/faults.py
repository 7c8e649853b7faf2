"""What may befall a play, kind by kind, with what may be chosen of each; and how a seed deals a play.

A kind that is new to the exchange takes its place in `CHOICES`; one of ours also in the table of its own file.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from fairway.exchange.faults.kinds import kinds
from fairway.money.amount import Amount, Price
from fairway.money.fraction import Fraction
from fairway.orders.plan import PLAIN, ExitPlan, Rung, Trailing
from fairway.proving.conditions import PAIRS, Conditions, conditions
from fairway.proving.fault import InjectedFault
from fairway.proving.market_faults import SWINGS, swung
from fairway.proving.person_faults import DEEDS
from fairway.proving.scenario_script import Path, Wish, enter, leave, price_at
from fairway.proving.scenarios import BLOWS, Plan
from fairway.world.chance import Chance, Stream

__all__ = ["BLOWS", "CHOICES", "SWINGS", "InjectedFault", "Plan", "plan", "unplanned"]

BARS: Final[Mapping[str, int]] = {"1m": 5, "3m": 2, "5m": 2, "15m": 2}
"""At how many closes of a candle a strategy may wish something."""
STRIKING_S: Final = 340
"""From the start of the trader on faults begin within so many seconds, and are over within sixty more."""
AFTER_LAST_BAR_S: Final = 90
FAULTS_MAX: Final = 5
PLACING: Final = ("order.place", "orderList.place.oco", "order.cancel")
DELICATE_S: Final = (0.5005, 0.5025, 0.5035, 0.5045, 0.5055)
"""After the close of a candle, between the messages of entries and exits."""

Options = Mapping[str, Sequence[object]]

CHOICES: Final[Mapping[str, Options]] = {
    "reset_before": {"times": [1, 2, 3]},
    "reset_after": {"times": [1, 2, 3]},
    "error_after": {"times": [1, 2, 3], "status": [500, 503]},
    "status_unknown": {"times": [1, 2, 3], "carried_out": [True, False]},
    "rejected_alive": {"times": [1, 2]},
    "hidden_order": {"for_ms": [500, 5_000, 30_000]},
    "duplicate_events": {"after_ms": [0, 100, 5_000], "every": [1, 2, 3]},
    "reordered_events": {"late_ms": [1, 100, 2_000], "spread_ms": [0, 3_000], "every": [1, 2, 3]},
    "missing_events": {"every": [1, 2, 3]},
    "muted_stream": {"market": [True, False]},
    "frozen_book": {"repeats": [True, False]},
    "crossed_book": {},
    "absurd_prices": {"price": ["NaN", "0", "1e999", ""]},
    "clock_skew": {"ahead_ms": [-20_000, -2_000, 2_000, 20_000]},
    "rate_limit_storm": {"factor": [100, 3_000, 7_000]},
    "maintenance": {},
    "delisting": {"status": ["BREAK", "HALT", ""]},
    "key_revoked": {},
    "partial_fills": {"quantity": ["0.5", "2", "7"], "levels": [0, 1, 2, 3]},
    "latency": {"before_ms": [0, 100, 15_000], "after_ms": [0, 100, 15_000]},
    "altered_answer": {
        "way": ["omit", "repeat", "age", "zero", "empty"],
        "age_ms": [1, 30_000, 90_000],
        "times": [0, 0, 0, 1, 3],
    },
    "gap": {"percent": [-40, -20, -12, -8, -5, 5, 8, 12, 20, 40], "stays": [True, False]},
    "halt": {"percent": [-40, -12, -5, 0, 5, 12, 40]},
    "kill -9": {},
    "network cut": {},
    "network reset": {},
    "network half open": {},
    "network slow": {"mean_ms": [20, 200, 2_000]},
    "clock jumps": {"by_ms": [-3_600_000, -90_000, -3_000, -900, 900, 3_000, 90_000, 3_600_000]},
    "disk full": {},
    "journal locked": {},
    "journal lost": {"less": ["all", "half", "20", "5", "1"]},
    "fairway kill": {"flatten": [True, False], "file_is_lost": [True, False]},
    "a person trades": {"does": DEEDS, "much": ["0.5", "5", "20"]},
    "a person instructs": {"does": ["pauses", "lifts caps"]},
    "leave silent": {},
    "leave revoked": {},
    "leave narrowed": {},
    "leave replaced": {},
    "second trader": {"name": ["the same", "other"]},
}
"""Every kind of fault, with what may be chosen of each."""
AT_ORDERS: Final = ("reset_before", "reset_after", "error_after", "status_unknown", "rejected_alive")
"""Kinds that strike at requests about orders."""
WEIGHTS: Final[Mapping[str, int]] = {
    "altered_answer": 7,
    "gap": 4,
    "journal lost": 2,
    "a person trades": 3,
    "delisting": 2,
    "leave silent": 8,
    "leave revoked": 3,
    "leave narrowed": 2,
    "leave replaced": 3,
}
"""How many times as often as others a kind is dealt: of some there are many different ones, and leave is needed in few plays."""
LOST: Final = "journal lost"
LASTING: Final = ("altered_answer", "frozen_book", "leave silent", "leave revoked", "leave replaced", "second trader")
"""Kinds that do little unless they last."""
OF_ONE_SYMBOL: Final = ("a person trades", "halt")
OF_ANY_SYMBOL: Final = ("delisting", "partial_fills", "gap", "frozen_book", "absurd_prices")
"""Kinds that may concern one symbol, or all."""
PARTS: Final[Mapping[str, Sequence[str]]] = {
    "account.status": [
        "",
        "balances",
        "balances.asset=BTC",
        "balances.asset=USDT",
        "balances.*",
        "balances.*.locked",
        "balances.*.free",
    ],
    "openOrders.status": ["", "*", "0", "type=STOP_LOSS", "*.executedQty", "*.status"],
    "order.status": ["", "status", "executedQty", "cummulativeQuoteQty"],
    "orderList.status": ["", "orders", "orders.0"],
    "myTrades": ["", "*", "0", "*.commission", "*.qty"],
    "exchangeInfo": ["", "symbols", "symbols.0", "symbols.0.filters", "symbols.0.status"],
    "order.place": ["", "status", "executedQty", "orderId", "clientOrderId"],
    "orderList.place.oco": ["", "orderReports", "orderReports.0", "orders"],
    "order.cancel": ["", "status", "executedQty"],
    "executionReport": ["z", "l", "L", "X", "x", "c", "t", "n"],
    "outboundAccountPosition": ["B", "B.a=BTC", "B.*.l"],
}
"""What an answer or an event has that may be altered."""
PARTS_WEIGHTS: Final[Mapping[str, int]] = {"account.status": 6, "openOrders.status": 4, "myTrades": 2}


def plan(seed: int) -> Plan:
    chance = Chance(seed).stream("plan")
    given = conditions(chance)
    symbols = PAIRS[: chance.choice([1, 1, 1, 1, 1, 2, 2, 3])]
    begins, last_bar = given.begins_s, given.closes_s(BARS[given.interval] - 1)
    quiet_from = max(begins + STRIKING_S + 60, last_bar + AFTER_LAST_BAR_S)
    prices = {symbol: _path(chance, begins, quiet_from) for symbol in symbols}
    kinds_dealt = _once_lost([_kind(chance, given) for _ in range(chance.randint(1, FAULTS_MAX))])
    faults = sorted((_fault(chance, kind, given, symbols, quiet_from) for kind in kinds_dealt), key=lambda fault: fault.since)
    moved = swung(prices, faults)
    dealt = (_wish(chance, given, bar, symbol, moved[symbol]) for bar in range(BARS[given.interval]) for symbol in symbols)
    return Plan(seed, [wish for wish in dealt if wish is not None], prices, faults, given, quiet_from)


# -- wishes ----------------------------------------------------------------------------------------------------------


def _wish(chance: Stream, given: Conditions, bar: int, symbol: str, path: Path) -> Wish | None:
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
    """Where no leave is needed, none is taken away."""
    dealt = [kind for kind in CHOICES if given.leave is not None or not kind.startswith("leave ")]
    return chance.choices(dealt, [WEIGHTS.get(kind, 1) for kind in dealt])[0]


def _once_lost(kinds_dealt: Sequence[str]) -> list[str]:
    """A journal is lost once: of a second loss nobody could say what the life between had been told to hold."""
    first = kinds_dealt.index(LOST) if LOST in kinds_dealt else len(kinds_dealt)
    return ["kill -9" if kind == LOST and number > first else kind for number, kind in enumerate(kinds_dealt)]


def _fault(chance: Stream, kind: str, given: Conditions, symbols: Sequence[str], quiet_from: float) -> InjectedFault:
    bars = [given.closes_s(0) + delay for delay in DELICATE_S] + [given.closes_s(1) + delay for delay in DELICATE_S[1:4]]
    begins, last = given.begins_s + 40, quiet_from - 60
    since = chance.choice([*bars, *(chance.uniform(begins, last) for _ in range(6))])
    options = {name: chance.choice(list(choices)) for name, choices in CHOICES[kind].items()}
    endpoints: tuple[str, ...] = ()
    if kind == "altered_answer":
        endpoint = chance.choices(list(PARTS), [PARTS_WEIGHTS.get(endpoint, 1) for endpoint in PARTS])[0]
        endpoints, options["path"] = (endpoint,), _part(chance, endpoint, str(options["way"]))
    elif kind in AT_ORDERS:
        endpoints = tuple(chance.sample(PLACING, chance.randint(1, 3)))
    lasts = [20, 60, 150, 200] if kind in LASTING else [0.002, 1, 3, 20, 60, 150]
    until = min(quiet_from, since + chance.choice(lasts))
    return InjectedFault(kind, since, until, endpoints, options, _symbol(chance, kind, symbols))


def _part(chance: Stream, endpoint: str, way: str) -> str:
    """The whole of an answer cannot be left out."""
    return chance.choice([part for part in PARTS[endpoint] if part or way != "omit"])


def _symbol(chance: Stream, kind: str, symbols: Sequence[str]) -> str:
    if kind in OF_ONE_SYMBOL:
        return chance.choice(symbols)
    return chance.choice(["", *symbols]) if kind in OF_ANY_SYMBOL else ""


def unplanned() -> list[str]:
    """Kinds of mischief that no plan would ever choose."""
    return [kind for kind in kinds() if kind not in CHOICES]
