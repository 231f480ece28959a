"""The day in the documentation of the hotline goes as written on real messages; Baltimore as cases; reports."""

import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.line import fine, refused
from operations.hotline import mappings
from shared_data import ROOT, shared
from tulou.app import exits
from tulou.app.hotline import open_hotline
from tulou.app.wiring import new_city
from tulou.kernel.periods import Period

DOCS = Path(__file__).parents[2] / "docs"
DAY = {"en": "## A day of a dispatcher", "zh": "## 派单员的一天"}
PLAIN = """
entity: request
id: id
columns: {received: received, title: title, text: text, channel: channel, category: category, place: place}
coordinates: {lon: lon, lat: lat}
datum: wgs84
"""


@pytest.fixture
def pages(tmp_path):
    """Mapping files by the names the page gives them."""
    named = {"texts.yaml": mappings.TIPDM_2, "messages.yaml": mappings.TIPDM_3, "baltimore.yaml": mappings.BALTIMORE}
    for name, text in named.items():
        (tmp_path / name).write_text(text, "utf-8")
    return {name: str(tmp_path / name) for name in named}


def said(language):
    text = (DOCS / language / "hotline.md").read_text("utf-8")
    day = text.split(DAY[language])[1].split("\n## ")[0].replace("\\\n", " ")
    return [line.strip() for line in day.splitlines() if line.startswith("    tulou ")]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_day_goes_as_written(own, pages, tmp_path, language):
    shared("cn_hotline_tipdm2020/附件3.xlsx")
    places = {**pages, "reports": str(tmp_path / "reports")}
    told = {}
    for call in said(language):
        command, _, remark = call.partition(" # ")
        words = [places.get(word, word).replace("$C", str(own)) for word in shlex.split(command)[1:]]
        words = [word.replace("$D", str(ROOT / "cn_hotline_tipdm2020")) for word in words]
        if remark:
            assert refused(exits.BAD_USE, *words)
        else:
            told[tuple(words[:2])] = fine(*words, language=language)
    themes, rates = told["hotline", "themes"], told["hotline", "rates"]
    assert "魅力之城" in themes
    assert "10  A5区" in themes
    assert "95.6" not in rates
    assert "96.0" in rates, "0.1 + 0.4 × 0.9 + 0.5: the last call-back counts, the reopening is shown"
    made = {one.name for one in (tmp_path / "reports").iterdir()}
    assert {f"hotline-2019-09-25.{language}.html", f"hotline-2019-10-public.{language}.html"} <= made
    public = (tmp_path / "reports" / f"hotline-2019-10-public.{language}.html").read_text("utf-8")
    assert "夜宵摊" not in public, "no title of a single request"
    assert ">nan" not in public
    work = open_hotline(own).work
    case, flow, events = work.standing("C000001", datetime(2019, 11, 1, tzinfo=UTC))
    assert not any("宵夜" in str(one.facts) or "诉求详情" in str(one.facts) for one in events)
    assert flow.id == "hotline"
    assert case.case.ended


def test_both_pages_tell_the_same_commands_and_mappings():
    first, second = (
        [[word for word in shlex.split(call.partition(" # ")[0]) if word.isascii()][:4] for call in said(one)]
        for one in ("en", "zh")
    )
    assert first == second
    for language in ("en", "zh"):
        page = (DOCS / language / "hotline.md").read_text("utf-8")
        for text in (mappings.TIPDM_2, mappings.TIPDM_3, mappings.BALTIMORE):
            assert "\n".join(f"    {line}" for line in text.strip().splitlines()) in page


@pytest.fixture(scope="module")
def baltimore(tmp_path_factory):
    city = tmp_path_factory.mktemp("hotline") / "baltimore.city"
    new_city(city, "Baltimore")
    page = city.parent / "baltimore.yaml"
    page.write_text(mappings.BALTIMORE, "utf-8")
    desk = open_hotline(city)
    intake = desk.take_in(shared("hotline_baltimore311/311_sample.csv"), page)
    desk.replay(intake.requests, intake.source.name)
    return desk


@pytest.mark.slow
def test_ten_thousand_requests_keep_the_flags_of_their_own_due_dates(baltimore):
    own = {one.id: one.is_late for one in baltimore.requests}
    found = {}
    for one in baltimore.courses:
        run = next(run for run in one.stretches if run.clock == "dispatched")
        found[one.request] = None if run.left is None else run.is_late(baltimore.work.clock())
    assert len(found) == 10_000
    assert found == own
    assert sum(flag is True for flag in found.values()) == 1567
    for one in baltimore.courses:
        assert not ({"text", "address", "answer"} & set(one.case.fields))


