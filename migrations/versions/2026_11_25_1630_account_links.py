"""links by which a person chooses a password

A board that is founded, or somebody added to one, has no password yet, and nobody else should ever know it.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_1630"
down_revision = "2026_11_25_1615"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_link",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk__account_link__person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__account_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq__account_link__token_hash")),
    )
    op.create_index(op.f("ix__account_link__person_id"), "account_link", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("account_link")
