"""Words for what a change of calendar does to séances to come."""

from intervention.rendering.i18n import N_

WORDS = {
    "Fate.moves": N_("suit son jour de cycle"),
    "Fate.clashes": N_("ne peut pas suivre"),
    "Fate.vanishes": N_("n’a plus de jour"),
    "Fate.unnumbered": N_("n’a plus de numéro"),
    "Fate.no_school": N_("sa journée n’a plus de classe"),
    "said.calendar_moved": N_("Séances déplacées avec le calendrier : %(n)s."),
    "said.calendar_undone_in_part": N_("Le calendrier est revenu comme il était. Séances à revoir : %(refused)s."),
    "said.calendar_raced": N_(
        "Quelqu’un vient de prendre une de ces places : rien n’a été changé. Voici où l’on en est."
    ),
    "Promise.wall": N_("Garder l’heure au mur"),
    "Promise.instant": N_("Garder l’instant"),
    "said.instants_settled": N_("Séances réglées : %(n)s."),
    "said.instants_left": N_("Séances dont la place est prise à leur heure : %(n)s. Elles restent où elles sont."),
}