@pytest.mark.slow
def test_what_is_counted_adds_up(baltimore):
    start, end = datetime(2010, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    whole = baltimore.tallies(Period(start, end))
    assert sum(one.received for one in whole.values()) == 10_000
    assert sum(one.unasked for one in whole.values()) == sum(one.closed is not None for one in baltimore.requests)
    middle = datetime(2017, 5, 5, 5, 5, tzinfo=UTC)
    first, second = baltimore.tallies(Period(start, middle)), baltimore.tallies(Period(middle, end))
    for body, one in whole.items():
        parts = [table[body] for table in (first, second) if body in table]
        assert sum(part.due for part in parts) == one.due
        assert sum(part.received for part in parts) == one.received


@pytest.mark.slow
def test_the_same_requests_are_not_recorded_twice(baltimore):
    from tulou.kernel.errors import BadUse

    with pytest.raises(BadUse, match="has a case"):
        baltimore.replay(baltimore.requests[:3], "again")


@pytest.fixture
def small(tmp_path):
    """A city whose hotline has 24 requests near one another, in two categories."""
    city = tmp_path / "small.city"
    new_city(city, "Small")
    rows = ["id,received,title,text,channel,category,place,lon,lat"]
    start = datetime(2026, 3, 20, 9)  # noqa: DTZ001  (the clock of the source)
    for number in range(24):
        name = "噪声" if number % 2 else "停车"
        when = start + timedelta(hours=7 * number)
        spot = f"{119.3 + 0.0001 * number:.4f},26.0500"
        rows.append(
            f"r{number},{when:%Y-%m-%d %H:%M},{name}扰民,{name}问题{number} 电话13800001111,phone,{name},东街,{spot}"
        )
    (tmp_path / "small.csv").write_text("\n".join(rows), "utf-8")
    (tmp_path / "small.yaml").write_text(PLAIN, "utf-8")
    fine("hotline", "import", city, tmp_path / "small.csv", "--mapping", tmp_path / "small.yaml")
    return city


def walk(city, number, *, solved, satisfied):
    at = "2026-03-29T0"
    fine("hotline", "accept", city, f"r{number}", "--date", f"{at}1:00")
    case = open_hotline(city).courses[-1].case.id
    fine(
        "hotline",
        "dispatch",
        city,
        case,
        "--to",
        "parks" if number % 3 else "health",
        "--who",
        "a",
        "--date",
        f"{at}2:00",
    )
    body = "parks" if number % 3 else "health"
    fine("case", "do", city, case, "reply", "--text", "done", "--by", body, "--date", f"{at}3:00")
    stated = [
        "--field",
        "valid=true",
        "--field",
        "contacted=true",
        "--field",
        f"solved={solved}",
        "--field",
        f"satisfied={satisfied}",
    ]
    fine("case", "do", city, case, "call_back", *stated, "--by", "callback_team", "--date", f"{at}4:00")


def test_rates_are_counted_from_call_backs(small):
    walk(small, 0, solved="true", satisfied="satisfied")
    walk(small, 1, solved="false", satisfied="basically")
    told = fine("hotline", "rates", small, "--period", "2026-04")
    assert "46.0" in told, "0.1 + 0.4 × 0.9"
    assert "100.0" in told
    assert "73.0" in told, "pooled and mean"
    desk = open_hotline(small)
    tallies = desk.tallies(desk.period("2026-04"))
    assert {name: (one.valid, one.solved, one.basically) for name, one in tallies.items()} == {
        "health": (1, 1, 0),
        "parks": (1, 0, 1),
    }
    assert not desk.tallies(desk.period("2026-03")), "the month ended on the 18th"
    assert desk.courses[1].case.fields.get("repeat_of") is None, "another category"


def test_the_windows_of_the_hotline(small):
    """An assessed month runs from the 19th, a day from noon, on the city's clock; the month that lasts by default."""
    desk = open_hotline(small)
    month, day = desk.period("2026-04"), desk.period("2026-03-01")
    assert (month.start, month.end) == (datetime(2026, 3, 18, 16, tzinfo=UTC), datetime(2026, 4, 18, 16, tzinfo=UTC))
    assert (day.start, day.end) == (datetime(2026, 2, 28, 4, tzinfo=UTC), datetime(2026, 3, 1, 4, tzinfo=UTC))
    for moment, name in (
        (datetime(2026, 11, 18, 15, tzinfo=UTC), "2026-11"),
        (datetime(2026, 12, 18, 16, tzinfo=UTC), "2027-01"),
    ):
        lasting = open_hotline(small, clock=lambda moment=moment: moment).period()
        assert lasting.name == name
        assert lasting.holds(moment)


def test_a_repeat_names_the_case_it_may_repeat(small):
    walk(small, 0, solved="true", satisfied="satisfied")
    fine("hotline", "accept", small, "r2", "--date", "2026-03-29T05:00")
    assert open_hotline(small).courses[1].case.fields["repeat_of"] == "C000001"


def test_what_is_excluded_leaves_the_rates_and_is_shown(small):
    walk(small, 1, solved="false", satisfied="dissatisfied")
    body, case = "parks", "C000001"
    case = open_hotline(small).courses[0].case.id
    asked = (
        "case",
        "do",
        small,
        case,
        "ask_exclusion",
        "--text",
        "no basis",
        "--field",
        "ground=no_basis",
        "--by",
        body,
    )
    fine(*asked, "--date", "2026-03-29T05:00")
    assert "handling" not in refused(
        exits.BAD_USE, "case", "do", small, case, "exclude", "--text", "x", "--who", "b", "--by", body
    )
    fine(
        "case",
        "do",
        small,
        case,
        "exclude",
        "--text",
        "found so",
        "--who",
        "b",
        "--by",
        "review_group",
        "--date",
        "2026-03-29T06:00",
    )
    desk = open_hotline(small)
    (one,) = desk.tallies(desk.period("2026-04")).values()
    assert (one.valid, one.excluded, one.received) == (0, 1, 1)


def test_mistakes_are_told(small, tmp_path):
    assert "no such request" in refused(exits.BAD_USE, "hotline", "suggest", small, "r99")
    assert "did you mean" in refused(exits.BAD_USE, "hotline", "suggest", small, "r99")
    assert "either a request or a text" in refused(exits.BAD_USE, "hotline", "suggest", small)
    assert "neither a day nor a month" in refused(exits.BAD_USE, "hotline", "rates", small, "--period", "2026-13")
    assert "--month" in refused(exits.BAD_USE, "hotline", "rates", small, "--month", "2026-04")
    assert "neither a day nor a month" in refused(exits.BAD_USE, "hotline", "report", small, "--period", "yesterday")
    assert "more than was given" in refused(exits.BAD_USE, "hotline", "accept", small, "r1", "--decision", "decline")
    fine("hotline", "accept", small, "r1")
    assert "has a case" in refused(exits.BAD_USE, "hotline", "accept", small, "r1")
    (tmp_path / "wrong.yaml").write_text("entity: building\nid: id\ncolumns: {received: received}\n", "utf-8")
    words = ("hotline", "import", small, tmp_path / "small.csv", "--mapping", tmp_path / "wrong.yaml")
    assert "not about requests" in refused(exits.BAD_INPUT, *words)
    words = ("hotline", "learn", small, tmp_path / "small.csv", "--mapping", tmp_path / "small.yaml")
    assert "too few categories" in refused(exits.NO_VERDICT, *words)
    assert "nothing was learnt yet" in fine("hotline", "suggest", small, "r1")


def test_reading_the_same_file_again_adds_nothing(small, tmp_path):
    fine("hotline", "import", small, tmp_path / "small.csv", "--mapping", tmp_path / "small.yaml")
    assert len(list((small / "hotline" / "requests").glob("*.parquet"))) == 1
    desk = open_hotline(small)
    assert len(desk.requests) == 24
    assert not any("13800001111" in one.text for one in desk.requests)


def test_the_report_hides_small_counts_only_from_the_public(small, tmp_path):
    words = ("hotline", "report", small, "--period", "2026-04", "--format", "html", "--to", tmp_path / "out")
    fine(*words)
    fine(*words, "--public")
    inner = (tmp_path / "out" / "hotline-2026-04.en.html").read_text("utf-8")
    outer = (tmp_path / "out" / "hotline-2026-04-public.en.html").read_text("utf-8")
    assert "24 requests came in" in inner
    assert "unknown, which is not zero" in inner
    assert "停车扰民" in inner
    assert "停车扰民" not in outer
    assert "Excluded, reopened, not asked" not in outer
    twice = (*words[:-1], tmp_path / "two")
    fine(*twice)
    assert (tmp_path / "two" / "hotline-2026-04.zh.html").read_bytes() == (
        tmp_path / "out" / "hotline-2026-04.zh.html"
    ).read_bytes()


def test_a_mapping_that_is_not_there_is_told_in_both_languages(small, tmp_path):
    words = ("hotline", "import", small, tmp_path / "small.csv", "--mapping")
    assert "No such file" in refused(exits.BAD_INPUT, *words, tmp_path / "none.yaml")
    assert "无法读取：没有这个文件" in refused(exits.BAD_INPUT, *words, tmp_path / "none.yaml", language="zh")
    assert "无法读取：这是文件夹" in refused(exits.BAD_INPUT, *words, tmp_path, language="zh")
