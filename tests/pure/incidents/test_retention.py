"""Retention: accounts of the first week that trade in the fourth, and no share where they are too few."""

from decimal import Decimal

from fairway.incidents.retention import retention_of
from fairway.journal.port import ReplayEntry
from fairway.world.clock import DAY

WEEK = 7 * DAY


def journal(*accounts: tuple[str, int, tuple[int, ...]]) -> list[ReplayEntry]:
    """Entries of accounts: name, when it began, and when it traded (ns)."""
    starts = [ReplayEntry(0, began, name, "TraderStarted", 1, b"") for name, began, _ in accounts]
    fills = [ReplayEntry(0, at, name, "OrderFilled", 1, b"") for name, _, trades in accounts for at in trades]
    return sorted([*starts, *fills], key=lambda each: each.at)


def test_the_share_counts_accounts_that_traded_in_the_first_and_in_the_fourth_week() -> None:
    kept = [(f"kept{n}", n * DAY, (n * DAY + 1, n * DAY + 3 * WEEK)) for n in range(4)]
    lost = [("lost", 0, (1, 2 * WEEK, 3 * WEEK - 1, 4 * WEEK))]
    found = retention_of(journal(*kept, *lost), 8 * WEEK)
    assert (found.n, found.kept, found.share) == (5, 4, Decimal("0.8"))


def test_fewer_than_five_accounts_say_nothing() -> None:
    found = retention_of(journal(*((f"a{n}", 0, (1, 3 * WEEK)) for n in range(4))), 8 * WEEK)
    assert (found.n, found.kept, found.share, found.is_sufficient) == (4, 4, None, False)


def test_accounts_that_are_too_young_or_never_traded_at_first_are_named_and_not_counted() -> None:
    accounts = [("young", 5 * WEEK, (5 * WEEK + 1,)), ("idle", 0, (3 * WEEK,)), ("old", 0, (1,))]
    found = retention_of(journal(*accounts), 9 * WEEK - 1)
    assert (found.n, found.too_young, found.never) == (1, 1, 1)
    assert retention_of(journal(*accounts), 9 * WEEK).too_young == 0


def test_a_restart_is_no_new_account() -> None:
    found = retention_of(journal(("a", 0, (1,)), ("a", 3 * WEEK, (3 * WEEK + 1,))), 8 * WEEK)
    assert (found.n, found.kept) == (1, 1)
