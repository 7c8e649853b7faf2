"""The journal of a play is measured: each fault shows in its own indicator, and in no other."""

from tests.scenes import by_hand
from tests.scenes.harness import HOST, Scene
from tests.scenes.script import enter, exchange_fault, leave

from fairway.assembly import CODEC
from fairway.watch.measurements import Measurements
from fairway.watch.observer import Observer
from fairway.watch.series import Series
from fairway.world.loop import running

FALLS = {"BTC/USDT": {0: "100", 150: "94"}}
MEBIBYTE = 2**20


def measured(stage: Scene) -> dict[str, Series]:
    observer, measurements = Observer(), Measurements()
    for record in stage.file.records:
        observer.take(CODEC.decode(record), record.account, record.at)
    measurements.add(observer.away())
    return dict(measurements.series())


def ratio(series: Series) -> tuple[float, int]:
    return series.total, series.count


def cut(_stage: Scene) -> None:
    running().network.partition("trader", HOST)


def heal(_stage: Scene) -> None:
    running().network.heal("trader", HOST)


def holds(stage: Scene) -> None:
    stage.process_memory.resident = 100 * MEBIBYTE


def test_where_nothing_goes_wrong_everything_is_good() -> None:
    stage = Scene(enter(0), prices=FALLS, acts={1: holds})
    stage.run(minutes=6)
    found = measured(stage)
    assert ratio(found["order_success"]) == (2, 2), "the entry, and the pair that sold"
    assert found["order_paths"].by_label() == {"open": 1, "close": 1, "stop_hit": 1}
    assert found["round_trips"].by_label() == {"main": 1}
    [in_r] = found["trade_pnl_r"].values
    assert -1.5 < in_r < -1, "a stop, its slippage and its fees"
    for invariant in ("reconciled", "tied_out", "protected", "uptime", "venue_api", "db_ok"):
        good, count = ratio(found[invariant])
        assert good == count > 0, invariant
    assert found["alerts"].count == found["incidents"].count == 0
    assert set(found["rss"].values) == {100 * MEBIBYTE}
    assert len(found["fees"]) == len(found["slippage_bps"]) == 2
    assert max(found["order_ack"].values) < 1
    assert max(found["data_age"].values) < 60
    assert len(found["signal_latency"]) == len(found["decision_time"]) == 1
    assert found["decision_time"].values[0] == 0, "in simulated time programs take none"


def test_a_venue_that_is_gone_is_seen_by_its_calls_and_by_the_minutes() -> None:
    stage = Scene(enter(0), acts={110: cut, 290: heal})
    stage.run(minutes=9)
    found = measured(stage)
    good, calls = ratio(found["venue_api"])
    assert 0 < good < calls
    up, minutes = ratio(found["uptime"])
    assert 0 < minutes - up <= 4
    assert found["order_paths"].by_label()["ws_reconnect"] > 0
    assert ratio(found["reconciled"])[0] == ratio(found["reconciled"])[1], "nobody could ask, and so nothing differed"
    assert ratio(found["db_ok"])[0] == ratio(found["db_ok"])[1]


def test_an_order_that_the_venue_refuses_is_a_bad_one() -> None:
    stage = Scene(enter(0), enter(2), faults=[exchange_fault("key_revoked", since=50, until=100)])
    stage.run(minutes=5)
    found = measured(stage)
    good, orders = ratio(found["order_success"])
    assert good < orders
    assert found["order_paths"].by_label()["reject"] >= 1
    assert found["alerts"].by_label() == found["incidents"].by_label() == {"P1": 1}


def test_a_trader_that_is_killed_has_a_restart_with_a_position_and_a_gap() -> None:
    stage = Scene(enter(0), leave(8), acts={130: Scene.kill_trader, 310: Scene.come_back})
    stage.run(minutes=11)
    found = measured(stage)
    assert found["order_paths"].by_label()["restart_with_position"] == 1
    up, minutes = ratio(found["uptime"])
    assert minutes - up >= 3, "minutes in which nobody measured are not left out"
    assert ratio(found["protected"])[0] == ratio(found["protected"])[1], "its stop rested at the venue"


def test_money_that_somebody_moves_breaks_the_invariants() -> None:
    stage = Scene(enter(0), acts={90: by_hand.move("USDT", "-500")})
    stage.run(minutes=5)
    found = measured(stage)
    good, count = ratio(found["reconciled"])
    assert 0 < good < count
    assert ratio(found["tied_out"])[0] < ratio(found["tied_out"])[1]
    assert found["incidents"].by_label() == {"P0": 1}
