"""The process that tells when beds run out."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.health.surge import surge  # loads the science

    return surge(run)


PROCESS = Process(
    name="bed_surge",
    title=Words("床位冲击", "Surge on beds"),
    question=Words(
        "平时床位够不够？伤员涌来时何时用尽、缺多少、缺多久？",
        "Do beds suffice in usual times? When do they run out, how many lack and how long, when casualties come?",
    ),
    inputs=(
        Input("beds", Words("床位", "Beds"), "whole", "bed", least=1, most=100_000),
        Input("arrivals", Words("平时每日住院", "Patients a day in usual times"), "number", "1", least=0, most=1e5),
        Input("stay", Words("平均住院日", "Mean stay"), "number", "day", least=0.01, most=365),
        Input("casualties", Words("情景伤员", "Casualties"), "number", "person", optional=True, least=0, most=1e7),
        Input("after", Words("多久后到达", "They come after"), "number", "hour", default=0.0, least=0, most=8760),
        Input("over", Words("在多长时间内到达", "And over"), "number", "hour", default=24.0, least=0.25, most=8760),
        Input(
            "scenario",
            Words("逐时伤员", "Casualties by the hour"),
            "file",
            optional=True,
            about=Words("CSV：hour、patients，代替 casualties", "CSV: hour, patients; instead of casualties"),
        ),
        Input(
            "admitted",
            Words("需住院比例", "Share that needs a bed"),
            "number",
            "percent",
            default=100.0,
            least=0,
            most=100,
        ),
        Input(
            "taken", Words("起始占用", "Taken at the beginning"), "number", "bed", optional=True, least=0, most=100_000
        ),
        Input("horizon", Words("时段", "Time looked at"), "number", "day", default=30.0, least=0.25, most=3650),
    ),
    run=_run,
    source="Erlang (1917)",
    clauses=("12", "18"),
    verified=Words(
        "Erlang B（10，15）0.036497、（80，100）0.003992；Erlang C（10，12）0.449388；时程与小步长、随机模拟一致",
        "Erlang B (10, 15) 0.036497, (80, 100) 0.003992; Erlang C (10, 12) 0.449388; the course against small steps "
        "and a simulation",
    ),
    limits=(
        Words(
            "平均值模型：不分病种、科室与重症；缺床概率按床位无限时的泊松分布。",
            "A model of means: no kinds of patients, wards or intensive care; chances of lacking beds are those of a "
            "Poisson number with beds without end.",
        ),
    ),
)
