"""Scenarios of earthquakes on made stocks, on OpenQuake's files, and on files that are none."""

import numpy as np
import pytest
from scipy import stats

from processes.made_city import box, city
from shared_data import shared
from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run

STOCK = "id,taxonomy,number,structural,night,place\na,URM.M.PC,100,1000,200,East\nb,PC2.M.LC,50,500,,West\n"


def on_exposure(folder, text=STOCK, **given):
    path = folder / "stock.csv"
    path.write_text(text, "utf-8")
    process = processes()["earthquake_exposure"]
    return process.run(Run(process.values({"exposure": path, **given})))


def figures(outcome):
    return {one.name: one for one in outcome.figures}


def table(outcome, name):
    return next(one for one in outcome.tables if one.name == name)


def test_counts_by_state_are_those_of_the_functions(tmp_path):
    outcome = on_exposure(tmp_path, pga=0.2 * 9.80665, unit="place")
    rows = {row[0].en: row for row in table(outcome, "types").rows}
    assert rows["URM.M.PC"][2:] == pytest.approx([2.30, 11.78, 40.78, 39.72, 5.43], abs=0.005)
    assert figures(outcome)["collapsed"].value == pytest.approx(0.15 * 5.43 + 0.13 * 50 * 0.0085, abs=0.01)
    loss = 1000 * np.dot([0.0230, 0.1178, 0.4078, 0.3972, 0.0543], [0, 0.02, 0.1, 0.5, 1])
    loss += 500 * np.dot([0.0675, 0.2210, 0.5749, 0.1282, 0.0085], [0, 0.02, 0.1, 0.5, 1])
    assert figures(outcome)["loss"].value == pytest.approx(loss, rel=1e-3)
    assert figures(outcome)["homeless"].value == pytest.approx(200 * (0.3972 + 0.0543), abs=0.05)
    assert outcome.balances[0].closes
    assert "People of 1" in outcome.warnings[0].en
    assert [row[0] for row in table(outcome, "units").rows] == ["East", "West"]
    assert all(row[2] == 0 for row in table(outcome, "states").rows)


def test_a_spread_of_the_motion_gives_deviations(tmp_path):
    outcome = on_exposure(tmp_path, pga=2.0, spread=0.4)
    assert all(row[2] > 0 for row in table(outcome, "states").rows)
    collapsed = figures(outcome)["collapsed"]
    assert collapsed.low < collapsed.value < collapsed.high
    assert sum(row[1] for row in table(outcome, "states").rows) == pytest.approx(150)


def test_motions_of_events_give_what_one_by_one_gives(tmp_path):
    motion = tmp_path / "motion.csv"
    motion.write_text("asset,event,pga\na,1,1.0\nb,1,2.0\na,2,3.0\nb,2,0.5\n", "utf-8")
    both = table(on_exposure(tmp_path, motion=motion), "states").rows
    total = np.zeros((2, 5))
    for place, (first, second) in enumerate([(1.0, 2.0), (3.0, 0.5)]):
        for line, pga in (("a,URM.M.PC,100", first), ("b,PC2.M.LC,50", second)):
            alone = on_exposure(tmp_path, f"id,taxonomy,number\n{line}\n", pga=pga)
            total[place] += [row[1] for row in table(alone, "states").rows]
    assert [row[1] for row in both] == pytest.approx(total.mean(axis=0))
    assert [row[2] for row in both] == pytest.approx(total.std(axis=0, ddof=1))


def test_a_map_of_shaking_gives_the_motion_of_its_nearest_point(tmp_path):
    stock = (
        "id,lon,lat,taxonomy,number\na,119.30,26.05,URM.M.PC,100\nb,119.40,26.05,PC2.M.LC,50\nc,121,26.05,URM.M.PC,7\n"
    )
    motion = tmp_path / "map.csv"
    motion.write_text("lon,lat,pga\n119.31,26.05,1.0\n119.39,26.06,3.0\n", "utf-8")
    outcome = on_exposure(tmp_path, stock, motion=motion)
    motion.write_text("asset,event,pga\na,1,1.0\nb,1,3.0\n", "utf-8")
    by_asset = on_exposure(tmp_path, stock, motion=motion)
    assert table(outcome, "states").rows == table(by_asset, "states").rows
    assert outcome.balances[0].stayed == 7
    motion.write_text("lon,lat,pga\n26.05,119.31,1.0\n", "utf-8")
    with pytest.raises(BadInput, match="longitude and latitude"):
        on_exposure(tmp_path, stock, motion=motion)
    motion.write_text("event,pga\n1,1.0\n", "utf-8")
    with pytest.raises(BadInput, match="needed column"):
        on_exposure(tmp_path, stock, motion=motion)


