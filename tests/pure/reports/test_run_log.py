"""What a run of many accounts shows of an event that concerns all of them."""

from fairway.journal.kinds import AddressSwitched, StreamLost
from fairway.operations.operation import Progress
from fairway.operations.trader.run_log import FleetLog
from fairway.world.clock import SystemClock


def test_a_line_bears_the_name_of_its_account_where_it_has_one() -> None:
    told: list[Progress] = []
    log = FleetLog(SystemClock(), told.append)
    log.hear("", [AddressSwitched(from_address="a.com", to_address="b.com", why="it was slow")], 0)
    log.hear("ann1", [StreamLost(channel="market", why="it was cut")], 0)
    trader, account = (each.sentence.partition("  ")[2] for each in told)
    assert trader.startswith("! The exchange is asked at b.com and no more at a.com: it was slow")
    assert account.startswith("ann1: ! Lost the market stream: it was cut")
