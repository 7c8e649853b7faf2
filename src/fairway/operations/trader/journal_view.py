"""What the trader's journal shows, kept between the questions of one process, so that a server reads each record once."""

import threading
from collections.abc import Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Final

from fairway.operations.trader.accounts_of_trader import carried_accounts

if TYPE_CHECKING:
    from fairway.journal.account_permissions import AccountPermissions
    from fairway.reports.trader_view import TraderView
    from fairway.settings import Settings

VIEWS_MAX: Final = 8
"""Journals that are followed at once; the longest unasked is let go."""
LostStreams = Mapping[str, tuple[int, str]]
"""By channel, streams that are not trusted now: since when (ns), and why."""

_VIEWS: Final[dict[tuple[str, str], "TraderView"]] = {}
_TURN: Final = threading.Lock()


def view_of(settings: "Settings") -> "TraderView":
    """The view of a configuration's journal; `with` brings it up to date. It raises JournalErrors then."""
    from fairway.reports.trader_view import TraderView

    key = (str(settings.journal), settings.account)
    with _TURN:
        view = _VIEWS.pop(key, None) or TraderView(settings.journal, trader=settings.account)
        _VIEWS[key] = view
        while len(_VIEWS) > VIEWS_MAX:
            _VIEWS.pop(next(iter(_VIEWS))).close()
        return view


def seen_permissions(settings: "Settings") -> "tuple[Mapping[str, AccountPermissions], Mapping[str, LostStreams]]":
    """By account, what it may do and which streams are lost. Those that the configuration names are always among the first.

    Raises JournalErrors.
    """
    from fairway.journal.account_permissions import AccountPermissions

    with view_of(settings) as view:
        found = {name: deepcopy(each.permissions) for name, each in view.accounts.items()}
        lost = {name: dict(each.lost) for name, each in view.accounts.items()}
    return {**{name: AccountPermissions() for name in carried_accounts(settings)}, **found}, lost
