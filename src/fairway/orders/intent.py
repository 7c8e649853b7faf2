"""What a strategy may wish for. An intent names prices and reasons, never quantities: sizing belongs to risk."""

from msgspec import Struct

from fairway.money.amount import Price


class Enter(Struct, frozen=True, kw_only=True):
    """Open a long position. Stop and target are mandatory: an entry that cannot be protected is no entry."""

    symbol: str
    stop: Price
    target: Price
    reason: str


class Exit(Struct, frozen=True, kw_only=True):
    """Close the whole position."""

    symbol: str
    reason: str


Intent = Enter | Exit
