"""Words for the agenda and the day: types of school day, what attendance says."""

from intervention.rendering.i18n import N_

WORDS = {
    "DayType.class": N_("jour de classe"),
    "DayType.holiday": N_("congé"),
    "DayType.pedagogical": N_("journée pédagogique"),
    "DayType.conditional": N_("journée pédagogique conditionnelle"),
    "DayType.closure": N_("école fermée"),
    "DayType.suspension": N_("cours suspendus"),
    "DayType.exam": N_("jour d’examen"),
    "DayType.staff_only": N_("rentrée du personnel"),
    "DayType.spring_break": N_("relâche"),
    "DayType.summer": N_("vacances d’été"),
    "said.attendance_stated": N_("Présences notées : la séance est terminée."),
    "said.attendance_corrected": N_("Présences corrigées. L’historique garde les deux versions."),
}
