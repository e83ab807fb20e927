"""Words for what only programs hear."""

from intervention.rendering.i18n import N_

WORDS = {
    "error.token_refused": N_("Le jeton manque, ou n’ouvre rien"),
    "error.token_refused.next": N_("Envoyez « Authorization: Bearer » avec un jeton en vigueur."),
    "error.version_missing": N_("Dites quelle version vous avez lue"),
    "error.version_missing.next": N_("Envoyez l’ETag de votre dernière lecture dans « If-Match »."),
    "error.not_json": N_("Ce n’est pas du JSON"),
    "error.not_json.next": N_("Vérifiez le texte envoyé."),
    "error.unsupported_media_type": N_("Envoyez du JSON"),
    "error.unsupported_media_type.next": N_("Le type attendu est application/json."),
}
