"""Steady rain on a plane: depth and flow at its foot by Manning, and their rise by the kinematic wave."""

import numpy as np
import pytest

from tulou.measures.water.flood.inertial import Drive, Flood, Ground, Outlets, Rain

LENGTH, SLOPE, ROUGHNESS, RAIN = 100.0, 0.01, 0.015, 0.06 / 3600
CELL = 1.0


def plane(hours=1.0):
    cells = round(LENGTH / CELL)
    level = (SLOPE * CELL * np.arange(cells)[::-1])[None, :]
    outlet = Outlets(np.array([0]), np.array([cells - 1]), np.array([SLOPE]), np.array([CELL]))
    rain = Rain(np.array([0.0, hours * 3600]), np.array([RAIN * hours * 3600]))
    return Flood(Ground(level, CELL, ROUGHNESS), Drive(rain, outlets=outlet))


def outflow(flood):
    return float(flood.depth[0, -1]) ** (5 / 3) * SLOPE**0.5 / ROUGHNESS


def test_steady_flow_is_that_of_manning():
    flood = plane()
    flood.advance(3600.0)
    assert float(flood.depth[0, -1]) == pytest.approx(0.00689865, abs=5e-9)
    assert outflow(flood) == pytest.approx(1.666667e-3, rel=1e-6)
    assert abs(flood.residual) <= 1e-12


def test_it_rises_as_a_kinematic_wave():
    equilibrium = RAIN * LENGTH
    concentration = (LENGTH * ROUGHNESS / SLOPE**0.5) ** 0.6 / RAIN**0.4
    assert concentration == pytest.approx(413.9, abs=0.05)
    flood = plane()
    flood.advance(concentration / 2)
    assert outflow(flood) / equilibrium == pytest.approx(0.5 ** (5 / 3), abs=0.004)


def test_what_falls_runs_off_in_the_end():
    flood = plane(hours=0.25)
    flood.advance(4 * 3600.0)
    assert flood.account.went["edge"] == pytest.approx(flood.account.came["rain"], rel=0.01)
    assert abs(flood.residual) <= 1e-12
