"""Who takes part: disciplines, roles in a board, school levels. Codes only; words live in `rendering.wording`."""

from enum import StrEnum


class Discipline(StrEnum):
    """The service a professional gives (Régime pédagogique, I-13.3, r. 8, a. 5, and conseil pédagogique)."""

    SPEECH_THERAPY = "speech_therapy"
    PSYCHOLOGY = "psychology"
    PSYCHOEDUCATION = "psychoeducation"
    REMEDIAL_TEACHING = "remedial_teaching"
    OCCUPATIONAL_THERAPY = "occupational_therapy"
    GUIDANCE = "guidance"
    SOCIAL_WORK = "social_work"
    EDUCATION_CONSULTING = "education_consulting"


class Role(StrEnum):
    """What a person is mandated to do in one organization."""

    PROFESSIONAL = "professional"
    TEACHER = "teacher"
    PRINCIPAL = "principal"
    SECRETARY = "secretary"
    FACILITATOR = "facilitator"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"
    PRIVACY_OFFICER = "privacy_officer"


BOARD_WIDE_ROLES = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR, Role.PRIVACY_OFFICER})


class Level(StrEnum):
    """The teaching level that a bell schedule is for."""

    PRESCHOOL = "preschool"
    PRIMARY = "primary"
    SECONDARY = "secondary"


class ResourceKind(StrEnum):
    """Everything that can be in only one place at a time."""

    PERSON = "person"
    PUPIL = "pupil"
    CLASS_GROUP = "class_group"
    ROOM = "room"
    KIT = "kit"
    VEHICLE = "vehicle"


class GuestRelation(StrEnum):
    PARENT = "parent"
    INTERPRETER = "interpreter"
    PARTNER = "partner"
