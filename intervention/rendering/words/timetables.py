"""Words for the bulk timetable: its state, what last year left behind, what keeps a place from being held."""

from intervention.rendering.i18n import N_

WORDS = {
    "TimetableStatus.draft": N_("brouillon"),
    "TimetableStatus.published": N_("publié"),
    "NotCarried.gone": N_("l’élève est parti"),
    "NotCarried.not_followed": N_("le suivi a pris fin"),
    "NotCarried.empty_group": N_("trop peu d’élèves du groupe sont encore suivis"),
    "NotCarried.closed_class": N_("la classe n’existe plus"),
    "NotCarried.left_out": N_("pas encore reprise"),
    "cell.too_soon": N_("passé"),
    "cell.closed_day": N_("sans classe"),
    "cell.outside_availability": N_("hors disponibilités"),
    "cell.no_road": N_("pas de route"),
    "cell.no_room": N_("aucun local"),
    "cell.no_facilitator": N_("personne sur place"),
    "cell.outside_bells": N_("hors périodes"),
    "cell.building_closed": N_("école fermée"),
    "cell.participant_busy": N_("pris"),
    "cell.too_short_for_road": N_("route trop courte"),
    "cell.max_buildings": N_("trop d’immeubles"),
    "cell.room_taken": N_("local pris"),
    "cell.facilitator_taken": N_("accompagnement pris"),
    "cell.kit_taken": N_("matériel pris"),
    "cell.protected_time": N_("temps protégé"),
    "cell.lunch": N_("dîner"),
    "field.year_is_over": N_("Cette année scolaire est finie."),
    "field.every_time_placed": N_(
        "Toutes les fois de cette ligne ont une place. Déplacez-en une, ou augmentez le nombre."
    ),
    "field.placed_already": N_(
        "Cette ligne a déjà une place : retirez-la d’abord de la grille, le rythme change ses dates."
    ),
    "field.fewer_than_placed": N_("Cette ligne a déjà plus de places : retirez-en d’abord une de la grille."),
    "field.not_followed": N_("Le suivi de cet élève a pris fin."),
    "said.timetable_made": N_("La grille est prête : placez les lignes sur les jours."),
    "said.line_added": N_("La ligne est ajoutée."),
    "said.line_edited": N_("La ligne est changée."),
    "said.line_removed": N_("La ligne est retirée."),
    "said.line_placed": N_("La ligne est placée."),
    "said.line_unplaced": N_("La ligne n’est plus sur la grille."),
    "said.year_copied": N_("L’an dernier est repris : %(lines)s lignes, %(places)s places."),
    "said.timetable_published": N_("L’horaire est publié : %(series)s séries, %(encounters)s séances."),
    "said.timetable_was_published": N_("Tout est déjà publié : rien n’a changé."),
}
