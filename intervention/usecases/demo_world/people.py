"""Adults of the fictitious board: professionals, staff of the schools, and those who run the board. All invented."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Protocol

from intervention.domain.people import Discipline, Level, Role
from intervention.usecases.demo_world.board import MAIL_DOMAIN
from intervention.usecases.demo_world.pupils import code_of

D = Discipline
WHOLE_WEEK = (1, 2, 3, 4, 5)


class Named(Protocol):
    """Whoever has a name and a language."""

    @property
    def given(self) -> str: ...
    @property
    def family(self) -> str: ...
    @property
    def locale(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Specialist:
    """A professional: whom she follows `by_video`, whom she `visits`, and the weekdays on which she takes the road.

    A place in both lists is followed by video and visited now and then, which is the networked week.
    """

    key: str
    given: str
    family: str
    discipline: Discipline
    home: str
    by_video: tuple[str, ...]
    visits: tuple[str, ...]
    road_days: tuple[int, ...]
    weekly_hours: int = 35
    weekdays: tuple[int, ...] = WHOLE_WEEK
    max_buildings: int = 3
    lunch_minutes: int = 45
    caseload: int = 14
    levels: tuple[Level, ...] = (Level.PRIMARY,)
    locale: str = "fr"
    other_disciplines: tuple[Discipline, ...] = ()


SPECIALISTS = (
    Specialist("mireille", "Mireille", "Bellegrève", D.SPEECH_THERAPY, "maree",
               ("cap", "sternes", "havre", "ruisseau"), ("maree", "cap", "ruisseau"), (2,), caseload=20,
               levels=(Level.PRESCHOOL, Level.PRIMARY)),
    Specialist("etienne", "Étienne", "Longuecombe", D.PSYCHOLOGY, "vents",
               ("sternes", "brumes", "cap"), ("vents", "maree"), (3,), caseload=15,
               levels=(Level.PRIMARY, Level.SECONDARY)),
    Specialist("rosalie", "Rosalie", "Francheroche", D.PSYCHOEDUCATION, "dunes",
               ("ruisseau", "cap", "havre"), ("dunes", "ruisseau", "maree"), (1, 4), caseload=17),
    Specialist("karim", "Karim", "Joliebrise", D.REMEDIAL_TEACHING, "ruisseau",
               ("cap", "bruyere", "galante"), ("ruisseau", "cap"), (3,), caseload=17),
    Specialist("noemie", "Noémie", "Hautelande", D.OCCUPATIONAL_THERAPY, "maree",
               ("cap", "sternes", "brisant"), ("maree", "dunes"), (2,), weekly_hours=21, weekdays=(1, 2, 3),
               max_buildings=2, caseload=11, levels=(Level.PRESCHOOL, Level.PRIMARY)),
    Specialist("gabriel", "Gabriel", "Courtevague", D.GUIDANCE, "vents",
               ("sternes", "brumes", "brisant"), ("vents",), (), caseload=15, levels=(Level.SECONDARY,)),
    Specialist("oceane", "Océane", "Grandsource", D.SOCIAL_WORK, "sternes",
               ("vents", "havre", "bruyere"), ("sternes", "cap"), (4,), caseload=15,
               levels=(Level.PRIMARY, Level.SECONDARY)),
    Specialist("philippe", "Philippe", "Verterive", D.EDUCATION_CONSULTING, "maree",
               ("brumes", "goeland", "sternes", "galante"), ("maree", "dunes", "ruisseau"), (4,), caseload=0),
    Specialist("fatou", "Fatou", "Blanchelune", D.SPEECH_THERAPY, "sternes",
               ("bruyere", "galante", "goeland"), ("sternes", "havre"), (3,), weekly_hours=28, weekdays=(1, 2, 3, 4),
               caseload=15, levels=(Level.PRESCHOOL, Level.PRIMARY)),
    Specialist("jeannine", "Jeannine", "Petitegrève", D.REMEDIAL_TEACHING, "havre",
               ("sternes", "goeland"), ("havre", "bruyere", "galante"), (2, 4), lunch_minutes=60, caseload=16),
    Specialist("samuel", "Samuel", "Clairemarée", D.PSYCHOEDUCATION, "brisant",
               ("goeland", "brumes", "galante"), ("brisant",), (), caseload=14,
               levels=(Level.PRIMARY, Level.SECONDARY)),
    Specialist("kathleen", "Kathleen", "Fairhollow", D.PSYCHOLOGY, "goeland",
               ("brisant", "galante", "bruyere"), ("goeland",), (), weekly_hours=21, weekdays=(2, 3, 4),
               max_buildings=1, caseload=10, locale="en"),
    Specialist("benoit", "Benoît", "Rudecombe", D.PSYCHOEDUCATION, "brumes",
               ("ruisseau", "maree"), ("brumes",), (), max_buildings=1, caseload=13,
               levels=(Level.PRIMARY, Level.SECONDARY)),
    Specialist("lucille", "Lucille", "Hautevague", D.EDUCATION_CONSULTING, "sternes",
               ("havre", "bruyere", "brisant"), ("sternes", "cap"), (2,), weekly_hours=21, weekdays=(2, 3, 5),
               caseload=0, other_disciplines=(D.REMEDIAL_TEACHING,)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody of a school (`school`, and one building of it when `place` is given) or of the board (neither)."""

    key: str
    given: str
    family: str
    role: Role
    school: str | None = None
    place: str | None = None
    locale: str = "fr"
    is_trained: bool = True


