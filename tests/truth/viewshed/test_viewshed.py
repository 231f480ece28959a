"""Viewsheds beside GRASS, and on a cone, of which geometry tells what is seen."""

import base64
import importlib.util
import zlib
from pathlib import Path

import numpy as np
import pytest

from tulou.kernel.documents import read_document
from tulou.measures.form.viewshed import VISIBLE, Look, viewshed

HERE = Path(__file__).parent
SPEC = importlib.util.spec_from_file_location("made", HERE / "made.py")
made = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(made)
SEEN = read_document(HERE / "grass.yaml", "grass.yaml")["seen"]


@pytest.mark.parametrize(("place", "bits"), list(zip(made.PLACES, SEEN, strict=True)))
def test_beside_grass(place, bits):
    packed = np.frombuffer(zlib.decompress(base64.b64decode("".join(bits.split()))), np.uint8)
    theirs = np.unpackbits(packed).reshape(made.SIZE, made.SIZE).astype(bool)
    assert 0.2 < theirs.mean() < 0.4
    look = Look(made.EYE, made.TARGET, refraction=1.0)
    for is_exact, most in ((True, 0.014), (False, 0.02)):
        ours = viewshed(made.surface(), made.CELL, place, look, is_exact=is_exact) == VISIBLE
        assert (ours != theirs).mean() <= most


@pytest.mark.parametrize("is_exact", [True, False])
@pytest.mark.parametrize(("away", "eye"), [(1.25, 0.0), (2.0, 0.0), (1.25, 0.5), (2.0, 0.9)])
def test_a_cone_shows_the_side_that_faces_the_eye(is_exact, away, eye):
    """R = 200 cells, H = 100 cells; distances in R, heights in H. At its edges lines of sight graze."""
    radius, height = 200, 100.0
    south, east = np.mgrid[-radius : radius + 1, -radius : int(away * radius) + 1].astype(float)
    distance = np.hypot(south, east)
    cone = np.maximum(height * (1 - distance / radius), 0.0)
    place = (radius, radius + int(away * radius))
    seen = viewshed(cone, 1.0, place, Look(eye * height, refraction=1.0), is_exact=is_exact) == VISIBLE
    faces = east / np.maximum(distance, 1e-9) > (1 - eye) / away
    on_cone = (distance < radius) & (distance > 0)
    assert (seen != faces)[on_cone].mean() < (0.015 if is_exact else 0.03)
