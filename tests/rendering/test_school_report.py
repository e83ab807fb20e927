from intervention.domain.legal_time import EASTERN
from intervention.domain.people import Level
from intervention.domain.school_data import Fault, FaultCode
from intervention.domain.school_import import Difference, FieldChange, ImportPlan, ZoneQuestion
from intervention.rendering.i18n import speaking
from intervention.rendering.school_report import FIELDS, fault_line, report
from intervention.rendering.wording import WORDS

PLAN = ImportPlan(
    added=(Difference("building", "999101", "Pavillon Érable", 2),),
    changed=(
        Difference(
            "placement",
            ("999001", "999102"),
            "",
            3,
            (FieldChange("levels", (), (Level.PRIMARY, Level.SECONDARY)),),
        ),
        Difference("building", "999102", "Pavillon du Quai", 3, (FieldChange("address", None, "14, rue du Quai"),)),
    ),
    vanished=(Difference("school", "999009", "École fermée"),),
    unchanged=4,
    zones=(
        ZoneQuestion("999101", "Pavillon Érable", EASTERN, "west_of_63", is_certain=True, confirmed=None),
        ZoneQuestion("999102", "Pavillon du Quai", EASTERN, "minganie_border", is_certain=False, confirmed=None),
        ZoneQuestion("999103", "L’Anse", EASTERN, "west_of_63", is_certain=True, confirmed="America/Halifax"),
    ),
    buildings=3,
    youth_buildings=2,
    schools=2,
    rows_of_others=12,
    rows_not_teaching=1,
)


def test_report_in_english_says_every_difference_and_what_to_confirm() -> None:
    with speaking("en"):
        lines = list(report(PLAN, is_applied=False, counts_features=False))

    assert lines == [
        "3 buildings, 2 of them in the youth sector; 2 schools and centres.",
        "Set aside: 12 lines of other school boards.",
        "Set aside: one building where nothing is taught.",
        "Already up to date: 4.",
        "Added: 1",
        "  building 999101 Pavillon Érable (line 2)",
        "Changed: 2",
        "  school in a building 999001 / 999102 (line 3): levels taught – → elementary, secondary",
        "  building 999102 Pavillon du Quai (line 3): address – → 14, rue du Quai",
        "Not in the file, kept as they are: 1",
        "  school 999009 École fermée",
        "Legal time to confirm under Schools, building by building:",
        "  Eastern Time (America/Toronto): 3",
        "    999102 Pavillon du Quai: between Minganie and the Lower North Shore, by coordinates alone",
        "    999103 L’Anse: confirmed otherwise (Atlantic Time)",
        "Dry run: nothing is changed. With --apply, the above is applied.",
    ]


def test_report_of_a_refused_file_says_nothing_else() -> None:
    plan = ImportPlan(refused=(Fault(0, FaultCode.MISSING_COLUMN, "CD_IMM"), Fault(7, FaultCode.TOO_LONG, "address")))

    with speaking("fr"):
        lines = list(report(plan, is_applied=True, counts_features=True))

    assert lines == [
        "Rien n’est appliqué\u00a0: il y a 2 points à corriger.",
        "  CD_IMM\u00a0: Il manque cette colonne.",
        "  entité 7 (address)\u00a0: Le texte est trop long.",
    ]


def test_report_points_to_the_line_that_is_contradicted() -> None:
    fault = Fault(9, FaultCode.BUILDING_CONFLICT, other_line=4)

    with speaking("fr"):
        line = fault_line(fault, counts_features=False)

    assert line == "ligne 9\u00a0: Cet immeuble est décrit autrement à la ligne 4."


def test_every_fault_is_worded() -> None:
    assert {f"FaultCode.{code}" for code in FaultCode} <= WORDS.keys()
    assert "levels" in FIELDS
