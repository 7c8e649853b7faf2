"""The read models: what the journal says, as rows that a report or a screen asks for. All of them can be made anew from it."""

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
        *_words("account", "symbol", "side", "price", "quantity", "cost", "fee", "fee_asset", "base", "quote"),
        sa.Column("is_maker", sa.Boolean().with_variant(sa.Integer, "sqlite"), nullable=False),
        *_instants("at"),
        sqlite_strict=True,
    )
    op.create_index("fills_by_account", "fills", ["trader", "account", "at"])
    op.create_table(
        "round_trips",
        *(_key("trader"), _key("account"), _key("symbol")),
        sa.Column("opened_at", _LONG, primary_key=True, autoincrement=False),
        *_instants("closed_at"),
        *_words("bought", "sold", "paid", "received", "fees_in_base", "fees_in_quote", "base", "quote"),
        sqlite_strict=True,
    )
    op.create_table(
        "caps_in_force",
        *(_key("trader"), _key("account"), _key("cap_id")),
        *_words("symbol", "source", "reason", "lifting", "limits"),
        *_instants("since"),
        sqlite_strict=True,
    )
    op.create_table(
        "projections",
        *(_key("trader"), _key("stream")),
        *_instants("seq"),
        *_words("digest"),
        sqlite_strict=True,
    )