R = Role

STAFF = (
    StaffMember("omar", "Omar", "Belhorizon", R.COORDINATOR),
    StaffMember("ines", "Inès", "Quaiclair", R.ADMINISTRATOR),
    StaffMember("paule", "Paule", "Gravelande", R.PRIVACY_OFFICER),
    StaffMember("luc", "Luc", "Noroisier", R.PRINCIPAL, "cap-chardon"),
    StaffMember("diane", "Diane", "Courteroche", R.PRINCIPAL, "batture"),
    StaffMember("marc-andre", "Marc-André", "Vertefalaise", R.PRINCIPAL, "grands-vents"),
    StaffMember("chantale", "Chantale", "Douceanse", R.PRINCIPAL, "ruisseau-blanc"),
    StaffMember("rejean", "Réjean", "Hautefutaie", R.PRINCIPAL, "envolee"),
    StaffMember("rejean", "Réjean", "Hautefutaie", R.PRINCIPAL, "chenal"),
    StaffMember("solange", "Solange", "Belleécume", R.PRINCIPAL, "trois-havres"),
    StaffMember("yvon", "Yvon", "Durbouleau", R.PRINCIPAL, "lac-des-brumes"),
    StaffMember("therese", "Thérèse", "Longueécume", R.PRINCIPAL, "brisant"),
    StaffMember("gordon", "Gordon", "Saltmeadow", R.PRINCIPAL, "goeland", locale="en"),
    StaffMember("sylvie", "Sylvie", "Douceplume", R.SECRETARY, "cap-chardon"),
    StaffMember("ginette", "Ginette", "Belleplage", R.SECRETARY, "batture"),
    StaffMember("nancy", "Nancy", "Francherive", R.SECRETARY, "grands-vents"),
    StaffMember("louise", "Louise", "Vertebaie", R.SECRETARY, "ruisseau-blanc"),
    StaffMember("johanne", "Johanne", "Grandeplaine", R.SECRETARY, "envolee"),
    StaffMember("carmen", "Carmen", "Jolicanot", R.SECRETARY, "trois-havres"),
    StaffMember("manon", "Manon", "Sapinière-Côté", R.SECRETARY, "lac-des-brumes"),
    StaffMember("evelyne", "Évelyne", "Claireplage", R.SECRETARY, "brisant"),
    StaffMember("joseph", "Joseph", "Petitruisseau", R.FACILITATOR, "cap-chardon", "cap"),
    StaffMember("annie", "Annie", "Longuerame", R.FACILITATOR, "cap-chardon", "cap", is_trained=False),
    StaffMember("steeve", "Steeve", "Bellerame", R.FACILITATOR, "ruisseau-blanc", "ruisseau"),
    StaffMember("mylene", "Mylène", "Rougeforêt", R.FACILITATOR, "envolee", "sternes"),
    StaffMember("patrick", "Patrick", "Vieuxquai", R.FACILITATOR, "chenal", "sternes"),
    StaffMember("denise", "Denise", "Belleforêt", R.FACILITATOR, "trois-havres", "havre"),
    StaffMember("raymonde", "Raymonde", "Grandephare", R.FACILITATOR, "trois-havres", "bruyere"),
    StaffMember("leonie", "Léonie", "Petitephare", R.FACILITATOR, "trois-havres", "galante"),
    StaffMember("alain", "Alain", "Rudeneige", R.FACILITATOR, "lac-des-brumes", "brumes"),
    StaffMember("fabienne", "Fabienne", "Bellevoilure", R.FACILITATOR, "brisant", "brisant"),
    StaffMember("wanda", "Wanda", "Coldbrooke", R.FACILITATOR, "goeland", "goeland", locale="en"),
    StaffMember("julie", "Julie", "Hauteplume", R.FACILITATOR, "batture", "maree"),
    StaffMember("simon", "Simon", "Courterame", R.FACILITATOR, "batture", "dunes"),
    StaffMember("vicky", "Vicky", "Grisevague", R.FACILITATOR, "grands-vents", "vents"),
)


@dataclass(frozen=True, slots=True)
class Classroom:
    """A class group with its homeroom teacher; `size` pupils. `school` is the school's key."""

    place: str
    school: str
    name: str
    level: Level
    grades: tuple[str, ...]
    size: int
    given: str
    family: str
    locale: str = "fr"

    @property
    def key(self) -> str:
        return f"{self.place}/{self.name}"


PRE, PRI, SEC = Level.PRESCHOOL, Level.PRIMARY, Level.SECONDARY

