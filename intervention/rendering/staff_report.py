"""The report of an import of people as lines of text: addresses and roles, and numbers of lines."""

from __future__ import annotations

from collections.abc import Iterator

from intervention.domain.staff_import import StaffLine, StaffPlan
from intervention.rendering import wording
from intervention.rendering.i18n import _
from intervention.rendering.school_report import MOST_FAULTS, refusal


def report(plan: StaffPlan, *, is_applied: bool, most: int | None = None) -> Iterator[str]:
    """`most`: how many faults are listed; None for all."""
    if plan.refused:
        yield from refusal(plan.refused, most=most)
        return
    yield _("Personnes ajoutées : %(n)s.", n=len(plan.added))
    yield from (f"  {line.email}" for line in plan.added)
    yield _("Personnes changées : %(n)s.", n=len(plan.changed))
    yield from (f"  {line.email}" for line in plan.changed)
    yield _("Rôles donnés : %(n)s.", n=len(plan.granted))
    yield from (f"  {line.email} · {_role(line)}" for line in plan.granted)
    if plan.set_up:
        yield _("Services et ports d’attache : %(n)s.", n=len(plan.set_up))
        yield from (
            f"  {line.email} · {wording.word(line.discipline)}, {line.home_code}"
            for line in plan.set_up
            if line.discipline is not None
        )
    yield _closing(plan, is_applied=is_applied)


def page_lines(plan: StaffPlan) -> list[str]:
    return list(report(plan, is_applied=False, most=MOST_FAULTS))


def _role(line: StaffLine) -> str:
    place = line.held.school_code or line.held.building_code
    return f"{wording.word(line.held.role)} ({place})" if place else wording.word(line.held.role)


def _closing(plan: StaffPlan, *, is_applied: bool) -> str:
    if plan.changes_nothing:
        return _("Rien à changer : tout est déjà à jour.")
    if is_applied:
        return _("C’est appliqué. Chaque personne nouvelle attend le lien par lequel elle choisit son mot de passe.")
    return _("Rien n’est encore appliqué.")
