"""The report of an import as lines of text: what is refused, else what is added, changed, gone, and what to confirm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from intervention.domain.people import Level
from intervention.domain.school_data import Fault
from intervention.domain.school_import import BUILDING, PLACEMENT, SCHOOL, Difference, ImportPlan, ZoneQuestion
from intervention.rendering import wording
from intervention.rendering.i18n import N_, _, ngettext
from intervention.rendering.times import zone_name

MOST_FAULTS = 200  # of a page; the command lists them all
KINDS = {BUILDING: N_("immeuble"), SCHOOL: N_("école"), PLACEMENT: N_("école dans un immeuble")}
FIELDS = {
    "name": N_("nom"),
    "municipality": N_("municipalité"),
    "municipality_code": N_("code géographique"),
    "address": N_("adresse"),
    "postal_code": N_("code postal"),
    "lat": N_("latitude"),
    "lon": N_("longitude"),
    "proposed_zone": N_("heure légale proposée"),
    "levels": N_("ordres d’enseignement"),
}


def report(plan: ImportPlan, *, is_applied: bool, counts_features: bool) -> Iterator[str]:
    if plan.refused:
        yield from refusal(plan.refused, counts_features=counts_features)
        return
    yield summary(plan)
    yield from asides(plan)
    yield from _listed(_("Ajouts"), plan.added)
    yield from _listed(_("Changements"), plan.changed)
    yield from _listed(_("Absents du fichier, gardés tels quels"), plan.vanished)
    yield from _zones(plan.zones)
    yield closing(plan, is_applied=is_applied)


def refusal(faults: Sequence[Fault], *, counts_features: bool = False, most: int | None = None) -> Iterator[str]:
    """How much is to be corrected, and each fault; `most`: how many are listed, None for all."""
    yield ngettext(
        "Rien n’est appliqué : il y a un point à corriger.",
        "Rien n’est appliqué : il y a %(n)s points à corriger.",
        len(faults),
    )
    yield from (f"  {fault_line(fault, counts_features=counts_features)}" for fault in faults[:most])


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The same for a page. `groups`: (title, lines); `hidden_faults`: how many lines of `refused` are not listed."""

    summary: str
    asides: tuple[str, ...]
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    zones: int
    refused: tuple[str, ...]
    fault_count: int
    changes_nothing: bool

    @property
    def hidden_faults(self) -> int:
        return self.fault_count - len(self.refused)


def report_page(plan: ImportPlan, *, counts_features: bool) -> ReportPage:
    groups = (
        (_("Ajouts"), plan.added),
        (_("Changements"), plan.changed),
        (_("Absents du fichier, gardés tels quels"), plan.vanished),
    )
    return ReportPage(
        summary=summary(plan),
        asides=tuple(asides(plan)),
        groups=tuple((title, tuple(difference_line(each) for each in found)) for title, found in groups if found),
        zones=sum(question.confirmed is None for question in plan.zones),
        refused=tuple(fault_line(fault, counts_features=counts_features) for fault in plan.refused[:MOST_FAULTS]),
        fault_count=len(plan.refused),
        changes_nothing=plan.changes_nothing,
    )


def summary(plan: ImportPlan) -> str:
    return _(
        "%(buildings)s immeubles, dont %(youth)s du secteur des jeunes ; %(schools)s écoles et centres.",
        buildings=plan.buildings,
        youth=plan.youth_buildings,
        schools=plan.schools,
    )


def asides(plan: ImportPlan) -> Iterator[str]:
    """What the file holds besides this board's places."""
    if plan.rows_of_others:
        yield ngettext(
            "Laissé de côté : une ligne d’un autre centre de services.",
            "Laissé de côté : %(n)s lignes d’autres centres de services.",
            plan.rows_of_others,
        )
    if plan.rows_not_teaching:
        yield ngettext(
            "Laissé de côté : un immeuble où l’on n’enseigne pas.",
            "Laissé de côté : %(n)s immeubles où l’on n’enseigne pas.",
            plan.rows_not_teaching,
        )
    yield _("Déjà à jour : %(n)s.", n=plan.unchanged)


def closing(plan: ImportPlan, *, is_applied: bool) -> str:
    if plan.changes_nothing:
        return _("Rien à changer : tout est déjà à jour.")
    if is_applied:
        return _("C’est appliqué.")
    return _("Essai à blanc : rien n’est changé. Avec --apply, ce qui précède s’applique.")


def fault_line(fault: Fault, *, counts_features: bool) -> str:
    said = wording.say(f"FaultCode.{fault.code}", other=fault.other_line)
    if not fault.line:
        return line_of(fault.column, said) if fault.column else said
    where = _("entité %(n)s", n=fault.line) if counts_features else _("ligne %(n)s", n=fault.line)
    return line_of(f"{where} ({fault.column})" if fault.column else where, said)


def difference_line(each: Difference) -> str:
    key = " / ".join(each.key) if isinstance(each.key, tuple) else each.key
    named = f"{_(KINDS[each.kind])} {key} {each.name}".rstrip()
    where = f" ({_('ligne %(n)s', n=each.line)})" if each.line else ""
    changes = "; ".join(f"{_(FIELDS[c.name])} {_shown(c.old)} → {_shown(c.new)}" for c in each.changes)
    return line_of(named + where, changes) if changes else named + where


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(wording.word(level) for level in value if isinstance(level, Level)) or "–"
    return "–" if value is None else str(value)


def _listed(title: str, differences: Iterable[Difference]) -> Iterator[str]:
    lines = [f"  {difference_line(each)}" for each in differences]
    if lines:
        yield line_of(title, len(lines))
        yield from lines


def _zones(questions: Iterable[ZoneQuestion]) -> Iterator[str]:
    by_zone: dict[str, list[ZoneQuestion]] = defaultdict(list)
    for question in questions:
        by_zone[question.proposed].append(question)
    if by_zone:
        yield _("Heure légale à confirmer dans Écoles, immeuble par immeuble :")
    for zone, found in sorted(by_zone.items()):
        yield "  " + line_of(f"{zone_name(zone)} ({zone})", len(found))
        for question in found:
            because = _question(question)
            if because:
                yield "    " + line_of(f"{question.building_code} {question.name}", because)


def _question(question: ZoneQuestion) -> str:
    """What makes the reader look twice, if anything does."""
    if question.confirmed:
        return _("confirmée autrement (%(zone)s)", zone=zone_name(question.confirmed))
    return "" if question.is_certain else wording.say(f"ZoneReason.{question.because}")


def line_of(what: str, said: object) -> str:
    return _("%(what)s : %(said)s", what=what, said=said)
