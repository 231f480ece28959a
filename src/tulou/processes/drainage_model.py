"""The process that builds a SWMM model from tables or layers of nodes, pipes and subcatchments."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome

TABLE = "CSV、GeoPackage、Shapefile 或 GeoJSON："
TABLE_EN = "CSV, GeoPackage, Shapefile or GeoJSON: "


def _run(run: Run) -> Outcome:
    from tulou.processes.drainage.building import build  # loads the science

    return build(run)


PROCESS = Process(
    name="drainage_model",
    title=Words("排水模型构建", "Model of drains"),
    question=Words(
        "由检查井、管渠、子汇水区数据能建成怎样的 SWMM 模型？数据有哪些错误？",
        "Which SWMM model do nodes, pipes and subcatchments make, and what is wrong with them?",
    ),
    inputs=(
        Input(
            "nodes",
            Words("节点", "Nodes"),
            "file",
            about=Words(
                TABLE + "node、x、y、invert（m）、ground（m）、category（junction/outfall/storage）、stage、area",
                TABLE_EN + "node, x, y, invert (m), ground (m), category (junction, outfall, storage), stage, area",
            ),
        ),
        Input(
            "pipes",
            Words("管渠", "Pipes"),
            "file",
            about=Words(
                TABLE + "pipe、from、to、diameter（mm）或 width 与 height、length、roughness、up、down",
                TABLE_EN + "pipe, from, to, diameter (mm) or width and height, length, roughness, up, down",
            ),
        ),
        Input(
            "subcatchments",
            Words("子汇水区", "Subcatchments"),
            "file",
            about=Words(
                TABLE + "subcatchment、node、area（ha）、impervious（%）、slope（%）、width（m）",
                TABLE_EN + "subcatchment, node, area (ha), impervious (%), slope (%), width (m)",
            ),
        ),
        Input(
            "datum",
            Words("平面坐标基准", "Datum of the coordinates"),
            "text",
            about=Words("米制投影坐标，如 EPSG:4547", "a projected system in metres, EPSG:4547"),
        ),
        Input(
            "height_datum",
            Words("高程基准", "Datum of heights"),
            "text",
            about=Words("如“1985 国家高程基准”；写入模型", "written into the model, e.g. 1985 national height datum"),
        ),
        Input(
            "infiltration_first",
            Words("初始下渗率", "First rate of infiltration"),
            "number",
            "mm/hour",
            optional=True,
            least=0,
            most=1000,
            about=Words(
                "有透水地面时必须给出，按本地土壤", "needed where ground is pervious; by the soil of the place"
            ),
        ),
        Input(
            "infiltration_last",
            Words("稳定下渗率", "Last rate of infiltration"),
            "number",
            "mm/hour",
            optional=True,
            least=0,
            most=1000,
        ),
        Input(
            "keep_adverse",
            Words("保留逆坡管", "Keep pipes of adverse slope"),
            "flag",
            default=False,
            about=Words("逆坡属实时选用；否则报为错误", "where the slope is real; else it is told as a fault"),
        ),
    ),
    run=_run,
    source="EPA SWMM 5.2; GB 50014-2021",
    clauses=("11", "19"),
    limits=(
        Words(
            "子汇水区按表中给定，不由地形划分；每个子汇水区接入一个节点。",
            "Subcatchments are those of the table, not drawn from the ground; each drains to one node.",
        ),
        Words(
            "泵、闸、堰不由表格生成，须在 SWMM 中补上。",
            "Pumps, gates and weirs are not made from tables; add them in SWMM.",
        ),
    ),
)
