"""Books an offer of a search, or a change that it proposed, as it stands now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from intervention.domain.composition import BookEncounter
from intervention.domain.errors import InvalidInput, NotFound, SlotRefused
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.school_time import local_date
from intervention.domain.slot_rules import RuleBook
from intervention.domain.slots import SOFT_RULES, Rule
from intervention.domain.spans import tick_of
from intervention.queries.catalogue import catalogue
from intervention.queries.slot_problem import SlotAsk, load
from intervention.usecases.booking import Booked, book
from intervention.usecases.finding import faults_of, sites_given
from intervention.usecases.work import Work


@dataclass(frozen=True, slots=True)
class BookOffer:
    """An offer taken: the search it came from, its start, and the building where the professional will be."""

    ask: SlotAsk
    discipline: str
    starts_at: datetime
    host_building_id: UUID
    objective: str | None = None
    need_group_id: UUID | None = None
    is_strict: bool = False
    accepting: frozenset[str] = frozenset()  # codes of soft rules that the person knowingly sets aside


def book_offer(work: Work, actor: Actor, taken: BookOffer) -> Booked:
    """Book an offer as it stands now: rooms and facilitators are given anew, by the rules that proposed it.

    Raises what `find_slots` and `book` raise; SlotRefused carries `codes` when the start no longer works.
    """
    ask = taken.ask
    require(actor, Action.BOOK, Subject(actor.organization_id, owner_id=ask.host_id))
    faults = faults_of(ask)
    if faults:
        raise InvalidInput(faults)
    host = catalogue(work.session, actor.organization_id).professionals.get(ask.host_id)
    if host is None:
        raise NotFound
    on_date = local_date(taken.starts_at, host.zone)
    loaded = load(
        work.session, actor, replace(ask, first_on=on_date, days=1, at_building=taken.host_building_id), work.now()
    )
    start = tick_of(taken.starts_at) - loaded.problem.origin
    book_of_rules = RuleBook(loaded.problem)
    _require_allowed(book_of_rules, start, taken.accepting)
    sites = sites_given(loaded.arrangements[0], book_of_rules.given(0, start))
    return book(
        work,
        actor,
        BookEncounter(
            host_id=ask.host_id,
            kind=ask.kind,
            discipline=taken.discipline,
            starts_at=taken.starts_at,
            minutes=ask.minutes,
            zone=host.zone,
            sites=sites,
            objective=taken.objective,
            need_group_id=taken.need_group_id,
            is_strict=taken.is_strict,
            accepting=taken.accepting,
        ),
    )


def _require_allowed(book_of_rules: RuleBook, start: int, accepting: frozenset[str]) -> None:
    within = 0 <= start < book_of_rules.problem.length
    refusing = book_of_rules.option(0).refusing(start) if within else [(Rule.TOO_SOON, None)]
    refusing = [key for key in refusing if not (key[0] in SOFT_RULES and key[0].value in accepting)]
    if refusing:
        codes = tuple(dict.fromkeys(rule.value for rule, _ in refusing))
        raise SlotRefused(code=codes[0], codes=codes, subject_id=refusing[0][1])
