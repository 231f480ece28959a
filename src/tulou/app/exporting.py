"""A check as data: results and findings as tables, units and findings as maps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from tulou.app.checking import Kept
from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.kernel.progress import Progress, steps
from tulou.publish.export import FINDINGS, LEVELS, findings_table, write_geojson, write_geopackage, write_table
from tulou.publish.report.gather import material_of
from tulou.publish.report.material import Material
from tulou.publish.sdmx import Told, write_sdmx

FORMATS = ("csv", "parquet", "gpkg", "geojson", "sdmx")
FOLDER = "export"
TABLES, MAPS, MESSAGE = FORMATS[:2], FORMATS[2:4], FORMATS[4]


def export_check(
    kept: Kept, formats: Sequence[str], *, folder: Path | None = None, progress: Progress | None = None
) -> list[Path]:
    """Write a check as data.

    Args:
        kept: The check.
        formats: ``csv``, ``parquet``: results and findings; ``gpkg``: units by level and findings in one file, in
            metres; ``geojson``: findings and units, a file each, in longitude and latitude; ``sdmx``: results as an
            SDMX-JSON 2.0.0 message.
        folder: Where to; ``export`` beside the check by default.
        progress: Told after each file.

    Returns:
        The files written.

    Raises:
        BadUse: For a format that is not written.
        NotEnoughData: For a map of a city that has no place yet.
    """
    for name in formats:
        if name not in FORMATS:
            raise BadUse("nothing is exported in this format", where="--format", found=name, allowed=FORMATS)
    crs = kept.state.profile.crs
    if not crs and set(MAPS).intersection(formats):
        raise NotEnoughData("a map needs a place, and this city has none yet", where=kept.folder.name, allowed=TABLES)
    material = material_of(kept.diagnosis, kept.state, kept.rulebook)
    place = folder or kept.folder / FOLDER
    jobs = _jobs(kept, material, crs, formats)
    written: list[Path] = []
    for name in steps(jobs, "export", progress):
        jobs[name](place / name)
        written.append(place / name)
    return written


def as_of(kept: Kept) -> datetime:
    """When the last record that counted in a check was made.

    Raises:
        NotEnoughData: When the city the check was asked of was never recorded.
    """
    commits = getattr(kept.state, "commits", ())
    if not commits:
        raise NotEnoughData("nothing was imported into this city yet", where=kept.folder.name)
    return max(commit.time for commit in commits)


def _jobs(kept: Kept, material: Material, crs: str, formats: Sequence[str]) -> Mapping[str, Callable[[Path], None]]:
    levels = {unit.level for unit in material.units}
    maps = (FINDINGS, *(level for level in LEVELS if level in levels))
    jobs: dict[str, Callable[[Path], None]] = {}
    for form in dict.fromkeys(formats):
        if form in TABLES:
            jobs[f"results.{form}"] = partial(write_table, kept.check.results)
            jobs[f"{FINDINGS}.{form}"] = partial(write_table, findings_table(material))
        elif form == "gpkg":
            jobs["check.gpkg"] = partial(write_geopackage, material, crs)
        elif form == MESSAGE:
            jobs["check.sdmx.json"] = partial(write_sdmx, [Told(kept.check, kept.rulebook, as_of(kept))])
        else:
            jobs.update({f"{what}.geojson": partial(write_geojson, material, crs, what=what) for what in maps})
    return jobs
