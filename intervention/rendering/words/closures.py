"""Words for closed schools: what becomes of a séance and why, what an undoing could not give back, make-ups."""

from intervention.rendering.i18n import N_

WORDS = {
    "Treatment.keep": N_("garder telle quelle"),
    "Treatment.without": N_("tenir sans le lieu fermé"),
    "Treatment.remote": N_("passer à distance"),
    "Treatment.make_up": N_("annuler, à reprendre"),
    "Treatment.cancel": N_("annuler"),
    "Because.begun": N_("déjà commencée"),
    "Because.staff_work": N_("le personnel peut travailler"),
    "Because.host_moves": N_("les autres écoles sont ouvertes et prêtes"),
    "Because.others_open": N_("les autres lieux restent ouverts"),
    "Because.others_cannot": N_("les autres lieux n’ont pas ce qu’il faut"),
    "Because.pupils_away": N_("les élèves ne sont pas là"),
    "Because.nobody_left": N_("plus personne ne peut y être"),
    "NotGivenBack.touched": N_("quelqu’un l’a changée depuis"),
    "NotGivenBack.past": N_("son heure est passée"),
    "NotGivenBack.still_closed": N_("un autre avis ferme encore ce lieu"),
    "NotGivenBack.not_free": N_("une personne, un local ou la route n’est plus libre"),
    "because.not_close_schools": N_(
        "Seules la coordination, et la direction ou le secrétariat de l’école, déclarent une fermeture."
    ),
    "field.too_many_days": N_("Au plus 14 jours à la fois."),
    "field.no_school": N_("Il n’y a rien à changer ce jour-là : l’école n’y est pas prévue."),
    "field.treatment_refused": N_("Les lieux qui restent, les personnes ou la route ne le permettent pas."),
    "MakeUpTab.owed": N_("À reprendre"),
    "MakeUpTab.planned": N_("Planifiées"),
    "MakeUpTab.waived": N_("Laissées"),
    "because.not_see_make_ups": N_(
        "Les reprises sont l’affaire des responsables de séances, des écoles et de la coordination."
    ),
    "said.make_up_owed": N_("C’est parmi les reprises à décider."),
    "said.make_up_waived": N_("Cette séance ne sera pas reprise."),
    "said.schools_closed": N_("C’est déclaré. Séances touchées : %(n)s."),
    "said.schools_closed_already": N_("C’était déjà déclaré : rien n’a changé."),
    "said.day_reopened": N_("La journée est devenue un jour de classe."),
    "said.schools_reopened": N_("C’est levé. Séances rendues : %(n)s."),
    "said.schools_reopened_in_part": N_("C’est levé. Séances rendues : %(n)s ; à revoir : %(refused)s."),
}
