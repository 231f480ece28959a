"""The process that tells what an earthquake would do to the buildings of a city."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome
from tulou.processes.unit_places import LEVELS

MOTION = (
    Input(
        "intensity",
        Words("烈度", "Intensity"),
        "number",
        optional=True,
        least=4,
        most=11,
        about=Words("取该烈度的中央峰值加速度", "the acceleration in the middle of it is taken"),
    ),
    Input("pga", Words("峰值加速度", "Peak ground acceleration"), "number", "m/s2", optional=True, least=1e-3, most=30),
    Input(
        "motion",
        Words("各建筑的地震动或震动图", "Motion under each building, or a map"),
        "file",
        optional=True,
        about=Words(
            "CSV：asset 或 lon、lat（取最近点），event，pga（m/s²）或 pga_g、sa、sa_g",
            "CSV: asset, or lon, lat (the nearest point is taken), event, pga (m/s²) or pga_g, sa, sa_g",
        ),
    ),
    Input(
        "spread",
        Words("地震动对数标准差", "Spread of ln motion"),
        "number",
        optional=True,
        least=0,
        most=1.5,
        about=Words("各处同升同降；不给则为 0", "the same everywhere at once; 0 when not given"),
    ),
    Input("realisations", Words("实现数", "Realisations"), "whole", default=50, least=1, most=1000),
)
DAMAGE = (
    Input(
        "fragility",
        Words("易损性函数", "Fragility functions"),
        "file",
        optional=True,
        about=Words("OpenQuake NRML、Hazus 表或 CSV", "OpenQuake NRML, a table of Hazus, or CSV"),
    ),
    Input(
        "matrix",
        Words("震害矩阵", "Matrix of damage"),
        "file",
        optional=True,
        about=Words(
            "CSV：type、intensity、none、slight、moderate、extensive、complete",
            "CSV: type, intensity, none, slight, moderate, extensive, complete",
        ),
    ),
    Input(
        "mapping",
        Words("类型对应", "Classes of types"),
        "file",
        optional=True,
        about=Words("CSV：type、class", "CSV: type, class"),
    ),
    Input(
        "indoors",
        Words("在室内人口比例", "People indoors"),
        "number",
        "percent",
        default=100.0,
        least=0,
        most=100,
        about=Words("夜间接近 100%", "near 100 % at night"),
    ),
)
SOURCE = Words("GB/T 17742-2020；FEMA Hazus 6.1；尹之潜（1991）", "GB/T 17742-2020; FEMA Hazus 6.1; Yin Zhiqian (1991)")
VERIFIED = Words(
    "OpenQuake 离散易损性算例（RM 875.81/1448.30/675.89，标准差一致）；Hazus URM.M.PC、PC2.M.LC 0.2 g 各状态比例",
    "OpenQuake's discrete case (RM 875.81, 1448.30, 675.89, and deviations); Hazus URM.M.PC and PC2.M.LC at 0.2 g",
)
LIMITS = (
    Words("不是抗震鉴定；单栋结果只说明概率。", "No seismic appraisal; what it tells of one building is a chance."),
    Words(
        "不含场地放大、次生火灾、滑坡与液化；缺省易损性来自美国，福建须换用本地震害资料。",
        "No site effects, fire, landslides or liquefaction; the functions taken by default are American.",
    ),
)


def _run(run: Run) -> Outcome:
    from tulou.processes.earthquake.scenario import on_city  # loads the science

    return on_city(run)


PROCESS = Process(
    name="earthquake_scenario",
    title=Words("地震情景", "Earthquake scenario"),
    question=Words(
        "这样的地震会毁坏多少房屋？多少人无家可归？哪里最重？",
        "How many buildings would such an earthquake ruin, how many people would lose their homes, and where?",
    ),
    inputs=(
        *MOTION,
        *DAMAGE,
        Input(
            "price",
            Words("重置造价", "Cost to build anew"),
            "number",
            "yuan/m2",
            optional=True,
            least=1,
            most=1e5,
            about=Words("给出时计算直接经济损失", "with it, the direct loss is told"),
        ),
        Input("level", Words("汇总到", "Told by"), "choice", default="block", choices=LEVELS),
    ),
    run=_run,
    source=SOURCE,
    clauses=("9", "16", "19"),
    needs_city=True,
    verified=VERIFIED,
    limits=LIMITS,
)
