"""The process that tells how strong typhoons blow over places or units, and how often."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome
from tulou.processes.unit_places import LEVELS


def _run(run: Run) -> Outcome:
    from tulou.processes.typhoon.winds import winds  # loads the science

    return winds(run)


PROCESS = Process(
    name="typhoon_wind",
    title=Words("台风风雨", "Wind and rain of typhoons"),
    question=Words(
        "台风过境时各地最大风速多大、下多少雨？多少年一遇？",
        "How strong do typhoons blow and how much do they rain in each place, and how often?",
    ),
    inputs=(
        Input(
            "tracks",
            Words("台风路径", "Tracks"),
            "file",
            about=Words(
                "中国气象局最佳路径、IBTrACS，或 CSV：storm、time、lat、lon、pressure（百帕）",
                "best tracks of the CMA, IBTrACS, or CSV: storm, time, lat, lon, pressure (hPa)",
            ),
        ),
        Input(
            "places",
            Words("地点", "Places"),
            "file",
            optional=True,
            about=Words(
                "CSV：name、lon、lat，或多边形 GeoJSON；不给则取城市的单元",
                "CSV: name, lon, lat, or GeoJSON of polygons; without, the units of the city",
            ),
        ),
        Input(
            "datum",
            Words("地点坐标系", "Datum of the places"),
            "choice",
            default="wgs84",
            choices={
                "wgs84": Words("WGS 84", "WGS 84"),
                "gcj02": Words("GCJ-02", "GCJ-02"),
                "bd09": Words("BD-09", "BD-09"),
            },
        ),
        Input("level", Words("城市单元", "Units of the city"), "choice", default="district", choices=LEVELS),
        Input(
            "years",
            Words("路径覆盖年数", "Years that the tracks cover"),
            "number",
            "year",
            optional=True,
            least=1,
            most=500,
            about=Words("给出时推算重现期风速", "with it, winds of return periods are told"),
        ),
        Input(
            "periods",
            Words("重现期", "Return periods"),
            "numbers",
            "year",
            default=(10.0, 50.0, 100.0),
            least=1,
            most=1e4,
        ),
        Input("step", Words("插值步长", "Step"), "number", "minute", default=30.0, least=5, most=360),
        Input(
            "half",
            Words("风损曲线", "Curve of wind damage"),
            "choice",
            default="wp3_tdr",
            choices={
                "wp3_tdr": Words("中国大陆（TDR）", "Mainland China (TDR)"),
                "wp3_rmsf": Words("中国大陆（RMSF）", "Mainland China (RMSF)"),
                "usa": Words("美国", "USA"),
            },
        ),
    ),
    run=_run,
    source="Holland (1980, 2008); Willoughby, Darling & Rahn (2006); Tuleya et al. (2007); Emanuel (2011)",
    clauses=("19",),
    takes_city=True,
    verified=Words(
        "CLIMADA 测试数值：形状参数、最大风速与 1980 廓线（MATLAB 对照）；未与站点观测比对",
        "numbers of CLIMADA's tests: shape, highest wind, profile of 1980 (against MATLAB); not against stations",
    ),
    limits=(
        Words(
            "海面上的风：陆地粗糙度、地形和登陆后的结构变化未计。",
            "Winds over the sea: no land, hills, or decay of structure.",
        ),
        Words("雨是统计估计，不计地形；风暴潮未计。", "Rain is a statistical estimate without mountains; no surge."),
    ),
)
