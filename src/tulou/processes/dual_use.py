"""The process that tells which buildings to turn to emergency use, so that beds are there in time at least cost."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome
from tulou.processes.shelters.rules import rules


def _run(run: Run) -> Outcome:
    from tulou.processes.shelters.convert import convert  # loads the solver

    return convert(run)


_HOURS = tuple(float(hour) for hour in rules()["dual_use"]["hours"])
_USE = tuple(float(share) for share in rules()["dual_use"]["utilisation"]["value"])

PROCESS = Process(
    name="dual_use",
    title=Words("平急两用转换", "Conversion to emergency use"),
    question=Words(
        "急时转换哪些设施，能在 6、24、72 小时内以最低费用满足需要？",
        "Which buildings are to be converted, so that what is needed after 6, 24 and 72 hours is there at least cost?",
    ),
    inputs=(
        Input(
            "buildings",
            Words("设施清单", "Buildings"),
            "file",
            about=Words(
                "CSV：name、hours（转换小时）、cost（元），beds 或 rooms；"
                "可有 kind、water、power（自持小时）、separated",
                "CSV: name, hours (to convert), cost (yuan), beds or rooms; also kind, water, power (hours by itself), "
                "separated",
            ),
        ),
        Input("need", Words("各时刻需要床位", "Beds needed"), "numbers", "bed", least=0, most=1e7),
        Input("hours", Words("时刻", "Hours"), "numbers", "hour", default=_HOURS, least=0, most=1e4),
        Input("use", Words("床位利用率", "Beds used"), "numbers", "percent", default=_USE, least=1, most=100),
        Input("water", Words("最少供水自持", "Least water"), "number", "hour", default=0.0, least=0, most=1e4),
        Input("power", Words("最少供电自持", "Least power"), "number", "hour", default=0.0, least=0, most=1e4),
        Input(
            "separated",
            Words("分区", "Separation"),
            "choice",
            default="any",
            choices={"any": Words("不要求", "not needed"), "needed": Words("必须", "needed")},
        ),
    ),
    run=_run,
    source=Words("“平急两用”公共基础设施（2023）", "Public facilities for normal and emergency use (2023)"),
    clauses=("19",),
    verified=Words("小例以穷举核对", "small cases against all choices"),
    limits=(
        Words("不排人员和物资；位置不计，谁去哪里见 shelter_check。",
              "No staff and goods; places do not count, who goes where is told by shelter_check."),
    ),
)  # fmt: skip
