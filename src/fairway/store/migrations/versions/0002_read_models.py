"""The read models: what the journal says, as rows for reports and screens. All of them can be made again from it."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"

_LONG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=True)


def _words(*names: str) -> list[sa.Column[str]]:
    """Texts, and money as canonical text."""
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _instants(*names: str) -> list[sa.Column[int]]:
    """Instants in ns UTC, 0 for what has not happened."""
    return [sa.Column(name, _LONG, nullable=False) for name in names]


def upgrade() -> None:
    """Each row belongs to a trader; its account is in the row."""
    op.create_table(
        "orders",
        *(_key("trader"), _key("order_id")),
        *_words("account", "symbol", "side", "type", "role", "state", "reason", "venue_id"),
        *_words("quantity", "price", "stop_price", "filled", "cost", "base", "quote"),
        *_instants("created_at", "updated_at"),
        sqlite_strict=True,
    )
    op.create_index("orders_by_account", "orders", ["trader", "account", "state"])
    op.create_table(
        "fills",
        *(_key("trader"), _key("order_id"), _key("trade_id")),
        *_words("account", "symbol", "side", "price", "quantity", "cost", "fee", "fee_asset", "liquidity", "base", "quote"),
        *_instants("at"),
        sqlite_strict=True,
    )
    op.create_index("fills_by_account", "fills", ["trader", "account", "at"])
    op.create_table(
        "round_trips",
        *(_key("trader"), _key("account"), _key("symbol")),
        sa.Column("opened_seq", _LONG, primary_key=True, autoincrement=False),
        *_instants("opened_at", "closed_at"),
        *_words("quantity", "cost", "result", "bought", "paid", "sold", "received", "base", "quote"),
        sqlite_strict=True,
    )
    op.create_index("round_trips_by_end", "round_trips", ["trader", "account", "symbol", "closed_at"])
    op.create_table(
        "caps_in_force",
        *(_key("trader"), _key("account"), _key("cap_id")),
        *_words("symbol", "source", "reason", "lifting", "limits"),
        *_instants("since"),
        sqlite_strict=True,
    )
    op.create_table("lots", *(_key("trader"), _key("account"), _key("symbol")), *_words("lot"), sqlite_strict=True)
    op.create_table(
        "projections",
        *(_key("trader"), _key("stream")),
        *_instants("seq"),
        *_words("digest"),
        sqlite_strict=True,
    )
