"""places of one cycle in two

A line of a timetable is held every cycle (or week) or one in two; a place then says which of the two.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_2340"
down_revision = "2026_11_25_1920"
branch_labels = None
depends_on = None

COLUMNS = (
    ("timetable_line", "every", 1, "ck__timetable_line__rhythm", "every BETWEEN 1 AND 2"),
    ("timetable_slot", "turn", 0, "ck__timetable_slot__turn", "turn BETWEEN 0 AND 2"),
)


def upgrade() -> None:
    for table, column, otherwise, name, check in COLUMNS:
        if op.get_bind().dialect.name == "sqlite":
            # In place, default and all: to copy the table of lines would drop it, and their places with it.
            rule = f"INTEGER DEFAULT {otherwise} NOT NULL CONSTRAINT {name} CHECK ({check})"
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {rule}")
        else:
            op.add_column(table, sa.Column(column, sa.Integer(), server_default=str(otherwise), nullable=False))
            op.alter_column(table, column, server_default=None)
            op.create_check_constraint(op.f(name), table, check)


def downgrade() -> None:
    for table, column, *_ in COLUMNS:
        op.drop_column(table, column)
