"""A journal is copied while it is written, lost, and put back: what came after the copy is learned from the exchange."""

from pathlib import Path

from tests.scenes.by_hand import Act
from tests.scenes.harness import Scene
from tests.scenes.kept_harness import KeptHarness
from tests.scenes.script import enter

from fairway.journal.backup import back_up
from fairway.journal.kinds import ExternalFill, Unexplained
from fairway.ledger.balances import differences
from fairway.orders.lifecycle import CancelSent, OrderSent

FALLS = {"BTC/USDT": {0: "100", 155: "94", 170: "100"}}
COPIED, LOST = 100.0, 300.0


class Restored(KeptHarness):
    """Copied at one second; at another the trader is killed, and the copy takes the file's place."""

    def __init__(self, folder: Path, *wishes: object) -> None:
        journal, copy = folder / "fairway.journal", folder / "copy.journal"
        acts: dict[float, Act] = {COPIED: lambda _: back_up(journal, copy), LOST: lambda stage: put_back(stage, copy, journal)}
        super().__init__(journal, *wishes, acts=acts)  # type: ignore[arg-type]
        self._prices = FALLS


def put_back(stage: Scene, copy: Path, journal: Path) -> None:
    stage.kill_trader()
    for each in journal.parent.glob(f"{journal.name}*"):
        each.unlink()
    copy.replace(journal)
    stage.come_back()


def test_a_stop_that_fired_after_the_copy_is_booked_by_its_own_fill(tmp_path: Path) -> None:
    """The copy holds a position that was closed since: so it is in the books, at the exchange's price, and nothing is sold."""
    stage = Restored(tmp_path, enter(0), enter(6, stop="90", target="110"))
    stage.run(minutes=9)
    stage.assert_belief_is_truth()
    assert stage.events(Unexplained, ExternalFill) == []
    [trip] = stage.account_state.money.trips
    assert trip.closed_at < stage.second(LOST)
    assert len(stage.bought()) == 2
    assert len(stage.open_at_exchange()) == 2


def test_a_position_that_was_opened_after_the_copy_stays_under_its_stop(tmp_path: Path) -> None:
    """Whose it is the copy cannot say, so it is touched by nobody: balances agree, nothing is opened, and a person is called."""
    stage = Restored(tmp_path, enter(0), enter(3, stop="90", target="110"), enter(6))
    stage.run(minutes=9)
    assert differences(stage.account_state.money.ledger.balances.totals, stage.held_at_exchange()) == {}
    assert [second for second in stage.seconds_of(OrderSent) + stage.seconds_of(CancelSent) if second > LOST] == []
    assert len(stage.open_at_exchange()) == 2
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]
