"""Coupling of lifelines from tables, and tables that are none."""

import pytest

from app.line import fine, refused
from tulou.kernel.errors import BadInput, NotEnoughData
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run

COUPLINGS = "system,on,weight\npower,water,0.5\nwater,power,0.3\n"
SHOCKS = "system,loss\npower,0.1\nwater,0\n"


def ran(folder, couplings=COUPLINGS, shocks=SHOCKS, **given):
    for name, text in (("couplings", couplings), ("shocks", shocks)):
        (folder / f"{name}.csv").write_text(text, "utf-8")
    process = processes()["lifeline_coupling"]
    files = {name: folder / f"{name}.csv" for name in ("couplings", "shocks")}
    return process.run(Run(process.values({**files, **given})))


def table(outcome):
    return {row[0]: row[1:] for row in outcome.tables[0].rows}


def test_the_published_case(tmp_path):
    outcome = ran(tmp_path)
    assert table(outcome)["power"][:2] == pytest.approx([10, 11.765], abs=5e-4)
    assert table(outcome)["water"][:2] == pytest.approx([0, 3.529], abs=5e-4)
    # One of power alone moves (1 + 0.3) / (1 − 0.15), one of water (1 + 0.5) / (1 − 0.15).
    assert table(outcome)["power"][2] == pytest.approx(1.3 / 0.85)
    assert table(outcome)["water"][2] == pytest.approx(1.5 / 0.85)
    assert "water moves most" in outcome.answer[1].en
    assert len(table(outcome)["power"]) == 3


def test_a_system_that_is_only_hung_on_has_no_shock(tmp_path):
    outcome = ran(tmp_path, COUPLINGS + "water,telecom,0.2\n")
    assert table(outcome)["telecom"][:2] == [0, 0]


def test_chances_are_drawn_with_a_seed(tmp_path):
    couplings = "system,on,weight\nwater,power,1\n"
    shocks = "system,loss,chance\npower,0,0.2\nwater,0,0.1\n"
    one = table(ran(tmp_path, couplings, shocks, seed=3, draws=50_000))
    assert one == table(ran(tmp_path, couplings, shocks, seed=3, draws=50_000))
    assert one["power"][3:5] == pytest.approx([20, 20], abs=0.7)
    assert one["water"][4] == pytest.approx(100 * (1 - 0.8 * 0.9), abs=0.8)
    assert one["water"][5] == pytest.approx(100 * (0.28 * 0.72 / 50_000) ** 0.5, rel=0.05)
    some = ran(tmp_path, couplings, shocks.replace("0,0.1", "0,"))
    assert any("not computed" in line.en for line in some.warnings)


@pytest.mark.parametrize(
    ("couplings", "shocks", "error", "what"),
    [
        (COUPLINGS + "power,water,0.1\n", SHOCKS, BadInput, "twice"),
        (COUPLINGS + "power,gas,1.5\n", SHOCKS, BadInput, "between 0 and 1"),
        (COUPLINGS + "power,gas,\n", SHOCKS, BadInput, "between 0 and 1"),
        ("system,on,weight\na,b,1\nb,a,1\n", SHOCKS, BadInput, "never settle"),
        (COUPLINGS, SHOCKS + "power,0.2\n", BadInput, "one shock"),
        (COUPLINGS, "system,loss\npower,1.2\n", BadInput, "between 0 and 1"),
        (COUPLINGS, "system,loss\npower,\n", NotEnoughData, "needs its loss"),
        (COUPLINGS + ",water,0.1\n", SHOCKS, BadInput, "has a name"),
    ],
)
def test_tables_that_are_none(tmp_path, couplings, shocks, error, what):
    with pytest.raises(error) as caught:
        ran(tmp_path, couplings, shocks)
    assert what in str(caught.value)


def test_from_the_command_line(tmp_path):
    ran(tmp_path)
    words = ("run", "lifeline_coupling", *(f"{name}={tmp_path / name}.csv" for name in ("couplings", "shocks")))
    assert "最能牵动全局的是 water" in fine(*words, language="zh")
    (tmp_path / "couplings.csv").write_text("system,on,weight\na,b,1\nb,a,1\n", "utf-8")
    assert "没有稳定的结果" in refused(3, *words, language="zh")
