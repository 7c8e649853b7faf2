"""To reload the market is heavy: it is asked for at a start, once for all accounts, and no crash loop makes a burst of it."""

from tests.scenes.harness import HOST, PORT, Scene
from tests.scenes.script import enter
from tests.scenes.test_many_accounts_share_a_trader import NAMES, Crowd

from fairway.exchange.practice_exchange import Credentials
from fairway.orders.lifecycle import OrderSent
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.world.loop import running

LISTED = "exchangeInfo"


def test_reconnections_and_entries_ask_for_it_no_second_time() -> None:
    """A trader that loses its line three times, and one that starts once more."""
    acts = {float(at): lambda _: running().network.partition("trader", HOST) for at in (90, 150, 210)}
    acts |= {float(at): lambda _: running().network.heal("trader", HOST) for at in (110, 170, 230)}
    stage = Scene(enter(0), enter(5), acts={**acts, 270.0: Scene.kill_and_restart_trader})
    stage.run(minutes=7)
    stage.assert_belief_is_truth()
    assert stage.asked().count(LISTED) == 2
    assert stage.asked(since=20, until=270).count(LISTED) == 0


def test_a_trader_that_starts_each_second_for_two_minutes_is_not_banned() -> None:
    """Each life learns from the first answer what the ones before have used, and waits; the stops stay."""
    again = {float(second): Scene.kill_and_restart_trader for second in range(90, 210)}
    stage = Scene(enter(0), acts=again)
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    assert stage.asked().count(LISTED) >= len(again)
    assert stage.bans() == 0
    assert len(stage.events(OrderSent)) == 3


class Family(Crowd):
    """Accounts whose clients know what the first one has learned, as those of a registry do."""

    _first: CcxtVenue | None = None

    def _venue(self, name: str, key: Credentials) -> CcxtVenue:
        settings = CcxtSettings(exchange="binance", key=key.key, secret=key.secret, url=f"http://{HOST}:{PORT}")
        venue = CcxtVenue(settings, running().clock, running().chance.child(f"venue of {name}"), like=self._first)
        self._first = self._first or venue
        return venue


def test_all_accounts_ask_once() -> None:
    """Three of them, each with a key of its own; each trades."""
    stage = Family(enter(0))
    stage.run(minutes=3)
    assert stage.asked().count(LISTED) == 1
    assert [len(stage.account_state_of(name).money.ledger.positions) for name in NAMES] == [1] * len(NAMES)
