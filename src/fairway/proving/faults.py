"""What may befall a play: every kind of mischief of the exchange, the network, the machine, the disk, the clock, a person.

A plan is dealt by a seed: a strategy's wishes, prices, and a handful of faults, all over when it is time to be quiet.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final, TypeVar

from fairway.exchange.mischief.kinds import kinds
from fairway.journal.kinds import CapRaised
from fairway.money.amount import Amount, Price
from fairway.money.fraction import Fraction
from fairway.orders.plan import PLAIN, ExitPlan, Rung, Trailing
from fairway.proving.lives import FLATTEN, KEEP
from fairway.proving.script import Misdeed, Path, Wish, enter, leave
from fairway.proving.stage import HOST, TRADER, Stage
from fairway.risk.limits import TradingState
from fairway.world.chance import Chance, Stream
from fairway.world.clock import MILLISECOND, SECOND
from fairway.world.links import jittered
from fairway.world.loop import running

OWN_COINS: Final = 50
"""Coins of the account's owner, which the trader did not buy and must not sell."""
BARS: Final = 6
QUIET_FROM_S: Final = 400
KILL_TAKES_S: Final = 65
"""Whoever kills is patient for a minute."""
MINUTES: Final = 11
FAULTS_MAX: Final = 5
NOTICED_WITHIN_S: Final = 32
"""A stream of an account may say nothing for thirty seconds by right; only then it is asked whether it lives."""
PLACING: Final = ("order.place", "orderList.place.oco", "order.cancel")
DELICATE_S: Final = (60.5005, 60.5025, 60.5035, 60.5045, 60.5055, 120.5025, 120.5035, 120.5045)
"""Between the messages of the first entries and exits."""

Options = Mapping[str, Sequence[object]]
AnyStage = TypeVar("AnyStage", bound=Stage)


@dataclass(frozen=True, slots=True)
class Fault:
    """kind: of the exchange's mischief, or one of `BLOWS`. since and until: seconds from the beginning of the play."""

    kind: str
    since: float
    until: float
    endpoints: tuple[str, ...] = ()
    options: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        chosen = "".join(f" {name}={value}" for name, value in self.options.items())
        where = f" on {', '.join(self.endpoints)}" if self.endpoints else ""
        return f"{self.since:>8.4f} to {self.until:>8.4f}: {self.kind}{chosen}{where}"


@dataclass(frozen=True, slots=True)
class Plan:
    """A play that has not been played. prices: by symbol, from a second on."""

    seed: int
    wishes: Sequence[Wish]
    prices: Mapping[str, Path]
    faults: Sequence[Fault]

    def without(self, number: int) -> "Plan":
        """The same, less one fault."""
        return replace(self, faults=[*self.faults[:number], *self.faults[number + 1 :]])

    def on(self, stage: type[AnyStage]) -> AnyStage:
        """The play on a stage of this kind."""
        acts: dict[float, Callable[[Stage], object]] = {}
        for fault in self.faults:
            if fault.kind in BLOWS:
                BLOWS[fault.kind](fault, acts)
        return stage(
            *self.wishes,
            mischief=[_misdeed(fault) for fault in self.faults if fault.kind not in BLOWS],
            prices=self.prices,
            balances={"USDT": "10000"} | {symbol.split("/")[0]: str(OWN_COINS) for symbol in self.prices},
            acts=acts,
            seed=self.seed,
        )

    def __str__(self) -> str:
        wishes = ", ".join(f"{wish.symbol} at bar {wish.bar}: {_words(wish)}" for wish in self.wishes)
        prices = [f"{symbol} {' '.join(f'{at}s:{price}' for at, price in path.items())}" for symbol, path in self.prices.items()]
        return "\n".join([f"seed {self.seed}", f"wishes {wishes or 'nothing'}", *prices, *map(str, self.faults)])


def _words(wish: Wish) -> str:
    if not wish.stop:
        return "leave"
    beside = [f"{name} {value}" for name, value in _set_fields(wish.exit_plan)]
    return ", ".join(["enter", f"stop {wish.stop}", f"target {wish.target}", *beside])


def _set_fields(plan: ExitPlan) -> list[tuple[str, object]]:
    return [(name, value) for name in plan.__struct_fields__ if (value := getattr(plan, name)) != getattr(PLAIN, name)]


def _misdeed(fault: Fault) -> Misdeed:
    return Misdeed(fault.kind, fault.since, fault.until, endpoints=fault.endpoints, options=fault.options)


# -- what is no mischief of the exchange -----------------------------------------------------------------------------

