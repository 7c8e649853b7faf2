"""People: users, their accounts, the envelopes that hold the accounts' keys, and who changed what."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0003", "0002"

_LONG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    """Counts, and instants in ns UTC."""
    return [sa.Column(name, _LONG, nullable=False) for name in names]


def upgrade() -> None:
    """What was removed keeps its row, so that its id is never used again."""
    op.create_table(
        "users",
        sa.Column("id", sa.Text, primary_key=True),
        *_words("name", "role", "profile", "state", "said_by", "said_reason"),
        *_numbers("created_at", "said_at"),
        sqlite_strict=True,
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, sa.ForeignKey("users.id"), nullable=False),
        *_words("exchange", "mode", "url", "symbols", "capital_min", "capital_max"),
        *_words("state", "key_check", "said_by", "said_reason"),
        *_numbers("created_at", "keys_version", "keys_at", "said_at"),
        sqlite_strict=True,
    )
    op.create_table(
        "envelopes",
        sa.Column("account_id", sa.Text, sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("purpose", sa.Text, primary_key=True),
        sa.Column("envelope", sa.LargeBinary, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "changes",
        sa.Column("seq", _LONG, primary_key=True, autoincrement=False),
        *_numbers("at"),
        *_words("author", "subject", "what", "reason"),
        sqlite_strict=True,
    )
    _guard()


def _guard() -> None:
    """Changes are never changed, and no row that says an id was used goes away. Against accidents with a database tool."""
    kept = (("changes", ("UPDATE", "DELETE")), ("users", ("DELETE",)), ("accounts", ("DELETE",)))
    if op.get_bind().dialect.name == "sqlite":
        for table, acts in kept:
            for act in acts:
                stop = f"SELECT RAISE(ABORT, 'rows of {table} are kept')"
                op.execute(f"CREATE TRIGGER {table}_{act.lower()} BEFORE {act} ON {table} BEGIN {stop}; END")
        return
    op.execute(
        "CREATE FUNCTION people_are_kept() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'rows of % are kept', TG_TABLE_NAME; END $$"
    )
    for table, acts in kept:
        op.execute(
            f"CREATE TRIGGER {table}_stay BEFORE {' OR '.join(acts)} OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION people_are_kept()"
        )
