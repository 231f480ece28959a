"""The process that tells what an earthquake would do to the buildings of an exposure file."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.earthquake_scenario import DAMAGE, LIMITS, MOTION, SOURCE, VERIFIED
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.earthquake.scenario import on_exposure  # loads the science

    return on_exposure(run)


PROCESS = Process(
    name="earthquake_exposure",
    title=Words("地震情景（承灾体文件）", "Earthquake scenario on an exposure file"),
    question=Words(
        "这样的地震会毁坏清单中的多少房屋？损失多大？",
        "How many buildings of a list would such an earthquake ruin, and what would that cost?",
    ),
    inputs=(
        Input(
            "exposure",
            Words("承灾体", "Exposure"),
            "file",
            about=Words(
                "CSV：id、taxonomy、number、structural、night，或 OpenQuake NRML",
                "CSV: id, taxonomy, number, structural, night; or OpenQuake NRML",
            ),
        ),
        Input(
            "unit",
            Words("单元列", "Column of units"),
            "text",
            optional=True,
            about=Words("如 NAME_2，按它汇总", "such as NAME_2, by which results are summed"),
        ),
        Input(
            "people",
            Words("人数含义", "People are those of"),
            "choice",
            default="asset",
            choices={
                "asset": Words("整组房屋", "all buildings of an asset"),
                "building": Words("每栋房屋", "each building"),
            },
        ),
        *MOTION,
        Input(
            "sa", Words("反应谱加速度", "Spectral acceleration"), "number", "m/s2", optional=True, least=1e-3, most=100
        ),
        *DAMAGE,
    ),
    run=_run,
    source=SOURCE,
    clauses=("16", "19"),
    verified=VERIFIED,
    limits=LIMITS,
)