Acts = dict[float, Callable[[Stage], object]]


def _act(acts: Acts, at: float, act: Callable[[Stage], object]) -> None:
    """Two things that are to happen in one instant happen one after the other."""
    while at in acts:
        at += 1e-6
    acts[at] = act


def _kill_nine(fault: Fault, acts: Acts) -> None:
    _act(acts, fault.since, lambda stage: _if_alive(stage, stage.kill_trader))
    _act(acts, fault.until, _come_back)


def _if_alive(_stage: Stage, act: Callable[[], object]) -> None:
    if TRADER in running().alive():
        act()


def _come_back(stage: Stage) -> None:
    if TRADER not in running().alive():
        stage.come_back()


def _cut(fault: Fault, acts: Acts) -> None:
    _act(acts, fault.since, lambda _: running().network.partition(TRADER, HOST))
    _act(acts, fault.until, lambda _: running().network.heal(TRADER, HOST))


def _reset(fault: Fault, acts: Acts) -> None:
    _act(acts, fault.since, lambda _: running().network.cut(TRADER, HOST))


def _half_open(fault: Fault, acts: Acts) -> None:
    """Neither end is told: only the deadline of a request, or the silence of a stream, shows it."""

    def fall_silent(stage: Stage) -> None:
        running().network.half_open(TRADER, HOST)
        stage.expect_little(NOTICED_WITHIN_S, "connections have fallen silent")

    _act(acts, fault.since, fall_silent)


def _slow(fault: Fault, acts: Acts) -> None:
    mean_ns = int(str(fault.options["mean_ms"])) * MILLISECOND

    def slow(stage: Stage) -> None:
        stage.expect_little(fault.until - fault.since + mean_ns / SECOND, "the network is slow")
        chance = running().chance.stream(f"slow from {fault.since}")
        running().network.shape(TRADER, HOST, latency=jittered(MILLISECOND, mean_ns, chance))

    _act(acts, fault.since, slow)
    _act(acts, fault.until, lambda _: running().network.shape(TRADER, HOST, latency=MILLISECOND))


def _clock_jumps(fault: Fault, acts: Acts) -> None:
    """And is set right again at the end. It excuses nothing."""
    by_ns = int(str(fault.options["by_ms"])) * MILLISECOND
    _act(acts, fault.since, lambda stage: stage.trader_clock.jump(by_ns))
    _act(acts, fault.until, lambda stage: stage.trader_clock.jump(-by_ns))


def _disk_full(fault: Fault, acts: Acts) -> None:
    def fill(stage: Stage) -> None:
        stage.file.records_max = len(stage.file.records)

    def make_room(stage: Stage) -> None:
        stage.file.records_max = None

    _act(acts, fault.since, fill)
    _act(acts, fault.until, make_room)


def _journal_locked(fault: Fault, acts: Acts) -> None:
    """Another program takes the journal while the trader is dead; it comes back at once, and waits for it."""

    def lock(stage: Stage) -> None:
        if TRADER in running().alive():
            stage.kill_trader()
            stage.file.is_locked = True
            stage.start_again()

    def unlock(stage: Stage) -> None:
        stage.file.is_locked = False

    _act(acts, fault.since, lock)
    _act(acts, fault.until, unlock)


def _kill(fault: Fault, acts: Acts) -> None:
    """Its file may be lost when all is done, and the journal knows."""
    killed = FLATTEN if fault.options["flatten"] else KEEP
    _act(acts, fault.since, lambda stage: stage.kill(killed))
    if fault.options["file_is_lost"]:
        _act(acts, max(fault.until, fault.since + KILL_TAKES_S), _lose_latch)


def _lose_latch(stage: Stage) -> None:
    """Who takes the only record of a kill away has ended it."""
    caps = (noted.event.cap for noted in stage.journaled() if isinstance(noted.event, CapRaised))
    if any(cap.limits.state is TradingState.KILLED for cap in caps):
        stage.lose_latch()


