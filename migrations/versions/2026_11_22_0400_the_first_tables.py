"""the first tables"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_0400"
down_revision = None
branch_labels = None
depends_on = None

GUARD = "ex__reservation__overlap"

# The probe is bounded by the longest reservation (144 ticks, a CHECK of the table) so that it reads a short index range.
SQLITE_TRIGGER = f"""
CREATE TRIGGER {{name}} BEFORE {{act}} ON reservation
WHEN EXISTS (
    SELECT 1 FROM reservation AS other
    WHERE other.resource_id = NEW.resource_id AND other.id <> NEW.id
      AND other.starts_tick < NEW.ends_tick AND other.starts_tick > NEW.starts_tick - 144
      AND other.ends_tick > NEW.starts_tick
)
BEGIN SELECT RAISE(ABORT, '{GUARD}'); END
"""


def guard_reservations() -> None:
    """No two reservations of one resource overlap, whoever writes: the product's first promise."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(SQLITE_TRIGGER.format(name="reservation_overlap_insert", act="INSERT"))
        op.execute(
            SQLITE_TRIGGER.format(
                name="reservation_overlap_update", act="UPDATE OF resource_id, starts_tick, ends_tick"
            )
        )
        return
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.execute(
        f"ALTER TABLE reservation ADD CONSTRAINT {GUARD} EXCLUDE USING gist"
        " (resource_id WITH =, int4range(starts_tick, ends_tick) WITH &&)"
    )


