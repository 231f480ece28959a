"""The process that tells from where the wind comes, all of it and the light one that ventilation lives on."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.climate.winds import tell_rose  # loads the science

    return tell_rose(run)


RECORD = Input(
    "record",
    Words("逐时风记录", "Hourly wind record"),
    "file",
    about=Words(
        "CSV：time、direction（来向，度）、speed（m/s）；也可为 TMY3 典型年",
        "CSV: time, direction (degrees it comes from), speed (m/s); or a typical year in TMY3",
    ),
)
MONTHS = Input(
    "months",
    Words("月份", "Months"),
    "numbers",
    optional=True,
    least=1,
    most=12,
    about=Words("例如 6,7,8；不给出则为全年", "such as 6,7,8; the whole year without"),
)

LIGHT_WIND = (
    Input(
        "least",
        Words("软轻风下限", "Slowest light wind"),
        unit="m/s",
        optional=True,
        least=0,
        about=Words("缺省见 rules.yaml", "by default that of rules.yaml"),
    ),
    Input(
        "most",
        Words("软轻风上限", "Fastest light wind"),
        unit="m/s",
        optional=True,
        least=0,
        about=Words("缺省见 rules.yaml", "by default that of rules.yaml"),
    ),
)

PROCESS = Process(
    name="wind_rose",
    title=Words("风玫瑰", "Wind rose"),
    question=Words(
        "风从哪里来？其中软轻风从哪里来？记录可信吗？",
        "From where does the wind come, and the light wind? Is the record to be trusted?",
    ),
    inputs=(
        RECORD,
        MONTHS,
        *LIGHT_WIND,
    ),
    run=_run,
    source="QX/T 437-2018; Droppo & Napier (2008)",
    clauses=("19",),
    limits=(
        Words(
            "软轻风 0.3—3.3 m/s 凭记忆，须与标准核对。",
            "Light wind from 0.3 to 3.3 m/s is from memory: compare with the standard.",
        ),
        Words(
            "一个测站代表其周边，不代表全市；海陆风、山谷风须另看分时玫瑰。",
            "A station stands for its surroundings, not for the city; sea and valley breezes need roses by hour.",
        ),
    ),
)
