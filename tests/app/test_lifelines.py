"""The register of lifelines, run on a city: what it finds is kept and read by indicators."""

import pytest

from app.line import contents, fine, refused


def counts(city, indicator):
    """The counts of the indicator's line: pass, fail, to confirm, reference, not assessed."""
    out = fine("check", city, "--indicator", indicator, "--format", "none")
    return [int(part) for part in next(line for line in out.splitlines() if line.startswith("Total")).split()[1:]]


@pytest.mark.parametrize("indicator", ["lifeline_register", "coupled_gas_dangers"])
def test_what_the_register_finds_is_read_by_its_indicators(own, indicator):
    assert counts(own, indicator) == [0, 0, 0, 0, 1], "nobody has looked yet"
    out = fine("run", "lifeline_register", "--city", own, "interval=5", "--keep", "--who", "emergency bureau")
    assert "rows of facts kept" in out
    assert counts(own, indicator) == [0, 0, 0, 1, 0]


def test_nothing_is_changed_without_keep_and_a_city_is_needed(own):
    before = contents(own)
    assert "登记不全" in fine("run", "lifeline_register", "--city", own, language="zh")
    assert contents(own) == before
    assert "runs on a city" in refused(4, "run", "lifeline_register", "interval=5")
