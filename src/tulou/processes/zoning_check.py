"""The process that holds a project against the rules of ecological zoning."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.zoning.check import check  # loads the science

    return check(run)


PROCESS = Process(
    name="zoning_check",
    title=Words("生态环境分区管控核对", "Check against ecological zoning"),
    question=Words(
        "这个项目在此选址，哪些管控条文禁止、哪些有条件、哪些还不能判定？",
        "Which rules of ecological zoning prohibit the project here, which set conditions, which cannot be told yet?",
    ),
    inputs=(
        Input(
            "project",
            Words("项目用地", "Land of the project"),
            "file",
            optional=True,
            about=Words(
                "面图层；不给则用城市登记的该项目用地",
                "polygons; left out, the land of the project on record in the city",
            ),
        ),
        Input(
            "id",
            Words("项目编号", "Id of the project"),
            "text",
            optional=True,
            about=Words("城市项目登记中的编号，入库时必填", "its id in the city's register; needed to keep the answer"),
        ),
        Input(
            "zones",
            Words("管控单元", "Zones"),
            "file",
            about=Words(
                "面图层，列 unit、kind（优先、重点、一般）", "polygons with unit and kind (priority, key, general)"
            ),
        ),
        Input(
            "rules",
            Words("准入清单", "Rules"),
            "file",
            about=Words(
                "CSV：zone（单元、类别或 *）、dimension（space、emission、risk、resource）、"
                "verdict（prohibited、conditional）、clause（条文），可加 process、quantity、at_most",
                "CSV: zone (unit, kind or *), dimension (space, emission, risk, resource), verdict (prohibited, "
                "conditional), clause; process, quantity, at_most where needed",
            ),
        ),
        Input("processes", Words("工艺清单", "Processes"), "text", optional=True, about=Words("逗号分隔", "by commas")),
        Input(
            "amounts",
            Words("项目数量", "Quantities"),
            "text",
            optional=True,
            about=Words("COD=12,NOx=3", "COD=12,NOx=3"),
        ),
        Input(
            "protected",
            Words("法定保护范围", "Protected land"),
            "file",
            optional=True,
            about=Words(
                "面图层，列 kind：red_line、farmland、water_source_1、water_source_2、reserve",
                "polygons with kind: red_line, farmland, water_source_1, water_source_2, reserve",
            ),
        ),
        Input(
            "complete",
            Words("已确认不涉及的保护类型", "Kinds known to be elsewhere"),
            "text",
            optional=True,
            about=Words(
                "图层中没有、但已查明本地没有的类型", "kinds that do not stand in the layer because there are none"
            ),
        ),
        Input("tolerance", Words("制图误差", "Error of mapping"), "number", "m", default=5.0, least=0, most=200),
        Input(
            "datum",
            Words("坐标基准", "Datum"),
            "text",
            default="",
            about=Words("图层未写明时给出", "where a layer does not state it"),
        ),
    ),
    run=_run,
    source=Words("生态环境分区管控管理暂行规定（2024）", "Interim rules of ecological zoning (2024)"),
    clauses=("15",),
    takes_city=True,
    limits=(
        Words(
            "只核对所给的条文与图层，不是准入意见，从不自动批准。",
            "It checks the given rules and maps only; it is no approval and never approves.",
        ),
    ),
)
