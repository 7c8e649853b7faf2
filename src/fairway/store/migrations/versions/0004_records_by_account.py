"""Records by account: opening one account reads its records only, however many accounts there are."""

from alembic import op

revision, down_revision = "0004", "0003"


def upgrade() -> None:
    op.create_index("records_of_account", "records", ["trader", "stream", "account", "seq"])
    if op.get_bind().dialect.name == "sqlite":
        _tell_sqlite()


def _tell_sqlite() -> None:
    """SQLite gathers no statistics by itself, and without them reads everybody's records to find one account's."""
    op.execute("ANALYZE")
    for index, rows in (("records_of_account", "1000000 1000000 1000000 10000 1"), ("records", "1000000 1000000 1000000 1")):
        op.execute(f"INSERT INTO sqlite_stat1 VALUES ('records', '{index}', '{rows}')")
