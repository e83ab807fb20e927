"""What an encounter is called, in the words of who reads. Views only: what is not in the view cannot be said."""

from __future__ import annotations

from collections.abc import Sequence

from intervention.domain.privacy import Audience, EncounterFacts, PupilFacts
from intervention.rendering import wording
from intervention.rendering.i18n import _

MAX_PUPILS = 3


def title_of(view: EncounterFacts) -> str:
    """`Suivi individuel · E-214`, `Langage 2`, `Rencontre`, `Occupé`: the most that this view says, on one line."""
    if view.is_busy_only:
        return _("Rencontre") if view.audience is Audience.GUEST else _("Occupé")
    who = who_of(view)
    if view.kind is None:
        return who or _("Rencontre")
    kind = wording.capitalized(wording.word(view.kind))
    return f"{kind} · {who}" if who else kind


def who_of(view: EncounterFacts) -> str:
    """The group, the classes or the pupils, as far as this view says; empty when it does not."""
    return view.group or ", ".join(_groups(view)) or pupils_line(view.pupils)


def pupils_line(pupils: Sequence[PupilFacts]) -> str:
    """Codes for staff who read codes, given names for who fetches, and a count past three."""
    names = [pupil.code or pupil.given_name for pupil in pupils if pupil.code or pupil.given_name]
    if len(names) <= MAX_PUPILS:
        return ", ".join(names)
    return _("%(first)s et %(others)s autres", first=", ".join(names[:2]), others=str(len(names) - 2))


def places_line(view: EncounterFacts) -> str:
    """The buildings that take part, the host's last when nobody else is there."""
    names = [
        site.building for site in view.sites if site.building and (not site.has_host or site.pupils or site.groups)
    ]
    return " · ".join(dict.fromkeys(names or [site.building for site in view.sites if site.building]))


def _groups(view: EncounterFacts) -> list[str]:
    return [group for site in view.sites for group in site.groups]
