"""Records by account: whoever opens one account reads its records only, however many others there are."""

from alembic import op

revision, down_revision = "0004", "0003"


def upgrade() -> None:
    op.create_index("records_of_account", "records", ["trader", "stream", "account", "seq"])
