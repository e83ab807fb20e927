"""Words for series: how often, what became of a date, what keeps one from being held."""

from intervention.rendering.i18n import N_

WORDS = {
    "Repeat.once": N_("Une fois"),
    "Repeat.cycle": N_("Un jour du cycle"),
    "Repeat.week": N_("Chaque semaine"),
    "Repeat.count": N_("Un nombre de séances"),
    "Repeat.month": N_("Tant par mois"),
    "Likeness.same_day": N_("le même jour"),
    "Likeness.other_period": N_("le même jour, une autre période"),
    "Likeness.same_week": N_("la même semaine"),
    "Became.moves": N_("change de moment"),
    "Became.vanishes": N_("n’a plus de date"),
    "Became.appears": N_("s’ajoute"),
    "Became.undecided": N_("à décider : son jour n’a plus de classe"),
    "slot.in_the_gap": N_("Cette heure n’existe pas ce jour-là : on avance l’heure."),
    "slot.no_such_period": N_("Ce jour-là n’a pas cette période."),
    "slot.other_date": N_("Une autre date de cette série est déjà à ce moment."),
    "field.span_too_long": N_("Une série s’étend sur dix-huit mois au plus."),
    "field.too_many_dates": N_("Une série compte au plus 400 dates : rapprochez la fin ou espacez les séances."),
    "field.no_dates": N_("Aucune date à planifier : changez les jours ou la fin."),
    "said.series_planned": N_("La série est planifiée : %(n)s séances."),
    "said.series_ended": N_("La série a pris fin : %(n)s séances sont annulées."),
    "said.date_taken_back": N_("La date est reprise."),
}