CLASSROOMS = (
    Classroom("dunes", "batture", "Maternelle 5 ans", PRE, ("Maternelle",), 12, "Maude", "Doucecolline"),
    Classroom("dunes", "batture", "101", PRI, ("1re",), 12, "Véronique", "Bellecolline"),
    Classroom("dunes", "batture", "201", PRI, ("2e",), 12, "Caroline", "Jolivoile"),
    Classroom("maree", "batture", "401", PRI, ("4e",), 12, "Isabelle", "Grandcourlis"),
    Classroom("maree", "batture", "501", PRI, ("5e",), 12, "Mathieu", "Francvoilier"),
    Classroom("maree", "batture", "601", PRI, ("6e",), 12, "Nathalie", "Longuecolline"),
    Classroom("vents", "grands-vents", "11", SEC, ("1re sec.",), 13, "Dominic", "Hautcourlis"),
    Classroom("vents", "grands-vents", "21", SEC, ("2e sec.",), 13, "Sophie", "Clairvoilier"),
    Classroom("vents", "grands-vents", "31", SEC, ("3e sec.",), 13, "Jérôme", "Vertecolline"),
    Classroom("cap", "cap-chardon", "123", PRI, ("1re", "2e", "3e"), 11, "Anouk", "Courtelande"),
    Classroom("cap", "cap-chardon", "456", PRI, ("4e", "5e", "6e"), 10, "Pascale", "Bellesapinière"),
    Classroom("ruisseau", "ruisseau-blanc", "123", PRI, ("1re", "2e", "3e"), 11, "Marie-Ève", "Blancherame"),
    Classroom("ruisseau", "ruisseau-blanc", "456", PRI, ("4e", "5e", "6e"), 11, "Jonathan", "Grandeneige"),
    Classroom("sternes", "envolee", "Maternelle 4-5 ans", PRE, ("Maternelle",), 10, "Audrey", "Jolieplume"),
    Classroom("sternes", "envolee", "34", PRI, ("3e", "4e"), 10, "Stéphanie", "Rudevague"),
    Classroom("sternes", "chenal", "12", SEC, ("1re sec.", "2e sec."), 10, "Martin", "Belletempête"),
    Classroom("sternes", "chenal", "345", SEC, ("3e sec.", "4e sec.", "5e sec."), 10, "Hélène", "Claireneige"),
    Classroom("havre", "trois-havres", "1 à 6 HC", PRI, ("1re", "3e", "4e", "6e"), 7, "Francine", "Petitecolline"),
    Classroom("bruyere", "trois-havres", "1 à 6 GB", PRI, ("2e", "3e", "5e"), 8, "Lise", "Roseneige"),
    Classroom("galante", "trois-havres", "1 à 6 PG", PRI, ("1re", "2e", "4e"), 6, "Bruno", "Longuephare"),
    Classroom("brumes", "lac-des-brumes", "123", PRI, ("1re", "2e", "3e"), 10, "Valérie", "Noiresapinière"),
    Classroom("brumes", "lac-des-brumes", "12 sec.", SEC, ("1re sec.", "2e sec."), 10, "Éric", "Froiderame"),
    Classroom("brisant", "brisant", "23", PRI, ("2e", "3e"), 9, "Bernadette", "Salinelande"),
    Classroom("brisant", "brisant", "12 sec.", SEC, ("1re sec.", "2e sec."), 9, "Gilles", "Hauteécume"),
    Classroom("goeland", "goeland", "1 à 6", PRI, ("1re", "2e", "5e"), 7, "Heather", "Brightwater", "en"),
)


@dataclass(frozen=True, slots=True)
class RollEntry:
    """A pupil's place in the world; `place` is the building's key."""

    code: str
    place: str
    room_key: str
    level: Level
    seat: int


def class_ranks() -> dict[str, int]:
    """Each class's rank in its building, which turns its week of specialists."""
    seen: dict[str, int] = {}
    ranks: dict[str, int] = {}
    for room in CLASSROOMS:
        ranks[room.key] = seen[room.place] = seen.get(room.place, -1) + 1
    return ranks


def roll() -> list[RollEntry]:
    """Every pupil in the order of the codes."""
    entries: list[RollEntry] = []
    for room in CLASSROOMS:
        for seat in range(room.size):
            entries.append(RollEntry(code_of(len(entries)), room.place, room.key, room.level, seat))
    return entries


def mailbox(given: str, family: str, domain: str) -> str:
    """`mireille.bellegreve@…`: the address in plain letters."""
    plain = unicodedata.normalize("NFKD", f"{given}.{family}").encode("ascii", "ignore").decode()
    return f"{plain.lower().replace(' ', '-')}@{domain}"


def address_of(key: str) -> str:
    """The e-mail of a professional or of somebody of the staff, by key."""
    who = next(each for each in (*SPECIALISTS, *STAFF) if each.key == key)
    return mailbox(who.given, who.family, MAIL_DOMAIN)
