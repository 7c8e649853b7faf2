"""A trader that is stopped in order leaves a memory of its account_state behind, up to its last word."""

import pytest
from tests.scenes.harness import Scene
from tests.scenes.script import enter

import fairway
from fairway.assembly import CODEC
from fairway.journal.memory import open_memory
from fairway.trading.checkpoint import rebuilt

pytestmark = pytest.mark.in_memory


def test_the_next_start_reads_nothing_again_and_knows_the_same() -> None:
    """The memory is of all records, and of the account_state that the trader had."""
    stage = Scene(enter(0))
    stage.run(minutes=2)
    assert stage.file.snapshots[-1].seq == len(stage.file.records)
    account_state, journal = stage.account_state, open_memory(stage.file, CODEC, mode="scene", trader="main")
    stage.file.records[:-1] = []  # nobody may need them
    stage.file.records[:0] = [stage.file.records[-1]] * (stage.file.snapshots[-1].seq - 1)
    [again] = rebuilt({"main": account_state.config}, account_state.market, journal, CODEC, fairway.__version__).values()
    assert (again.money.ledger, again.orders.blotter, again.protection.plans, again.limits.caps) == (
        account_state.money.ledger,
        account_state.orders.blotter,
        account_state.protection.plans,
        account_state.limits.caps,
    )
    assert not again.starts.unended
