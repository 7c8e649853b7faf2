"""What the key and the account may do: asked before anything is opened and every five minutes, and held against it once."""

from dataclasses import replace

from tests.pure.trading.test_reconciliation import of, state
from tests.pure.trading.test_step import Scene, caught, filled, kinds

from fairway.journal.kinds import (
    AccountStatusReported,
    CapRaised,
    CaughtUp,
)
from fairway.risk.limits import TradingState
from fairway.trading.inputs import KeyRightsReported
from fairway.venues.port import (
    KeyRights,
    StreamChannel,
    StreamDown,
    StreamUp,
)
from fairway.world.clock import MINUTE, SECOND

RIGHTS = KeyRights(can_read=True, can_trade=True, can_withdraw=False, is_address_restricted=True)


def test_nothing_is_opened_before_it_is_known_what_the_key_may_do() -> None:
    """It is asked at once, and again by each catch-up until there is an answer."""
    scene = Scene()
    scene.state = scene._state()
    for channel in StreamChannel:
        assert kinds(scene.news(StreamUp(channel)).commands) == ["QueryAccount", "QueryKeyRights"]
    scene.now += SECOND
    outcome = scene.news(caught({"USDT": "10000"}, scene.now))
    assert of(outcome.events, CaughtUp) == []
    assert kinds(outcome.commands) == ["QueryKeyRights"]
    assert of(scene.news(KeyRightsReported(RIGHTS)).events, CaughtUp)


def test_what_is_in_doubt_is_not_caught_up_by_an_answer_about_the_key() -> None:
    """A fill without an owner may be of an order that is on its way: the channels stay down."""
    scene = Scene()
    scene.state.access.rights_at = 0
    entry = scene.enter()
    scene.news(StreamDown(StreamChannel.MARKET, "cut"))
    scene.news(StreamUp(StreamChannel.MARKET), after=SECOND)
    unnamed = replace(filled(entry, "1", entry.quantity.value), client_id="")
    scene.now += SECOND
    scene.news(caught({"USDT": "5000", "BTC": "49"}, scene.now, fills=[unnamed]))
    assert of(scene.news(KeyRightsReported(RIGHTS)).events, CaughtUp) == []


def test_rights_are_asked_for_every_five_minutes() -> None:
    """By the catch-up that comes after."""
    scene = Scene()
    asked = [kinds(scene.news(caught({"USDT": "10000"}, scene.now), after=MINUTE).commands) for _ in range(6)]
    assert asked == [[], [], [], [], ["QueryKeyRights"], ["QueryKeyRights"]]


def test_that_the_venue_does_not_tell_its_rights_is_told_once() -> None:
    """And holds nothing."""
    scene = Scene()
    told = [event for event, _ in scene.journal if isinstance(event, AccountStatusReported)]
    assert len(told) == 1
    outcome = scene.news(KeyRightsReported(None), after=5 * MINUTE)
    assert outcome.events == []
    assert state(scene) is TradingState.ACTIVE


def test_a_right_that_a_person_has_accepted_is_not_held_against_the_key_again() -> None:
    """Not at the next look, and not after a restart; but when it had gone and came back."""
    scene = Scene()
    too_many = replace(RIGHTS, can_withdraw=True)
    raised = []
    for rights in (too_many, too_many, replace(too_many, can_trade=False), RIGHTS, too_many):
        raised += of(scene.news(KeyRightsReported(rights), after=SECOND).events, CapRaised)
    told = [event.cap.id for event in raised if isinstance(event, CapRaised)]
    assert told == ["right to withdraw", "no right to trade", "right to withdraw"]
