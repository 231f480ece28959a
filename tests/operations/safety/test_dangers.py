"""Hidden dangers counted by hand: denominators, what is late, what came back; criteria by date."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tulou.indicators.rulebook.folders import find_rulebook
from tulou.kernel.errors import BadInput
from tulou.operations.safety.adapters.danger_rules import read_danger_rules
from tulou.operations.safety.domain.dangers import Danger, came_back, counts_of, share

BEGIN, END = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 31, 23, 59, tzinfo=UTC)
RULES = read_danger_rules(["china"])


def danger(
    case, opened, ended=None, *, level="general", due=None, mended=None, late=False, category="gas", firm="x", **more
):
    def at(text):
        return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC) if text else None

    return Danger(
        case, case, level, "self_check", category, firm, "", at(opened), at(ended), at(due), at(mended), late, **more
    )


DANGERS = [
    danger("old", "01-02", "02-20", due="02-25", mended="02-19"),
    danger("back", "03-05", level="major", due="03-20", late=True),
    danger("quick", "03-06", "03-12", category="fire", due="03-15", mended="03-11"),
    danger("slow", "02-01", "03-25", category="fire", due="03-10", mended="03-24"),
    danger("new", "03-30", level="", category="dust", firm=""),
    danger("void", "03-07", "03-08", is_void=True),
    danger("later", "04-02", category="fire"),
]


def counted():
    return counts_of(DANGERS, BEGIN, END, bounds=RULES.bounds, again=RULES.again)


def test_counts_with_their_denominators():
    found = counted()
    assert found.found == {"": 1, "general": 1, "major": 1}
    assert found.closed == {"general": 2}
    assert found.open == {"": 1, "major": 1}
    assert found.overdue == 1
    assert (found.closing.part, found.closing.whole) == (3, 5)
    assert (found.in_time.part, found.in_time.whole) == (1, 3)
    assert (found.again.part, found.again.whole) == (1, 3)
    assert found.ages == {"0-30": 2, "30-90": 0, "90-180": 0, "180+": 0}
    assert found.sources == {"self_check": 3}


def test_what_came_back_is_the_same_category_at_the_same_place_after_it_was_closed():
    back = DANGERS[1]
    assert came_back(back, DANGERS, 365) == ("old",)
    assert came_back(back, DANGERS, 10) == ()
    assert came_back(DANGERS[2], DANGERS, 365) == ()
    assert came_back(DANGERS[4], DANGERS, 365) == ()


def test_ages_stand_in_their_brackets():
    days = (0, 29, 30, 89, 90, 179, 180, 400)
    open_ = [
        Danger(str(n), "", "general", "", "", "", "", END - timedelta(days=n), None, None, None, is_overdue=False)
        for n in days
    ]
    found = counts_of(open_, END - timedelta(days=1), END, bounds=RULES.bounds, again=1)
    assert found.ages == {"0-30": 2, "30-90": 2, "90-180": 2, "180+": 2}


def test_a_share_of_nothing_has_no_interval():
    none = share(0, 0)
    assert none.low != none.low
    some = share(9, 12)
    assert some.low < 0.75 < some.high


def test_criteria_hold_from_their_day_on_and_for_their_trade():
    found = RULES.criteria("gas", date(2026, 1, 1))
    assert [one.id for one in found][:2] == ["gas 4.1", "gas 4.2"]
    assert {one.evidence for one in found} == {"sourced"}
    assert RULES.criteria("gas", date(2023, 9, 7)) == ()
    assert RULES.criteria("catering", date(2026, 1, 1)) == ()
    assert tuple(RULES.five) == ("responsible", "measure", "money", "limit", "plan")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("bounds: [30, 90, 180]", "bounds: [30, 30]", "ascend"),
        ("evidence: sourced\n        items", "evidence: sure\n        items", "evidence"),
        ("standards:", "standrads:", "unknown key"),
    ],
)
def test_faults_of_a_page(tmp_path, old, new, what):
    text = (find_rulebook("china") / "safety" / "dangers.yaml").read_text("utf-8")
    assert old in text
    folder = tmp_path / "ours"
    (folder / "safety").mkdir(parents=True)
    (folder / "rulebook.yaml").write_text(
        "id: ours\nextends: china\ntitle: {zh: 本市, en: Ours}\nversion: '1'\n", "utf-8"
    )
    (folder / "safety" / "dangers.yaml").write_text(text.replace(old, new), "utf-8")
    with pytest.raises(BadInput, match=what):
        read_danger_rules([folder])
