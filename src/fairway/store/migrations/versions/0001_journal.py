"""The journal: its records, who writes it, and snapshots of what was replayed from it."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None

_LONG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """A journal is known by its trader and its stream."""
    op.create_table(
        "writers",
        sa.Column("trader", sa.Text, primary_key=True),
        sa.Column("stream", sa.Text, primary_key=True),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("epoch", _LONG, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("since", sa.Text, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "records",
        sa.Column("trader", sa.Text, primary_key=True),
        sa.Column("stream", sa.Text, primary_key=True),
        sa.Column("seq", _LONG, primary_key=True, autoincrement=False),
        sa.Column("at", _LONG, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "snapshots",
        sa.Column("trader", sa.Text, primary_key=True),
        sa.Column("stream", sa.Text, primary_key=True),
        sa.Column("seq", _LONG, primary_key=True, autoincrement=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sqlite_strict=True,
    )
    _guard_records()


def _guard_records() -> None:
    """Against accidents with a database tool; against malice there is the chain."""
    if op.get_bind().dialect.name == "sqlite":
        for name, act in (("records_stay", "UPDATE"), ("records_remain", "DELETE")):
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON records BEGIN SELECT RAISE(ABORT, 'a journal is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION records_are_kept() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a journal is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER records_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON records "
        "FOR EACH STATEMENT EXECUTE FUNCTION records_are_kept()"
    )