BLOWS: Final[Mapping[str, Callable[[Fault, Acts], None]]] = {
    "kill -9": _kill_nine,
    "network cut": _cut,
    "network reset": _reset,
    "network half open": _half_open,
    "network slow": _slow,
    "clock jumps": _clock_jumps,
    "disk full": _disk_full,
    "journal locked": _journal_locked,
    "fairway kill": _kill,
}
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
    "account_answer_lacks": {"asset": ["BTC", "USDT"], "how": ["absent", "zero", "empty", "stale"]},
    "absurd_prices": {"price": ["NaN", "0", "1e999", ""]},
    "clock_skew": {"ahead_ms": [-20_000, -2_000, 2_000, 20_000]},
    "rate_limit_storm": {"factor": [100, 3_000, 7_000]},
    "maintenance": {},
    "delisting": {"status": ["BREAK", "HALT"]},
    "key_revoked": {},
    "partial_fills": {"quantity": ["0.5", "2", "7"], "levels": [0, 1, 2, 3]},
    "latency": {"before_ms": [0, 100, 15_000], "after_ms": [0, 100, 15_000]},
    "kill -9": {},
    "network cut": {},
    "network reset": {},
    "network half open": {},
    "network slow": {"mean_ms": [20, 200, 2_000]},
    "clock jumps": {"by_ms": [-3_600_000, -90_000, -3_000, -900, 900, 3_000, 90_000, 3_600_000]},
    "disk full": {},
    "journal locked": {},
    "fairway kill": {"flatten": [True, False], "file_is_lost": [True, False]},
}
"""Every kind of fault, with what may be chosen of each. A kind that is new to the exchange takes its place here."""
AT_ORDERS: Final = ("reset_before", "reset_after", "error_after", "status_unknown", "rejected_alive")
"""Kinds that strike at requests about orders."""


# -- chance ----------------------------------------------------------------------------------------------------------


def plan(seed: int) -> Plan:
    chance = Chance(seed).stream("plan")
    symbols = ["BTC/USDT", "ETH/USDT"] if chance.random() < 0.3 else ["BTC/USDT"]
    prices = {symbol: _path(chance) for symbol in symbols}
    dealt = (_wish(chance, bar, symbol, prices[symbol]) for bar in range(BARS) for symbol in symbols)
    return Plan(
        seed,
        wishes=[wish for wish in dealt if wish is not None],
        prices=prices,
        faults=sorted((_fault(chance) for _ in range(chance.randint(1, FAULTS_MAX))), key=lambda fault: fault.since),
    )


def _wish(chance: Stream, bar: int, symbol: str, path: Path) -> Wish | None:
    """Stop and target around the price of that time, some so near that they are passed before they rest."""
    kind, price = chance.random(), Decimal(path[max(second for second in path if second <= 60 * (bar + 1))])
    if bar == 0 or kind < 0.45:
        stop, target = price - chance.choice([1, 3, 5]), price + chance.choice([1, 3, 10])
        return enter(bar, stop=str(stop), target=str(target), symbol=symbol, exit_plan=_exit_plan(chance, symbol, price, target))
    return leave(bar, symbol=symbol) if kind < 0.7 else None


def _exit_plan(chance: Stream, symbol: str, price: Decimal, target: Decimal) -> ExitPlan:
    """Often nothing beside the stop and the target; else a trailing stop, a rung half way, or an end after some bars."""
    base, quote = symbol.split("/")
    half_way = Price((price + target) / 2, base, quote)
    match chance.choice(["", "", "", "trail", "ladder", "time"]):
        case "trail":
            return ExitPlan(trailing=Trailing(starts=half_way, distance=Amount(Decimal(chance.choice([1, 3])), quote)))
        case "ladder":
            return ExitPlan(rungs=(Rung(Fraction.parse("50 %"), half_way),), break_even=chance.random() < 0.5)
        case "time":
            return ExitPlan(bars_max=chance.choice([1, 2]))
        case _:
            return PLAIN


def _path(chance: Stream) -> dict[int, str]:
    cents, path = 10_000, {0: "100"}
    for second in range(60, 420, chance.choice([7, 15, 30])):
        cents = max(9_000, min(11_200, cents + chance.choice([-300, -100, -50, 0, 50, 100, 300])))
        path[second] = f"{cents // 100}.{cents % 100:02d}"
    return path


def _fault(chance: Stream) -> Fault:
    kind = chance.choice(list(CHOICES))
    since = chance.choice([*DELICATE_S, chance.uniform(40, 350), chance.uniform(40, 350)])
    return Fault(
        kind,
        since,
        min(QUIET_FROM_S, since + chance.choice([0.002, 1, 3, 20, 60, 150])),
        tuple(chance.sample(PLACING, chance.randint(1, 3))) if kind in AT_ORDERS else (),
        {name: chance.choice(list(choices)) for name, choices in CHOICES[kind].items()},
    )


def unplanned() -> list[str]:
    """Kinds of mischief that no plan would ever choose."""
    return [kind for kind in kinds() if kind not in CHOICES]
