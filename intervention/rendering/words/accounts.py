"""Words for accounts: signing in and out, sessions, passwords, preferences."""

from intervention.rendering.i18n import N_

WORDS = {
    "field.sign_in_refused": N_("Courriel ou mot de passe incorrect."),
    "field.password_wrong": N_("Ce n’est pas votre mot de passe actuel."),
    "field.password_short": N_("Choisissez au moins 12 caractères."),
    "field.password_long": N_("Choisissez au plus 200 caractères."),
    "field.password_common": N_("Ce mot de passe est trop connu. Une phrase de quelques mots fait mieux."),
    "field.passwords_differ": N_("Les deux ne sont pas pareils."),
    "said.signed_out": N_("La session est fermée."),
    "said.password_changed": N_("Mot de passe changé. Vos autres sessions sont fermées."),
    "said.session_closed": N_("Cette session est fermée."),
    "said.sessions_closed": N_("Vos autres sessions sont fermées."),
    "said.preferences_kept": N_("C’est noté."),
    "Theme.auto": N_("comme l’appareil"),
    "Theme.light": N_("clair"),
    "Theme.dark": N_("sombre"),
}
