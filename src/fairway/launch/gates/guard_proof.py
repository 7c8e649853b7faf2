"""Proof of the guards: each stays quiet while all is well, and trips when what it watches goes wrong, told by its own port."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from fairway.money.amount import Amount, Price
from fairway.money.fraction import Fraction
from fairway.risk.caps import Cap
from fairway.risk.guards.port import (
    Answered,
    Begun,
    Bought,
    Closed,
    Failed,
    Held,
    Look,
    Marked,
    Market,
    Measured,
    Observation,
    Planned,
    Sent,
)
from fairway.risk.guards.roster import Roster, Verdict
from fairway.risk.guards.rules import GuardRules
from fairway.risk.limits import Limits, TradingState
from fairway.world.clock import DAY, HOUR, MILLISECOND, MINUTE, SECOND

SYMBOL: Final = "BTC/USDT"
QUOTE: Final = "USDT"
BEGIN: Final = 20_000 * DAY
NOW: Final = BEGIN + 12 * HOUR


def _usdt(value: int | str) -> Amount:
    return Amount.of(value, QUOTE)


WORTH: Final = _usdt(1000)
QUIET: Final = Look(
    now=NOW,
    worth=WORTH,
    marked_at=NOW,
    capital=None,
    held={},
    markets={SYMBOL: Market(Decimal(0), _usdt(10**9))},
)


@dataclass(frozen=True, slots=True)
class Scene:
    """What guards are told, and what they see then, one look after the other."""

    told: Sequence[Observation] = ()
    looks: Sequence[Look] = (QUIET,)


@dataclass(frozen=True, slots=True)
class GuardProof:
    """calm: what it said while all was well. tripped: of the same with one thing wrong, worst last. cap: for that.

    is_of_stage: it stands in every plan, and is asked where the stage has its limit.
    """

    guard: str
    calm: Sequence[Verdict]
    tripped: Sequence[Verdict]
    cap: Cap | None
    is_of_stage: bool = False

    @property
    def gaps(self) -> list[str]:
        """What keeps it from being proven; empty where nothing does."""
        gaps = [f"is alarmed while all is well: {each.code}" for each in self.calm]
        if self.cap is None:
            gaps.append("does not trip")
        elif self.cap.limits.state is not TradingState.REDUCE_ONLY:
            gaps.append("trips, and lets positions be opened")
        return gaps


def guard_proofs(rules: GuardRules) -> list[GuardProof]:
    """Of every guard that the rules ask for, and of those of a stage; one that no scene is known for does not trip."""
    roster = Roster(rules, QUOTE)
    of_stage = [_proof(guard.name, rules, is_of_stage=True) for guard in roster.of_stage]
    return [*(_proof(guard.name, rules, is_of_stage=False) for guard in roster.guards), *of_stage]


def _proof(guard: str, rules: GuardRules, *, is_of_stage: bool) -> GuardProof:
    calm, wrong = SCENES.get(guard, (Scene(), Scene()))
    tripped = list(_verdicts(guard, rules, wrong))
    worst = max(tripped, key=lambda said: said.level, default=None)
    cap = Roster(rules, QUOTE).cap_of(worst, NOW) if worst else None
    return GuardProof(guard, list(_verdicts(guard, rules, calm)), tripped, cap, is_of_stage)


def _verdicts(guard: str, rules: GuardRules, scene: Scene) -> Iterable[Verdict]:
    """What one guard of a new roster says in a scene."""
    roster = Roster(rules, QUOTE)
    for observation in (Marked(WORTH, {}, BEGIN), Marked(WORTH, {}, BEGIN + MINUTE), *scene.told):
        roster.observe(observation)
    for look in scene.looks:
        for said in list(roster.verdicts(look)):
            roster.tripped(said.guard, said.symbol, said.level)
            if said.guard == guard:
                yield said


def _twice(look: Look) -> tuple[Look, Look]:
    """What only a person lifts is not raised on one price alone, so a newer one says the same."""
    return look, replace(look, now=look.now + SECOND, marked_at=look.now + SECOND)


def _worth(worth: int) -> Scene:
    return Scene(looks=_twice(replace(QUIET, worth=_usdt(worth))))


def _staged(worth: int, limits: Limits) -> Scene:
    """In a stage that began with all of it."""
    look = replace(QUIET, worth=_usdt(worth), limits=limits)
    return Scene([Begun("proof", WORTH, BEGIN + MINUTE)], _twice(look))


def _held(result: int) -> Scene:
    looks = [
        replace(QUIET, now=at, held={SYMBOL: Held(_usdt(result), _usdt(500), _usdt(500 + result), at)})
        for at in (NOW, NOW + SECOND)
    ]
    return Scene(looks=looks)


def _unseen(seconds: int) -> Scene:
    return Scene(looks=[replace(QUIET, worth=None, now=NOW + passed * SECOND) for passed in (0, seconds)])


def _market(move: str, traded: int) -> Scene:
    return Scene(looks=[replace(QUIET, markets={SYMBOL: Market(Decimal(move), _usdt(traded))})])


def _trades(number: int, result: str, in_risks: str, *, gross: str = "") -> Scene:
    """Round trips: all of this result where it is a loss, else in turn twice as much won and so much lost."""
    signs = (1, 1) if result.startswith("-") else (2, -1)
    each = [Closed(SYMBOL, _usdt(result) * by, _usdt(gross or result) * by, Decimal(in_risks) * by, NOW) for by in signs]
    return Scene([each[trip % 2] for trip in range(number)])


def _sent(number: int, failed: int = 0) -> Scene:
    sent = [Sent(SYMBOL, Amount.of("0.001", "BTC"), False, NOW - SECOND) for _ in range(number)]
    return Scene([*sent, *[Failed(NOW - SECOND)] * failed])


def _bought(price: int) -> Scene:
    sized, paid = (Price.of(each, "BTC", QUOTE) for each in (100, price))
    planned = Planned(SYMBOL, sized, sized, sized, NOW - MINUTE)
    return Scene([each for _ in range(10) for each in (planned, Bought(SYMBOL, paid, NOW - SECOND))])


def _answered(latency_ms: int) -> Scene:
    return Scene([Answered(latency_ms * MILLISECOND, NOW - SECOND)] * 10)


def _skewed(skew_ms: int) -> Scene:
    return Scene([Measured(skew_ms * MILLISECOND, None, NOW - SECOND)])


def _memory(growth_an_hour: int) -> Scene:
    """A process of 100 MB, measured every five minutes for six hours."""
    step = growth_an_hour * 10**6 // 12
    return Scene([Measured(None, 10**8 + step * sample, BEGIN + sample * 5 * MINUTE) for sample in range(6 * 12)])


_ONE: Final = Fraction.parse("1 %")

SCENES: Final[Mapping[str, tuple[Scene, Scene]]] = {
    "daily loss": (_worth(999), _worth(900)),
    "drawdown": (_worth(999), _worth(600)),
    "unknown worth": (_unseen(9), _unseen(20)),
    "edge health": (_trades(60, "3", "1"), _trades(60, "-3", "-1")),
    "losses in a row": (_trades(1, "-1", "-0.1"), _trades(10, "-1", "-0.1")),
    "position loss": (_held(-1), _held(-400)),
    "outlier bar": (_market("0.01", 10**9), _market("0.2", 10**9)),
    "low volume": (_market("0", 10**6), _market("0", 100)),
    "runaway rate": (_sent(2), _sent(500)),
    "errors": (_sent(40), _sent(40, failed=20)),
    "latency": (_answered(200), _answered(5000)),
    "slippage": (_bought(100), _bought(102)),
    "fee churn": (_trades(20, "3", "1"), _trades(20, "-3", "-1", gross="1")),
    "clock skew": (_skewed(20), _skewed(900)),
    "memory": (_memory(0), _memory(60)),
    "stage loss": (_staged(951, Limits(loss=_usdt(50))), _staged(950, Limits(loss=_usdt(50)))),
    "stage daily loss": (_staged(999, Limits(daily_loss=_ONE)), _staged(989, Limits(daily_loss=_ONE))),
    "stage drawdown": (_staged(999, Limits(drawdown=_ONE)), _staged(989, Limits(drawdown=_ONE))),
}
"""By guard: a scene in which all is well, and the same with one thing wrong."""
