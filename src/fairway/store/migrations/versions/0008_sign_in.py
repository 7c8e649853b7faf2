"""Sign-in: what proves that a user is who the user says, and the tokens that a proof was exchanged for. No secret is in clear."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0008", "0007"

_LONG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Instants are ns UTC, 0 for never."""
    op.create_table(
        "credentials",
        sa.Column("user_id", sa.Text, sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("is_one_time", _LONG, nullable=False),
        sa.Column("totp", sa.LargeBinary, nullable=False),
        sa.Column("totp_used", _LONG, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "tokens",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, sa.ForeignKey("users.id"), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("kind", "scope", "name")),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        *(
            sa.Column(name, _LONG, nullable=False)
            for name in ("created_at", "signed_in_at", "expires_at", "used_at", "revoked_at")
        ),
        sqlite_strict=True,
    )
    op.create_index("tokens_of_user", "tokens", ["user_id"])
