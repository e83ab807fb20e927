"""The report of an import of pupils as lines of text: codes and numbers of lines, never a name."""

from __future__ import annotations

from collections.abc import Iterator

from intervention.domain.pupil_import import PupilPlan
from intervention.rendering.i18n import N_, _
from intervention.rendering.school_report import MOST_FAULTS, line_of, refusal

COLUMNS = {
    "given_name": N_("prénom"),
    "family_name": N_("nom de famille"),
    "level": N_("ordre d’enseignement"),
    "grade": N_("degré"),
    "born_month": N_("mois de naissance"),
    "class": N_("classe"),
    "school_code": N_("école"),
    "building_code": N_("immeuble"),
    "archived": N_("revient"),
}


def report(plan: PupilPlan, *, is_applied: bool, most: int | None = None) -> Iterator[str]:
    """`most`: how many faults are listed; None for all."""
    if plan.refused:
        yield from refusal(plan.refused, most=most)
        return
    yield _("Élèves ajoutés : %(n)s.", n=len(plan.added))
    yield from (f"  {line.facts.code}" for line in plan.added)
    yield _("Élèves changés : %(n)s.", n=len(plan.changed))
    for change in plan.changed:
        yield "  " + line_of(change.line.facts.code, ", ".join(_(COLUMNS[name]) for name in change.names))
    if plan.new_classes:
        yield _("Classes créées : %(n)s.", n=len(plan.new_classes))
        yield from (f"  {name} ({building})" for building, _school, name, _level in plan.new_classes)
    if plan.absent:
        yield _("Absents du fichier, gardés tels quels : %(n)s.", n=plan.absent)
    yield _closing(plan, is_applied=is_applied)


def page_lines(plan: PupilPlan) -> list[str]:
    return list(report(plan, is_applied=False, most=MOST_FAULTS))


def _closing(plan: PupilPlan, *, is_applied: bool) -> str:
    if plan.changes_nothing:
        return _("Rien à changer : tout est déjà à jour.")
    return _("C’est appliqué.") if is_applied else _("Rien n’est encore appliqué.")
