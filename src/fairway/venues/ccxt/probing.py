"""Asks an exchange at one address whether it answers, within the request budget that all of its addresses share."""

from typing import Any

from fairway.venues.allowance import Lane
from fairway.venues.ccxt.dialect import Dialect
from fairway.venues.ccxt.gate import RequestGate
from fairway.venues.ccxt.reading import UNREADABLE
from fairway.venues.port import Throttled


async def answers(client: Any, dialect: Dialect, gate: RequestGate, timeout_s: float) -> bool | None:
    """Whether it tells its time where the client points; None where our own budget let no question leave."""
    from ccxt.base.errors import BaseError

    try:
        async with gate.call(Lane.DATA, timeout_s, effect=False):
            await dialect.server_time()
    except Throttled:
        return None
    except (BaseError, OSError, TimeoutError, *UNREADABLE):
        return False
    finally:
        client.session = None  # it is all accounts'
    return True
