"""The process that tells who reaches care of each tier."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome
from tulou.processes.unit_places import LEVELS

METHODS = {
    "3sfca": Words("三步移动搜寻", "three-step catchment"),
    "e2sfca": Words("增强两步移动搜寻", "enhanced two-step catchment"),
}


def _run(run: Run) -> Outcome:
    from tulou.processes.health.tiers import reach  # compiles kernels

    return reach(run)


def _minutes(name: str, title: Words, usual: float) -> Input:
    return Input(name, title, "number", "min", default=usual, least=1, most=300)


PROCESS = Process(
    name="tiered_care",
    title=Words("分级诊疗可达性", "Reach of tiered care"),
    question=Words(
        "各层级医疗机构在时限内能到达多少人？哪里缺床位？",
        "How many people reach care of each tier in time, and where do beds lack?",
    ),
    inputs=(
        _minutes("community", Words("社区层级时限", "Time to the community tier"), 15),
        _minutes("county", Words("县域层级时限", "Time to the county tier"), 30),
        _minutes("regional", Words("区域层级时限", "Time to the regional tier"), 60),
        Input("method", Words("搜寻法", "Catchment"), "choice", default="3sfca", choices=METHODS),
        Input(
            "speed",
            Words("车速未知的道路", "Speed on other roads"),
            "number",
            "km/hour",
            default=20.0,
            least=1,
            most=120,
        ),
        Input("level", Words("汇总到", "Told by"), "choice", default="block", choices=LEVELS),
    ),
    run=_run,
    source="Luo & Qi (2009); Wan, Zou & Sternberg (2012)",
    clauses=("12", "18"),
    needs_city=True,
    verified=Words(
        "E2SFCA 17.997339、15.712427、10.192602，3SFCA 25.693439、13.711200、8.961387（每千人，PySAL access 1.1.10）",
        "E2SFCA 17.997339, 15.712427, 10.192602; 3SFCA 25.693439, 13.711200, 8.961387 a thousand (PySAL access 1.1.10)",
    ),
    limits=(
        Words(
            "只看时间与床位，不看医护、专科、费用与转诊意愿。",
            "Time and beds only: no staff, specialities, cost or wish to be referred.",
        ),
    ),
)
