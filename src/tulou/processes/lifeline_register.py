"""The process that tells what the register of lifelines lacks, what is overdue, and where dangers meet."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.lifelines.register import register  # loads the science

    return register(run)


PROCESS = Process(
    name="lifeline_register",
    title=Words("生命线登记与耦合隐患", "Register of lifelines"),
    question=Words(
        "生命线登记缺什么？哪些管线该检未检？哪里燃气管、密闭空间与人群聚集在一处？",
        "What does the register of lifelines lack, which inspections are overdue, and where do gas, closed spaces and "
        "crowds meet?",
    ),
    inputs=(
        Input(
            "interval",
            Words("检查周期", "Years between inspections"),
            "number",
            "year",
            optional=True,
            least=0.1,
            most=100,
            about=Words(
                "没有登记到期日的管线由最近检查日推算", "gives the due day of pipes that have only a last inspection"
            ),
        ),
        Input(
            "near_space",
            Words("燃气管与密闭空间相距", "Gas to closed space"),
            "number",
            "m",
            default=5.0,
            least=0,
            most=1000,
        ),
        Input(
            "near_crowd",
            Words("密闭空间与人群相距", "Closed space to crowd"),
            "number",
            "m",
            default=50.0,
            least=0,
            most=5000,
        ),
    ),
    run=_run,
    source=Words(
        "安委办函〔2021〕45号；安全韧性城市生命线工程建设指南",
        "Office of the Safety Commission, letter 2021-45; Guide to resilient lifelines of cities",
    ),
    clauses=("16",),
    needs_city=True,
    limits=(
        Words(
            "只看平面距离，不看埋深与连通；不打分，只按人数与距离排序。",
            "Distances on the plan only, not depth or openings between; no score, an order by people and distance.",
        ),
    ),
)
