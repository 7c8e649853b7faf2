"""What a trader's journal shows by itself is evidence; another release shows it anew, and one bad account is all of them."""

from msgspec import Struct

from fairway.journal.kinds import AccountStatusReported, CapLifted, CapRaised, CaughtUp, TraderStarted
from fairway.launch.evidence.model import Evidence, Rank, newest
from fairway.launch.evidence.observed import KEY, KILL, RESTART, Observed, worst
from fairway.ledger.reconcile import Standing
from fairway.risk import cap_kinds
from fairway.risk.caps import Cap
from fairway.risk.limits import Limits, TradingState

KILLED = Cap(
    id="kill account",
    kind=cap_kinds.KILL,
    limits=Limits(state=TradingState.KILLED),
    reason="a drill",
    since=1,
)
RESUMED = CapLifted(cap_id="kill account", by="ann", why="a drill")
BACK = CaughtUp(channels=("account",))


def started(bot: str = "r1") -> TraderStarted:
    return TraderStarted(account="main", epoch=1, release="1", venue="v", strategy="s", symbols=(), bot=bot)


def seen(*events: Struct, holds: bool = False, is_live: bool = False) -> list[Evidence]:
    observed = Observed(is_live=is_live)
    for at, event in enumerate(events, 1):
        observed.take(event, at, lambda: holds)
    return list(observed.evidence("main"))


def test_a_kill_counts_once_it_was_carried_out_and_ended() -> None:
    assert newest(seen(started(), CapRaised(cap=KILLED)), KILL) is None
    found = newest(seen(started(), CapRaised(cap=KILLED), RESUMED), KILL)
    assert found is not None
    assert (found.rank, found.release, found.made_at, found.holds) == (Rank.OBSERVED_IN_A_DRILL, "r1", 3, True)
    live = newest(seen(started(), CapRaised(cap=KILLED), RESUMED, is_live=True), KILL)
    assert live is not None
    assert live.rank is Rank.OBSERVED_IN_PRODUCTION


def test_what_another_release_showed_shows_nothing_of_this_one() -> None:
    assert newest(seen(started(), CapRaised(cap=KILLED), RESUMED, started("r2")), KILL) is None
    assert newest(seen(started(), CapRaised(cap=KILLED), RESUMED, started("r1")), KILL) is not None


def test_a_restart_counts_where_something_was_held() -> None:
    assert newest(seen(started(), BACK, holds=False), RESTART) is None
    assert newest(seen(started(), BACK, holds=True), RESTART) is not None


def test_what_the_key_may_do_is_known_for_as_long_as_the_trader_lives() -> None:
    safe, bad = (AccountStatusReported(standing=Standing(key_trades=True, key_withdraws=each)) for each in (False, True))
    found = newest(seen(started(), safe, BACK), KEY)
    assert found is not None
    assert (found.holds, found.made_at) == (True, 3)
    together = worst([*seen(started(), bad), *seen(started(), safe, BACK, BACK)])
    assert [(each.claim, each.holds) for each in together] == [(KEY, False)]
    assert newest(seen(started(), AccountStatusReported(standing=Standing())), KEY) is None, "the venue does not tell"
