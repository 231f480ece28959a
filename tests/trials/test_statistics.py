"""Statistics of years, metro stations and days of good air of Xiamen and Fuzhou, from the files of the workplace."""

import csv
from datetime import date

import numpy as np
import pytest
import shapely

from shared_data import shared
from trials.chain import city_of, figures, mapped
from tulou.app.checking import Question, run
from tulou.kernel.errors import BadInput
from tulou.kernel.provenance import Quality
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run
from tulou.sources.mapping import TableMapping
from tulou.sources.tables import excel
from tulou.sources.tables.grid import table_of

pytestmark = pytest.mark.slow
HEADS = "city,date,aqi,range,grade,pm25,pm10,so2,co,no2,o3,rank"
"""Headings of the days of air, which have none."""


def air_days(path, city):
    """A table of the good days of each year, as the process of air counts them."""
    process = processes()["aqi"]
    given = {"record": shared(f"{city}/air_quality_daily_2013_2017.csv"), "columns": HEADS, "standard": "hj633_2012"}
    outcome = process.run(Run(process.values(given)))
    years = next(one for one in outcome.tables if one.name == "years")
    columns = [column.name for column in years.columns]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["year", "good", "valid"])
        for row in years.rows:
            told = dict(zip(columns, row, strict=True))
            writer.writerow([told["year"], told["good"], told["judged"]])
    return path


@pytest.fixture(scope="module")
def xiamen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("xiamen")
    imports = [
        (shared("fj_xiamen/boundary_county/datav_350200_full.json"), mapped("datav_counties")),
        (shared("fj_xiamen/metro/metroman_xm.js"), mapped("xiamen_metro")),
        (shared("fj_xiamen/statistics/厦门GDP和人口.xlsx"), mapped("xiamen_statistics")),
        (air_days(folder / "air.csv", "fj_xiamen"), mapped("air_days")),
    ]
    return city_of(folder / "city", "厦门", imports)


def test_all_rows_are_kept(xiamen):
    _, told = xiamen
    assert [row[:2] for row in told] == [(6, 6), (70, 70), (20, 20), (5, 5)]


def test_each_year_has_its_own_figure(xiamen):
    city, _ = xiamen
    for day, people in ((date(2000, 6, 1), 2_050_000), (date(2005, 6, 1), 2_730_000), (date(2021, 1, 1), 4_290_000)):
        rows = city.state(valid=day).rows("yearly_statistics")
        assert rows.numbers("residents").tolist() == [people]
    assert len(city.state(valid=date(1999, 6, 1)).rows("yearly_statistics")) == 0


def test_good_days_reach_the_indicator(xiamen):
    city, _ = xiamen
    before = city.state(valid=date(2016, 6, 1)).rows("yearly_statistics")
    assert (before.numbers("good_air_days")[0], before.numbers("valid_air_days")[0]) == (358, 366)
    day = date(2025, 6, 1)  # the indicator is in force since 2025; the newest days on record are those of 2017
    found = figures(run(city, Question(valid=day, indicators=["good_air_days"])))["good_air_days", ""]
    rows = city.state(valid=day).rows("yearly_statistics")
    good, valid = rows.numbers("good_air_days")[0], rows.numbers("valid_air_days")[0]
    assert 20 < valid < 366
    assert found["status"] == "reference"
    assert found["value"] == pytest.approx(100 * good / valid)


def test_stations_lie_in_the_city(xiamen):
    city, _ = xiamen
    state = city.state(valid=date(2023, 1, 1))
    stops = state.rows("stop")
    assert set(stops.texts("mode").tolist()) == {"metro"}
    land = shapely.union_all(state.rows("district").shapes)
    assert shapely.contains(land.buffer(300), stops.shapes).all()


def test_two_sources_of_stations_agree_once_one_is_repaired(tmp_path):
    """Wikidata is on WGS 84, MetroManCN on GCJ-02: repaired, the same stations lie within a few hundred metres."""
    imports = [
        (shared("fj_fuzhou/boundary_county/fuzhou.shp"), mapped("fuzhou_counties")),
        (shared("fj_fuzhou/metro/wikidata_metro_2026.json"), mapped("fuzhou_metro")),
        (shared("fj_fuzhou/metro/metroman_fz.js"), mapped("fuzhou_metroman")),
    ]
    city, told = city_of(tmp_path / "city", "福州", imports)
    assert [row[:2] for row in told] == [(13, 13), (117, 117), (90, 90)]
    stops = city.state(valid=date(2026, 6, 1)).rows("stop")
    ids, names, places = stops.ids.astype(str), stops.texts("name"), stops.places
    ours = np.char.startswith(ids, "fuzhou-metroman")
    gaps = [
        np.min(np.hypot(*(places[~ours & (names == name)] - place).T))
        for name, place in zip(names[ours], places[ours], strict=True)
        if (~ours & (names == name)).any()
    ]
    assert len(gaps) > 70
    assert np.median(gaps) < 150


def test_every_sheet_with_years_across_is_read_and_no_number_is_lost():
    """Each row of each workbook that has years for headings becomes a column with as many numbers as it had."""
    read = 0
    for path in sorted(shared("fj_xiamen/statistics").glob("*.xlsx")):
        for sheet in excel.sheet_names(path):
            plain = excel.read_grid(path, TableMapping("x", sheet=sheet))
            heads = ("项目", "部门")
            found = next((head for head in heads if head in {text for row in plain.heads for text in row}), None)
            if found is None:
                continue
            rule = TableMapping("x", sheet=sheet, transpose=found, into="年份", totals=())
            if not any(text.removesuffix(".0").isdigit() for row in plain.heads for text in row):
                with pytest.raises(BadInput, match="no heading is a year"):
                    table_of(excel.read_grid(path, rule), rule, Quality())
                continue
            turned = table_of(excel.read_grid(path, rule), rule, Quality())
            straight = table_of(plain, TableMapping("x", sheet=sheet, totals=()), Quality())
            years = turned.columns["年份"].to_pylist()
            whole = sum(bool((text or "").strip()) for year in years for name in straight.columns
                        if name.removesuffix(".0") == year for text in straight.columns[name].to_pylist())  # fmt: skip
            kept = sum(
                bool((text or "").strip())
                for name, column in turned.columns.items()
                if name != "年份"
                for text in column.to_pylist()
            )
            assert kept == whole, (path.name, sheet)
            read += 1
    assert read > 30
