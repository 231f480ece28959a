"""The process that tells whom a fire engine reaches in five minutes, and where more stations help most."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome
from tulou.processes.shelters.asking import LEVEL


def _run(run: Run) -> Outcome:
    from tulou.processes.fire.cover import cover  # loads the science

    return cover(run)


PROCESS = Process(
    name="fire_cover",
    title=Words("消防五分钟覆盖", "Five-minute fire cover"),
    question=Words(
        "接警五分钟内消防车到不了谁？再建几座站、建在哪里最有用？",
        "Whom does a fire engine not reach within five minutes, and where do more stations help most?",
    ),
    inputs=(
        Input("driving", Words("行车时间", "Driving time"), "number", "second", default=240.0, least=10, most=3600),
        Input(
            "speed",
            Words("车速（相对取值）", "Speed, of that of the road"),
            "number",
            "percent",
            default=100.0,
            least=10,
            most=300,
        ),
        Input(
            "one_way",
            Words("单行道", "One-way streets"),
            "choice",
            default="keep",
            choices={"keep": Words("遵守", "kept to"), "ignore": Words("可逆行", "driven both ways")},
        ),
        Input("new", Words("新建站数", "New stations"), "whole", default=0.0, least=0, most=50),
        Input("gap", Words("可接受差距", "Good enough"), "number", "percent", default=0.5, least=0, most=20),
        LEVEL,
    ),
    run=_run,
    source=Words(
        "GB 51080-2015; 建标152-2017; Church & ReVelle (1974); Minieka (1970)",
        "GB 51080-2015; construction standard 152-2017; Church & ReVelle (1974); Minieka (1970)",
    ),
    clauses=("16", "19"),
    needs_city=True,
    verified=Words(
        "A = 2P² 的辖区—车速数值；小例覆盖与最远者最近以穷举核对；单行道时间以逐点搜索核对",
        "districts and speeds of A = 2P²; cover and centre on small cases against all choices; times along one-way "
        "streets against a plain search",
    ),
    limits=(
        Words("不计转弯、信号、拥堵变化和限高；备选站址是路口，没有核对用地。",
              "Turns, lights and low bridges cost nothing; candidates are crossings, whatever the land."),
        Words("风险权重是设计取值，不是火灾概率。", "Weights of risk are a choice and no probability of fire."),
    ),
)  # fmt: skip
