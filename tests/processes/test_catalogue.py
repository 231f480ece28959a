"""Every process is walked: whole in both languages, units that exist, defaults that it would take itself."""

import pytest

from tulou.kernel import units
from tulou.kernel.errors import BadUse
from tulou.processes.catalogue import processes

ALL = list(processes().values())


def is_chinese(text):
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def whole(words):
    return is_chinese(words.zh) and bool(words.en) and not is_chinese(words.en)


@pytest.mark.parametrize("process", ALL, ids=lambda one: one.name)
def test_every_process_is_whole(process):
    said = [process.title, process.question, *process.limits, *([process.verified] if process.verified else [])]
    assert all(map(whole, said))
    assert process.source
    assert process.clauses
    assert process.question.zh.endswith("？")
    assert process.question.en.endswith("?")


@pytest.mark.parametrize("process", ALL, ids=lambda one: one.name)
def test_every_input_is_whole_and_takes_its_own_default(process):
    names = [one.name for one in process.inputs]
    assert len(names) == len(set(names))
    for one in process.inputs:
        assert one.title.zh
        assert one.title.en
        units.parse(one.unit)
        assert (one.kind == "choice") == bool(one.choices)
    needed = {
        one.name: one.least if one.is_number else next(iter(one.choices), "2026-01-29" if one.kind == "day" else "x")
        for one in process.inputs
        if one.is_required
    }
    given = {one.name: one.default for one in process.inputs if one.default is not None}
    files = {one.name: __file__ for one in process.inputs if one.kind == "file" and one.is_required}
    values = process.values(needed | files | given)
    assert {name: values[name] for name in given} == given


def test_an_unknown_process_is_named_with_the_nearest():
    with pytest.raises(BadUse) as caught:
        processes()["storm_formla"]
    assert caught.value.faults[0].guess == "storm_formula"


@pytest.mark.parametrize("process", ALL, ids=lambda process: process.name)
def test_what_a_process_follows_is_said_in_the_language_of_the_paper(process):
    assert process.cites("zh")
    assert not is_chinese(process.cites("en"))
