"""What a person decided of the séances that a change of calendar touches, as `parts/redating.html` sends it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from intervention.domain.privacy import EncounterFacts
from intervention.domain.redating import Decided, Fate
from intervention.web.parse import Form, id_or_none


def decided_in(form: Form) -> Decided:
    """Lines that were not shown, and all of them where the form shows none, follow the rule."""
    return Decided(_ids(form.value("montrees").split()), _ids(form.values("suivre")))


def page_in(form: Form) -> int | None:
    """The page of lines asked for instead of doing what the form says; what was ticked meanwhile is kept."""
    raw = form.value("feuille")
    return int(raw) if raw.isdecimal() and len(raw) <= 4 else None


def by_school(pairs: Iterable[tuple[EncounterFacts, Fate]]) -> list[tuple[str, list[tuple[EncounterFacts, Fate]]]]:
    """Séances that wait under the school where their pupils are, in the order of the names."""
    found: dict[str, list[tuple[EncounterFacts, Fate]]] = defaultdict(list)
    for view, fate in pairs:
        found[_school_of(view)].append((view, fate))
    return sorted(found.items())


def _school_of(view: EncounterFacts) -> str:
    sites = [site for site in view.sites if site.building]
    sites.sort(key=lambda site: (not (site.pupils or site.groups), site.has_host))
    return sites[0].building if sites else ""


def _ids(raw: list[str]) -> frozenset[UUID]:
    return frozenset(each for each in map(id_or_none, raw) if each is not None)
