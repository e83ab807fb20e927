"""Words for people: roles, disciplines, levels."""

from intervention.rendering.i18n import N_

WORDS = {
    "Role.professional": N_("professionnel·le"),
    "Role.teacher": N_("enseignant·e"),
    "Role.principal": N_("direction d’école"),
    "Role.secretary": N_("secrétariat d’école"),
    "Role.facilitator": N_("accompagnateur·rice"),
    "Role.coordinator": N_("coordination"),
    "Role.administrator": N_("administration"),
    "Role.privacy_officer": N_("protection des renseignements personnels"),
    "Discipline.speech_therapy": N_("orthophonie"),
    "Discipline.psychology": N_("psychologie"),
    "Discipline.psychoeducation": N_("psychoéducation"),
    "Discipline.remedial_teaching": N_("orthopédagogie"),
    "Discipline.occupational_therapy": N_("ergothérapie"),
    "Discipline.guidance": N_("orientation"),
    "Discipline.social_work": N_("travail social"),
    "Discipline.education_consulting": N_("conseil pédagogique"),
    "Level.preschool": N_("préscolaire"),
    "Level.primary": N_("primaire"),
    "Level.secondary": N_("secondaire"),
    "ResourceKind.person": N_("personne"),
    "ResourceKind.pupil": N_("élève"),
    "ResourceKind.class_group": N_("classe"),
    "ResourceKind.room": N_("local"),
    "ResourceKind.kit": N_("trousse"),
    "ResourceKind.vehicle": N_("véhicule"),
    "GuestRelation.parent": N_("parent"),
    "GuestRelation.interpreter": N_("interprète"),
    "GuestRelation.partner": N_("partenaire"),
}
