"""Random worlds: wishes, a price that jumps, up to four kinds of mischief, killed traders, cut networks; ten minutes each.

A seed that fails is a bug: play it with `stage_of(seed)`, and keep it as a scene that tells what happened.
"""

import random
from collections.abc import Callable, Mapping

import pytest
from tests.scenes.script import Misdeed, Wish, enter, leave
from tests.scenes.stage import HOST, Stage

from fairway.journal.kinds import Unexplained
from fairway.world.loop import running

OWN_BTC = 50
"""Coins that the trader did not buy and must not sell."""
PLACING = ["order.place", "orderList.place.oco", "order.cancel"]
DELICATE_S = [60.5005, 60.5025, 60.5035, 60.5045, 60.5055, 120.5025, 120.5035, 120.5045]
"""Between the messages of the first entries and exits."""
QUIET_FROM_S = 400

Options = Mapping[str, list[object]]
WITH_ORDERS: Mapping[str, Options] = {
    "reset_before": {"times": [1, 2, 3]},
    "reset_after": {"times": [1, 2, 3]},
    "error_after": {"times": [1, 2, 3], "status": [500, 503]},
    "status_unknown": {"times": [1, 2, 3], "carried_out": [True, False]},
    "rejected_alive": {"times": [1, 2]},
}
WITH_ALL: Mapping[str, Options] = {
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
    "delisting": {"status": ["BREAK", "HALT"]},
    "key_revoked": {},
    "partial_fills": {"quantity": ["0.5", "2", "7"], "levels": [0, 1, 2, 3]},
    "latency": {"before_ms": [0, 100, 15_000], "after_ms": [0, 100, 15_000]},
}


@pytest.mark.parametrize("seed", range(24))
def test_belief_is_truth_when_it_is_quiet_again(seed: int) -> None:
    """And no coin was sold that the trader had not bought, no balance was adjusted for want of an explanation."""
    stage = stage_of(seed)
    stage.run(minutes=10)
    stage.assert_ties_out()
    assert stage.events(Unexplained) == []
    ledger, position = stage.desk.ledger, stage.desk.ledger.positions.get("BTC/USDT")
    bought = position.quantity.value if position is not None else 0
    assert stage.held_at_exchange()["BTC"] == OWN_BTC + bought + ledger.dust.get("BTC", 0)


def stage_of(seed: int) -> Stage:
    chance = random.Random(seed)
    wishes = [wish for bar in range(6) if (wish := _wish(chance, bar)) is not None]
    return Stage(
        *wishes,
        mischief=[_misdeed(chance) for _ in range(chance.randint(1, 4))],
        prices={"BTC/USDT": _path(chance)},
        acts=_acts(chance),
        balances={"USDT": "10000", "BTC": str(OWN_BTC)},
        seed=seed,
    )


def _wish(chance: random.Random, bar: int) -> Wish | None:
    kind = chance.random()
    if kind < 0.45:
        return enter(bar, stop=chance.choice(["95", "97", "99"]), target=chance.choice(["101", "103", "110"]))
    return leave(bar) if kind < 0.7 else None


def _path(chance: random.Random) -> dict[int, str]:
    cents, path = 10_000, {0: "100"}
    for second in range(60, 420, chance.choice([7, 15, 30])):
        cents = max(9_000, min(11_200, cents + chance.choice([-300, -100, -50, 0, 50, 100, 300])))
        path[second] = f"{cents // 100}.{cents % 100:02d}"
    return path


def _misdeed(chance: random.Random) -> Misdeed:
    kinds = {**WITH_ORDERS, **WITH_ALL}
    kind = chance.choice(list(kinds))
    endpoints = chance.sample(PLACING, chance.randint(1, 3)) if kind in WITH_ORDERS else []
    options = {name: chance.choice(choices) for name, choices in kinds[kind].items()}
    since = _moment(chance)
    until = min(QUIET_FROM_S, since + chance.choice([0.002, 1, 3, 20, 60, 150]))
    return Misdeed(kind, since, until, endpoints=tuple(endpoints), options=options)


def _acts(chance: random.Random) -> dict[float, Callable[[Stage], object]]:
    acts: dict[float, Callable[[Stage], object]] = {}
    if chance.random() < 0.4:
        acts |= {_moment(chance): Stage.kill_and_restart_trader for _ in range(chance.randint(1, 2))}
    if chance.random() < 0.25:
        cut_at = _moment(chance)
        acts[cut_at] = lambda _stage: running().network.partition("trader", HOST)
        healed_at = min(QUIET_FROM_S, cut_at + chance.choice([0.5, 5, 40, 120]))
        acts[healed_at] = lambda _stage: running().network.heal("trader", HOST)
    return acts


def _moment(chance: random.Random) -> float:
    return chance.choice([*DELICATE_S, chance.uniform(40, 350), chance.uniform(40, 350)])
