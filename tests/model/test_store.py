"""The store: two clocks, branches, tags, partial facts, conflicts, bad facts, damaged files."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import geopandas
import numpy as np
import pyarrow as pa
import pytest
import shapely

from model.made import dictionary, facts, new_city, put, values
from model.writers import processes, write_many
from tulou.kernel.errors import BadInput, BadUse, Conflict
from tulou.kernel.facts import Extract
from tulou.kernel.provenance import Source
from tulou.model.dictionary import Dictionary
from tulou.model.state import Profile
from tulou.model.store.city import City
from tulou.model.store.importing import Importing
from tulou.model.store.layout import Layout, publish

HOUSE = shapely.box(120.0, 30.0, 120.001, 30.001)


def test_both_clocks(tmp_path: Path) -> None:
    city = new_city(tmp_path / "c")
    put(city, facts("building", id=["a", "b"], storeys=[3.0, 5.0]), day=date(2020, 1, 1))
    put(city, facts("building", id=["a"], storeys=[4.0]), day=date(2022, 1, 1))
    put(city, facts("building", id=["b"], exists=[False]), day=date(2023, 1, 1))
    assert values(city, "storeys", date(2019, 1, 1)) == {}
    assert values(city, "storeys", date(2021, 1, 1)) == {"a": 3.0, "b": 5.0}
    assert values(city, "storeys", date(2022, 1, 1)) == {"a": 4.0, "b": 5.0}
    assert values(city, "storeys", date(2024, 1, 1)) == {"a": 4.0}
    assert values(city, "storeys", date(2024, 1, 1), record=1) == {"a": 3.0, "b": 5.0}
    assert values(city, "storeys", date(2024, 1, 1), record=0) == {}


def test_validity_is_half_open(tmp_path: Path) -> None:
    city = new_city(tmp_path / "c")
    put(city, facts("building", id=["a"], storeys=[1.0]), day=date(2020, 1, 1), valid_to=date(2021, 1, 1))
    assert values(city, "storeys", date(2020, 12, 31)) == {"a": 1.0}
    assert values(city, "storeys", date(2021, 1, 1)) == {}


def test_attributes_without_a_column_keep_what_was_known(tmp_path: Path) -> None:
    city = new_city(tmp_path / "c")
    put(city, facts("building", id=["a", "b"], storeys=[3.0, 5.0], geometry=[HOUSE, HOUSE]), day=date(2020, 1, 1))
    put(city, facts("building", id=["a"], storeys=[9.0]), day=date(2024, 1, 1))
    put(city, facts("building", id=["a", "c"], lift=[True, False]), day=date(2022, 1, 1))
    assert values(city, "storeys", date(2023, 1, 1)) == {"a": 3.0, "b": 5.0, "c": None}
    assert values(city, "storeys", date(2025, 1, 1)) == {"a": 9.0, "b": 5.0, "c": None}
    assert values(city, "lift", date(2025, 1, 1)) == {"a": True, "b": None, "c": False}
    rows = city.state(valid=date(2025, 1, 1)).rows("building")
    assert list(shapely.is_missing(rows.shapes[np.argsort(rows.ids)])) == [False, False, True]


def test_a_null_forgets_unless_told_to_keep(tmp_path: Path) -> None:
    city = new_city(tmp_path / "c")
    put(city, facts("building", id=["a", "b"], storeys=[3.0, 5.0]))
    unknown = facts("building", id=["a", "b"], storeys=pa.array([None, 6.0], pa.float64()))
    city.branch("other")
    put(city, unknown, day=date(2025, 1, 1))
    put(city, unknown, day=date(2025, 1, 1), branch="other", how=Importing(keep_known=True))
    assert values(city, "storeys") == {"a": None, "b": 6.0}
    assert values(city, "storeys", branch="other") == {"a": 3.0, "b": 6.0}


def test_later_row_of_one_commit_wins(tmp_path: Path) -> None:
    city = new_city(tmp_path / "c")
    put(
        city,
        facts(
            "building",
            id=["a", "a", "a"],
            storeys=[1.0, 2.0, 3.0],
            valid_from=[date(2020, 1, 1), date(2021, 1, 1), date(2021, 1, 1)],
            valid_to=[date(2030, 1, 1), date(2022, 1, 1), date(2022, 1, 1)],
        ),
    )
    found = [values(city, "storeys", date(year, 6, 1)) for year in (2020, 2021, 2022)]
    assert found == [{"a": 1.0}, {"a": 3.0}, {"a": 1.0}]


def test_two_facts_of_one_entity_in_one_commit(tmp_path: Path) -> None:
    city = new_city(tmp_path / "c")
    put(city, facts("building", id=["a"], storeys=[1.0]), facts("building", id=["a", "b"], lift=[True, True]))
    assert values(city, "storeys") == {"a": 1.0, "b": None}
    assert values(city, "lift") == {"a": True, "b": True}


def test_branches_lie_on_what_was_known(tmp_path: Path) -> None:
    city = new_city(tmp_path / "c")
    put(city, facts("building", id=["a"], storeys=[1.0]))
    city.branch("方案-甲", about="a tower")
    put(city, facts("building", id=["a"], storeys=[2.0]))
    put(city, facts("building", id=["t"], storeys=[40.0]), branch="方案-甲")
    city.branch("higher", base="方案-甲")
    put(city, facts("building", id=["t"], storeys=[50.0]), branch="higher")
    assert values(city, "storeys") == {"a": 2.0}
    assert values(city, "storeys", branch="方案-甲") == {"a": 1.0, "t": 40.0}
    assert values(city, "storeys", branch="higher") == {"a": 1.0, "t": 50.0}
    assert [commit.number for commit in city.log("higher")] == [1, 3, 4]
    assert City.open(city.path).branches()["方案-甲"].about == "a tower"
    with pytest.raises(Conflict):
        city.branch("方案-甲")
    with pytest.raises(BadUse, match="no such branch"):
        city.state(valid=date(2024, 1, 1), branch="方案")


def test_record_may_be_tag_time_or_number(tmp_path: Path) -> None:
    city = new_city(tmp_path / "c")
    put(city, facts("building", id=["a"], storeys=[1.0]))
    city.tag("2025年体检")
    between = datetime.now(UTC)
    put(city, facts("building", id=["a"], storeys=[2.0]))
    old, new = {"a": 1.0}, {"a": 2.0}
    assert values(city, "storeys", record="2025年体检") == old
    assert values(city, "storeys", record=between) == old
    assert values(city, "storeys", record=between.isoformat()) == old
    assert values(city, "storeys", record="1") == old
    assert values(city, "storeys", record=(between + timedelta(days=1)).date().isoformat()) == new
    assert values(city, "storeys", record="2001-01-01") == {}
    assert city.tags()["2025年体检"].commit == 1
    with pytest.raises(Conflict):
        city.tag("2025年体检")
    with pytest.raises(BadUse, match="2025年体检"):
        city.state(valid=date(2025, 1, 1), record="2025体检")
    with pytest.raises(BadUse, match="no such commit"):
        city.state(valid=date(2025, 1, 1), record=3)


def test_claims_come_from_manifests_and_can_be_withdrawn(tmp_path: Path) -> None:
    city = new_city(tmp_path / "c")
    put(city, facts("facility", ("category=school", "*"), id=["s"], category=["school"]))
    put(city, facts("building", id=["a"]), how=Importing(withdraw={"facility": ["*"]}))
    assert city.state(valid=date(2025, 1, 1), record=1).rows("facility").complete == {"category=school", "*"}
    assert city.state(valid=date(2025, 1, 1)).rows("facility").complete == {"category=school"}
    assert city.state(valid=date(2020, 1, 1)).rows("facility").complete == frozenset()


def test_evidence_names_the_commit_of_each_row(tmp_path: Path) -> None:
    city = new_city(tmp_path / "c")
    put(city, facts("building", id=["a", "b", "c"], storeys=[1.0, 2.0, 3.0]))
    put(city, facts("building", id=["b"], storeys=[4.0]))
    rows = city.state(valid=date(2025, 1, 1)).rows("building")
    assert dict(zip(rows.ids, rows.evidence.tolist(), strict=True)) == {"a": 1, "b": 2, "c": 1}
    some = rows.where(rows.numbers("storeys") > 2.5)
    assert dict(zip(some.ids, some.evidence.tolist(), strict=True)) == {"b": 2, "c": 1}
    assert some.where(some.ids == "c").numbers("storeys").tolist() == [3.0]


def test_only_columns_asked_for_are_read(tmp_path: Path) -> None:
    city = new_city(tmp_path / "c")
    put(city, facts("building", id=["a"], storeys=[1.0], geometry=[HOUSE]))
    rows = City.open(city.path).state(valid=date(2025, 1, 1)).rows("building")
    rows.numbers("storeys")
    assert set(rows._read) == {"storeys"}  # type: ignore[attr-defined]
    assert rows.table.column_names == ["id", "storeys", "geometry"]


def test_files_open_in_geopandas(tmp_path: Path) -> None:
    city = new_city(tmp_path / "c", "")
    number = put(
        city,
        facts("building", id=["楼/1", "b", "c"], name=["福州", None, "x"], geometry=[HOUSE, None, HOUSE]),
        facts("statistic", id=["s"], amount=[1.0]),
    )
    [part] = [part for part in city.log()[number - 1].parts if part.entity == "building"]
    frame = geopandas.read_parquet(city.path / part.file)
    assert frame.crs.to_epsg() == 4549
    assert sorted(frame["id"]) == ["b", "c", "楼/1"]
    assert frame.set_index("id").loc["楼/1", "name"] == "福州"
    assert frame.geometry.area.max() == pytest.approx(10_700, rel=0.01)
    near = geopandas.read_parquet(city.path / part.file, bbox=(0, 0, 1, 1))
    assert len(near) == 0


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    digests = []
    for name in "ab":
        city = new_city(tmp_path / name)
        put(city, facts("building", id=["a", "b"], storeys=[1.0, 2.0], geometry=[HOUSE, None]))
        digests.append([part.sha256 for part in city.log()[0].parts])
    assert digests[0] == digests[1]


def test_empty_city_has_no_rows(tmp_path: Path) -> None:
    city = new_city(tmp_path / "c", "")
    rows = city.state(valid=date(2025, 1, 1)).rows("building")
    assert len(rows) == 0
    assert rows.numbers("storeys").shape == (0,)
    assert rows.shapes.shape == (0,)
    assert rows.places.shape == (0, 2)
    assert rows.table.num_rows == 0
    put(city, facts("building", id=pa.array([], pa.string())))
    assert len(city.log()) == 1
    assert city.log()[0].parts == ()


def test_system_and_credit_come_with_the_first_facts(tmp_path: Path) -> None:
    city = new_city(tmp_path / "c", "")
    source = Source("a.pbf", licence="© OpenStreetMap contributors, ODbL")
    city.commit(
        Extract(source, [facts("building", id=["a"], geometry=[HOUSE])]),
        who="x",
        message="",
        valid_from=date(2024, 1, 1),
    )
    again = City.open(city.path)
    assert again.profile == Profile("测试城", "EPSG:4549", credit=("© OpenStreetMap contributors, ODbL",))
    assert again.state(valid=date(2024, 1, 1), record=0).profile.credit == ()
    assert again.log()[0].source == source
    x, y = again.state(valid=date(2024, 1, 1)).rows("building").places[0]
    assert (x, y) == pytest.approx((500_048, 3_320_169), abs=60)


def test_a_newer_dictionary_can_describe_an_old_city(tmp_path: Path) -> None:
    old = Dictionary({"building": dictionary()["building"]})
    City.create(tmp_path / "c", profile=Profile("x", "EPSG:4549"), dictionary=old)
    city = City.open(tmp_path / "c", dictionary())
    put(city, facts("parcel", id=["p"], use=["green"]))
    assert values(City.open(tmp_path / "c"), "use", entity_name="parcel") == {"p": "green"}


# Bad facts


def test_bad_rows_are_refused_and_counted(tmp_path: Path) -> None:
    city = new_city(tmp_path / "c")
    shapes = [shapely.Point(120, 30)] * 5 + [shapely.Point(120, 95), shapely.Point(np.inf, 1)]
    rows = facts(
        "building",
        id=["a", "", "c", "d", "e", "f", "g"],
        use=["office", "office", "castle", "office", "office", "office", "office"],
        storeys=[1.0, 1.0, 1.0, np.inf, np.nan, 1.0, 1.0],
        geometry=shapes,
        valid_to=[None, None, None, None, None, None, None],
    )
    put(city, rows)
    quality = city.log()[0].quality
    assert {remark.kind: remark.rows for remark in quality.remarks if remark.treated == "refused"} == {
        "no_id": 1,
        "value_not_allowed": 1,
        "not_finite": 1,
        "not_on_earth": 2,
    }
    assert next(remark for remark in quality.remarks if remark.kind == "value_not_allowed").examples == ("c: castle",)
    assert (quality.read, quality.kept, quality.refused) == (7, 2, 5)
    assert values(city, "storeys") == {"a": 1.0, "e": None}


def test_strict_refuses_the_whole(tmp_path: Path) -> None:
    city = new_city(tmp_path / "c")
    with pytest.raises(BadInput, match="castle"):
        put(city, facts("building", id=["a", "b"], use=["office", "castle"]), how=Importing(strict=True))
    assert city.log() == ()
    assert list(city.path.rglob("*.parquet")) == []


def test_days_that_end_before_they_start_are_refused(tmp_path: Path) -> None:
    city = new_city(tmp_path / "c")
    put(city, facts("building", id=["a", "b"], valid_to=[date(2020, 1, 1), date(2030, 1, 1)]))
    assert city.log()[0].quality.remarks[0].kind == "ends_before_start"
    assert values(city, "name") == {"b": None}


def test_units_are_converted_or_refused(tmp_path: Path) -> None:
    city = new_city(tmp_path / "c")

    def area(unit: str) -> pa.Table:
        schema = pa.schema([("id", pa.string()), pa.field("floor_area", pa.float64(), metadata={"unit": unit})])
        return pa.table({"id": ["a"], "floor_area": [2.0]}, schema=schema)

    some = facts("building", id=["a"])
    put(city, type(some)("building", area("hectare")))
    assert values(city, "floor_area") == {"a": 20_000.0}
    with pytest.raises(BadInput, match="different things"):
        put(city, type(some)("building", area("person")))


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"id": ["a"], "storey": [1.0]}, "did you mean: storeys"),
        ({"id": ["a"], "storeys": ["three"]}, "number"),
        ({"id": ["a"], "lift": ["perhaps"]}, "flag"),
        ({"storeys": [1.0]}, "need ids"),
        ({"id": ["a"], "use": ["Residential"]}, "did you mean: residential"),
        ({"id": ["a"], "commit": [1]}, "no such attribute"),
    ],
)
def test_a_wrong_column_is_an_error(tmp_path: Path, columns: dict, words: str) -> None:
    city = new_city(tmp_path / "c")
    with pytest.raises(BadInput, match=words):
        put(city, facts("building", **columns))
    assert city.log() == ()
    assert not any((city.path / "drafts").iterdir())


@pytest.mark.parametrize("name", ["buildings", "../../evil", "/etc", "a b", ""])
def test_entities_outside_the_dictionary_are_refused(tmp_path: Path, name: str) -> None:
    city = new_city(tmp_path / "c")
    with pytest.raises(BadInput, match="no such entity"):
        put(city, facts(name, id=["a"]))
    with pytest.raises(BadUse):
        Layout(tmp_path).new_file(name + "/..", 1, "t")


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "x" * 200, "nul\0", "a\\b"])
def test_names_cannot_leave_their_folder(tmp_path: Path, name: str) -> None:
    city = new_city(tmp_path / "c")
    with pytest.raises(BadUse):
        city.tag(name)
    with pytest.raises(BadUse):
        city.branch(name)


def test_geometry_where_none_belongs(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="has no geometry"):
        put(new_city(tmp_path / "c"), facts("statistic", id=["a"], geometry=[HOUSE]))


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:99999999", "EPSG:2263"])
def test_a_city_needs_metres(tmp_path: Path, crs: str) -> None:
    with pytest.raises(BadInput, match=r"profile\.crs"):
        new_city(tmp_path / "c", crs)
    assert not (tmp_path / "c").exists()


def test_a_city_is_not_made_over_something_else(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(BadUse, match="something stands here"):
        new_city(tmp_path)
    with pytest.raises(BadInput, match="no city here"):
        City.open(tmp_path)


# Damage


def _damaged(tmp_path: Path) -> City:
    city = new_city(tmp_path / "c")
    put(city, facts("building", id=["a"], storeys=[1.0]))
    put(city, facts("building", id=["b"], storeys=[1.0]))
    return city


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 99}', '{"number": "x"}', "\x00\xff"])
def test_a_damaged_manifest_is_named(tmp_path: Path, text: str) -> None:
    city = _damaged(tmp_path)
    (city.path / "commits" / "000001.json").write_text(text)
    with pytest.raises(BadInput, match=r"000001\.json"):
        City.open(city.path)


def test_a_missing_manifest_is_named(tmp_path: Path) -> None:
    city = _damaged(tmp_path)
    (city.path / "commits" / "000001.json").unlink()
    with pytest.raises(BadInput, match=r"000001\.json.*missing"):
        City.open(city.path)


def test_a_missing_or_cut_data_file_is_named(tmp_path: Path) -> None:
    city = _damaged(tmp_path)
    file = city.path / city.log()[0].parts[0].file
    data = file.read_bytes()
    for damage in (data[:-10], b"x" * len(data)):
        file.write_bytes(damage)
        with pytest.raises(BadInput, match=file.name):
            City.open(city.path).state(valid=date(2025, 1, 1)).rows("building")
        with pytest.raises(BadInput, match=file.name):
            city.verify()
    file.unlink()
    with pytest.raises(BadInput, match=file.name):
        City.open(city.path).state(valid=date(2025, 1, 1)).rows("building")


def test_a_manifest_cannot_lead_outside(tmp_path: Path) -> None:
    city = _damaged(tmp_path)
    path = city.path / "commits" / "000002.json"
    page = json.loads(path.read_text())
    page["parts"][0]["file"] = "facts/building/../../../secret.parquet"
    path.write_text(json.dumps(page))
    with pytest.raises(BadInput, match="outside"):
        City.open(city.path).state(valid=date(2025, 1, 1)).rows("building")


# Writers


def test_a_writer_that_was_overtaken_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    city, other = new_city(tmp_path / "c"), City.open(tmp_path / "c")
    once = iter([True])

    def overtake(draft: Path, place: Path, what: str) -> None:
        if next(once, False):
            put(other, facts("building", id=["first"], storeys=[1.0]))
        publish(draft, place, what)

    monkeypatch.setattr("tulou.model.store.importing.publish", overtake)
    with pytest.raises(Conflict, match="try again"):
        put(city, facts("building", id=["second"], storeys=[2.0]))
    assert values(city, "storeys") == {"first": 1.0}
    assert len(list(city.path.rglob("*.parquet"))) == 1
    assert not any((city.path / "drafts").iterdir())
    put(city, facts("building", id=["second"], storeys=[2.0]))
    assert values(city, "storeys") == {"first": 1.0, "second": 2.0}


def test_two_processes_cannot_both_win(tmp_path: Path) -> None:
    city = new_city(tmp_path / "c")
    context = processes()
    wins = context.Queue()
    writers = [context.Process(target=write_many, args=(str(city.path), name, 6, wins)) for name in "ab"]
    for writer in writers:
        writer.start()
    found = sorted(wins.get(timeout=60) for _ in writers)
    for writer in writers:
        writer.join()
    assert found == [("a", 6), ("b", 6)]
    city.verify()
    assert len(city.log()) == 12
    assert len(values(city, "storeys")) == 12
    assert len(list(city.path.rglob("*.parquet"))) == 12


def test_record_time_never_runs_backwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    city = new_city(tmp_path / "c")
    put(city, facts("building", id=["a"]))
    monkeypatch.setattr("tulou.model.store.city.now", lambda: datetime(2000, 1, 1, tzinfo=UTC))
    put(city, facts("building", id=["b"]))
    first, second = city.log()
    assert second.time == first.time


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    put(
        new_city(tmp_path / "c"),
        facts("building", id=["a"]),
        facts("parcel", id=["p"]),
        progress=lambda *step: told.append(step),
    )
    assert told == [("building", 0, 2), ("parcel", 1, 2), ("", 2, 2)]


# Erasure


def test_erasure_leaves_the_order_and_not_the_content(tmp_path: Path) -> None:
    city = new_city(tmp_path / "c")
    put(city, facts("building", id=["a", "secret-7"], name=["x", "the person"], use=["office", "mixed"]))
    put(city, facts("building", id=["secret-7", "b"], use=["castle", "mixed"]))
    city.tag("before")
    city.erase(["secret-7"], order="（2026）闽01行终1号", who="court clerk")
    assert values(city, "name") == {"a": "x", "b": None}
    assert values(city, "name", record="before") == {"a": "x", "b": None}
    assert city.log()[-1].order == "（2026）闽01行终1号"
    for path in city.path.rglob("*"):
        if path.is_file():
            assert b"secret-7" not in path.read_bytes(), path
            assert b"the person" not in path.read_bytes(), path
    assert all(
        b"the person" not in geopandas.pd.read_parquet(p).to_csv().encode() for p in city.path.rglob("*.parquet")
    )
    City.open(city.path).verify()
    put(city, facts("building", id=["a"], use=["mixed"]))
    assert values(City.open(city.path), "use") == {"a": "mixed", "b": "mixed"}
    with pytest.raises(BadUse, match="legal order"):
        city.erase(["a"], order=" ", who="x")
    with pytest.raises(BadUse, match="nothing is known"):
        city.erase(["zzz"], order="1", who="x")


def test_an_erasure_cut_short_is_finished_by_the_next_to_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    city = new_city(tmp_path / "c")
    put(city, facts("building", id=["a", "gone"], storeys=[1.0, 2.0]))
    old = city.path / city.log()[0].parts[0].file
    monkeypatch.setattr("tulou.model.store.city.finish", lambda *_: None)
    city.erase(["gone"], order="1", who="x")
    assert old.is_file()
    monkeypatch.undo()
    assert values(City.open(city.path), "storeys") == {"a": 1.0}
    assert not old.exists()


def test_other_peoples_drafts_are_left_alone(tmp_path: Path) -> None:
    city = new_city(tmp_path / "c")
    drafts = city.path / "drafts"
    living = drafts / "0123456789ab.1.1.01234567"
    living.mkdir(parents=True)
    dead = drafts / "0123456789ab.2.1.01234567"
    dead.mkdir()
    os.utime(dead, (0, 0))
    (drafts / "notes").mkdir()
    put(city, facts("building", id=["a"]))
    assert sorted(path.name for path in drafts.iterdir()) == [living.name, "notes"]
