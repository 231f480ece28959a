"""The process that tells what to hold in reserve, where, and where it goes."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.health.stocks import dispatch  # loads the solver

    return dispatch(run)


PROCESS = Process(
    name="reserve_dispatch",
    title=Words("应急物资储备与调运", "Reserves and dispatch"),
    question=Words(
        "各种物资储备多少、放在哪里？道路中断时怎么调、还缺多少、邻区能帮多少？",
        "How much of each item should be held and where? With roads closed, where does it go, what lacks, who helps?",
    ),
    inputs=(
        Input(
            "items",
            Words("物资", "Items"),
            "file",
            about=Words(
                "CSV：item、price、penalty（缺一件的损失）；可加 use、deviation、lead、cycle、service、shelf_life",
                "CSV: item, price, penalty (a unit that lacks); also use, deviation, lead, cycle, service, shelf_life",
            ),
        ),
        Input(
            "depots",
            Words("仓库", "Depots"),
            "file",
            about=Words(
                "CSV：place、item、stock、room（还可放多少）、aid（外区支援填 yes）",
                "CSV: place, item, stock, room (units that still fit), aid (yes for another district)",
            ),
        ),
        Input(
            "needs",
            Words("情景需求", "Needs by scenario"),
            "file",
            about=Words(
                "CSV：scenario、chance、place、item、need；place 写社区编号或名称，结果可入库",
                "CSV: scenario, chance, place, item, need; a place that is the id or name of a community can be kept",
            ),
        ),
        Input(
            "roads",
            Words("道路", "Roads"),
            "file",
            about=Words(
                "CSV：from、to、hours、capacity、closed（关闭的情景，分号分隔）",
                "CSV: from, to, hours, capacity, closed (scenarios, by semicolons)",
            ),
        ),
        Input("choose", Words("是否选择预置", "Choose what to put in place"), "flag", default=False),
        Input(
            "hour_cost",
            Words("每件每小时费用", "Cost of a unit and hour"),
            "number",
            "1",
            default=1.0,
            least=0,
            most=1e6,
        ),
    ),
    run=_run,
    source="Rawls & Turnquist (2010); Silver, Pyke & Thomas (2017)",
    clauses=("12", "18"),
    takes_city=True,
    verified=Words(
        "调运与 networkx 最小费用流一致；单仓预置与报童解一致；均为独立计算，没有公开算例",
        "Flows against networkx, one depot against the newsvendor; independent reckonings, no published case",
    ),
    limits=(
        Words(
            "线性规划：数量可分，不排车辆与时刻，不含途中损耗。",
            "A linear program: units can be divided; no vehicles, no timetable, no loss on the way.",
        ),
    ),
)
