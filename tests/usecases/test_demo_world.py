"""The fictitious board without its séances: what is in it, and that it is the same every time."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intervention.domain.clock import FixedClock
from intervention.domain.days import DayType, Holiday
from intervention.domain.errors import WrongState
from intervention.domain.people import Discipline, Role
from intervention.queries.accounts import demo_people
from intervention.records.calendars import Availability, SchoolDay
from intervention.records.database import Database
from intervention.records.encounters import Consent
from intervention.records.everything import metadata
from intervention.records.join_links import VideoAccount
from intervention.records.people import Membership, NeedGroupMember, Person, Professional, Pupil
from intervention.records.schools import BellPeriod, Building, School, SchoolBuilding
from intervention.records.vault import Keyring
from intervention.usecases.demo import build_demo, run_demo
from intervention.usecases.demo_world.calendar import YearPlan, first_class_day, monday_of, school_year
from intervention.usecases.demo_world.school_years import lay_school_year
from intervention.usecases.demo_world.sheet import Sheet
from intervention.usecases.passwords import matches
from intervention.usecases.video_rooms import SECRETS
from tests import cast
from tests.databases import MONDAY


def test_the_board_has_the_size_of_a_rural_one(demo_session: Session) -> None:
    roles = Counter(demo_session.scalars(select(Membership.role).where(Membership.organization_id == cast.BOARD)))
    pupils = demo_session.scalars(select(Pupil).where(Pupil.organization_id == cast.BOARD)).all()
    assert roles[Role.PROFESSIONAL] == 14
    assert roles[Role.TEACHER] == 25
    assert set(roles) == set(Role)
    assert len(pupils) == 260
    assert len({p.family_name for p in pupils}) == 260


def test_its_buildings_live_in_three_legal_zones_and_some_without_a_road(demo_session: Session) -> None:
    buildings = demo_session.scalars(select(Building).where(Building.organization_id == cast.BOARD)).all()
    assert Counter(b.zone for b in buildings) == {
        "America/Toronto": 10,
        "America/Halifax": 1,
        "America/Blanc-Sablon": 1,
    }
    assert {b.short_name for b in buildings if b.road_component} == {"Brisant", "Goéland"}


def test_two_schools_share_a_building_and_one_school_spans_three_villages(demo_session: Session) -> None:
    pairs = demo_session.execute(select(SchoolBuilding.school_id, SchoolBuilding.building_id)).all()
    assert Counter(b for _, b in pairs)[cast.building("sternes")] == 2
    assert Counter(s for s, _ in pairs)[cast.school("trois-havres")] == 3
    villages = demo_session.scalars(
        select(Building.municipality)
        .join(SchoolBuilding, SchoolBuilding.building_id == Building.id)
        .where(SchoolBuilding.school_id == cast.school("trois-havres"))
    )
    assert len(set(villages)) == 3


def test_every_discipline_is_served_and_part_time_work_exists(demo_session: Session) -> None:
    professionals = demo_session.scalars(select(Professional)).all()
    assert {p.discipline for p in professionals} == set(Discipline)
    assert 21 * 60 in {p.weekly_minutes for p in professionals}
    open_days = Counter(demo_session.scalars(select(Availability.person_id)))
    assert open_days[cast.person("noemie")] == 3
    assert open_days[cast.MIREILLE] == 5


def test_the_bells_of_two_near_buildings_are_five_minutes_apart(demo_session: Session) -> None:
    def first(place: str) -> timedelta:
        at = demo_session.scalar(
            select(func.min(BellPeriod.starts_local)).where(
                BellPeriod.building_id == cast.building(place), BellPeriod.level == "primary"
            )
        )
        assert at is not None
        return timedelta(hours=at.hour, minutes=at.minute)

    assert first("maree") - first("dunes") == timedelta(minutes=5)


def test_need_groups_gather_pupils_of_several_buildings(demo_session: Session) -> None:
    rows = demo_session.execute(
        select(NeedGroupMember.need_group_id, Pupil.building_id).join(Pupil, Pupil.id == NeedGroupMember.pupil_id)
    ).all()
    homes: dict[Any, set[Any]] = {}
    for group, home in rows:
        homes.setdefault(group, set()).add(home)
    assert len(homes) >= 10
    assert {len(h) for h in homes.values()} == {2}
    assert cast.need_group("mireille", "Langage 2") in homes


def test_consents_are_given_limited_withdrawn_and_missing(demo_session: Session) -> None:
    consents = demo_session.scalars(select(Consent)).all()
    assert any(c.withdrawn_on for c in consents)
    assert any(not c.covers_remote for c in consents)
    hers = [c for c in consents if c.pupil_id == cast.pupil("E-214")]
    assert any(c.covers_remote and c.withdrawn_on is None and c.discipline == "speech_therapy" for c in hers)


def test_the_cast_is_there_in_its_roles(demo_session: Session) -> None:
    expected = {
        cast.mireille: Role.PROFESSIONAL,
        cast.luc: Role.PRINCIPAL,
        cast.anouk: Role.TEACHER,
        cast.sylvie: Role.SECRETARY,
        cast.joseph: Role.FACILITATOR,
        cast.omar: Role.COORDINATOR,
        cast.ines: Role.ADMINISTRATOR,
        cast.paule: Role.PRIVACY_OFFICER,
        cast.etrangere: Role.PROFESSIONAL,
        cast.administratrice_voisine: Role.ADMINISTRATOR,
    }
    for part, role in expected.items():
        assert part(demo_session).roles == {role}
    assert cast.luc(demo_session).buildings_as(Role.PRINCIPAL) == {cast.building("cap")}
    assert cast.etrangere(demo_session).organization_id == cast.NEIGHBOUR
    assert demo_session.get_one(Person, cast.MIREILLE).email == "mireille.bellegreve@caps-et-rivieres.example"
    assert demo_session.get_one(School, cast.school("cap-chardon")).name == "École du Cap-Chardon"


def test_it_is_the_same_world_every_time(world: Database, fresh_database: Database) -> None:
    build_demo(fresh_database, FixedClock(MONDAY), weeks_past=0, weeks_future=0)
    with world.session(read_only=True) as one, fresh_database.session(read_only=True) as other:
        for table in metadata.sorted_tables:
            keys = list(table.primary_key.columns)
            if table.name != "resource":
                rows = [list(s.execute(select(table).order_by(*keys))) for s in (one, other)]
                assert rows[0] == rows[1], table.name


def test_a_second_time_is_refused(world: Database) -> None:
    with pytest.raises(WrongState):
        build_demo(world, FixedClock(MONDAY))


@pytest.mark.parametrize("plan", [YearPlan(5), YearPlan(9, 1), YearPlan(10, 2, late_break=True), YearPlan(10, 3)])
@pytest.mark.parametrize("today", ["2026-11-23", "2026-09-02", "2027-03-03", "2027-07-14", "2028-02-29"])
def test_a_school_year_has_180_days_of_classes_and_keeps_its_cycle(today: str, plan: YearPlan) -> None:
    days = school_year(date.fromisoformat(today), plan)
    counts = Counter(day.day_type for day in days)
    assert counts[DayType.CLASS] == 180
    assert counts[DayType.STAFF_ONLY] + counts[DayType.PEDAGOGICAL] == 16
    assert counts[DayType.CONDITIONAL] == 4
    assert counts[DayType.SPRING_BREAK] == 5
    cycle = [day.cycle_day for day in days if day.day_type is DayType.CLASS]
    assert cycle == [n % plan.cycle_length + 1 for n in range(180)]
    assert [day.on_date for day in days] == sorted({day.on_date for day in days})


def test_the_week_of_the_demonstration_has_classes_even_in_summer() -> None:
    empty = set()
    on_date = date(2026, 7, 1)
    while on_date < date(2027, 7, 1):
        monday = monday_of(on_date)
        week = {d.day_type for d in school_year(on_date, YearPlan()) if 0 <= (d.on_date - monday).days < 5}
        if DayType.CLASS not in week:
            empty.add(monday)
        on_date += timedelta(days=1)
    assert empty == {date(2026, 12, 28)}, "only between Christmas and New Year is everybody away"


def test_the_year_of_2026_begins_and_ends_as_school_years_do() -> None:
    days = school_year(date(2026, 11, 23), YearPlan())
    assert first_class_day(date(2026, 11, 23)) == date(2026, 8, 27)
    assert days[-1].on_date == date(2027, 6, 23)
    by_date = {day.on_date: day for day in days}
    assert by_date[date(2026, 10, 12)].label == Holiday.THANKSGIVING
    assert by_date[date(2027, 3, 29)].label == Holiday.EASTER_MONDAY


def test_the_sign_in_page_offers_the_leading_parts(demo_session: Session) -> None:
    offered = {person.role: person.person_id for person in demo_people(demo_session)}
    assert offered == {
        Role.PROFESSIONAL: cast.MIREILLE,
        Role.TEACHER: cast.ANOUK,
        Role.PRINCIPAL: cast.LUC,
        Role.SECRETARY: cast.SYLVIE,
        Role.FACILITATOR: cast.JOSEPH,
        Role.COORDINATOR: cast.OMAR,
        Role.ADMINISTRATOR: cast.INES,
        Role.PRIVACY_OFFICER: cast.PAULE,
    }


def test_the_board_has_its_own_video_server_and_one_password(fresh_database: Database) -> None:
    keys = Keyring("k" * 40)
    password = run_demo(fresh_database, FixedClock(MONDAY), keys, weeks=0)
    with fresh_database.session(read_only=True) as session:
        accounts = {a.provider: keys.open(SECRETS, a.secrets) for a in session.scalars(select(VideoAccount))}
        assert accounts["jitsi"]["address"] == "https://visio.caps-et-rivieres.example"
        assert set(accounts) == {"demonstration", "jitsi", "fixed_link"}
        assert matches(session.get_one(Person, cast.MIREILLE).password_hash, password)


def test_the_layers_give_each_building_the_year_that_was_planned_for_it(demo_session: Session) -> None:
    laid = lay_school_year(Sheet("X"), MONDAY.date())
    for key, planned in laid.items():
        rows = demo_session.execute(
            select(SchoolDay.on_date, SchoolDay.day_type, SchoolDay.printed_day, SchoolDay.label)
            .where(SchoolDay.building_id == cast.building(key))
            .order_by(SchoolDay.on_date)
        ).all()
        wanted = {day.on_date: (day.day_type, day.cycle_day, day.label) for day in planned}
        assert {row.on_date: (row.day_type, row.printed_day, row.label) for row in rows} == wanted, key
