"""Records by a mapping: moments with their zone, paths of categories, masked numbers, and two real exports."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from operations.hotline.mappings import BALTIMORE, TIPDM_2, TIPDM_3
from shared_data import shared
from tulou.kernel.errors import BadInput
from tulou.operations.hotline.adapters.records import read_records
from tulou.operations.hotline.domain.masking import MASK, masked
from tulou.sources.mapping import parse_mapping

PLAIN = """
entity: request
id: 编号
columns:
  received: 来电时间
  title: 标题
  text: 内容
  category: 一级
  category_2: 二级
  kind: {from: 类型, values: {投诉: complaint, 咨询: consultation, "*": other}}
  due: {from: 时限, format: "%d.%m.%Y %H:%M"}
coordinates: {lon: 经度, lat: 纬度}
datum: wgs84
"""
HEAD = "编号,来电时间,标题,内容,一级,二级,类型,时限,经度,纬度\n"


def read(tmp_path, rows, mapping=PLAIN):
    path = tmp_path / "records.csv"
    path.write_text(HEAD + rows, "utf-8")
    return read_records(path, parse_mapping(mapping))


def remarks(intake):
    return {one.kind: (one.treated, one.rows, one.examples) for one in intake.quality.remarks}


def test_a_row_becomes_a_request(tmp_path):
    intake = read(
        tmp_path,
        "1,2026/3/2 8:05:00,积水,路口积水,城乡建设,排水,投诉,03.03.2026 12:00,119.3,26.1\n"
        "2,2026-03-02 08:06,问,,,排水,咨询,,,\n",
    )
    first, second = intake.requests
    assert first.received == datetime(2026, 3, 2, 0, 5, tzinfo=UTC)
    assert first.due == datetime(2026, 3, 3, 12, tzinfo=timezone(timedelta(hours=8)))
    assert (first.category, first.kind, first.lon, first.lat) == (("城乡建设", "排水"), "complaint", 119.3, 26.1)
    assert second.category == (), "a path does not begin below its top"
    assert second.due is None
    assert not second.is_placed


def test_the_clock_of_the_source_is_a_column_or_a_constant(tmp_path):
    there = PLAIN.replace("  title: 标题", "  title: 标题\n  offset: {value: -5}")
    (one,) = read(tmp_path, "1,2026-03-02 08:00:00,a,b,,,投诉,,,\n", there).requests
    assert one.received == datetime(2026, 3, 2, 13, tzinfo=UTC)


def test_what_cannot_be_read_is_told_and_never_guessed(tmp_path):
    intake = read(
        tmp_path,
        "1,2026-03-02 08:00,a,b,,,怪事,tomorrow,,\n"
        "2,whenever,a,b,,,投诉,01.04.2026 10:00,,\n3,2026-03-02,c,d,,,投诉,,,\n",
    )
    assert [one.id for one in intake.requests] == ["1", "3"]
    told = remarks(intake)
    assert told["no_moment"] == ("refused", 1, ("2",))
    assert told["unreadable_moment"] == ("noted", 1, ("1",))
    assert told["unknown_kind"] == ("noted", 1, ("1",))
    assert intake.requests[0].kind == ""
    assert intake.requests[0].due is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("entity: request", "entity: complaint"), "not about requests"),
        (("  title: 标题", "  name: 标题"), "no such attribute"),
        (("  received: 来电时间\n", ""), "moment at which it came in"),
    ],
)
def test_a_mapping_of_something_else_is_refused(tmp_path, change, says):
    with pytest.raises(BadInput, match=says):
        read(tmp_path, "1,2026-03-02 08:00,a,b,,,投诉,,,\n", PLAIN.replace(*change))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("请打13812345678找我", f"请打{MASK}找我"),
        ("固话0591-87654321转8", f"固话{MASK}"),
        ("（0731）84567890", MASK),
        ("身份证350102199003078013", f"身份证{MASK}"),
        ("联系电话：82345678", f"联系电话{MASK}"),
        ("写信 a.b@example.com", f"写信 {MASK}"),
    ],
)
def test_numbers_of_persons_are_masked(text, left):
    assert masked(text) == (left, 1)


@pytest.mark.parametrize(
    "text", ["拨打12345无人接", "欠薪12800000元", "2019年10月15日", "房号350102003005012", "110千伏"]
)
def test_other_numbers_stay(text):
    assert masked(text) == (text, 0)


def test_the_texts_of_the_competition_are_read(tmp_path):
    intake = read_records(shared("cn_hotline_tipdm2020/附件2.xlsx"), parse_mapping(TIPDM_2))
    assert len(intake.requests) == 495, "SOURCE.md"
    assert len({one.id for one in intake.requests}) == 495
    assert remarks(intake)["numbered_id"][1] == 1, "one repeated id"
    assert len({one.category for one in intake.requests}) == 7
    assert remarks(intake)["masked"][1] >= 17
    assert not any(one.token for one in intake.requests)
    hot = read_records(shared("cn_hotline_tipdm2020/附件3.xlsx"), parse_mapping(TIPDM_3)).requests
    assert len(hot) == 30
    assert max(one.supporters for one in hot) > 0


def test_the_requests_of_baltimore_are_read():
    intake = read_records(shared("hotline_baltimore311/311_sample.csv"), parse_mapping(BALTIMORE))
    found = intake.requests
    assert len(found) == 10_000
    assert sum(one.is_late is True for one in found) == 1567
    assert sum(one.due is None for one in found) == 286
    assert sum(not one.is_placed for one in found) >= 885 + 590 - 10, "rounded points are unknown, not places"
    assert not any(one.lon == -77 for one in found)
