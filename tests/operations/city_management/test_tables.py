from datetime import UTC, datetime

import pytest

from shared_data import shared
from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.periods import Period
from tulou.operations.cases.domain.limits import Limit
from tulou.operations.city_management.adapters.reading import read_formulas, read_grid_rule, read_rules
from tulou.operations.city_management.adapters.requests import read_requests
from tulou.operations.city_management.adapters.tables import (
    read_classes,
    read_limits,
    read_recurrence,
    read_request_mappings,
)
from tulou.operations.city_management.domain.counting import summed

CLASSES = read_classes(["china"])


def test_classes_have_their_codes():
    assert CLASSES.of_code("event", "0102").id == "exposed_rubbish"
    assert CLASSES.of_code("part", "0102").id == "sewage_cover"
    assert CLASSES.of_code("part", "9999") is None
    assert CLASSES["dirty_road"].evidence == "sourced"
    with pytest.raises(BadUse) as caught:
        CLASSES["dirty_raod"]
    assert caught.value.faults[0].guess == "dirty_road"
    assert CLASSES.title("unheard_of").en == "unheard_of"


def test_limits_of_two_cities_are_those_of_the_reference():
    """Methods §1, the table of cities A and B; one class may carry several staged limits."""
    tables = read_limits(["china"])
    jiyuan = {row.case_class: [step.limit for step in row.steps] for row in tables["jiyuan"].rows}
    city_b = {row.case_class: [step.limit for step in row.steps] for row in tables["city_b"].rows}
    assert jiyuan["illegal_structure"] == [Limit(15, "working_day")]
    assert jiyuan["exposed_rubbish"] == [Limit(1, "working_day")]
    assert jiyuan["construction_debris"] == [Limit(4, "working_day")]
    assert jiyuan["dirty_road"] == [Limit(5, "working_hour")]
    assert jiyuan["dirty_water"] == [Limit(15, "working_day")]
    assert city_b["illegal_structure"] == [Limit(4, "working_hour"), Limit(7, "working_day"), Limit(20, "working_day")]
    assert city_b["construction_debris"] == [Limit(4, "working_hour"), Limit(2, "working_day")]
    assert city_b["standing_water"] == [Limit(4, "working_hour")]
    assert city_b["green_upkeep"] == [Limit(5, "working_day")]
    assert [step.limit for step in tables["fuzhou"].centre] == [
        Limit(1, "working_hour"), Limit(2, "working_hour"), Limit(1, "working_hour"), Limit(0.5, "natural_hour"),
    ]  # fmt: skip


def test_every_class_of_the_shipped_flow_is_a_class_of_parts_or_events():
    from operations.cases.desk import flow

    assert set(flow().classes) <= set(CLASSES.classes)


def test_every_page_of_formulas_and_rates_is_read():
    assert {"jinniu_city_management", "jinniu_online_complaints"} <= set(read_formulas(["china"]))
    ids = [rate.id for rate in read_rules(["china"]).rates]
    assert len(ids) == len(set(ids)) == 16


HEAD = "title: {zh: 甲, en: a}, source: x, evidence: memory"
CLASS = "classes: {a: {kind: event, code: 'CODE', title: {zh: 甲, en: a}, evidence: memory}}"
LIMITS = f"{{id: x, {HEAD}, limits: [{{class: CLASS, condition: {{zh: 甲, en: a}}, steps: []}}]}}"
FORMULA = f"formulas: [{{id: x, {HEAD}, checked_on: 2026-01-01, counts: {{COUNTS}}, terms: [{{TERM}}]}}]"
SHARE = "id: a, title: {zh: 甲, en: a}, kind: share, points: 1, numerator: n, denominator: d, way: more"
POINTS = "id: a, title: {zh: 甲, en: a}, kind: points, start: 1, parts: [{each: 1, count: n}], least: 0"
COUNT = "n: {title: {zh: 甲, en: n}, nature: result}"
FAULTS = (
    ("grid.yaml", read_grid_rule, f"size: {{unit: km2, value: 1, {HEAD}}}", "not a value of 'unit'"),
    ("grid.yaml", read_grid_rule, f"size: {{unit: m2, value: 0, {HEAD}}}", "above zero"),
    ("grid.yaml", read_grid_rule, "sise: {}", "unknown key"),
    ("recurrence.yaml", read_recurrence, f"least: {{unit: '1', value: -1, {HEAD}}}", "above zero"),
    ("classes.yaml", read_classes, CLASS.replace("CODE", "9901"), "four digits"),
    ("classes.yaml", read_classes, CLASS.replace("CODE", "0101"), "one code"),
    ("limits/x.yaml", read_limits, LIMITS.replace("CLASS", "nothing"), "no such class"),
    ("limits/x.yaml", read_limits, LIMITS.replace("CLASS", "dirty_road"), "has a step"),
    ("formulas/x.yaml", read_formulas, FORMULA.replace("COUNTS", "").replace("TERM", SHARE), "no such count"),
    ("formulas/x.yaml", read_formulas, FORMULA.replace("COUNTS", COUNT).replace("TERM", POINTS), "bounds"),
)


