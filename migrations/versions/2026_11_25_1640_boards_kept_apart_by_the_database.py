"""boards kept apart by the database

PostgreSQL alone: every table of a board's rows has a policy, forced upon the owner too. A transaction reaches the boards
that it was told (`intervention.boards`), every one (`intervention.every_board`), or, told nothing, none. Rows without a
board of their own follow the row that they belong to. Somebody shared, with a role in one board and her home in another,
is reached by both: she, what reserves her, her hours and the building of her office; never an encounter.
"""

from alembic import op

revision = "2026_11_25_1640"
down_revision = "2026_11_25_1630"
branch_labels = None
depends_on = None

EVERY = "(SELECT current_setting('intervention.every_board', true)) = 'on'"
OURS = "organization_id = ANY ((SELECT string_to_array(current_setting('intervention.boards', true), ',')::uuid[])::uuid[])"
MEMBER = "EXISTS (SELECT FROM membership m WHERE m.person_id = {0})"

OF_A_BOARD = (
    *("school", "room", "kit", "vehicle", "school_year", "school_day", "bell_period", "protected_time", "road"),
    *("membership", "class_group", "pupil", "follow_up", "need_group", "guest", "busy_time", "leg"),
    *("cycle_rotation", "day_mark", "sector", "closure", "calendar_change", "series", "make_up"),
    *("encounter", "consent", "feed", "join_link", "video_account", "access_log", "outbox", "web_session", "api_token"),
)
# What is reached besides the board's own.
SHARED = {
    "person": MEMBER.format("person.id"),
    "resource": MEMBER.format("resource.id"),
    "reservation": MEMBER.format("reservation.resource_id"),
    "availability": MEMBER.format("availability.person_id"),
    "building": "EXISTS (SELECT FROM professional p WHERE p.home_building_id = building.id)",
}
# Child: its key and the parent that it follows.
FOLLOWS = {
    "professional": ("person_id", "person"),
    "facilitator": ("building_id", "building"),
    "school_building": ("school_id", "school"),
    "need_group_member": ("need_group_id", "need_group"),
    "idempotency_key": ("person_id", "person"),
    "reservation_bits": ("resource_id", "resource"),
    "encounter_site": ("encounter_id", "encounter"),
    "participation": ("encounter_id", "encounter"),
    "encounter_act": ("encounter_id", "encounter"),
    "cancellation": ("encounter_id", "encounter"),
    "lobby": ("encounter_id", "encounter"),
    "seat": ("encounter_id", "encounter"),
    "video_room": ("encounter_id", "encounter"),
    "join_grant": ("encounter_id", "encounter"),
    "seat_device": ("seat_id", "seat"),
    "feed_body": ("feed_id", "feed"),
    "sector_building": ("sector_id", "sector"),
    "series_date": ("series_id", "series"),
    "account_link": ("person_id", "person"),
}


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, reached in policies().items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY boards_apart ON {table} USING ({EVERY} OR {reached})")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in policies():
        op.execute(f"DROP POLICY boards_apart ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def policies() -> dict[str, str]:
    own = dict.fromkeys(OF_A_BOARD, OURS)
    shared = {table: f"{OURS} OR {besides}" for table, besides in SHARED.items()}
    following = {
        table: f"EXISTS (SELECT FROM {parent} WHERE {parent}.id = {table}.{key})"
        for table, (key, parent) in FOLLOWS.items()
    }
    return own | shared | following
