"""Words for pupils, who follows them, their groups and guests: faults of fields, and what was done."""

from intervention.rendering.i18n import N_

WORDS = {
    "field.not_a_pupil_code": N_("Un code a un chiffre et 16 caractères au plus, comme E-214. Jamais un nom."),
    "field.only_a_code": N_("Ici se cherche un code, comme E-214. Un nom se cherche en haut de la page."),
    "field.code_taken": N_("Ce code est déjà pris."),
    "field.not_a_month": N_("Entrez un mois, par exemple 2012-05."),
    "field.age_not_needed": N_("Le mois de naissance ne se note qu’au secondaire."),
    "field.age_reason_missing": N_("Dites d’abord que le consentement dépend de l’âge."),
    "field.class_elsewhere": N_("Cette classe n’est pas en service dans cette école et cet immeuble."),
    "field.used_to_come": N_("Séances à venir qui en dépendent : %(count)s. Déplacez-les ou annulez-les d’abord."),
    "field.pupil_archived": N_("Cet élève est parti."),
    "field.followed_already": N_("Cette personne suit déjà l’élève dans cette discipline."),
    "field.not_her_discipline": N_("Cette discipline n’est pas la sienne."),
    "field.label_names_a_pupil": N_("Cette étiquette nomme un élève : elle paraît dans les agendas."),
    "field.group_has_encounters": N_("Ce groupe porte déjà des séances (%(count)s) : il reste."),
    "field.parent_of_nobody": N_("Un parent s’ajoute à partir de la page de l’élève."),
    "field.not_the_examined_file": N_("Ce n’est pas le fichier examiné : examinez-le d’abord."),
    "said.pupils_imported": N_("C’est appliqué. Ajouts : %(added)s. Changements : %(changed)s."),
    "said.pupil_added": N_("L’élève est ajouté."),
    "said.pupil_edited": N_("Le dossier est à jour."),
    "said.pupil_moved": N_("L’élève a changé d’école ou de classe."),
    "said.pupil_moved_from_encounters": N_(
        "L’élève a changé d’école. Séances à venir encore planifiées à l’école quittée : %(count)s."
    ),
    "said.pupil_archived": N_("Le départ de l’élève est noté."),
    "said.pupil_restored": N_("L’élève est de nouveau dans les listes."),
    "said.pupil_assigned": N_("L’élève est confié."),
    "said.follow_up_ended": N_("Ce suivi prend fin aujourd’hui."),
    "said.follow_up_ended_with_encounters": N_(
        "Ce suivi prend fin aujourd’hui. Séances à venir encore planifiées : %(count)s."
    ),
    "said.need_group_made": N_("Le groupe est formé."),
    "said.need_group_edited": N_("Le groupe est à jour."),
    "said.need_group_removed": N_("Le groupe est retiré."),
    "said.guest_added": N_("La personne est ajoutée."),
    "said.guest_edited": N_("La fiche de la personne est à jour."),
}
