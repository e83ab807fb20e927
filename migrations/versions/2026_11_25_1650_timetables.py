"""the bulk timetable of September

A draft per professional and year, its lines and their places on the cycle, with the series that each place became. On
PostgreSQL the draft is its board's; lines and places follow it.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_1650"
down_revision = "2026_11_25_1640"
branch_labels = None
depends_on = None

EVERY = "(SELECT current_setting('intervention.every_board', true)) = 'on'"
OURS = "organization_id = ANY ((SELECT string_to_array(current_setting('intervention.boards', true), ',')::uuid[])::uuid[])"
REACHED = {
    "timetable": OURS,
    "timetable_line": "EXISTS (SELECT FROM timetable WHERE timetable.id = timetable_line.timetable_id)",
    "timetable_slot": "EXISTS (SELECT FROM timetable_line WHERE timetable_line.id = timetable_slot.line_id)",
}


def upgrade() -> None:
    op.create_table(
        "timetable",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("school_year_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk__timetable__person_id")),
        sa.ForeignKeyConstraint(
            ["school_year_id"], ["school_year.id"], name=op.f("fk__timetable__school_year_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk__timetable__created_by_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__timetable__organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__timetable")),
        sa.UniqueConstraint("person_id", "school_year_id", name=op.f("uq__timetable__person_id_school_year_id")),
    )
    op.create_index(op.f("ix__timetable__person_id"), "timetable", ["person_id"], unique=False)
    op.create_index(op.f("ix__timetable__organization_id"), "timetable", ["organization_id"], unique=False)
    _lines()
    _slots()
    if op.get_bind().dialect.name == "postgresql":
        for table, reached in REACHED.items():
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY boards_apart ON {table} USING ({EVERY} OR {reached})")


def _lines() -> None:
    op.create_table(
        "timetable_line",
        sa.Column("timetable_id", sa.Uuid(), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=True),
        sa.Column("need_group_id", sa.Uuid(), nullable=True),
        sa.Column("class_group_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("discipline", sa.String(length=32), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("modality", sa.String(length=32), nullable=True),
        sa.Column("building_id", sa.Uuid(), nullable=True),
        sa.Column("is_confidential", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(pupil_id IS NOT NULL AND need_group_id IS NULL AND class_group_id IS NULL)"
            " OR (pupil_id IS NULL AND need_group_id IS NOT NULL AND class_group_id IS NULL)"
            " OR (pupil_id IS NULL AND need_group_id IS NULL AND class_group_id IS NOT NULL)",
            name=op.f("ck__timetable_line__one_subject"),
        ),
        sa.CheckConstraint(
            "times BETWEEN 1 AND 10 AND minutes BETWEEN 5 AND 240", name=op.f("ck__timetable_line__amounts")
        ),
        sa.ForeignKeyConstraint(
            ["timetable_id"], ["timetable.id"], name=op.f("fk__timetable_line__timetable_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupil.id"], name=op.f("fk__timetable_line__pupil_id")),
        sa.ForeignKeyConstraint(
            ["need_group_id"], ["need_group.id"], name=op.f("fk__timetable_line__need_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["class_group_id"], ["class_group.id"], name=op.f("fk__timetable_line__class_group_id")
        ),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk__timetable_line__building_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__timetable_line")),
    )
    op.create_index(op.f("ix__timetable_line__timetable_id"), "timetable_line", ["timetable_id"], unique=False)


def _slots() -> None:
    op.create_table(
        "timetable_slot",
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("cycle_day", sa.Integer(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("starts_local", sa.Time(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(cycle_day IS NULL) <> (weekday IS NULL)", name=op.f("ck__timetable_slot__one_day")),
        sa.CheckConstraint(
            "cycle_day BETWEEN 1 AND 20 AND weekday IS NULL OR weekday BETWEEN 1 AND 7",
            name=op.f("ck__timetable_slot__day"),
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["timetable_line.id"], name=op.f("fk__timetable_slot__line_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk__timetable_slot__series_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__timetable_slot")),
    )
    op.create_index(op.f("ix__timetable_slot__line_id"), "timetable_slot", ["line_id"], unique=False)
    op.create_index(op.f("ix__timetable_slot__series_id"), "timetable_slot", ["series_id"], unique=False)


def downgrade() -> None:
    for table in ("timetable_slot", "timetable_line", "timetable"):
        op.drop_table(table)
