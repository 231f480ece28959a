"""The process that puts the risks of a city beside one another."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.risk.spectrum import spectrum  # loads the science

    return spectrum(run)


PROCESS = Process(
    name="risk_spectrum",
    title=Words("城市安全风险谱系", "Risk spectrum of a city"),
    question=Words(
        "有哪些风险？各在哪里、相对多大？会引发什么连锁？谁负责、何时复核？",
        "Which risks are there, where, how large beside one another, what do they set off, and who owns them?",
    ),
    inputs=(
        Input(
            "register",
            Words("风险清单", "Register of risks"),
            "file",
            optional=True,
            about=Words(
                "CSV：id、hazard、frequency（次/年）、people、money、service、owner、review",
                "CSV: id, hazard, frequency (a year), people, money, service, owner, review",
            ),
        ),
        Input(
            "day",
            Words("基准日", "Day"),
            "day",
            optional=True,
            about=Words(
                "与 register 同给：此前应复核的为逾期", "given with the register: reviews due before it are overdue"
            ),
        ),
        Input(
            "exposure",
            Words("承灾体", "Exposure"),
            "file",
            optional=True,
            about=Words(
                "CSV：id、type、value、unit；unit 写社区编号或名称，结果可入库",
                "CSV: id, type, value, unit; a unit that is the id or name of a community can be kept",
            ),
        ),
        Input(
            "value_unit",
            Words("价值单位", "Unit of the values"),
            "choice",
            optional=True,
            choices={"yuan": Words("元", "yuan")},
            about=Words("入库时必填：承灾体价值须为元", "needed to keep losses: values are in yuan"),
        ),
        Input(
            "events",
            Words("事件集", "Events"),
            "file",
            optional=True,
            about=Words(
                "CSV：event、hazard、id、intensity、frequency；同名事件为联合事件",
                "CSV: event, hazard, id, intensity, frequency; one name is one joint event",
            ),
        ),
        Input(
            "curves",
            Words("脆弱性曲线", "Curves of damage"),
            "file",
            optional=True,
            about=Words("CSV：hazard、type、intensity、ratio", "CSV: hazard, type, intensity, ratio"),
        ),
        Input(
            "cascade",
            Words("连锁关系", "Cascade"),
            "file",
            optional=True,
            about=Words("CSV：cause、effect、chance", "CSV: cause, effect, chance"),
        ),
        Input(
            "start",
            Words("起始事件", "What fails first"),
            "text",
            optional=True,
            about=Words("与 cascade 同给", "given with the cascade"),
        ),
        Input(
            "periods",
            Words("重现期", "Return periods"),
            "numbers",
            "year",
            default=(10.0, 50.0, 100.0, 200.0),
            least=1,
            most=1e5,
        ),
    ),
    run=_run,
    source="Cox (2008); Emanuel (2011)",
    clauses=("17", "19"),
    takes_city=True,
    verified=Words(
        "CLIMADA 频率曲线算例（500 年 2 320 408 028.57，1000 年 3 287 314 329.13）；"
        "圣萨尔瓦多洪水年均赔付 19 023.79 美元",
        "CLIMADA's frequency curve (2,320,408,028.57 at 500 years, 3,287,314,329.13 at 1000); payout of San Salvador's "
        "floods, 19,023.79 USD a year",
    ),
    limits=(
        Words("频率和后果由使用者给出，本模型不推求。", "Frequencies and consequences are given, not found."),
        Words("不把不同后果折成一个分数；颜色只作提示。", "Kinds of consequences are not made into one score."),
    ),
)
