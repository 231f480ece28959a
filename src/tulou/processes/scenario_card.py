"""The process that puts a mega-disaster on one page: numbers, what it sets off, what is needed and lacks, who acts."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.risk.card import card  # loads the science

    return card(run)


PROCESS = Process(
    name="scenario_card",
    title=Words("巨灾情景卡", "Scenario card"),
    question=Words(
        "这场巨灾会怎样？需要什么、缺什么、谁来办？",
        "What would this disaster be like, what is needed, what lacks, and who acts?",
    ),
    inputs=(
        Input("title", Words("情景", "Scenario"), "text", about=Words("一句话", "in one sentence")),
        Input(
            "outcomes",
            Words("模型结果", "Outcomes"),
            "file",
            about=Words(
                "一个结果 JSON，或装有多个结果的文件夹（tulou run … --to）",
                "a JSON of an outcome, or a folder of them (tulou run … --to)",
            ),
        ),
        Input(
            "needs",
            Words("需求", "Needs"),
            "file",
            optional=True,
            about=Words(
                "CSV：need、unit、of（过程.数值）、rate 或 amount、available、owner、hours",
                "CSV: need, unit, of (process.figure), rate or amount, available, owner, hours",
            ),
        ),
        Input(
            "cascade",
            Words("连锁关系", "Cascade"),
            "file",
            optional=True,
            about=Words("CSV：cause、effect、chance", "CSV: cause, effect, chance"),
        ),
        Input("start", Words("起始事件", "What fails first"), "text", optional=True),
        Input(
            "plan_for",
            Words("按何值备灾", "Planned for"),
            "choice",
            default="high",
            choices={"high": Words("上界", "the upper bound"), "middle": Words("期望值", "the mean")},
        ),
    ),
    run=_run,
    source=Words("巨灾情景构建；各数值出自所列模型", "Scenario building; numbers are those of the models named"),
    clauses=("19",),
    limits=(
        Words(
            "卡上数值与所列模型同真同假；需求定额由使用者给出。",
            "The card is as true as the models named; rates are given.",
        ),
        Words("不是应急预案，也不是预警。", "No emergency plan and no warning."),
    ),
)
