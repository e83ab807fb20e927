"""Words for confidential links: the seat, the attestation, refusals at the door, video accounts."""

from intervention.rendering.i18n import N_

WORDS = {
    "SeatState.waiting": N_("attend"),
    "SeatState.contested": N_("deux appareils"),
    "SeatState.admitted": N_("admis·e"),
    "SeatState.refused": N_("refusé·e"),
    "SeatState.left": N_("sorti·e"),
    "KnownBy.sight": N_("Je la ou le reconnais"),
    "KnownBy.code_word": N_("Mot convenu d’avance"),
    "KnownBy.adult": N_("Un adulte que je connais est avec elle ou lui"),
    "KnownBy.phone": N_("Confirmé par téléphone"),
    "InTheRoom.nobody": N_("Personne d’autre"),
    "InTheRoom.parent": N_("Un parent"),
    "InTheRoom.facilitator": N_("L’accompagnateur·rice"),
    "InTheRoom.interpreter": N_("Un·e interprète"),
    "InTheRoom.other_pupils": N_("D’autres élèves"),
    "InTheRoom.other_adults": N_("D’autres adultes"),
    "error.provider_unavailable": N_("La visioconférence ne répond pas"),
    "error.provider_unavailable.next": N_("Réessayez dans une minute, ou appelez l’école."),
    "because.video_misconfigured": N_(
        "La visioconférence est mal réglée, ou l’adresse de la rencontre manque. Collez-en une, ou prévenez "
        "l’administration."
    ),
    "because.not_enter_room": N_("Seules les personnes de la séance entrent dans sa salle."),
    "because.link_exists": N_("Cette personne a déjà un lien. Renouvelez-le plutôt."),
    "because.link_revoked": N_("Le lien de cette personne a été révoqué."),
    "because.encounter_over": N_("La séance est passée ou annulée : un lien n’ouvrirait rien."),
    "because.window_closed": N_("La salle ouvre dix minutes avant la séance et ferme quinze minutes après."),
    "because.host_absent": N_("Revenez à la page de la salle : on n’admet que depuis elle."),
    "because.lobby_closed": N_("La salle est fermée. Ouvrez-la de nouveau pour admettre quelqu’un."),
    "because.room_not_open": N_("La personne responsable n’a pas encore ouvert la salle."),
    "because.no_video_account": N_(
        "Aucune visioconférence n’est réglée pour votre organisation. L’administration peut en ajouter une."
    ),
    "because.no_shared_links": N_("L’administration n’a pas permis les rencontres créées ailleurs."),
    "because.seat_waiting": N_("Cette personne attend encore."),
    "because.seat_contested": N_("Deux appareils utilisent ce lien : choisissez d’abord lequel reste."),
    "because.seat_admitted": N_("Cette personne est déjà admise."),
    "because.seat_refused": N_("Cette personne a été refusée."),
    "because.seat_left": N_("Cette personne est sortie."),
    "field.no_link_for_role": N_("Cette personne n’a pas besoin de lien."),
    "field.contradiction": N_("« Personne d’autre » ne va pas avec un autre choix."),
    "field.not_an_address": N_("Entrez une adresse complète, par exemple https://visio.exemple.ca."),
    "field.not_https": N_("L’adresse doit commencer par https://."),
    "field.not_an_origin": N_("Entrez l’adresse du serveur seulement, sans chemin."),
    "field.public_server": N_(
        "Ce serveur est public : n’importe qui y entre, et les données sortent du Québec. Entrez le vôtre."
    ),
    "field.too_short": N_("Cette valeur est trop courte : il faut au moins 16 caractères."),
    "VideoProvider.jitsi": N_("Jitsi Meet, sur votre serveur"),
    "VideoProvider.demonstration": N_("Salle de démonstration"),
    "VideoProvider.fixed_link": N_("Rencontres créées ailleurs (adresse collée)"),
    "said.link_revoked": N_("Le lien est révoqué : il n’ouvre plus rien."),
    "said.seat_admitted": N_("Admis·e. Cette personne peut entrer dès que la salle est ouverte."),
    "said.seat_refused": N_("Refusé·e. Cette personne ne voit plus rien."),
    "said.seat_recalled": N_("Refus repris : cette personne attend de nouveau."),
    "said.contest_settled": N_("C’est réglé. Dites de nouveau comment vous reconnaissez cette personne."),
    "said.lobby_ended": N_("La salle est fermée. Les liens n’ouvrent plus rien."),
    "said.room_replaced": N_("La séance se tiendra à l’adresse collée."),
    "said.video_account_added": N_("Compte ajouté."),
    "said.video_account_enabled": N_("Compte activé."),
    "said.video_account_disabled": N_("Compte désactivé : plus personne n’entre par lui."),
}
