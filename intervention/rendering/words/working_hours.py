"""Words for working hours and absences."""

from intervention.rendering.i18n import N_

WORDS = {
    "weekday.6": N_("samedi"),
    "weekday.7": N_("dimanche"),
    "field.opening_overlaps": N_("Cette plage commence avant la fin d’une autre du même jour."),
    "field.not_to_come": N_("Cette date doit venir après aujourd’hui."),
    "field.absence_too_long": N_("Une absence dure 400 jours au plus."),
    "field.hours_of_one_day": N_("Des heures sont celles d’un seul jour : donnez le même jour, ou enlevez les heures."),
    "said.hours_kept": N_("Les heures sont enregistrées. Les créneaux en tiennent compte dès maintenant."),
    "said.absence_added": N_("L’absence est notée."),
    "said.absence_edited": N_("L’absence est à jour."),
    "said.absence_removed": N_("L’absence est enlevée."),
    "said.absence_put_back": N_("L’absence est comme avant."),
}
