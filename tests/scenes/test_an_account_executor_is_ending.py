"""One account's errands are too many, or are being ended after a fault: the other accounts never notice."""

import asyncio

import pytest
from tests.scenes.script import enter, leave
from tests.scenes.test_many_accounts_share_a_trader import NAMES, Crowd

from fairway.trading.inputs import Input
from fairway.world.tasks import TASKS_MAX


def hang(stage: Crowd) -> None:
    """Bob's venue answers none of so many requests that he may make no more."""
    tasks = stage.trader.executors["bob"]._tasks
    assert tasks is not None
    while len(tasks.running()) < TASKS_MAX:
        tasks.spawn("a request without an answer", asyncio.Event().wait())


def break_slowly(stage: Crowd) -> None:
    """A fault of ours in one of bob's errands, while another one takes two minutes to let go."""
    tasks = stage.trader.executors["bob"]._tasks
    assert tasks is not None

    async def linger() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(120)

    async def fail() -> None:
        await asyncio.sleep(1)
        raise ValueError("a bug of ours")

    tasks.spawn("linger", linger())
    tasks.spawn("fail", fail())


def break_account_state(stage: Crowd) -> None:
    """Beside that, his account_state breaks with the next input."""
    break_slowly(stage)

    def broken(*_: object) -> Input:
        raise ValueError("a bug of ours")

    stage.account_state_of("bob").orders.reports = None  # type: ignore[assignment]
    stage.account_state_of("bob").guards.verdicts = broken  # type: ignore[method-assign, assignment]


@pytest.mark.parametrize("trouble", [hang, break_slowly, break_account_state])
@pytest.mark.parametrize("second", [30, 57, 90])
def test_the_others_enter_and_leave_as_if_nothing_were(trouble: object, second: float) -> None:
    stage = Crowd(enter(), leave(2), acts={second: trouble})  # type: ignore[dict-item]
    stage.run(minutes=4)
    assert set(stage.failed()) <= {"bob"}
    for name in set(NAMES) - {"bob"}:
        stage.assert_ties_out_for(name)
        assert len(stage.account_state_of(name).money.trips) == 1
