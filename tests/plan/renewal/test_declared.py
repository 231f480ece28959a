"""Each remedy moves the indicators it is declared to move, and no others: the whole rulebook is asked."""

import pytest

from plan.planned import DAY, china, priced
from tulou.app.checking import Question, state_of
from tulou.app.demonstration import make_rongcheng
from tulou.app.wiring import open_city
from tulou.diagnosis.diagnose import diagnose
from tulou.indicators.evaluate.memo import Memo
from tulou.plan.effects import effect
from tulou.plan.projects.editing import as_changes
from tulou.plan.projects.project import Project
from tulou.plan.renewal.plan import Basis, candidates_of

BUILDINGS = 400


@pytest.mark.slow
def test_remedies_move_what_they_say(tmp_path):
    make_rongcheng(tmp_path / "r.city", buildings=BUILDINGS)
    state = state_of(open_city(tmp_path / "r.city"), Question(valid=DAY))
    memo = Memo()
    today = diagnose(china(), state, memo=memo)
    basis = Basis(china(), state, today, priced({}), memo)
    wrong = {}
    seen = set()
    for one in candidates_of(basis).found:
        if one.remedy.id in seen:
            continue
        seen.add(one.remedy.id)
        changed = as_changes(Project(one.id, one.edits), state)
        found = effect(china(), state, changed, day=today.check.day, memo=memo, before=today)
        moved = set(found.moves["indicator"].to_pylist())
        if moved - set(one.remedy.indicators):
            wrong[one.remedy.id] = sorted(moved - set(one.remedy.indicators))
        assert moved & set(one.remedy.fixes), one.remedy.id
    assert len(seen) > 12
    assert wrong == {}
