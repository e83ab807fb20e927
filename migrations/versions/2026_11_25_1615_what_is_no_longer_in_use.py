"""what is no longer in use

A school, a class and a vehicle go out of service, and a pupil leaves, without what was lived with them being lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_1615"
down_revision = "2026_11_22_0610"
branch_labels = None
depends_on = None

IN_SERVICE = ("school", "class_group", "vehicle")


def upgrade() -> None:
    for table in IN_SERVICE:
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False))
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column("is_active", server_default=None)
    with op.batch_alter_table("pupil") as batch_op:
        batch_op.add_column(sa.Column("archived_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("pupil") as batch_op:
        batch_op.drop_column("archived_on")
    for table in IN_SERVICE:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("is_active")
