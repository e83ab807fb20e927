"""what is no longer in use

A school, a class and a vehicle go out of service, and a pupil leaves, without what was lived with them being lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_1615"
down_revision = "2026_11_25_1610"
branch_labels = None
depends_on = None

IN_SERVICE = ("school", "class_group", "vehicle")


def upgrade() -> None:
    for table in IN_SERVICE:
        if op.get_bind().dialect.name == "sqlite":
            # In place, default and all: to copy the table would drop it, which its children forbid.
            op.execute(f"ALTER TABLE {table} ADD COLUMN is_active BOOLEAN DEFAULT 1 NOT NULL")
        else:
            op.add_column(table, sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False))
            op.alter_column(table, "is_active", server_default=None)
    op.add_column("pupil", sa.Column("archived_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("pupil", "archived_on")
    for table in IN_SERVICE:
        op.drop_column(table, "is_active")
