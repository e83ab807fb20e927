"""Words for the people of a board and their accounts, as administrators keep them."""

from intervention.rendering.i18n import N_

WORDS = {
    "because.not_home_board": N_("Cette personne appartient à une autre organisation, qui tient son compte."),
    "field.email_taken": N_("Cette adresse ouvre déjà un compte. Prenez-en une autre."),
    "field.account_disabled": N_("Ce compte est désactivé. Réactivez-le d’abord."),
    "field.role_held": N_("Cette personne a déjà ce rôle à cet endroit."),
    "field.place_not_wanted": N_("Ce rôle vaut pour toute l’organisation : laissez le lieu vide."),
    "field.ends_before_it_starts": N_("La fin vient avant le début."),
    "field.lunch_does_not_fit": N_("Le dîner ne tient pas entre ces deux heures."),
    "said.password_chosen": N_("C’est fait. Ouvrez une session avec ce mot de passe."),
    "said.person_added": N_("La personne est ajoutée."),
    "said.people_imported": N_(
        "C’est appliqué. Personnes ajoutées : %(added)s. Rôles donnés : %(granted)s. "
        "Chacune attend le lien que sa page peut faire."
    ),
    "said.person_edited": N_("C’est enregistré."),
    "said.role_granted": N_("Le rôle est donné."),
    "said.role_ended": N_("Le rôle est retiré."),
    "said.person_settings_kept": N_("Les réglages sont enregistrés."),
    "said.person_disabled": N_("Le compte est désactivé. Ses sessions, ses jetons et ses flux ont pris fin."),
    "said.person_enabled": N_("Le compte est réactivé."),
    "said.person_oneself": N_(
        "On ne désactive pas son propre compte. Demandez à une autre personne de l’administration."
    ),
    "said.person_last_administrator": N_(
        "C’est la dernière personne à l’administration. Donnez d’abord ce rôle à quelqu’un d’autre."
    ),
    "said.person_no_role_professional": N_("Cette personne n’a pas le rôle de professionnel·le ici."),
    "said.person_no_role_facilitator": N_("Cette personne n’a pas le rôle d’accompagnement ici."),
}
