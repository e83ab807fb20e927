"""Words for refusals: what happened, in a sentence, then what to do about it."""

from intervention.rendering.i18n import N_

WORDS = {
    "error.refused": N_("Cette action n’est pas possible"),
    "error.refused.next": N_("Revenez à la page précédente et vérifiez ce qui a été entré."),
    "error.not_found": N_("Cette page n’existe pas, ou n’est pas pour vous"),
    "error.not_found.next": N_(
        "L’adresse a peut-être changé. Si vous attendiez quelque chose ici, demandez à la personne "
        "qui vous a donné le lien."
    ),
    "error.not_allowed": N_("Cette action appartient à quelqu’un d’autre"),
    "error.not_allowed.next": N_("La coordination peut vous dire qui peut la faire, ou la faire pour vous."),
    "error.invalid_input": N_("Il reste quelque chose à corriger"),
    "error.invalid_input.next": N_("Revenez au formulaire : chaque champ à corriger le dit."),
    "error.slot_taken": N_("Ce moment vient d’être pris"),
    "error.slot_taken.next": N_("Rien n’a été enregistré. Choisissez un autre créneau."),
    "error.slot_refused": N_("Ce moment ne convient pas"),
    "error.slot_refused.next": N_("Rien n’a été enregistré. Choisissez un autre créneau."),
    "error.stale": N_("Quelqu’un a changé cette page entre-temps"),
    "error.stale.next": N_("Rien n’a été enregistré. Rechargez la page pour voir ce qui a changé, puis recommencez."),
    "error.wrong_state": N_("Cette action n’est plus possible à cette étape"),
    "error.wrong_state.next": N_("Rechargez la page pour voir où en sont les choses."),
    "error.door_closed": N_("Ce lien n’ouvre rien en ce moment"),
    "error.door_closed.next": N_("Vérifiez l’heure de la rencontre, ou appelez l’école."),
    "error.feed_gone": N_("Cet abonnement a pris fin"),
    "error.feed_gone.next": N_("Retirez-le de votre agenda, ou demandez-en un nouveau."),
    "error.too_many_attempts": N_("Trop d’essais en peu de temps"),
    "error.too_many_attempts.next": N_("Attendez %(minutes)s minutes, puis réessayez."),
    "error.bad_request": N_("Cette demande n’a pas pu être lue"),
    "error.bad_request.next": N_("Des caractères sont abîmés ou une partie manque. Revenez en arrière et recommencez."),
    "error.form_expired": N_("Ce formulaire a expiré"),
    "error.form_expired.next": N_("Rien n’a été enregistré. Revenez en arrière, rechargez la page et recommencez."),
    "error.too_large": N_("Ce formulaire est trop gros"),
    "error.too_large.next": N_("Rien n’a été enregistré. Raccourcissez le texte ou divisez le fichier."),
    "error.method_not_allowed": N_("Cette adresse ne s’ouvre pas de cette façon"),
    "error.method_not_allowed.next": N_("Revenez à la page précédente et utilisez son bouton."),
    "error.internal": N_("Quelque chose s’est brisé de notre côté"),
    "error.internal.next": N_(
        "Rien n’a été enregistré à moitié. Réessayez ; si cela continue, donnez ce numéro à la "
        "personne qui s’occupe du système :"
    ),
    "error.unavailable": N_("Le système ne peut pas enregistrer en ce moment"),
    "error.unavailable.next": N_("Vous pouvez encore consulter. Réessayez dans quelques minutes."),
    "because.other_organization": N_("Ceci appartient à une autre organisation."),
    "because.not_see_encounter": N_("Seules les personnes de la séance la voient."),
    "because.not_book": N_("Seuls la personne concernée et la coordination planifient dans cet agenda."),
    "because.not_change_encounter": N_("Seules la personne responsable et la coordination changent cette séance."),
    "because.not_cancel_encounter": N_(
        "Seules la personne responsable, l’école et la coordination annulent cette séance."
    ),
    "because.not_state_attendance": N_("Seule la personne responsable de la séance note les présences."),
    "because.not_host_lobby": N_("Seule la personne responsable de la séance ouvre la salle."),
    "because.not_issue_link": N_("Seules la personne responsable et la coordination donnent un lien."),
    "because.not_see_agenda": N_("Seules la personne elle-même et la coordination voient cet agenda en détail."),
    "because.not_see_busy": N_("Votre rôle dans cette organisation a pris fin."),
    "because.not_see_pupil": N_("Seules les personnes qui suivent cet élève ouvrent cette page."),
    "because.not_see_building": N_("Seules les personnes qui travaillent dans cet immeuble ouvrent cette page."),
    "because.not_edit_schools": N_("Seule l’administration modifie les écoles."),
    "because.not_edit_people": N_("Seule l’administration modifie les personnes."),
    "because.not_manage_feed": N_("Seules la personne concernée, l’école et l’administration gèrent cet abonnement."),
    "because.not_read_own_report": N_("Seules la personne elle-même et la coordination lisent ce rapport."),
    "because.not_read_reports": N_(
        "Les rapports sont réservés à la coordination et à la protection des renseignements."
    ),
    "because.not_configure_video": N_("Seule l’administration règle la visioconférence."),
    "because.not_read_access_log": N_("Le journal d’accès est réservé à la protection des renseignements personnels."),
    "field.required": N_("Ce champ est nécessaire."),
    "field.too_long": N_("Ce texte est trop long."),
    "field.not_a_date": N_("Entrez une date, par exemple 2026-11-24."),
    "field.not_a_time": N_("Entrez une heure, par exemple 10 h 30."),
    "field.time_skipped": N_("Cette heure n’existe pas ce jour-là : on avance l’heure. Choisissez-en une autre."),
    "field.not_on_grid": N_("Choisissez une heure qui tombe sur un multiple de 5 minutes."),
    "field.not_a_number": N_("Entrez un nombre entier."),
    "field.out_of_range": N_("Cette valeur est hors des limites permises."),
    "field.not_a_choice": N_("Choisissez une des réponses proposées."),
    "field.unknown": N_("Ce choix n’existe plus. Choisissez-en un autre."),
    "field.too_many": N_("Il y a trop de choix cochés."),
    "field.too_few": N_("Il manque au moins un choix."),
    "field.in_the_past": N_("Ce moment est déjà passé."),
    "field.not_readable": N_("Ce texte contient des caractères qui ne se lisent pas."),
    "field.not_an_email": N_("Entrez une adresse de courriel, par exemple nom@exemple.ca."),
}
