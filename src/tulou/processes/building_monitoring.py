"""The process that tells which buildings move."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.buildings.monitoring import monitor  # loads the science

    return monitor(run)


PROCESS = Process(
    name="building_monitoring",
    title=Words("房屋沉降、倾斜与裂缝监测", "Settlement, tilt and cracks of buildings"),
    question=Words(
        "哪些房屋正在沉降、倾斜或开裂，须立即有人去看？",
        "Which buildings settle, tilt or crack so that somebody must go and look?",
    ),
    inputs=(
        Input(
            "readings",
            Words("监测读数", "Readings"),
            "file",
            about=Words(
                "CSV：building、point、date、settlement（mm，下沉）、tilt（%）、crack（裂缝宽度，mm）与 member"
                "（main_bars 主筋处、tension 受拉区）、temperature（℃）、storeys、height（m）",
                "CSV: building, point, date, settlement (mm, down), tilt (%), crack (width, mm) with member "
                "(main_bars, tension), temperature (°C), storeys, height (m)",
            ),
        ),
        Input(
            "adjacent",
            Words("相邻施工", "Beside a building site"),
            "text",
            optional=True,
            about=Words("这些房屋旁有施工，以逗号分隔", "buildings beside a building site, with commas between"),
        ),
    ),
    run=_run,
    source="JGJ 125-2016; JGJ 8-2016; Theil (1950), Sen (1968)",
    clauses=("9", "16"),
    takes_city=True,
    limits=(
        Words("不是房屋鉴定：A 至 D 级须由鉴定机构评定。", "No appraisal: grades A to D are given by a licensed body."),
        Words(
            "裂缝只看钢筋混凝土构件的宽度；不均匀沉降只逐点看。",
            "Of cracks only the width in concrete; points of a building are looked at one by one.",
        ),
    ),
)
