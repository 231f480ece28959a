"""The process that tells how fast gas makes a closed space dangerous, and how samples are graded."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.gas.space import space  # loads the science

    return space(run)


PROCESS = Process(
    name="gas_space",
    title=Words("燃气相邻空间", "Gas in a closed space"),
    question=Words(
        "燃气漏入相邻密闭空间，多久到报警浓度、多久到爆炸下限？采样要多密？",
        "How long until gas that leaks into a closed space raises an alarm and can explode, and how often to sample?",
    ),
    inputs=(
        Input("volume", Words("空间体积", "Volume"), "number", "m3", default=2.0, least=0.01, most=1e6),
        Input(
            "changes",
            Words("每小时换气次数", "Air changes an hour"),
            "number",
            "1/hour",
            default=1.0,
            least=0,
            most=100,
        ),
        Input("leak", Words("漏入流量", "Leak"), "number", "m3/hour", default=0.2, least=0, most=1e4),
        Input(
            "samples",
            Words("采样", "Samples"),
            "file",
            optional=True,
            about=Words(
                "CSV：minute、lel（爆炸下限的百分比）", "CSV: minute, lel (percent of the lower explosive limit)"
            ),
        ),
        Input(
            "near",
            Words("临近", "Near"),
            "choice",
            default="none",
            choices={
                "none": Words("无", "nothing"),
                "people": Words("人员密集或地下电力", "crowds or underground power"),
            },
        ),
    ),
    run=_run,
    source=Words("箱式模型；GB 50838-2015", "Box model; GB 50838-2015"),
    clauses=("16",),
    verified=Words(
        "V = 2 m³、λ = 1 /h、q = 0.2 m³/h：6.3 分钟到 1%，41.6 分钟到 5%",
        "V = 2 m³, λ = 1 /h, q = 0.2 m³/h: 1 % after 6.3 minutes, 5 % after 41.6",
    ),
    limits=(
        Words(
            "不判断泄漏来源，不区分沼气与管道气；分级是设计取值，城市应换成自己的。",
            "It finds no source, tells no sewer gas from pipeline gas; the grades are a design, for cities to replace.",
        ),
    ),
)
