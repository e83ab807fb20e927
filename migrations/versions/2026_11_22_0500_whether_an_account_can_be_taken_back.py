"""whether an account can be taken back"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_0500"
down_revision = "2026_11_22_0440"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("video_account") as batch_op:
        batch_op.add_column(sa.Column("is_revocable", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("video_account") as batch_op:
        batch_op.alter_column("is_revocable", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("video_account") as batch_op:
        batch_op.drop_column("is_revocable")
