"""The tool of those who write rulebooks, and the catalogue of measures it checks against."""

from __future__ import annotations

import shutil

import pytest

from indicators.small_rulebook import CHINA, HERE
from tulou.indicators.try_checks import main
from tulou.kernel.errors import BadUse
from tulou.measures.catalogue import all_measures


def test_checks_and_faults_are_told(tmp_path, capsys):
    folder = shutil.copytree(HERE / "small", tmp_path / "small")
    shutil.copytree(CHINA / "columns", folder / "columns")
    assert main([str(folder)]) == 0
    assert "0 wrong; 0 faults" in capsys.readouterr().out
    page = folder / "indicators" / "no_lift.yaml"
    page.write_text(page.read_text(encoding="utf-8").replace("value: 1,", "value: 2,"), encoding="utf-8")
    assert main([str(folder), "no_lift"]) == 1
    told = capsys.readouterr().out
    assert "WRONG no_lift: one lacks" in told
    assert "1 wrong" in told
    page.write_text(page.read_text(encoding="utf-8").replace("measure: lacking", "measure: lackin"), encoding="utf-8")
    assert main([str(folder)]) == 3
    told = capsys.readouterr().out
    assert "did you mean: lacking" in told
    assert "ok    park_cover" in told


def test_no_rulebook_is_told_without_a_traceback(capsys):
    assert main([]) == 4
    assert main(["nowhere"]) == 3
    assert "there is no such rulebook" in capsys.readouterr().out


def test_every_measure_is_in_the_catalogue_under_its_own_name():
    found = all_measures()
    assert {name: item.name for name, item in found.items()} == {name: name for name in found}
    assert {"land_within", "amount", "gini"} <= set(found)
    with pytest.raises(BadUse, match="did you mean: land_within"):
        found["land_withn"]