@pytest.mark.parametrize(("name", "read", "text", "says"), FAULTS)
def test_what_is_wrong_with_a_page_is_told_with_file_and_line(tmp_path, name, read, text, says):
    (tmp_path / "rulebook.yaml").write_text("id: ours\nextends: china\n")
    page = tmp_path / "city_management" / name
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text + "\n")
    with pytest.raises(BadInput, match=says) as caught:
        read([str(tmp_path)])
    assert f"city_management/{name}:1" in caught.value.faults[0].where


def test_a_city_states_its_own_size(tmp_path):
    (tmp_path / "rulebook.yaml").write_text("id: ours\nextends: china\n")
    (tmp_path / "city_management").mkdir()
    (tmp_path / "city_management" / "grid.yaml").write_text(
        "size: {title: {zh: 面积, en: size}, unit: m2, value: 20000, source: order 7, evidence: sourced}\n"
    )
    assert (read_grid_rule([str(tmp_path)]).size, read_grid_rule(["china"]).size) == (20_000, 10_000)


@pytest.fixture(scope="module")
def baltimore():
    how = read_request_mappings(["china"])["baltimore311"]
    return read_requests(shared("hotline_baltimore311/311_sample.csv"), how)


def test_real_requests_become_records(baltimore):
    assert len(baltimore.records) + sum(baltimore.left_out.values()) == 10_000
    assert all(one.point is None or one.point[0] % 1 for one in baltimore.records)
    assert sum(one.point is None for one in baltimore.records) == baltimore.placeless > 500
    assert {one.case_class for one in baltimore.records} <= set(CLASSES.classes)


def test_on_time_flags_are_those_of_their_own_due_dates(baltimore):
    """A second reading of the file with the library of tables, nothing of ours in it."""
    pandas = pytest.importorskip("pandas")
    table = pandas.read_csv(shared("hotline_baltimore311/311_sample.csv"), dtype=str).set_index("SRRecordID")
    form = "%m/%d/%Y %I:%M:%S %p"
    due, closed = (pandas.to_datetime(table[name], format=form) for name in ("DueDate", "CloseDate"))
    in_time = (closed <= due) & due.notna() & closed.notna()
    mine = {one.id: one.stages["close"] for one in baltimore.records if "close" in one.stages}
    assert len(mine) > 6_500
    for name, stage in mine.items():
        assert (stage.done is not None and stage.due is not None and not stage.is_late) == in_time[name], name
    period = Period(datetime(2000, 1, 1, tzinfo=UTC), baltimore.until)
    found = summed(baltimore.records, period)
    assert found["closed_in_time"] == int(in_time[list(mine)].sum())
    assert found["refused"] == table["SRStatus"].str.contains("Duplicate")[[one.id for one in baltimore.records]].sum()


def test_a_list_without_its_columns_or_classes_is_refused(tmp_path):
    how = read_request_mappings(["china"])["baltimore311"]
    place = tmp_path / "list.csv"
    place.write_text("a,b\n1,2\n")
    with pytest.raises(BadInput, match="no such column"):
        read_requests(place, how)
    place.write_text(",".join(how.columns.values()) + "\n")
    with pytest.raises(BadInput, match="stands for a class"):
        read_requests(place, how)
    place.write_text(",".join(how.columns.values()) + "\n" + "x" * 200_000 + "\n")
    with pytest.raises(BadInput, match="cannot be read"):
        read_requests(place, how)
