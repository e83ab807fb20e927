"""seats, devices, and an append-only trail"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_0440"
down_revision = "2026_11_22_0400"
branch_labels = None
depends_on = None

REFUSAL = "access_log is append-only"
LIVE = sa.text("revoked_at IS NULL")


def make_trail_append_only() -> None:
    """Whoever holds the application's own connection still cannot rewrite what was done."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER access_log_no_{act.lower()} BEFORE {act} ON access_log"
                f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION access_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER access_log_no_change BEFORE UPDATE OR DELETE ON access_log"
        " FOR EACH ROW EXECUTE FUNCTION access_log_is_append_only()"
    )
    op.execute(
        "CREATE TRIGGER access_log_no_truncate BEFORE TRUNCATE ON access_log"
        " FOR EACH STATEMENT EXECUTE FUNCTION access_log_is_append_only()"
    )


def make_trail_plain() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER access_log_no_update")
        op.execute("DROP TRIGGER access_log_no_delete")
        return
    op.execute("DROP TRIGGER access_log_no_change ON access_log")
    op.execute("DROP TRIGGER access_log_no_truncate ON access_log")
    op.execute("DROP FUNCTION access_log_is_append_only()")


def drop_seats_and_grants() -> None:
    op.drop_table("join_grant")
    op.drop_table("seat")


def upgrade() -> None:
    drop_seats_and_grants()
    op.create_index(
        "uq__join_link__live",
        "join_link",
        ["participation_id"],
        unique=True,
        postgresql_where=LIVE,
        sqlite_where=LIVE,
    )
    op.create_table(
        "seat",
        sa.Column("join_link_id", sa.Uuid(), nullable=False),
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
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
        sa.UniqueConstraint("join_link_id", "starts_at", name=op.f("uq__seat__join_link_id_starts_at")),
    )
    op.create_index(op.f("ix__seat__encounter_id"), "seat", ["encounter_id"])
    op.create_table(
        "seat_device",
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("cookie_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("is_holder", sa.Boolean(), nullable=False),
        sa.Column("client", sa.String(length=60), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk__seat_device__seat_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__seat_device")),
        sa.UniqueConstraint("cookie_hash", name=op.f("uq__seat_device__cookie_hash")),
    )
    op.create_index(op.f("ix__seat_device__seat_id"), "seat_device", ["seat_id"])
    op.create_table(
        "lobby",
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("host_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk__lobby__encounter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("encounter_id", name=op.f("pk__lobby")),
    )
    op.create_table(
        "join_grant",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["seat_device.id"], name=op.f("fk__join_grant__device_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk__join_grant__encounter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk__join_grant__person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__join_grant")),
        sa.UniqueConstraint("token_hash", name=op.f("uq__join_grant__token_hash")),
    )
    op.create_index(op.f("ix__join_grant__device_id"), "join_grant", ["device_id"])
    op.create_index(op.f("ix__join_grant__encounter_id"), "join_grant", ["encounter_id"])
    with op.batch_alter_table("video_account") as batch_op:
        batch_op.add_column(sa.Column("hints", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("video_account") as batch_op:
        batch_op.alter_column("hints", server_default=None)
    # A room provisioned before this revision belongs to the hour its encounter has now.
    with op.batch_alter_table("video_room") as batch_op:
        batch_op.add_column(sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE video_room SET starts_at ="
        " (SELECT encounter.starts_at FROM encounter WHERE encounter.id = video_room.encounter_id)"
    )
    with op.batch_alter_table("video_room") as batch_op:
        batch_op.alter_column("starts_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    make_trail_append_only()


def downgrade() -> None:
    make_trail_plain()
    with op.batch_alter_table("video_room") as batch_op:
        batch_op.drop_column("retired_at")
        batch_op.drop_column("starts_at")
    with op.batch_alter_table("video_account") as batch_op:
        batch_op.drop_column("hints")
    op.drop_table("join_grant")
    op.drop_table("lobby")
    op.drop_table("seat_device")
    op.drop_table("seat")
    op.drop_index("uq__join_link__live", "join_link")
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
    op.create_index(op.f("ix__seat__encounter_id"), "seat", ["encounter_id"])
    op.create_index(op.f("ix__seat__join_link_id"), "seat", ["join_link_id"])
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
    op.create_index(op.f("ix__join_grant__encounter_id"), "join_grant", ["encounter_id"])
    op.create_index(op.f("ix__join_grant__seat_id"), "join_grant", ["seat_id"])
