"""The national rulebook over lists that nobody claims complete: no verdict is turned round by what was missing."""

from functools import cache

import numpy as np
import pytest

from tulou.app.demonstration import SINCE
from tulou.app.wiring import new_city, rulebook
from tulou.indicators.evaluate.run import evaluate
from tulou.model.rows import Rows
from tulou.model.state import MemoryState
from tulou.model.store.city import City
from tulou.sources.synthetic.connector import rongcheng

pytestmark = pytest.mark.slow
EVERYTHING = frozenset({"*"})
SAMPLED = {"survey_answer"}
"""A sample is never complete; its interval speaks for those who were not asked."""
SEEDS = range(5)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> MemoryState:
    """A small synthetic city with every register, each list complete."""
    city: City = new_city(tmp_path_factory.mktemp("open") / "city", "made", synthetic=True)
    city.commit(rongcheng(60), who="test", message="made", valid_from=SINCE)
    state = city.state(valid=SINCE)
    found = {name: state.rows(name) for name in state.dictionary}
    tables = {name: Rows(rows.entity, rows.table, EVERYTHING) for name, rows in found.items()}
    return MemoryState(state.profile, state.dictionary, state.moment, tables)


def verdicts(state):
    rows = evaluate(rulebook(), state).results.select(["indicator", "variant", "level", "unit", "status"]).to_pylist()
    return {(row["indicator"], row["variant"], row["level"], row["unit"]): row["status"] for row in rows}


@cache
def lists():
    """Entities whose rows are a list and no units of the hierarchy."""
    return [entity.name for entity in rulebook().dictionary.values() if entity.is_list and not entity.level]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_judged_over_a_part_is_judged_the_same_over_the_whole(whole, seed):
    draw = np.random.default_rng(seed)
    open_lists = [name for name in lists() if name not in SAMPLED and draw.random() < 0.5]
    tables = dict(whole.tables)
    for name in open_lists:
        rows = whole.tables[name]
        keep = draw.random(len(rows)) < draw.choice([0.1, 0.5, 0.9])
        tables[name] = Rows(rows.entity, rows.table.filter(keep), frozenset())
    part = MemoryState(whole.profile, whole.dictionary, whole.moment, tables)
    truth, told = verdicts(whole), verdicts(part)
    judged = {key for key, status in told.items() if status in {"pass", "fail"}}
    assert judged, "some verdicts stand whatever is missing"
    turned = {
        key: (told[key], truth[key]) for key in judged if truth[key] in {"pass", "fail"} and truth[key] != told[key]
    }
    assert not turned
