"""The progress of the read models names the version of the rules that made them; those of other rules are made again."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0007", "0006"


def upgrade() -> None:
    op.add_column("projections", sa.Column("version", sa.Text, nullable=False, server_default=""))
