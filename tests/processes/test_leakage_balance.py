"""The process of leakage on made inflows of known leakage."""

import numpy as np
import pytest

from app.line import fine, refused
from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run


def made(folder, days=30, leak=12.0, more=0.0, since=20, pressure=None, step=15, noise=0.2):
    """An inflow whose use, leak and change are known; noise from a fixed seed."""
    chance = np.random.default_rng(3)
    count = days * 24 * 60 // step
    times = np.datetime64("2026-03-01T00:00") + np.arange(count) * np.timedelta64(step, "m")
    hours = np.arange(count) * step / 60 % 24
    use = np.where((hours >= 1) & (hours < 5), 2.0, 60.0)
    flow = use + leak + np.where(np.arange(count) * step >= since * 1440, more, 0) + chance.normal(0, noise, count)
    head = "time,flow" + (",pressure" if pressure else "")
    rows = [
        f"{one},{value:.3f}" + (f",{pressure(hour)}" if pressure else "")
        for one, value, hour in zip(times, flow, hours, strict=True)
    ]
    path = folder / "inflow.csv"
    path.write_text("\n".join([head, *rows]) + "\n", "utf-8")
    return path


def ran(path, **given):
    process = processes()["leakage_balance"]
    return process.run(Run(process.values({"inflow": path, **given})))


def figures(outcome):
    return {one.name: one for one in outcome.figures}


def test_leakage_of_a_day_with_steady_pressure(tmp_path):
    outcome = ran(made(tmp_path), night_use=2)
    found = figures(outcome)
    assert found["night_flow"].value == pytest.approx(14, abs=0.05)
    assert found["leakage"].value == pytest.approx(12 * 24, rel=0.01)
    assert found["factor"].value == 24
    assert found["share"].value == pytest.approx(100 * 12 / (12 + (4 * 2 + 20 * 60) / 24), rel=0.01)
    assert "did not rise" in outcome.answer[-1].en
    assert "ili" not in found


def test_use_at_night_from_people_is_taken_off(tmp_path):
    found = figures(ran(made(tmp_path), people=10_000))
    assert found["night_use"].value == pytest.approx(6)
    assert found["leakage"].value == pytest.approx(8 * 24, rel=0.02)
    assert any("Neither people" in one.en for one in ran(made(tmp_path)).warnings)


def test_high_pressure_at_night_lowers_the_leakage_of_the_day(tmp_path):
    path = made(tmp_path, pressure=lambda hour: 50 if 1 <= hour < 5 else 25)
    found = figures(ran(path, night_use=2, exponent=1, mains=30, connections=6000))
    assert found["factor"].value == pytest.approx(4 + 20 / 2)
    assert found["leakage"].value == pytest.approx(12 * 14, rel=0.01)
    # Bounds by exponents 1.5 and 0.5.
    assert found["leakage"].low == pytest.approx(12 * (4 + 20 / 2**1.5), rel=0.01)
    assert found["leakage"].high == pytest.approx(12 * (4 + 20 / 2**0.5), rel=0.01)
    mean = (4 * 50 + 20 * 25) / 24
    assert found["unavoidable"].value == pytest.approx((18 * 30 + 0.8 * 6000) * mean / 1000)
    assert found["ili"].value == pytest.approx(found["leakage"].value / found["unavoidable"].value)
    outcome = ran(path, night_use=2, mains=30, connections=500)
    assert sum("only a hint" in one.en for one in outcome.warnings) == 2


def test_a_rise_is_dated(tmp_path):
    outcome = ran(made(tmp_path, more=1.0), night_use=2)
    assert "has risen for certain by 2026-03-2" in outcome.answer[-1].en
    alarm = outcome.answer[-1].en.split()[-1].rstrip(".")
    assert "2026-03-21" <= alarm <= "2026-03-23"


def test_unknown_nights_are_left_out_and_said(tmp_path):
    path = made(tmp_path)
    lines = path.read_text("utf-8").splitlines()
    lines = [line.split(",")[0] + "," if line.startswith("2026-03-25T0") else line for line in lines]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    outcome = ran(path, night_use=2)
    assert outcome.tables[0].rows[24][2] is None
    assert any(one.en.startswith("1 nights") for one in outcome.warnings)
    assert figures(outcome)["leakage"].value == pytest.approx(288, rel=0.01)


def test_inflows_that_cannot_be_used(tmp_path):
    with pytest.raises(NotEnoughData, match="hour or less"):
        ran(made(tmp_path, step=120))
    with pytest.raises(NotEnoughData, match="too few nights"):
        ran(made(tmp_path, days=4))
    with pytest.raises(BadUse, match="night ends"):
        ran(made(tmp_path), night_first=4, night_last=2)
    with pytest.raises(BadInput, match="too small"):
        ran(made(tmp_path, leak=-70))
    path = tmp_path / "other.csv"
    path.write_text("time,pressure\n2026-01-01T00:00,1\n2026-01-01T00:15,1\n", "utf-8")
    with pytest.raises(BadInput, match="needed column"):
        ran(path)
    with pytest.raises(NotEnoughData, match="every hour"):
        ran(made(tmp_path, pressure=lambda hour: 30 if hour < 12 else ""))


def test_from_the_command_line(tmp_path):
    path = made(tmp_path)
    assert "夜间净漏水" in fine("run", "leakage_balance", f"inflow={path}", "night_use=2", language="zh")
    assert "步长" in refused(2, "run", "leakage_balance", f"inflow={made(tmp_path, step=120)}", language="zh")
