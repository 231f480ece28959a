"""The process that tells the heat island in the air from stations."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.climate.air_heat import tell_air  # loads the science

    return tell_air(run)


PROCESS = Process(
    name="heat_island",
    title=Words("气温热岛", "Heat island in the air"),
    question=Words(
        "城区的气温比郊区高多少？夜间呢？哪个站最明显？",
        "How much warmer is the air of the city than that of the land around it, at night above all, and where most?",
    ),
    inputs=(
        Input(
            "stations",
            Words("站点表", "Stations"),
            "file",
            about=Words(
                "CSV：station、elevation（m）、kind（urban 或 rural），或 impervious（%）",
                "CSV: station, elevation (m), kind (urban or rural), or impervious (%)",
            ),
        ),
        Input(
            "record",
            Words("逐时气温", "Hourly air temperatures"),
            "file",
            about=Words("CSV：time，每站一列，°C", "CSV: time, and one column a station, °C"),
        ),
    ),
    run=_run,
    source="ISO 2533:1975",
    clauses=("19", "15"),
    limits=(
        Words(
            "气温热岛，不是地表热岛：两者不可相互替代或比较。",
            "The heat island in the air, not that of the ground: neither stands for the other.",
        ),
        Words(
            "不按天气（晴、静风）筛选；不作城市化趋势归因。",
            "Weather is not sorted out (clear, calm nights), and no trend is attributed.",
        ),
    ),
)