def test_an_asset_without_motion_or_functions_is_not_assessed(tmp_path):
    motion = tmp_path / "motion.csv"
    motion.write_text("asset,event,pga_g\na,1,0.2\n", "utf-8")
    outcome = on_exposure(tmp_path, motion=motion)
    assert "50 buildings" in outcome.warnings[0].en
    assert outcome.balances[0].closes
    assert outcome.balances[0].stayed == 50
    with pytest.raises(NotEnoughData, match="functions of damage"):
        on_exposure(tmp_path, "id,taxonomy,number\na,Adobe,100\n", pga=1)


MATRIX = (
    "type,intensity,none,slight,moderate,extensive,complete\n"
    "URM.M.PC,7,0.6,0.3,0.1,0,0\nURM.M.PC,8,0.2,0.3,0.3,0.15,0.05\n"
)


def test_a_matrix_of_damage_takes_the_place_of_functions(tmp_path):
    path = tmp_path / "matrix.csv"
    path.write_text(MATRIX, "utf-8")
    outcome = on_exposure(tmp_path, matrix=path, intensity=8)
    assert [row[1] for row in table(outcome, "states").rows] == pytest.approx([20, 30, 30, 15, 5])
    assert figures(outcome)["collapsed"].value == pytest.approx(5)
    # The matrix has no row for PC2, nor for intensity 9.
    assert "50 buildings" in outcome.warnings[0].en
    with pytest.raises(NotEnoughData):
        on_exposure(tmp_path, matrix=path, intensity=9)
    path.write_text(MATRIX.replace("8,0.2", "8,0.9"), "utf-8")
    with pytest.raises(BadInput, match="sum to 1"):
        on_exposure(tmp_path, matrix=path, intensity=8)


def test_types_are_mapped_to_classes(tmp_path):
    mapping = tmp_path / "mapping.csv"
    mapping.write_text("type,class\nAdobe,URM.L.PC\n", "utf-8")
    outcome = on_exposure(tmp_path, "id,taxonomy,number\na,Adobe,100\n", pga=2, mapping=mapping)
    direct = on_exposure(tmp_path, "id,taxonomy,number\na,URM.L.PC,100\n", pga=2)
    assert [row[1] for row in table(outcome, "states").rows] == [row[1] for row in table(direct, "states").rows]
    mapping.write_text("type,class\nAdobe,URM.X\n", "utf-8")
    with pytest.raises(BadInput, match="no such class"):
        on_exposure(tmp_path, "id,taxonomy,number\na,Adobe,100\n", pga=2, mapping=mapping)


def test_the_motion_is_told_once(tmp_path):
    with pytest.raises(BadUse, match="one input"):
        on_exposure(tmp_path)
    with pytest.raises(BadUse, match="one input"):
        on_exposure(tmp_path, pga=1, intensity=7)
    with pytest.raises(BadUse, match="another measure"):
        on_exposure(tmp_path, sa=1)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("id,taxonomy,number\na,URM.M.PC,1\na,URM.M.PC,2\n", "one row"),
        ("id,taxonomy\na,URM.M.PC\n", "needed column"),
        ("id,taxonomy,number\na,URM.M.PC,-1\n", "too small"),
        ("id,taxonomy,number\n", "no rows"),
    ],
)
def test_stocks_that_are_none_are_refused(tmp_path, text, what):
    with pytest.raises(BadInput) as caught:
        on_exposure(tmp_path, text, pga=1)
    assert what in str(caught.value)


def test_cianjur_with_its_own_functions():
    process = processes()["earthquake_exposure"]
    folder = shared("risk_fragility")
    given = {
        "exposure": folder / "Exposure_Cianjur_cleaned.csv",
        "fragility": folder / "Fragility_model_Cianjur.xml",
        "people": "building",
        "unit": "NAME_2",
    }
    weak, strong = (process.run(Run(process.values({**given, "sa": sa}))) for sa in (2, 8))
    assert weak.balances[0].came == pytest.approx(184_239)
    assert weak.balances[0].closes
    assert not weak.warnings
    assert 0 < figures(weak)["loss"].value < figures(strong)["loss"].value
    assert len(weak.sources) == 2


