"""The process that tells how loud roads are at places of a layer, without a city."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.noise_map import AIR, COEFFICIENTS, DATUM, LIMITS, SOURCE, VERIFIED
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.noise.points import at_points  # loads the science

    return at_points(run)


PROCESS = Process(
    name="noise_points",
    title=Words("受声点道路噪声", "Road noise at places"),
    question=Words(
        "给定道路车流和建筑图层，各受声点的道路噪声有多大？",
        "How loud are roads at given places, from layers of roads with traffic and of buildings?",
    ),
    inputs=(
        COEFFICIENTS,
        Input(
            "roads",
            Words("道路图层", "Roads"),
            "file",
            about=Words(
                "线图层，列 TV_D/E/N（总车流，辆/小时）、HV_D/E/N（重型车）、LV_SPD_*、HV_SPD_*（km/h）",
                "lines with TV_D/E/N (all vehicles an hour), HV_D/E/N (heavy ones), LV_SPD_*, HV_SPD_* (km/h)",
            ),
        ),
        Input("buildings", Words("建筑图层", "Buildings"), "file", about=Words("面图层", "polygons")),
        Input("height_column", Words("建筑高度列", "Column of their height"), "text", default="HEIGHT"),
        Input("receivers", Words("受声点图层", "Places"), "file", about=Words("点图层", "points")),
        DATUM,
        *AIR,
        Input(
            "building_height",
            Words("高度未知的建筑", "Buildings of unknown height"),
            "number",
            "m",
            default=6.0,
            least=1,
            most=100,
        ),
    ),
    run=_run,
    source=SOURCE,
    clauses=("15",),
    verified=VERIFIED,
    limits=LIMITS,
)
