from datetime import UTC, date, datetime

import pytest

from operations.cases.desk import CALENDAR, flow
from tulou.indicators.rulebook.folders import find_rulebook
from tulou.kernel.errors import BadInput
from tulou.operations.alarms.adapters.reading import read_rosters, read_rules
from tulou.operations.alarms.domain.roster import on_duty
from tulou.operations.cases.domain.limits import Clockwork

WORK = Clockwork(CALENDAR, flow("lifeline_alarm").duty)


def written(tmp_path, old="", new="", name="rules.yaml"):
    """A rulebook with the shipped page, changed in one place."""
    text = (find_rulebook("china") / "alarms" / name).read_text("utf-8")
    assert old in text
    folder = tmp_path / "ours"
    (folder / "alarms").mkdir(parents=True)
    (folder / "rulebook.yaml").write_text(
        'id: ours\ntitle: {zh: 我们, en: Ours}\nversion: "1"\nsource: test\n', "utf-8"
    )
    (folder / "alarms" / name).write_text(text.replace(old, new, 1), "utf-8")
    return folder


def test_shipped_rules_are_those_of_the_page():
    rules = read_rules(["china"])
    methane = rules.of("methane_space")[0]
    assert {level: one.on for level, one in methane.thresholds.items()} == {"III": 20, "II": 50, "I": 100}
    assert (methane.thresholds["II"].rise, methane.span) == (10, 600_000)
    assert rules.signals[0].phase == 18 * 3_600_000  # 02:00 in Fujian is 18:00 of the day before in UTC.
    assert all(one.source and one.evidence for rule in rules.rules for one in (rule, *rule.thresholds.values()))


def test_a_city_adds_a_version_that_takes_over(tmp_path):
    folder = tmp_path / "ours"
    (folder / "alarms").mkdir(parents=True)
    (folder / "rulebook.yaml").write_text(
        'id: ours\ntitle: {zh: 我们, en: Ours}\nversion: "1"\nsource: test\nextends: china\n', "utf-8"
    )
    (folder / "alarms" / "rules.yaml").write_text(
        """rules:
  - id: gallery_oxygen
    title: {zh: 氧气, en: Oxygen}
    system: gallery
    quantity: oxygen
    unit: percent
    side: below
    versions:
      - from: 2026-07-01
        silence: {after: 10 min}
        levels: {III: {on: 19, off: 20, source: order 7, evidence: sourced}}
        source: order 7 of 2026
        evidence: sourced
""",
        "utf-8",
    )
    first, later = read_rules([folder]).of("gallery_oxygen")
    assert first.ends == later.starts == int(datetime(2026, 6, 30, 16, tzinfo=UTC).timestamp() * 1000)
    assert later.ends is None
    assert later.silence_level is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("on: 50, off: 40", "on: 50, off: 60", "calm side"),
        ("on: 50, off: 40", "on: 10, off: 5", "farther threshold"),
        ("after: 30 min", "after: 30 minutes", "length of time"),
        ("evidence: derived}\n", "evidence: sure}\n", "not a value of 'evidence'"),
        ("side: above", "side: over", "not a value of 'side'"),
        ("III: {on: 20", "IV: {on: 20", "unknown key"),
        ("confirmed_by: [ethane_space]", "confirmed_by: [ethan_space]", "no such rule"),
        ("        within: 10 min\n", "", "time within which"),
        ("training: 14", "training: 1", "two readings"),
        ('at: "02:00"', 'at: "2 pm"', "time of day"),
        ("lasts: 2 h", "lasts: 30 h", "at most its period"),
        ("- from: 2026-01-01", "- from: soon", "must be a day"),
    ],
)
def test_faults_are_told_with_file_and_line(tmp_path, old, new, told):
    with pytest.raises(BadInput, match=told) as error:
        read_rules([written(tmp_path, old, new)])
    assert all(one.where.startswith("ours/alarms/rules.yaml") for one in error.value.faults)


def test_who_is_on_duty_follows_the_working_calendar():
    rosters = read_rosters(["china"])

    def office(system, *moment):
        duty = on_duty(rosters, system, datetime(*moment, tzinfo=UTC), WORK)
        return (duty.body, duty.office.en)

    assert office("gas", 2026, 3, 2, 1) == ("gas", "Control room of the gas company")  # Monday, 9:00
    assert office("gas", 2026, 3, 2, 5) == ("gas", "Emergency crew of the gas company")  # 13:00, at noon
    assert office("gas", 2026, 3, 1, 1) == ("gas", "Emergency crew of the gas company")  # Sunday
    assert office("gas", 2026, 2, 17, 1)[1] == "Emergency crew of the gas company"  # Spring Festival
    assert office("heat", 2026, 3, 2, 1)[0] == "lifeline_centre"
    assert on_duty(rosters, "gas", datetime(2025, 3, 3, 1, tzinfo=UTC), WORK) is None
    assert on_duty(rosters, "bridge", datetime(2080, 3, 3, 1, tzinfo=UTC), WORK).body == "urban_management"
    assert on_duty(rosters, "gas", datetime(2080, 3, 3, 1, tzinfo=UTC), WORK).body == "lifeline_centre"


def test_bodies_of_the_roster_handle_alarms(tmp_path):
    (roster,) = read_rosters(["china"])
    assert roster.since == date(2026, 1, 1)
    handlers = flow("lifeline_alarm").holders(("handler",))
    assert {one.body for one in roster.duties} <= set(handlers)
    with pytest.raises(BadInput, match="not a value of 'hours'"):
        read_rosters([written(tmp_path, "hours: any", "hours: often", "roster.yaml")])
