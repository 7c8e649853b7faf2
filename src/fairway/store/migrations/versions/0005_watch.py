"""The series store: observations in blocks, what is remembered of each account, and how far the journal was read."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0005", "0004"

_LONG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """All of it belongs to a trader, and can be made again from its journal."""
    op.create_table(
        "watch_blocks",
        sa.Column("trader", sa.Text, primary_key=True),
        sa.Column("indicator", sa.Text, primary_key=True),
        sa.Column("number", _LONG, primary_key=True, autoincrement=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "watch_accounts",
        sa.Column("trader", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "watch_progress",
        sa.Column("trader", sa.Text, primary_key=True),
        sa.Column("form", sa.Integer, nullable=False),
        sa.Column("seq", _LONG, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("watermark", _LONG, nullable=False),
        sa.Column("beats", _LONG, nullable=False),
        sqlite_strict=True,
    )