def test_nepal_by_the_model_beside_its_table(tmp_path):
    mapping = tmp_path / "mapping.csv"
    pairs = {
        "Wood": "W1.LC",
        "Adobe": "URM.L.PC",
        "Stone-Masonry": "URM.L.PC",
        "Unreinforced-Brick-Masonry": "URM.L.LC",
        "Concrete": "C1.M.LC",
    }
    mapping.write_text("type,class\n" + "\n".join(f"{name},{one}" for name, one in pairs.items()) + "\n", "utf-8")
    process = processes()["earthquake_exposure"]
    given = {"pga": 3, "mapping": mapping, "unit": "NAME_1"}
    folder = shared("risk_fragility")
    by_model, by_table = (
        process.run(Run(process.values({**given, "exposure": folder / name})))
        for name in ("exposure_model.xml", "exposure_model.csv")
    )
    assert by_model.balances[0].came == pytest.approx(5_365_761)
    assert figures(by_model)["collapsed"].value == figures(by_table)["collapsed"].value
    # The model says that a value is that of each building.
    assert figures(by_model)["loss"].value > 100 * figures(by_table)["loss"].value
    assert len(table(by_model, "units").rows) == 5


def on_city(state, **given):
    process = processes()["earthquake_scenario"]
    return process.run(Run(process.values(given), state))


def three_buildings():
    return city(
        block={
            "id": ["west", "east"],
            "name": ["West", None],
            "geometry": [box(0, 0, 100, 100), box(100, 0, 200, 100)],
        },
        building={
            "id": ["old", "new", "open", "gone"],
            "structure": ["brick_concrete", "reinforced_concrete", None, "brick_concrete"],
            "year_built": [1985.0, 2010.0, 2000.0, 1980.0],
            "storeys": [6.0, 12.0, 3.0, 6.0],
            "floor_area": [1000.0, 2000.0, 500.0, 700.0],
            "residents": [30.0, 60.0, None, 20.0],
            "demolished": [False, None, False, True],
            "geometry": [box(10, 10, 20, 20), box(110, 10, 120, 20), box(150, 10, 160, 20), box(30, 10, 40, 20)],
        },
    )


def test_buildings_of_a_city_are_typed_and_told_by_unit():
    outcome = on_city(three_buildings(), pga=0.2 * 9.80665, price=2000)
    assert {row[0].en for row in table(outcome, "types").rows} == {
        "Brick, before 1990",
        "High concrete, 2002 and after",
    }
    old = [0.0230, 0.1178, 0.4078, 0.3972, 0.0543]
    facts = outcome.facts[0].rows.to_pydict()
    assert facts["id"] == ["old", "new"]
    assert facts["collapse_chance"][0] == pytest.approx(100 * 0.15 * old[-1], abs=0.01)
    assert facts["damage_index"][0] == pytest.approx(np.dot(old, [0.05, 0.2, 0.425, 0.7, 0.925]), abs=1e-3)
    # Were the old brick building of class RM2.M.LC, far less of it would be ruined.
    row = next(row for row in table(outcome, "types").rows if row[0].en == "Brick, before 1990")
    assert row[-1] == pytest.approx(stats.norm.cdf(np.log(0.2 / 0.60) / 0.4))
    assert row[-1] < row[-2]
    assert "the other class" in outcome.answer[1].en
    units = {str(row[0]): row for row in table(outcome, "units").rows}
    assert set(units) == {"West", "east"}
    assert units["West"][1] == pytest.approx(0.15 * old[-1], abs=1e-3)
    assert "1 buildings" in outcome.warnings[0].en
    loss = figures(outcome)["loss"]
    assert loss.unit == "yuan"
    assert loss.value > 2000 * 1000 * np.dot(old, [0, 0.02, 0.1, 0.5, 1])


def test_a_map_reaches_the_buildings_of_a_city(tmp_path):
    state = three_buildings()
    motion = tmp_path / "map.csv"
    motion.write_text("lon,lat,pga\n120.60,26.57,2.0\n", "utf-8")
    by_map, by_number = on_city(state, motion=motion), on_city(state, pga=2.0)
    assert table(by_map, "states").rows == table(by_number, "states").rows
    motion.write_text("lon,lat,pga\n110.0,20.0,2.0\n", "utf-8")
    with pytest.raises(NotEnoughData):
        on_city(state, motion=motion)


def test_without_a_price_there_is_no_loss_and_without_buildings_nothing():
    assert np.isnan(figures(on_city(three_buildings(), intensity=7))["loss"].value)
    with pytest.raises(NotEnoughData, match="no building"):
        on_city(city(), intensity=7)


def test_stronger_intensities_do_more_damage():
    indices = [figures(on_city(three_buildings(), intensity=step))["damage_index"].value for step in (6, 7, 8, 9)]
    assert indices == sorted(indices)
    assert indices[0] < 0.3 < indices[-1]
