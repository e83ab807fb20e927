"""What a change of calendar would do to the séances to come: one line each, what is proposed, what may be chosen.

Values only. A line that moves was judged where it would be; whether it is accepted is a person's to say, and what
nobody accepts stays where it is, to be decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from intervention.domain.slots import SOFT_RULES
from intervention.domain.spans import Span

_SOFT = frozenset(rule.value for rule in SOFT_RULES)


class Fate(StrEnum):
    """What becomes of a séance to come."""

    MOVES = "moves"  # its day of the cycle falls on another date, where it can be held
    CLASHES = "clashes"  # it falls where something stands in the way
    VANISHES = "vanishes"  # it falls off the end of a cycle that slides, or its own day has no class either
    UNNUMBERED = "unnumbered"  # its day of the cycle is nowhere any more; its own day is still one of class
    NO_SCHOOL = "no_school"  # its own day has no class any more, at one of its schools


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a séance would be, and what stands in its way there: the rules, and what the first one looked at."""

    span: Span
    rules: tuple[str, ...] = ()
    subject_id: UUID | None = None

    @property
    def is_possible(self) -> bool:
        """Nothing is in the way that a person may not knowingly set aside."""
        return all(rule in _SOFT for rule in self.rules)


@dataclass(frozen=True, slots=True)
class Fated:
    """One séance before and after. `landing` is None where it would be nowhere."""

    encounter_id: UUID
    fate: Fate
    starts_at: datetime
    landing: Landing | None = None
    series_id: UUID | None = None

    @property
    def is_proposed(self) -> bool:
        """Follow the cycle where it can be; the rest is a person's decision."""
        return self.fate in {Fate.MOVES, Fate.VANISHES}

    @property
    def is_possible(self) -> bool:
        return self.landing is None or self.landing.is_possible


def landed(encounter_id: UUID, starts_at: datetime, landing: Landing, series_id: UUID | None) -> Fated:
    """The line of a séance that would be elsewhere."""
    fate = Fate.CLASHES if landing.rules else Fate.MOVES
    return Fated(encounter_id, fate, starts_at, landing, series_id)


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person said: of the lines that were shown, those accepted. The others follow what is proposed."""

    shown: frozenset[UUID] = frozenset()
    accepted: frozenset[UUID] = frozenset()

    def accepts(self, line: Fated) -> bool:
        """Whether this line is to be done; one that cannot be is not, whoever ticked it."""
        wanted = line.encounter_id in self.accepted if line.encounter_id in self.shown else line.is_proposed
        return wanted and line.is_possible


BY_THE_RULE = Decided()  # nobody said anything: every line follows what is proposed
