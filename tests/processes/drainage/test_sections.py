"""Sections of SWMM files: what is read, what is edited, and what a hostile model may not do."""

import pytest

from processes.drainage.models import STREET, street
from shared_data import shared
from tulou.kernel.errors import BadInput, NotEnoughData
from tulou.processes.drainage.actuators import actuators_of, basins_of
from tulou.processes.drainage.controls import rules_of
from tulou.processes.drainage.network import network_of, ponding
from tulou.processes.drainage.sections import Model, number_at, read_model, sheltered


def test_rows_keep_their_line_and_lose_their_comment(tmp_path):
    model = read_model(street(tmp_path))
    row = model.rows("CONDUITS")[-1]
    assert row.words == ("CO", "C", "OUT", "200", "0.013", "0", "0")
    assert STREET.splitlines()[row.number - 1].startswith("CO C OUT")
    assert model.option("FLOW_UNITS", "CFS") == "CMS"
    assert model.option("THREADS", "4") == "4"
    assert model.rows("PUMPS") == ()


def test_headings_are_told_as_swmm_tells_them_and_sections_may_repeat(tmp_path):
    text = '[junc]\nA 0 1\n[Outfalls]\nO 0 FREE\n[JUNCTIONS]\n"B" 0 1\n[NONSENSE]\nC 0 1\n'
    model = read_model(street(tmp_path, text))
    assert [row.words[0] for row in model.rows("JUNCTIONS")] == ["A", "B"]


def test_edits_leave_line_numbers_alone(tmp_path):
    model = read_model(street(tmp_path))
    edited = model.with_options({"THREADS": "1", "FLOW_UNITS": "LPS"})
    assert edited.option("FLOW_UNITS", "") == "LPS"
    for before, after in zip(model.lines, edited.lines, strict=False):
        assert after in (before, f";{before}")
    assert [row.number for row in edited.rows("CONDUITS")] == [row.number for row in model.rows("CONDUITS")]


def test_files_that_are_no_model_are_refused(tmp_path):
    for text, what in (("", "empty"), ("time,mm\n1,2\n", "no SWMM model"), ("[TITLE]\nhello\n", "no SWMM model")):
        with pytest.raises(BadInput, match=what):
            read_model(street(tmp_path, text))


def test_numbers_say_where_they_are_none(tmp_path):
    model = read_model(street(tmp_path, STREET.replace("100 0.013 0 0\nBC", "long 0.013 0 0\nBC")))
    row = model.rows("CONDUITS")[0]
    with pytest.raises(BadInput) as caught:
        number_at(row, 3, model.name)
    assert caught.value.faults[0].where == f"street.inp: line {row.number}"
    assert number_at(row, 9, model.name, 7.0) == 7.0


def test_a_model_writes_no_file(tmp_path):
    text = STREET + '[FILES]\nSAVE HOTSTART "/tmp/evil.hsf"\n[LID_USAGE]\nS1 L 1 10 5 0 0 0 "../evil.txt"\n'
    model, left_out = sheltered(read_model(street(tmp_path, text)))
    assert len(left_out) == 2
    assert model.rows("FILES") == ()
    assert [row.words[8] for row in model.rows("LID_USAGE")] == ["*"]


def test_a_model_reads_only_beside_itself(tmp_path):
    (tmp_path / "rain.dat").write_text("S 2026 6 1 0 0 1\n")
    beside = STREET.replace("TIMESERIES RAIN\n", 'FILE "rain.dat" S MM\n')
    model, _ = sheltered(read_model(street(tmp_path, beside)))
    assert model.rows("RAINGAGES")[0].words[5] == str((tmp_path / "rain.dat").resolve())
    for name, what in (("../rain.dat", "its own folder"), ("/etc/passwd", "its own folder"), ("snow.dat", "not there")):
        with pytest.raises(BadInput, match=what):
            sheltered(read_model(street(tmp_path, beside.replace("rain.dat", name))))
    with pytest.raises(BadInput, match="its own folder"):
        sheltered(Model("made", tuple(beside.splitlines())))


def test_a_model_cut_anywhere_ends_in_a_clear_error_or_none():
    """Each line of a model cut to its first words, one after the other: never anything but an error of ours."""
    theta = shared("swmm/theta.inp").read_text().splitlines()
    lines = [*theta, "[CONTROLS]", "RULE A", "THEN ORIFICE 1", "PRIORITY x"]
    told: list[str] = []
    for number, line in enumerate(lines):
        for words in range(1, len(line.split())):
            cut = [*lines[:number], " ".join(line.split()[:words]), *lines[number + 1 :]]
            model = Model("cut", tuple(cut))
            try:
                network_of(ponding(model, 100))
                actuators_of(model, basins_of(model))
                rules_of(model)
            except (BadInput, NotEnoughData) as error:
                told.append(error.faults[0].what)
    assert set(told) == {
        "this line is too short",
        "this is not a number",
        "this shape of storage is not read here",
        "a storage holds something",
        "a curve has a value for each place",
    }
