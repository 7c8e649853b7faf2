"""Accounts have a cohort, by which a launch lets them in; those that were there before are the public's."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0006", "0005"


def upgrade() -> None:
    op.add_column("accounts", sa.Column("cohort", sa.Text, nullable=False, server_default="public"))
