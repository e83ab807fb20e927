"""series changed as a whole

A series that changes from a date on goes on as another one, which says what it continues. What was done to a series is
kept with its author, so that a second editor is told.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_1920"
down_revision = "2026_11_25_1650"
branch_labels = None
depends_on = None

EVERY = "(SELECT current_setting('intervention.every_board', true)) = 'on'"


def upgrade() -> None:
    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.add_column(sa.Column("continues_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk__series__continues_id"), "series", ["continues_id"], ["id"])
        batch_op.create_index(batch_op.f("ix__series__continues_id"), ["continues_id"], unique=False)
    op.create_table(
        "series_act",
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk__series_act__actor_id")),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk__series_act__series_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__series_act")),
    )
    op.create_index(op.f("ix__series_act__series_id"), "series_act", ["series_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE series_act ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE series_act FORCE ROW LEVEL SECURITY")
        follows = "EXISTS (SELECT FROM series WHERE series.id = series_act.series_id)"
        op.execute(f"CREATE POLICY boards_apart ON series_act USING ({EVERY} OR {follows})")


def downgrade() -> None:
    op.drop_table("series_act")
    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__series__continues_id"))
        batch_op.drop_constraint(batch_op.f("fk__series__continues_id"), type_="foreignkey")
        batch_op.drop_column("continues_id")
