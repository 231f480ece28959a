"""The data-quality sheet and the alerts as papers, in both languages and with every kind of pattern."""

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from indicators.small_rulebook import dictionary, small
from tulou.diagnosis.diagnose import diagnose
from tulou.diagnosis.quality.pattern import KINDS, Pattern, judged
from tulou.diagnosis.quality.sheet import quality_sheet
from tulou.kernel.clock import Moment
from tulou.kernel.words import LANGUAGES
from tulou.model.rows import Rows
from tulou.model.state import MemoryState, Profile
from tulou.publish.paper.content import Heading, Sheet, Text
from tulou.publish.quality.alerts import Looked, alert_lines, alerts_paper, chance_text
from tulou.publish.quality.facts import attributes_sheet, counts_of, quality_paper, remarks_sheet, unlock_sheet

SEEN = {
    "heaping": {"passing": 18, "failing": 2, "reach": 1.5, "mark": 85.0, "units": 300},
    "denominators": {"moved": 20, "helped": 20, "median_percent": 10.0},
    "corrections": {"objects": 60, "failing": 12, "corrected": 8, "both": 8},
    "revisions": {"commits": 6, "late": 5, "days": 14.0, "span_days": 364.0, "rows": 50},
    "digits": {"numbers": 400, "chi_square": 80.0, "most_digit": 5, "most_count": 90},
    "repeats": {"units": 80, "pairs": 12, "expected": 0.3},
}
LOOKED = Looked("Made", "a", "b", synthetic=False)


def alerts():
    subjects = {"heaping": "park_cover", "digits": "building.storeys", "revisions": "2025-12-31"}
    levels = {"heaping": "block"}
    looks = [
        Pattern(kind, subjects.get(kind, "no_lift"), levels.get(kind, ""), "t", 1e-9, SEEN[kind], ("b1",))
        for kind in KINDS
    ]
    return judged(looks, 0.05)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_alert_says_what_how_likely_why_not_and_what_to_look_at(kind, language):
    found = alerts()
    one = next(each for each in found.raised if each.kind == kind)
    lines = alert_lines(one, found, small(), language)
    assert len(lines) == 6
    assert all("{" not in line for line in lines)
    for value in SEEN[kind].values():
        if kind != "heaping" or value != 300:
            assert f"{value:g}" in lines[1]
    innocent = "正当原因" if language == "zh" else "Innocent"
    assert lines[3].startswith("可能的" + innocent[0:0] if language == "zh" else innocent)
    assert "6" in lines[2]
    assert "b1" in lines[5]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_accuses_nobody(language):
    paper = alerts_paper(alerts(), LOOKED, small(), language)
    texts = " ".join(part.text for part in paper.parts if isinstance(part, (Text, Heading)))
    assert ("不是对任何人或机构的指控" if language == "zh" else "accuses nobody") in texts
    assert sum(isinstance(part, Heading) and part.level == 2 for part in paper.parts) == len(KINDS)
    assert len(next(part for part in paper.parts if isinstance(part, Sheet)).rows) == len(KINDS)


def test_a_paper_without_alerts_lists_what_was_looked_at():
    quiet = judged([Pattern("digits", "building.storeys", "", "t", 0.4, SEEN["digits"])], 0.05)
    paper = alerts_paper(quiet, LOOKED, small(), "en")
    assert not any(isinstance(part, Heading) and part.level == 2 for part in paper.parts)
    assert "1 looks were made; 0 reach" in " ".join(part.text for part in paper.parts if isinstance(part, Text))


def test_chances_as_they_are_told():
    assert [chance_text(one) for one in (1e-9, 0.00123, 0.5)] == ["< 0.000001", "0.0012", "0.5"]


def made():
    homes = Rows(
        dictionary()["building"],
        pa.table({"id": ["b1", "b2"], "use": ["residential", None], "storeys": [7.0, 7.0], "estimated": [True, False]}),
    )
    state = MemoryState(Profile("Made", "EPSG:4549"), dictionary(), Moment(date(2024, 6, 30)), {"building": homes})
    return state, diagnose(small(), state)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_as_a_paper(language):
    state, diagnosis = made()
    sheet = quality_sheet(state, asked=[one.name for one in diagnosis.missing])
    paper = quality_paper(diagnosis, small(), sheet, language)
    sheets = [part for part in paper.parts if isinstance(part, Sheet)]
    assert len({one.name for one in sheets}) == len(sheets) == 5
    for one in sheets:
        assert all(len(row) == len(one.columns) for row in one.rows)
        assert len(one.name) <= 31
    gaps = attributes_sheet(sheet, small(), "en")
    assert ["Building", "Use", 2, 50.0, 100.0] in [row[:5] for row in gaps.rows]


def test_what_connectors_remarked_is_said_in_the_language_of_the_reader():
    remarks = pa.table(
        {"commit": [1], "treated": ["refused"], "kind": ["x"], "rows": [2], "text": ["no id"], "examples": ["3"]}
    )
    sheet = quality_sheet(made()[0])
    told = remarks_sheet(replace(sheet, remarks=remarks), "zh", lambda sentence, language: f"{language}:{sentence}")
    assert told.rows == [[1, "已拒收", 2, "zh:no id", "3"]]


def test_what_unlocks_most_comes_first_and_counts_are_those_of_the_check():
    _, diagnosis = made()
    sheet = unlock_sheet(diagnosis, small(), "en")
    alone = [row[3] for row in sheet.rows]
    assert alone == sorted(alone, reverse=True)
    found = counts_of(diagnosis.check.results)
    missing = {row["indicator"] for row in diagnosis.check.results.to_pylist()
               if row["level"] == "city" and row["status"] == "not assessed" and not row["variant"]}  # fmt: skip
    assert found.asked - found.assessed == len(missing)
