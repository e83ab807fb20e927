"""Words for calendar subscriptions: scopes, details, the programs that read them, what was just done."""

from intervention.rendering.i18n import N_

WORDS = {
    "FeedScope.person": N_("personne"),
    "FeedScope.school": N_("école"),
    "FeedScope.building": N_("immeuble"),
    "FeedScope.room": N_("local"),
    "FeedDetail.busy": N_("occupé seulement"),
    "FeedDetail.neutral": N_("neutre"),
    "FeedDetail.team": N_("équipe"),
    "ClientFamily.google": N_("Google Agenda"),
    "ClientFamily.outlook": N_("Outlook"),
    "ClientFamily.apple": N_("Calendrier d’Apple"),
    "ClientFamily.thunderbird": N_("Thunderbird"),
    "ClientFamily.evolution": N_("Evolution"),
    "ClientFamily.android": N_("ICSx5 (Android)"),
    "ClientFamily.browser": N_("un navigateur"),
    "ClientFamily.other": N_("un autre programme"),
    "said.feed_revoked": N_("Ce flux est fermé : son adresse ne répond plus."),
    "said.feed_restored": N_("Ce flux est rouvert à la même adresse."),
}
