"""What a date of a series may become, and what a séance not given may become. Codes only."""

from enum import StrEnum


class DateState(StrEnum):
    BOOKED = "booked"  # as the rule says
    MOVED = "moved"  # held on another day or hour, decided for this date alone
    SKIPPED = "skipped"  # not held; its reason is kept, and it can be taken back


class SkipReason(StrEnum):
    NO_CLASS = "no_class"  # a school that takes part has no class that day
    TAKEN = "taken"  # a person or a place is taken
    RULE = "rule"  # bells, hours, protected time, lunch or road
    PAST = "past"
    CHOSEN = "chosen"  # somebody left it out


class MakeUpState(StrEnum):
    OWED = "owed"
    PLANNED = "planned"
    WAIVED = "waived"