def upgrade() -> None:
    op.create_table(
        "access_log",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("object_kind", sa.String(length=30), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk__access_log")),
    )
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.create_index("ix__access_log__object", ["object_id"], unique=False)
        batch_op.create_index("ix__access_log__organization_at", ["organization_id", "at"], unique=False)

    op.create_table(
        "organization",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("short_name", sa.String(length=40), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("small_cell_minimum", sa.Integer(), nullable=False),
        sa.Column("day_limit_minutes", sa.Integer(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__organization")),
        sa.UniqueConstraint("code", name=op.f("uq__organization__code")),
    )
    op.create_table(
        "outbox",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dedupe_key", sa.String(length=120), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.String(length=40), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=60), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__outbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq__outbox__dedupe_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix__outbox__due", ["done_at", "due_at"], unique=False)

    op.create_table(
        "throttle",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "window", name=op.f("pk__throttle")),
    )
    op.create_table(
        "worker_beat",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk__worker_beat")),
    )
    op.create_table(
        "building",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("short_name", sa.String(length=40), nullable=False),
        sa.Column("municipality", sa.String(length=120), nullable=False),
        sa.Column("municipality_code", sa.String(length=12), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("postal_code", sa.String(length=7), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("proposed_zone", sa.String(length=64), nullable=True),
        sa.Column("road_component", sa.String(length=40), nullable=True),
        sa.Column("opens_local", sa.Time(), nullable=False),
        sa.Column("closes_local", sa.Time(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__building__organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__building")),
        sa.UniqueConstraint("organization_id", "code", name=op.f("uq__building__organization_id_code")),
    )
    with op.batch_alter_table("building", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__building__organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "resource",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__resource__organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__resource")),
    )
    with op.batch_alter_table("resource", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__resource__organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "school",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__school__organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__school")),
        sa.UniqueConstraint("organization_id", "code", name=op.f("uq__school__organization_id_code")),
    )
    with op.batch_alter_table("school", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__school__organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "school_year",
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("cycle_length", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck__school_year__forward")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk__school_year__organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__school_year")),
    )
    with op.batch_alter_table("school_year", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__school_year__organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "video_account",
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("secrets", sa.LargeBinary(), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("leaves_quebec", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk__video_account__organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__video_account")),
    )
    with op.batch_alter_table("video_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__video_account__organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "bell_period",
        sa.Column("building_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("starts_local", sa.Time(), nullable=False),
        sa.Column("ends_local", sa.Time(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ends_local > starts_local", name=op.f("ck__bell_period__forward")),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk__bell_period__building_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk__bell_period__organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__bell_period")),
    )
    with op.batch_alter_table("bell_period", schema=None) as batch_op:
        batch_op.create_index("ix__bell_period__building_level", ["building_id", "level"], unique=False)
        batch_op.create_index(batch_op.f("ix__bell_period__organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "kit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk__kit__building_id")),
        sa.ForeignKeyConstraint(["id"], ["resource.id"], name=op.f("fk__kit__id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__kit__organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__kit")),
    )
    with op.batch_alter_table("kit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__kit__building_id"), ["building_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__kit__organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("given_name", sa.String(length=80), nullable=False),
        sa.Column("family_name", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("theme", sa.String(length=8), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["resource.id"], name=op.f("fk__person__id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__person__organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__person")),
        sa.UniqueConstraint("email", name=op.f("uq__person__email")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__person__organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "reservation_bits",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("week", sa.SmallInteger(), nullable=False),
        sa.Column("bits", sa.LargeBinary(length=252), nullable=False),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk__reservation_bits__resource_id")),
        sa.PrimaryKeyConstraint("resource_id", "week", name=op.f("pk__reservation_bits")),
    )
    op.create_table(
        "road",
        sa.Column("from_building_id", sa.Uuid(), nullable=False),
        sa.Column("to_building_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("metres", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("quality", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=160), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["from_building_id"], ["building.id"], name=op.f("fk__road__from_building_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__road__organization_id")),
        sa.ForeignKeyConstraint(["to_building_id"], ["building.id"], name=op.f("fk__road__to_building_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__road")),
        sa.UniqueConstraint(
            "organization_id",
            "from_building_id",
            "to_building_id",
            name=op.f("uq__road__organization_id_from_building_id_to_building_id"),
        ),
    )
    with op.batch_alter_table("road", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__road__organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "room",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("has_headset", sa.Boolean(), nullable=False),
        sa.Column("equipment", sa.String(length=200), nullable=True),
        sa.Column("bandwidth_note", sa.String(length=120), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("capacity BETWEEN 1 AND 1000", name=op.f("ck__room__capacity")),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk__room__building_id")),
        sa.ForeignKeyConstraint(["id"], ["resource.id"], name=op.f("fk__room__id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__room__organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__room")),
        sa.UniqueConstraint(
            "organization_id", "building_id", "name", name=op.f("uq__room__organization_id_building_id_name")
        ),
    )
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__room__building_id"), ["building_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__room__organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "school_building",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=False),
        sa.Column("levels", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk__school_building__building_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk__school_building__school_id")),
        sa.PrimaryKeyConstraint("school_id", "building_id", name=op.f("pk__school_building")),
    )
    with op.batch_alter_table("school_building", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__school_building__building_id"), ["building_id"], unique=False)

    op.create_table(
        "school_day",
        sa.Column("building_id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("day_type", sa.String(32), nullable=False),
        sa.Column("cycle_day", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk__school_day__building_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__school_day__organization_id")),
        sa.PrimaryKeyConstraint("building_id", "on_date", name=op.f("pk__school_day")),
    )
    with op.batch_alter_table("school_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__school_day__organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "vehicle",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk__vehicle__building_id")),
        sa.ForeignKeyConstraint(["id"], ["resource.id"], name=op.f("fk__vehicle__id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__vehicle__organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__vehicle")),
    )
    with op.batch_alter_table("vehicle", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__vehicle__organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "api_token",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__api_token__organization_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk__api_token__person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq__api_token__token_hash")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__api_token__person_id"), ["person_id"], unique=False)

    op.create_table(
        "availability",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts_local", sa.Time(), nullable=False),
        sa.Column("ends_local", sa.Time(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ends_local > starts_local", name=op.f("ck__availability__forward")),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck__availability__weekday")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk__availability__organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk__availability__person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__availability")),
    )
    with op.batch_alter_table("availability", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__availability__organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__availability__person_id"), ["person_id"], unique=False)

    op.create_table(
        "busy_time",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck__busy_time__forward")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__busy_time__organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk__busy_time__person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__busy_time")),
    )
    with op.batch_alter_table("busy_time", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__busy_time__organization_id"), ["organization_id"], unique=False)
        batch_op.create_index("ix__busy_time__person_start", ["person_id", "starts_at"], unique=False)

    op.create_table(
        "class_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(32), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk__class_group__building_id")),
        sa.ForeignKeyConstraint(["id"], ["resource.id"], name=op.f("fk__class_group__id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk__class_group__organization_id")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk__class_group__school_id")),
        sa.ForeignKeyConstraint(["teacher_id"], ["person.id"], name=op.f("fk__class_group__teacher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__class_group")),
        sa.UniqueConstraint(
            "organization_id", "building_id", "name", name=op.f("uq__class_group__organization_id_building_id_name")
        ),
    )
    with op.batch_alter_table("class_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__class_group__building_id"), ["building_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__class_group__organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "facilitator",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=False),
        sa.Column("is_trained", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk__facilitator__building_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk__facilitator__person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk__facilitator")),
    )
    with op.batch_alter_table("facilitator", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__facilitator__building_id"), ["building_id"], unique=False)

    op.create_table(
        "feed",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("detail", sa.String(32), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_client", sa.String(length=60), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__feed__organization_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk__feed__owner_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq__feed__token_hash")),
    )
    with op.batch_alter_table("feed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__feed__organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__feed__owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "idempotency_key",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk__idempotency_key__person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__idempotency_key")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq__idempotency_key__person_id_key")),
    )
    op.create_table(
        "leg",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("from_building_id", sa.Uuid(), nullable=False),
        sa.Column("to_building_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("metres", sa.Integer(), nullable=False),
        sa.Column("quality", sa.String(length=20), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["from_building_id"], ["building.id"], name=op.f("fk__leg__from_building_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__leg__organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk__leg__person_id")),
        sa.ForeignKeyConstraint(["to_building_id"], ["building.id"], name=op.f("fk__leg__to_building_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__leg")),
    )
    with op.batch_alter_table("leg", schema=None) as batch_op:
        batch_op.create_index("ix__leg__person_date", ["person_id", "on_date"], unique=False)

    op.create_table(
        "membership",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("building_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk__membership__building_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__membership__organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk__membership__person_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk__membership__school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__membership")),
        sa.UniqueConstraint(
            "organization_id",
            "person_id",
            "role",
            "school_id",
            "building_id",
            name=op.f("uq__membership__organization_id_person_id_role_school_id_building_id"),
        ),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__membership__organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__membership__person_id"), ["person_id"], unique=False)

    op.create_table(
        "need_group",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("discipline", sa.String(32), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__need_group__organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk__need_group__person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__need_group")),
    )
    with op.batch_alter_table("need_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__need_group__organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__need_group__person_id"), ["person_id"], unique=False)

    op.create_table(
        "professional",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("home_building_id", sa.Uuid(), nullable=False),
        sa.Column("discipline", sa.String(32), nullable=False),
        sa.Column("other_disciplines", sa.JSON(), nullable=False),
        sa.Column("weekly_minutes", sa.Integer(), nullable=False),
        sa.Column("max_buildings_per_day", sa.Integer(), nullable=False),
        sa.Column("lunch_minutes", sa.Integer(), nullable=False),
        sa.Column("lunch_from_local", sa.Time(), nullable=False),
        sa.Column("lunch_until_local", sa.Time(), nullable=False),
        sa.CheckConstraint("lunch_minutes BETWEEN 0 AND 120", name=op.f("ck__professional__lunch_minutes")),
        sa.CheckConstraint("max_buildings_per_day BETWEEN 1 AND 12", name=op.f("ck__professional__max_buildings")),
        sa.ForeignKeyConstraint(["home_building_id"], ["building.id"], name=op.f("fk__professional__home_building_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk__professional__person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk__professional")),
    )
    op.create_table(
        "web_session",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("csrf_secret", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk__web_session__organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk__web_session__person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__web_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq__web_session__token_hash")),
    )
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__web_session__person_id"), ["person_id"], unique=False)

    op.create_table(
        "encounter",
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("axis", sa.String(32), nullable=False),
        sa.Column("discipline", sa.String(32), nullable=False),
        sa.Column("modality", sa.String(32), nullable=False),
        sa.Column("modality_reason", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("confidentiality", sa.String(32), nullable=False),
        sa.Column("host_id", sa.Uuid(), nullable=False),
        sa.Column("need_group_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("starts_local", sa.Time(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("objective", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck__encounter__forward")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk__encounter__created_by_id")),
        sa.ForeignKeyConstraint(["host_id"], ["person.id"], name=op.f("fk__encounter__host_id")),
        sa.ForeignKeyConstraint(["need_group_id"], ["need_group.id"], name=op.f("fk__encounter__need_group_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__encounter__organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__encounter")),
        sa.UniqueConstraint("uid", name=op.f("uq__encounter__uid")),
    )
    with op.batch_alter_table("encounter", schema=None) as batch_op:
        batch_op.create_index("ix__encounter__host_start", ["host_id", "starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix__encounter__organization_id"), ["organization_id"], unique=False)
        batch_op.create_index("ix__encounter__organization_start", ["organization_id", "starts_at"], unique=False)

    op.create_table(
        "feed_body",
        sa.Column("feed_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(length=80), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("gzipped", sa.LargeBinary(), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk__feed_body__feed_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("feed_id", name=op.f("pk__feed_body")),
    )
    op.create_table(
        "protected_time",
        sa.Column("class_group_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts_local", sa.Time(), nullable=False),
        sa.Column("ends_local", sa.Time(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_group_id"], ["class_group.id"], name=op.f("fk__protected_time__class_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk__protected_time__organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__protected_time")),
    )
    with op.batch_alter_table("protected_time", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__protected_time__class_group_id"), ["class_group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__protected_time__organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "pupil",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=False),
        sa.Column("class_group_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("given_name", sa.String(length=80), nullable=False),
        sa.Column("family_name", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(32), nullable=False),
        sa.Column("grade", sa.String(length=20), nullable=True),
        sa.Column("born_month", sa.String(length=7), nullable=True),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk__pupil__building_id")),
        sa.ForeignKeyConstraint(["class_group_id"], ["class_group.id"], name=op.f("fk__pupil__class_group_id")),
        sa.ForeignKeyConstraint(["id"], ["resource.id"], name=op.f("fk__pupil__id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__pupil__organization_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk__pupil__school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__pupil")),
        sa.UniqueConstraint("organization_id", "code", name=op.f("uq__pupil__organization_id_code")),
    )
    with op.batch_alter_table("pupil", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__pupil__building_id"), ["building_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__pupil__class_group_id"), ["class_group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__pupil__organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "cancellation",
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.String(32), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk__cancellation__actor_id")),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk__cancellation__encounter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["undone_by_id"], ["person.id"], name=op.f("fk__cancellation__undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__cancellation")),
    )
    with op.batch_alter_table("cancellation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__cancellation__encounter_id"), ["encounter_id"], unique=False)

    op.create_table(
        "consent",
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("discipline", sa.String(32), nullable=False),
        sa.Column("covers_remote", sa.Boolean(), nullable=False),
        sa.Column("given_by", sa.String(length=20), nullable=False),
        sa.Column("form", sa.String(length=10), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__consent__organization_id")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupil.id"], name=op.f("fk__consent__pupil_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__consent__organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__consent__pupil_id"), ["pupil_id"], unique=False)

    op.create_table(
        "encounter_act",
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk__encounter_act__actor_id")),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk__encounter_act__encounter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__encounter_act")),
    )
    with op.batch_alter_table("encounter_act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__encounter_act__encounter_id"), ["encounter_id"], unique=False)

    op.create_table(
        "encounter_site",
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(32), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=True),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("kit_id", sa.Uuid(), nullable=True),
        sa.Column("facilitator_id", sa.Uuid(), nullable=True),
        sa.Column("has_host", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("fk__encounter_site__building_id")),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk__encounter_site__encounter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["facilitator_id"], ["person.id"], name=op.f("fk__encounter_site__facilitator_id")),
        sa.ForeignKeyConstraint(["kit_id"], ["kit.id"], name=op.f("fk__encounter_site__kit_id")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk__encounter_site__room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__encounter_site")),
    )
    with op.batch_alter_table("encounter_site", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__encounter_site__building_id"), ["building_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__encounter_site__encounter_id"), ["encounter_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__encounter_site__facilitator_id"), ["facilitator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__encounter_site__room_id"), ["room_id"], unique=False)

    op.create_table(
        "follow_up",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("discipline", sa.String(32), nullable=False),
        sa.Column("is_confidential", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__follow_up__organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk__follow_up__person_id")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupil.id"], name=op.f("fk__follow_up__pupil_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__follow_up")),
        sa.UniqueConstraint(
            "person_id", "pupil_id", "discipline", name=op.f("uq__follow_up__person_id_pupil_id_discipline")
        ),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__follow_up__organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__follow_up__person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__follow_up__pupil_id"), ["pupil_id"], unique=False)

    op.create_table(
        "guest",
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("relation", sa.String(32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__guest__organization_id")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupil.id"], name=op.f("fk__guest__pupil_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__guest")),
    )
    with op.batch_alter_table("guest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__guest__organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "need_group_member",
        sa.Column("need_group_id", sa.Uuid(), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["need_group_id"], ["need_group.id"], name=op.f("fk__need_group_member__need_group_id")
        ),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupil.id"], name=op.f("fk__need_group_member__pupil_id")),
        sa.PrimaryKeyConstraint("need_group_id", "pupil_id", name=op.f("pk__need_group_member")),
    )
    op.create_table(
        "reservation",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("starts_tick", sa.Integer(), nullable=False),
        sa.Column("ends_tick", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("encounter_id", sa.Uuid(), nullable=True),
        sa.Column("leg_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "ends_tick > starts_tick AND ends_tick - starts_tick <= 144", name=op.f("ck__reservation__bounded")
        ),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk__reservation__encounter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["leg_id"], ["leg.id"], name=op.f("fk__reservation__leg_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk__reservation__organization_id")
        ),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk__reservation__resource_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__reservation")),
    )
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__reservation__encounter_id"), ["encounter_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__reservation__leg_id"), ["leg_id"], unique=False)
        batch_op.create_index("ix__reservation__resource_start", ["resource_id", "starts_tick"], unique=False)

    op.create_table(
        "video_room",
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("video_account_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk__video_room__encounter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["video_account_id"], ["video_account.id"], name=op.f("fk__video_room__video_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__video_room")),
        sa.UniqueConstraint("encounter_id", "generation", name=op.f("uq__video_room__encounter_id_generation")),
    )
    op.create_table(
        "participation",
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("pupil_id", sa.Uuid(), nullable=True),
        sa.Column("class_group_id", sa.Uuid(), nullable=True),
        sa.Column("guest_id", sa.Uuid(), nullable=True),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("attendance", sa.String(32), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "CASE WHEN person_id IS NULL THEN 0 ELSE 1 END + CASE WHEN pupil_id IS NULL THEN 0 ELSE 1 END + CASE WHEN class_group_id IS NULL THEN 0 ELSE 1 END + CASE WHEN guest_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck__participation__one_subject"),
        ),
        sa.ForeignKeyConstraint(["class_group_id"], ["class_group.id"], name=op.f("fk__participation__class_group_id")),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk__participation__encounter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk__participation__guest_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk__participation__person_id")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupil.id"], name=op.f("fk__participation__pupil_id")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["encounter_site.id"], name=op.f("fk__participation__site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__participation")),
    )
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__participation__class_group_id"), ["class_group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__participation__encounter_id"), ["encounter_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__participation__guest_id"), ["guest_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__participation__person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__participation__pupil_id"), ["pupil_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__participation__site_id"), ["site_id"], unique=False)

    op.create_table(
        "join_link",
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("token_hmac", sa.LargeBinary(length=32), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk__join_link__encounter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["issued_by_id"], ["person.id"], name=op.f("fk__join_link__issued_by_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk__join_link__organization_id")),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participation.id"], name=op.f("fk__join_link__participation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["person.id"], name=op.f("fk__join_link__revoked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__join_link")),
        sa.UniqueConstraint("token_hmac", name=op.f("uq__join_link__token_hmac")),
    )
    with op.batch_alter_table("join_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__join_link__encounter_id"), ["encounter_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__join_link__organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__join_link__participation_id"), ["participation_id"], unique=False)

    op.create_table(
        "seat",
        sa.Column("join_link_id", sa.Uuid(), nullable=False),
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.Column("cookie_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("client", sa.String(length=60), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("identity", sa.JSON(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk__seat__decided_by_id")),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk__seat__encounter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["join_link_id"], ["join_link.id"], name=op.f("fk__seat__join_link_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__seat")),
        sa.UniqueConstraint("cookie_hash", name=op.f("uq__seat__cookie_hash")),
    )
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__seat__encounter_id"), ["encounter_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__seat__join_link_id"), ["join_link_id"], unique=False)

    op.create_table(
        "join_grant",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk__join_grant__encounter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk__join_grant__person_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk__join_grant__seat_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__join_grant")),
        sa.UniqueConstraint("token_hash", name=op.f("uq__join_grant__token_hash")),
    )
    with op.batch_alter_table("join_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix__join_grant__encounter_id"), ["encounter_id"], unique=False)
        batch_op.create_index(batch_op.f("ix__join_grant__seat_id"), ["seat_id"], unique=False)

    guard_reservations()


def downgrade() -> None:
    with op.batch_alter_table("join_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__join_grant__seat_id"))
        batch_op.drop_index(batch_op.f("ix__join_grant__encounter_id"))

    op.drop_table("join_grant")
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__seat__join_link_id"))
        batch_op.drop_index(batch_op.f("ix__seat__encounter_id"))

    op.drop_table("seat")
    with op.batch_alter_table("join_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__join_link__participation_id"))
        batch_op.drop_index(batch_op.f("ix__join_link__organization_id"))
        batch_op.drop_index(batch_op.f("ix__join_link__encounter_id"))

    op.drop_table("join_link")
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__participation__site_id"))
        batch_op.drop_index(batch_op.f("ix__participation__pupil_id"))
        batch_op.drop_index(batch_op.f("ix__participation__person_id"))
        batch_op.drop_index(batch_op.f("ix__participation__guest_id"))
        batch_op.drop_index(batch_op.f("ix__participation__encounter_id"))
        batch_op.drop_index(batch_op.f("ix__participation__class_group_id"))

    op.drop_table("participation")
    op.drop_table("video_room")
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.drop_index("ix__reservation__resource_start")
        batch_op.drop_index(batch_op.f("ix__reservation__leg_id"))
        batch_op.drop_index(batch_op.f("ix__reservation__encounter_id"))

    op.drop_table("reservation")
    op.drop_table("need_group_member")
    with op.batch_alter_table("guest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__guest__organization_id"))

    op.drop_table("guest")
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__follow_up__pupil_id"))
        batch_op.drop_index(batch_op.f("ix__follow_up__person_id"))
        batch_op.drop_index(batch_op.f("ix__follow_up__organization_id"))

    op.drop_table("follow_up")
    with op.batch_alter_table("encounter_site", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__encounter_site__room_id"))
        batch_op.drop_index(batch_op.f("ix__encounter_site__facilitator_id"))
        batch_op.drop_index(batch_op.f("ix__encounter_site__encounter_id"))
        batch_op.drop_index(batch_op.f("ix__encounter_site__building_id"))

    op.drop_table("encounter_site")
    with op.batch_alter_table("encounter_act", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__encounter_act__encounter_id"))

    op.drop_table("encounter_act")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__consent__pupil_id"))
        batch_op.drop_index(batch_op.f("ix__consent__organization_id"))

    op.drop_table("consent")
    with op.batch_alter_table("cancellation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__cancellation__encounter_id"))

    op.drop_table("cancellation")
    with op.batch_alter_table("pupil", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__pupil__organization_id"))
        batch_op.drop_index(batch_op.f("ix__pupil__class_group_id"))
        batch_op.drop_index(batch_op.f("ix__pupil__building_id"))

    op.drop_table("pupil")
    with op.batch_alter_table("protected_time", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__protected_time__organization_id"))
        batch_op.drop_index(batch_op.f("ix__protected_time__class_group_id"))

    op.drop_table("protected_time")
    op.drop_table("feed_body")
    with op.batch_alter_table("encounter", schema=None) as batch_op:
        batch_op.drop_index("ix__encounter__organization_start")
        batch_op.drop_index(batch_op.f("ix__encounter__organization_id"))
        batch_op.drop_index("ix__encounter__host_start")

    op.drop_table("encounter")
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__web_session__person_id"))

    op.drop_table("web_session")
    op.drop_table("professional")
    with op.batch_alter_table("need_group", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__need_group__person_id"))
        batch_op.drop_index(batch_op.f("ix__need_group__organization_id"))

    op.drop_table("need_group")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__membership__person_id"))
        batch_op.drop_index(batch_op.f("ix__membership__organization_id"))

    op.drop_table("membership")
    with op.batch_alter_table("leg", schema=None) as batch_op:
        batch_op.drop_index("ix__leg__person_date")

    op.drop_table("leg")
    op.drop_table("idempotency_key")
    with op.batch_alter_table("feed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__feed__owner_id"))
        batch_op.drop_index(batch_op.f("ix__feed__organization_id"))

    op.drop_table("feed")
    with op.batch_alter_table("facilitator", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__facilitator__building_id"))

    op.drop_table("facilitator")
    with op.batch_alter_table("class_group", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__class_group__organization_id"))
        batch_op.drop_index(batch_op.f("ix__class_group__building_id"))

    op.drop_table("class_group")
    with op.batch_alter_table("busy_time", schema=None) as batch_op:
        batch_op.drop_index("ix__busy_time__person_start")
        batch_op.drop_index(batch_op.f("ix__busy_time__organization_id"))

    op.drop_table("busy_time")
    with op.batch_alter_table("availability", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__availability__person_id"))
        batch_op.drop_index(batch_op.f("ix__availability__organization_id"))

    op.drop_table("availability")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__api_token__person_id"))

    op.drop_table("api_token")
    with op.batch_alter_table("vehicle", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__vehicle__organization_id"))

    op.drop_table("vehicle")
    with op.batch_alter_table("school_day", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__school_day__organization_id"))

    op.drop_table("school_day")
    with op.batch_alter_table("school_building", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__school_building__building_id"))

    op.drop_table("school_building")
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__room__organization_id"))
        batch_op.drop_index(batch_op.f("ix__room__building_id"))

    op.drop_table("room")
    with op.batch_alter_table("road", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__road__organization_id"))

    op.drop_table("road")
    op.drop_table("reservation_bits")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__person__organization_id"))

    op.drop_table("person")
    with op.batch_alter_table("kit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__kit__organization_id"))
        batch_op.drop_index(batch_op.f("ix__kit__building_id"))

    op.drop_table("kit")
    with op.batch_alter_table("bell_period", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__bell_period__organization_id"))
        batch_op.drop_index("ix__bell_period__building_level")

    op.drop_table("bell_period")
    with op.batch_alter_table("video_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__video_account__organization_id"))

    op.drop_table("video_account")
    with op.batch_alter_table("school_year", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__school_year__organization_id"))

    op.drop_table("school_year")
    with op.batch_alter_table("school", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__school__organization_id"))

    op.drop_table("school")
    with op.batch_alter_table("resource", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__resource__organization_id"))

    op.drop_table("resource")
    with op.batch_alter_table("building", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix__building__organization_id"))

    op.drop_table("building")
    op.drop_table("worker_beat")
    op.drop_table("throttle")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix__outbox__due")

    op.drop_table("outbox")
    op.drop_table("organization")
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.drop_index("ix__access_log__organization_at")
        batch_op.drop_index("ix__access_log__object")

    op.drop_table("access_log")
