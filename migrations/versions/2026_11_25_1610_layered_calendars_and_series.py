"""layered calendars and series

School years get their layers, cycles and unplanned closures; dated days know which layer decided them, half days and the
number printed before a closure; séances may belong to a series of explicit dates, and one that was not given may be owed.
"""

from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_1610"
down_revision = "2026_11_22_0610"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sector",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__sector__organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__sector")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq__sector__organization_id_name")),
    )
    with op.batch_alter_table("sector", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__sector__organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "cycle_rotation",
        sa.Column("school_year_id", sa.Uuid(), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("reflow", sa.String(32), nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "length BETWEEN 1 AND 20 AND first_day BETWEEN 1 AND length", name=op.f("ck__cycle_rotation__length")
        ),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk__cycle_rotation__building_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk__cycle_rotation__organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_year_id"], ["school_year.id"], name=op.f("fk__cycle_rotation__school_year_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__cycle_rotation")),
        sa.UniqueConstraint(
            "school_year_id", "building_id", "level", name=op.f("uq__cycle_rotation__school_year_id_building_id_level")
        ),
    )
    with op.batch_alter_table("cycle_rotation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__cycle_rotation__building_id"), ["building_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__cycle_rotation__organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "day_mark",
        sa.Column("school_year_id", sa.Uuid(), nullable=False),
        sa.Column("layer", sa.String(32), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("portion", sa.String(32), nullable=False),
        sa.Column("day_type", sa.String(32), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__day_mark__organization_id")),
        sa.ForeignKeyConstraint(
            ["school_year_id"], ["school_year.id"], name=op.f("fk__day_mark__school_year_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__day_mark")),
        sa.UniqueConstraint(
            "school_year_id",
            "target_id",
            "level",
            "on_date",
            "portion",
            name=op.f("uq__day_mark__school_year_id_target_id_level_on_date_portion"),
        ),
    )
    with op.batch_alter_table("day_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__day_mark__organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "sector_building",
        sa.Column("sector_id", sa.Uuid(), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk__sector_building__building_id")),
        sa.ForeignKeyConstraint(
            ["sector_id"], ["sector.id"], name=op.f("fk__sector_building__sector_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sector_id", "building_id", name=op.f("pk__sector_building")),
    )
    with op.batch_alter_table("sector_building", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__sector_building__building_id"), ["building_id"], unique=False)

    op.create_table(
        "calendar_change",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk__calendar_change__actor_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk__calendar_change__organization_id")
        ),
        sa.ForeignKeyConstraint(["undone_by_id"], ["person.id"], name=op.f("fk__calendar_change__undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__calendar_change")),
    )
    with op.batch_alter_table("calendar_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__calendar_change__organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "closure",
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("portion", sa.String(32), nullable=False),
        sa.Column("day_type", sa.String(32), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=True),
        sa.Column("declared_by_id", sa.Uuid(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by_id", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["declared_by_id"], ["person.id"], name=op.f("fk__closure__declared_by_id")),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["person.id"], name=op.f("fk__closure__lifted_by_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__closure__organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__closure")),
    )
    with op.batch_alter_table("closure", schema=None) as batch_op:
        batch_op.create_index("ix__closure__organization_date", ["organization_id", "on_date"], unique=False)
        batch_op.create_index(batch_op.f("ix__closure__organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "series",
        sa.Column("host_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("discipline", sa.String(32), nullable=False),
        sa.Column("confidentiality", sa.String(32), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("starts_local", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("objective", sa.String(length=200), nullable=True),
        sa.Column("need_group_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck__series__forward")),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk__series__building_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk__series__created_by_id")),
        sa.ForeignKeyConstraint(["host_id"], ["person.id"], name=op.f("fk__series__host_id")),
        sa.ForeignKeyConstraint(["need_group_id"], ["need_group.id"], name=op.f("fk__series__need_group_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__series__organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__series")),
    )
    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__series__host_id"), ["host_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__series__organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "make_up",
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk__make_up__decided_by_id")),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk__make_up__encounter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__make_up__organization_id")),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["encounter.id"], name=op.f("fk__make_up__replaced_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__make_up")),
        sa.UniqueConstraint("encounter_id", name=op.f("uq__make_up__encounter_id")),
    )
    with op.batch_alter_table("make_up", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__make_up__organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__make_up__replaced_by_id"), ["replaced_by_id"], unique=False)

    op.create_table(
        "series_date",
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(32), nullable=True),
        sa.Column("encounter_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk__series_date__encounter_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk__series_date__series_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("series_id", "on_date", name=op.f("pk__series_date")),
    )
    with op.batch_alter_table("series_date", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__series_date__encounter_id"), ["encounter_id"], unique=False)

    with op.batch_alter_table("bell_period") as batch_op:
        batch_op.add_column(sa.Column("day_type", sa.String(32), nullable=True))
    _series_of_encounters()
    with op.batch_alter_table("protected_time") as batch_op:
        batch_op.add_column(sa.Column("cycle_day", sa.Integer(), nullable=True))
        batch_op.alter_column("weekday", existing_type=sa.Integer(), nullable=True)
        batch_op.create_check_constraint(
            op.f("ck__protected_time__one_day"), "(weekday IS NULL) <> (cycle_day IS NULL)"
        )
    _school_days()
    _school_years()
    _marks_of_what_was_there()


def _series_of_encounters() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # In place: to copy this table would drop it, and with it every row that goes away with its encounter.
        op.execute(
            "ALTER TABLE encounter ADD COLUMN series_id CHAR(32) CONSTRAINT fk__encounter__series_id REFERENCES series (id)"
        )
    else:
        op.add_column("encounter", sa.Column("series_id", sa.Uuid(), nullable=True))
        op.create_foreign_key(op.f("fk__encounter__series_id"), "encounter", "series", ["series_id"], ["id"])
    op.create_index(op.f("ix__encounter__series_id"), "encounter", ["series_id"], unique=False)


def _school_days() -> None:
    with op.batch_alter_table("school_day") as batch_op:
        batch_op.add_column(sa.Column("level", sa.String(length=12), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("afternoon", sa.String(32), nullable=True))
        batch_op.add_column(sa.Column("cycle_number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("printed_day", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("layer", sa.String(32), nullable=False, server_default="building"))
        batch_op.add_column(sa.Column("rank", sa.Integer(), nullable=True))
    with op.batch_alter_table("school_day") as batch_op:
        batch_op.drop_constraint(op.f("pk__school_day"), type_="primary")
        batch_op.create_primary_key(op.f("pk__school_day"), ["building_id", "level", "on_date"])
        batch_op.alter_column("level", existing_type=sa.String(length=12), server_default=None)
        batch_op.alter_column("layer", existing_type=sa.String(32), server_default=None)


def _school_years() -> None:
    with op.batch_alter_table("school_year") as batch_op:
        batch_op.add_column(sa.Column("staff_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("staff_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("reflow", sa.String(32), nullable=False, server_default="slide"))
    op.execute("UPDATE school_year SET staff_from = starts_on, staff_until = ends_on")
    with op.batch_alter_table("school_year") as batch_op:
        batch_op.alter_column("staff_from", existing_type=sa.Date(), nullable=False)
        batch_op.alter_column("staff_until", existing_type=sa.Date(), nullable=False)
        batch_op.alter_column("reflow", existing_type=sa.String(32), server_default=None)
        batch_op.create_unique_constraint(op.f("uq__school_year__organization_id_label"), ["organization_id", "label"])
        batch_op.create_check_constraint(
            op.f("ck__school_year__staff_around"), "staff_from <= starts_on AND staff_until >= ends_on"
        )
        batch_op.create_check_constraint(op.f("ck__school_year__cycle_length"), "cycle_length BETWEEN 1 AND 20")


def _marks_of_what_was_there() -> None:
    """What a dated day said becomes its building's own layer, and a cycle that differs from the board's a rotation."""
    bind = op.get_bind()
    meta = sa.MetaData()
    years, days = sa.Table("school_year", meta, autoload_with=bind), sa.Table("school_day", meta, autoload_with=bind)
    marks, rotations = (sa.Table(name, meta, autoload_with=bind) for name in ("day_mark", "cycle_rotation"))
    for table, columns in ((years, ("id", "organization_id")), (days, ("building_id", "organization_id"))):
        for column in columns:
            table.c[column].type = sa.Uuid()
    for table in (marks, rotations):
        for column in table.c:
            if column.name.endswith("id"):
                column.type = sa.Uuid()
    of_year = sa.and_(
        days.c.organization_id == years.c.organization_id, days.c.on_date >= years.c.staff_from,
        days.c.on_date <= years.c.staff_until,
    )  # fmt: skip
    seen = bind.execute(
        sa.select(
            years.c.id, years.c.cycle_length, days.c.organization_id, days.c.building_id, days.c.on_date,
            days.c.day_type, days.c.cycle_day, days.c.label,
        ).join(years, of_year)
    ).all()  # fmt: skip
    told = [
        {
            "id": uuid4(), "organization_id": day.organization_id, "school_year_id": day.id, "layer": "building",
            "target_id": day.building_id, "level": "", "on_date": day.on_date, "portion": "whole",
            "day_type": day.day_type, "label": day.label, "rank": None,
        }
        for day in seen
        if day.day_type != "class"
    ]  # fmt: skip
    lengths: dict[tuple[UUID, UUID, UUID, int], int] = {}
    for day in seen:
        key = (day.id, day.organization_id, day.building_id, day.cycle_length)
        lengths[key] = max(lengths.get(key, 0), day.cycle_day or 0)
    turning = [
        {
            "id": uuid4(), "organization_id": board, "school_year_id": year, "building_id": building, "level": "",
            "length": length, "reflow": "slide", "first_day": 1,
        }
        for (year, board, building, usual), length in lengths.items()
        if length not in (0, usual)
    ]  # fmt: skip
    for table, rows in ((marks, told), (rotations, turning)):
        if rows:
            bind.execute(sa.insert(table), rows)


def downgrade() -> None:
    with op.batch_alter_table("school_year") as batch_op:
        for constraint in ("ck__school_year__cycle_length", "ck__school_year__staff_around"):
            batch_op.drop_constraint(op.f(constraint), type_="check")
        batch_op.drop_constraint(op.f("uq__school_year__organization_id_label"), type_="unique")
        for column in ("reflow", "staff_until", "staff_from"):
            batch_op.drop_column(column)
    op.execute("DELETE FROM school_day WHERE level <> ''")
    with op.batch_alter_table("school_day") as batch_op:
        batch_op.drop_constraint(op.f("pk__school_day"), type_="primary")
        batch_op.create_primary_key(op.f("pk__school_day"), ["building_id", "on_date"])
        for column in ("rank", "layer", "printed_day", "cycle_number", "afternoon", "level"):
            batch_op.drop_column(column)
    op.execute("DELETE FROM protected_time WHERE weekday IS NULL")
    with op.batch_alter_table("protected_time") as batch_op:
        batch_op.drop_constraint(op.f("ck__protected_time__one_day"), type_="check")
        batch_op.alter_column("weekday", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column("cycle_day")
    _no_series_of_encounters()
    op.execute("DELETE FROM bell_period WHERE day_type IS NOT NULL")
    with op.batch_alter_table("bell_period", schema=None) as batch_op:
        batch_op.drop_column("day_type")

    with op.batch_alter_table("series_date", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__series_date__encounter_id"))

    op.drop_table("series_date")
    with op.batch_alter_table("make_up", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__make_up__replaced_by_id"))
        batch_op.drop_index(batch_op.f("ix__make_up__organization_id"))

    op.drop_table("make_up")
    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__series__organization_id"))
        batch_op.drop_index(batch_op.f("ix__series__host_id"))

    op.drop_table("series")
    with op.batch_alter_table("closure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__closure__organization_id"))
        batch_op.drop_index("ix__closure__organization_date")

    op.drop_table("closure")
    with op.batch_alter_table("calendar_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__calendar_change__organization_id"))

    op.drop_table("calendar_change")
    with op.batch_alter_table("sector_building", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__sector_building__building_id"))

    op.drop_table("sector_building")
    with op.batch_alter_table("day_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__day_mark__organization_id"))

    op.drop_table("day_mark")
    with op.batch_alter_table("cycle_rotation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__cycle_rotation__organization_id"))
        batch_op.drop_index(batch_op.f("ix__cycle_rotation__building_id"))

    op.drop_table("cycle_rotation")
    with op.batch_alter_table("sector", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__sector__organization_id"))

    op.drop_table("sector")


def _no_series_of_encounters() -> None:
    op.drop_index(op.f("ix__encounter__series_id"), table_name="encounter")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("fk__encounter__series_id"), "encounter", type_="foreignkey")
    op.drop_column("encounter", "series_id")
