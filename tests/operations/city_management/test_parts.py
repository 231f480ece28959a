import pytest

from tulou.operations.city_management.adapters.tables import read_classes
from tulou.operations.city_management.domain.parts import PART_FAULT_KINDS, ManagedPart, body_for, check_parts

CLASSES = read_classes(["china"])
CELL = "350102003005012"
GOOD = ManagedPart("p1", "3501020102000001", "sewage_cover", "water company", "intact", CELL, CELL, has_place=True)


def part(**changes):
    return ManagedPart(**{**vars(GOOD), **changes})


def found(*parts):
    return [(fault.kind, fault.part) for fault in check_parts(parts, CLASSES)]


def test_a_sound_part_has_no_fault():
    assert found(GOOD) == []


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"code": ""}, "no_code"),
        ({"code": "35010201020001"}, "bad_code"),
        ({"code": "3501029902000001"}, "unknown_class"),
        ({"part_class": "statue"}, "other_class"),
        ({"part_class": "water_cover"}, "other_class"),
        ({"code": "3501030102000001"}, "other_county"),
        ({"cell": ""}, "no_cell"),
        ({"has_place": False, "cell": ""}, "no_place"),
        ({"stated_cell": "350102003005013"}, "other_cell"),
        ({"owner": ""}, "no_owner"),
    ],
)
def test_each_fault_is_told(changes, kind):
    kinds = [fault.kind for fault in check_parts([part(**changes)], CLASSES)]
    assert kind in kinds
    assert kinds == sorted(kinds, key=PART_FAULT_KINDS.index)


def test_a_code_given_twice_is_told_of_both():
    assert found(GOOD, part(id="p2")) == [("duplicate_code", "p1"), ("duplicate_code", "p2")]


def test_parts_go_to_the_owner_first_and_events_to_the_territory():
    """Changshu's duty rules, methods S05."""
    assert body_for("part", "water company", "street 3") == "water company"
    assert body_for("part", "", "street 3") == "street 3"
    assert body_for("event", "water company", "street 3") == "street 3"
    assert body_for("event", "water company", "") == "water company"
    assert body_for("event", "", "") == ""
