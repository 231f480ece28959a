"""The four-colour map of a city, drawn and written."""

from __future__ import annotations

from pathlib import Path

from tulou.app.safety import Safety
from tulou.kernel.atomic import write_text
from tulou.kernel.errors import NotEnoughData
from tulou.kernel.words import Language
from tulou.publish.layers import layers_of
from tulou.publish.safety.map import FourColours, four_colour_map


def draw_map(safety: Safety, level: str, language: Language) -> FourColours:
    """Draw the units of a level by their gravest risk.

    Raises:
        NotEnoughData: When no unit of the level has a shape.
    """
    rows = safety.state.rows(level)
    credit = " · ".join(safety.state.profile.credit)
    layers = layers_of(safety.state)
    found = four_colour_map(safety.units(level), rows.shapes, safety.risks, layers, language, credit)
    if found is None:
        raise NotEnoughData("no unit of this level has a shape", where="--level", found=level)
    return found


def write_map(safety: Safety, level: str, file: Path, language: Language) -> None:
    """Write the four-colour map as SVG."""
    write_text(file, draw_map(safety, level, language).standalone())
