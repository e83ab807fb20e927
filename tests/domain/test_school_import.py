from dataclasses import replace

from intervention.domain.legal_time import ATLANTIC_STANDARD, EASTERN
from intervention.domain.people import Level
from intervention.domain.school_data import Fault, FaultCode, PlacementFacts, SchoolFacts
from intervention.domain.school_import import Difference, Existing, FieldChange, ImportPlan, ZoneQuestion, plan_import
from intervention.domain.school_lines import read_rows
from tests.domain.test_school_lines import BOARD, ERABLE, a_file

ADDED = (
    Difference("building", "999101", "Pavillon Érable", 2),
    Difference("school", "999001", "École de l'Érable", 2),
    Difference("placement", ("999001", "999101"), "", 2),
)
STORED = Existing(
    buildings={"999101": ERABLE},
    schools={"999001": SchoolFacts("École de l'Érable")},
    placements={("999001", "999101"): PlacementFacts((Level.PRESCHOOL, Level.PRIMARY))},
    confirmed_zones={"999101": EASTERN},
)


def plan(existing: Existing, *rows: dict[str, str]) -> ImportPlan:
    return plan_import(existing, read_rows(a_file(*rows), BOARD), BOARD)


def test_plan_import_adds_what_is_not_stored() -> None:
    assert plan(Existing(), {}) == ImportPlan(
        added=ADDED,
        zones=(ZoneQuestion("999101", "Pavillon Érable", EASTERN, "west_of_63", is_certain=True, confirmed=None),),
        buildings=1,
        youth_buildings=1,
        schools=1,
    )


def test_plan_import_changes_nothing_the_second_time() -> None:
    second = plan(STORED, {})

    assert (second.changes_nothing, second.unchanged, second.vanished, second.zones) == (True, 3, (), ())


def test_plan_import_says_each_field_that_changes() -> None:
    changed = plan(STORED, {"address": "14, rue des Pins", "lat": "50.23", "secondary": "1"}).changed

    assert changed == (
        Difference(
            "building",
            "999101",
            "Pavillon Érable",
            2,
            (FieldChange("address", "12, rue des Pins", "14, rue des Pins"), FieldChange("lat", 50.22, 50.23)),
        ),
        Difference(
            "placement",
            ("999001", "999101"),
            "",
            2,
            (
                FieldChange(
                    "levels", (Level.PRESCHOOL, Level.PRIMARY), (Level.PRESCHOOL, Level.PRIMARY, Level.SECONDARY)
                ),
            ),
        ),
    )


def test_plan_import_leaves_alone_what_the_file_does_not_say() -> None:
    assert plan(STORED, {"address": "", "postal_code": ""}).changes_nothing


def test_plan_import_reports_what_vanished_without_changing_it() -> None:
    quay = replace(ERABLE, name="Pavillon du Quai")
    existing = replace(STORED, buildings={**STORED.buildings, "999102": quay})

    result = plan(existing, {})

    assert result.vanished == (Difference("building", "999102", "Pavillon du Quai"),)
    assert result.changes_nothing


def test_plan_import_refuses_all_for_one_bad_line() -> None:
    result = plan(Existing(), {}, {"lat": "?"})

    assert result == ImportPlan(refused=(Fault(3, FaultCode.BAD_COORDINATE, "lat"),))


def test_plan_import_asks_again_when_the_law_gives_another_zone_than_the_confirmed_one() -> None:
    existing = replace(STORED, confirmed_zones={"999101": ATLANTIC_STANDARD})

    assert plan(existing, {}).zones == (
        ZoneQuestion("999101", "Pavillon Érable", EASTERN, "west_of_63", is_certain=True, confirmed=ATLANTIC_STANDARD),
    )


def test_plan_import_counts_the_rows_of_other_boards() -> None:
    assert plan(STORED, {}, {"board_code": "888000"}).rows_of_others == 1
