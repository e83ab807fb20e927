"""Types of school day and of bell, parts of a day and layers of a calendar, as codes."""

from enum import StrEnum


class DayType(StrEnum):
    CLASS = "class"
    HOLIDAY = "holiday"
    PEDAGOGICAL = "pedagogical"  # fixed or floating: staff are there, pupils are not
    CONDITIONAL = "conditional"  # pedagogical unless a storm turns it into a class day
    CLOSURE = "closure"  # force majeure: nobody is there
    SUSPENSION = "suspension"  # pupils away, staff may work
    EXAM = "exam"  # Jour 0: school open, outside the cycle
    STAFF_ONLY = "staff_only"
    SPRING_BREAK = "spring_break"
    SUMMER = "summer"


PUPILS_PRESENT = frozenset({DayType.CLASS, DayType.EXAM})
STAFF_PRESENT = PUPILS_PRESENT | {
    DayType.PEDAGOGICAL,
    DayType.CONDITIONAL,
    DayType.SUSPENSION,
    DayType.STAFF_ONLY,
}


class Portion(StrEnum):
    """The part of a school day that something holds for; the halves meet at lunch."""

    WHOLE = "whole"
    MORNING = "morning"
    AFTERNOON = "afternoon"


EVERY_LEVEL = ""  # in place of a level: the whole building


class ClosureScope(StrEnum):
    """How far an unplanned closure reaches."""

    ORGANIZATION = "organization"
    SECTOR = "sector"
    SCHOOL = "school"
    BUILDING = "building"


class CalendarAct(StrEnum):
    """What was done to calendars."""

    CLOSED = "closed"  # a closure or a suspension was declared
    LIFTED = "lifted"  # one was taken back
    REOPENED = "reopened"  # a conditional day became a class day
    EDITED = "edited"  # marks, bounds or cycles of a year


class Layer(StrEnum):
    """Who decided what a date is; each layer overrides those before it."""

    YEAR = "year"  # the bounds of the school year: a weekday between them is a class day
    HOLIDAYS = "holidays"  # the Régime pédagogique's list
    ORGANIZATION = "organization"
    SCHOOL = "school"
    BUILDING = "building"
    LEVEL = "level"  # one level of teaching of one building
    EVENT = "event"  # what nobody had planned: a closure, a conditional day that became a class day


class Holiday(StrEnum):
    """Days that are holidays for pupils (Régime pédagogique, I-13.3, r. 8, a. 17); the label of a holiday mark."""

    CHRISTMAS = "christmas"  # 24 to 26 December
    NEW_YEAR = "new_year"  # 31 December to 2 January
    GOOD_FRIDAY = "good_friday"
    EASTER_MONDAY = "easter_monday"
    PATRIOTS = "patriots"  # the Monday before 25 May
    NATIONAL = "national"  # 24 June
    CANADA = "canada"  # 1 July
    LABOUR = "labour"  # the first Monday of September
    THANKSGIVING = "thanksgiving"  # the second Monday of October


class BellDay(StrEnum):
    """Days that may ring otherwise than the usual one."""

    EXAM = "exam"
    HALF = "half"  # pupils are there in one half only


class BellKind(StrEnum):
    ARRIVAL = "arrival"
    PERIOD = "period"
    RECESS = "recess"
    LUNCH = "lunch"
