"""The process that grades black and odorous water and tells which treated water relapsed."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome

PERIODS = {
    "month": Words("月", "month"),
    "quarter": Words("季度", "quarter"),
    "year": Words("年", "year"),
}


def _run(run: Run) -> Outcome:
    from tulou.processes.waters.grading import grade  # loads the science

    return grade(run)


PROCESS = Process(
    name="black_odour",
    title=Words("黑臭水体分级", "Black and odorous water"),
    question=Words(
        "哪些水体黑臭、黑臭到什么程度？整治验收后又有哪些返黑返臭？",
        "Which water bodies are black and odorous, how badly, and which accepted ones relapsed?",
    ),
    inputs=(
        Input(
            "samples",
            Words("水样", "Samples"),
            "file",
            about=Words(
                "CSV：body、point、date、transparency、depth、oxygen、ammonia、redox、treated（验收日期）；"
                "缺省单位 cm、mg/L、mV",
                "CSV: body, point, date, transparency, depth, oxygen, ammonia, redox, treated (day of acceptance); "
                "cm, mg/L and mV unless the heading says otherwise",
            ),
        ),
        Input("period", Words("每期", "Period"), "choice", default="month", choices=PERIODS),
        Input(
            "indices",
            Words("所用指标", "Indices"),
            "text",
            default="transparency,oxygen,redox,ammonia",
            about=Words("少用指标会在结果中写明", "what is left out is told"),
        ),
    ),
    run=_run,
    source=Words("城市黑臭水体整治工作指南（2015）", "Guide to the treatment of black and odorous urban water (2015)"),
    clauses=("15",),
    takes_city=True,
    verified=Words(
        "透明度 25、溶解氧 2.0、氨氮 8.0 为非黑臭；24.9 轻度；9.9 重度；水深 20 厘米、透明度 7.9 重度",
        "transparency 25, oxygen 2.0, ammonia 8.0 none; 24.9 light; 9.9 heavy; 7.9 cm in 20 cm of water heavy",
    ),
    limits=(
        Words(
            "指南用于已知黑臭水体的分级；“未达轻度即非黑臭”是本模型的读法。居民评议不在其中。",
            "The guide grades water that is known to be black and odorous; that what is below light is not, is our "
            "reading. Opinions of residents are not part of it.",
        ),
    ),
)
