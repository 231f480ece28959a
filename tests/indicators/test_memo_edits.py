"""A memory changes nothing but the time: whatever was asked before, results equal those of a fresh evaluation."""

from copy import deepcopy

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.edits import EDITS, Asked, edited_by
from tulou.diagnosis.diagnose import Diagnosis
from tulou.indicators.evaluate.memo import Memo
from tulou.model.state import State


def written(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return sink.getvalue().to_pybytes()


def told(diagnosis: Diagnosis) -> tuple[object, ...]:
    check = diagnosis.check
    rest = (check.id, dict(check.chains), diagnosis.standings, diagnosis.missing, dict(diagnosis.barriers))
    return (*rest, written(check.results), written(diagnosis.findings))


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 40),
    steps=st.lists(st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 1 << 30)), min_size=1, max_size=5),
    by_changes=st.booleans(),
    limit=st.sampled_from([1, 20_000, 1 << 30]),
)
def test_whatever_was_asked_before_results_are_those_of_a_fresh_evaluation(seed, steps, by_changes, limit):
    memo = Memo(limit)
    asked = Asked.begin(seed)
    state: State = asked.state()
    past = [(asked, state, told(asked.diagnosed(state, memo)))]
    assert past[0][2] == told(asked.diagnosed(state, None))
    for name, number in steps:
        asked = Asked(deepcopy(asked.tables), set(asked.complete), asked.rulebook, asked.day)
        EDITS[name](asked, np.random.default_rng(number))
        after = asked.state()
        state = edited_by(state, after) if by_changes else after
        found = told(asked.diagnosed(state, memo))
        assert found == told(asked.diagnosed(state, None)), name
        past.append((asked, state, found))
    for before, stood, found in past[::-1]:
        assert told(before.diagnosed(stood, memo)) == found


def test_going_back_does_no_work_at_all():
    memo = Memo()
    first = Asked.begin(3)
    second = Asked(deepcopy(first.tables))
    EDITS["remove"](second, np.random.default_rng(1))
    for asked in (first, second):
        asked.diagnosed(asked.state(), memo)
    done = dict(memo.counts)
    for asked in (first, second, first):
        asked.diagnosed(asked.state(), memo)
    assert memo.counts == done


def test_only_what_depends_on_a_change_is_done_again():
    memo = Memo()
    asked = Asked.begin(5)
    asked.diagnosed(asked.state(), memo)
    done = dict(memo.counts)
    asked.tables["green"]["area"][0] = 12_000.0
    asked.diagnosed(asked.state(), memo)
    more = {kind: count - done[kind] for kind, count in memo.counts.items() if count > done[kind]}
    # The park's area is one column of one selection; it decides the land within reach of parks, one answer, one
    # list of findings. No row is placed again, no other measure computed.
    assert more.keys() <= {"column", "measured", "answer", "findings"}
    assert more["measured"] == 1
    assert more["answer"] <= 2


def test_a_column_nobody_reads_costs_nothing():
    memo = Memo()
    asked = Asked.begin(5)
    asked.diagnosed(asked.state(), memo)
    done = dict(memo.counts)
    asked.tables["building"]["year_built"] = [1990.0] * len(asked.tables["building"]["id"])
    asked.diagnosed(asked.state(), memo)
    assert memo.counts == done


def test_the_same_result_for_another_reason_stops_there():
    memo = Memo()
    asked = Asked.begin(5)
    asked.tables["building"]["storeys"][0] = 9.0
    asked.tables["building"]["use"][0] = "office"
    asked.diagnosed(asked.state(), memo)
    done = dict(memo.counts)
    # An office of 10 storeys instead of 9 is in no selection of homes: selections are looked at again, measures not.
    asked.tables["building"]["storeys"][0] = 10.0
    asked.diagnosed(asked.state(), memo)
    more = {kind: count - done[kind] for kind, count in memo.counts.items() if count > done[kind]}
    assert "members" in more
    assert more.keys().isdisjoint({"placed", "shares", "units"})
    assert more.get("measured", 0) <= 1


def test_a_rule_that_nobody_asks_for_costs_nothing_and_one_that_judges_no_measure():
    memo = Memo()
    asked = Asked.begin(5)
    asked.diagnosed(asked.state(), memo)
    done = dict(memo.counts)
    for seed in range(40):
        EDITS["rulebook"](asked, np.random.default_rng(seed))
        asked.diagnosed(asked.state(), memo)
    more = {kind: count - done[kind] for kind, count in memo.counts.items() if count > done[kind]}
    assert more
    assert "measured" not in more
    assert "placed" not in more
