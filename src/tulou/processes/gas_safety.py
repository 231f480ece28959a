"""The process that tells which households have the gas three-piece set in date, and when devices fall due."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.gas.sets import sets  # loads the science

    return sets(run)


PROCESS = Process(
    name="gas_safety",
    title=Words("燃气三件套与到期预测", "Gas three-piece set"),
    question=Words(
        "多少燃气用户三件套齐全且在使用期内？哪些装置何时到期？",
        "How many gas households have alarm, shut-off and metal hose in date, and when do devices fall due?",
    ),
    inputs=(
        Input(
            "households",
            Words("用户表", "Households"),
            "file",
            about=Words(
                "CSV：unit、alarm、valve、hose（安装日期；“无”为未装，空白为未知），可有 hose_kind 和各 _life（年）",
                "CSV: unit, alarm, valve, hose (day of installation; “none” for missing, blank for unknown); also "
                "hose_kind and each _life (years)",
            ),
        ),
        Input("day", Words("日期", "Day"), "day"),
        Input("years", Words("预测年数", "Years ahead"), "whole", default=5.0, least=1, most=30),
    ),
    run=_run,
    source=Words("福建省实施意见第十六条；GB 15322.2-2019", "Opinion of Fujian, clause 16; GB 15322.2-2019"),
    clauses=("16",),
    takes_city=True,
    verified=None,
    limits=(
        Words(
            "不检查装置是否完好、接线是否正确；不需要也不保存住户身份，不足10户的单元合并公布。",
            "It does not tell whether devices work; it needs nobody's identity; small units are told together.",
        ),
    ),
)
