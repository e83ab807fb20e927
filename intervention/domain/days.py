"""Types of school day and of bell, as codes."""

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


class BellKind(StrEnum):
    ARRIVAL = "arrival"
    PERIOD = "period"
    RECESS = "recess"
    LUNCH = "lunch"
