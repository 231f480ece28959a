"""The daily and monthly report of lifeline alarms: what was raised, by which rule, what became of it, what is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.words import Language, Words
from tulou.measures.statistics.intervals import wilson_interval
from tulou.publish.drawing.lines import Curve, bar_plot, line_plot
from tulou.publish.drawing.picture import Picture
from tulou.publish.paper.content import Art, Column, Grid, Heading, Paper, Part, Sheet, Text

LEVELS = ("I", "II", "III")
MOST_COURSES = 4
"""Courses of readings that are drawn, those of the gravest alarms."""
NONE = "–"
YEAR = 365.25


@dataclass(frozen=True)
class AlarmRow:
    """An alarm as it is told.

    Args:
        name: Its id.
        level: The gravest level it had.
        raised: When it was raised, on the city's clock.
        ended: When it ended; empty while it stands.
        rule: Name of its rule.
        system: Lifeline.
        place: Its asset, else its sensor.
        risk: Registered risk; empty for none.
        confirmed: Whether another rule confirms it; None where nothing could.
        case: Its case; empty for none.
        state: Where the case stands.
        is_overdue: Whether something of the case is overdue.
        is_silence: Whether it is about a sensor that says nothing.
    """

    name: str
    level: str
    raised: str
    ended: str
    rule: Words
    system: str
    place: str
    risk: str
    confirmed: bool | None
    case: str
    state: Words
    is_overdue: bool
    is_silence: bool


@dataclass(frozen=True, eq=False)
class Course:
    """Readings around an alarm.

    Args:
        title: What is drawn.
        unit: Unit of the readings.
        hours: Hours since the beginning of the report, shape (windows,).
        mean: Mean of each window; NaN where there is none.
        marks: Level and threshold of the rule.
    """

    title: Words
    unit: str
    hours: NDArray[np.float64]
    mean: NDArray[np.float64]
    marks: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, eq=False)
class AlarmMaterial:
    """What a report is made of.

    Args:
        city: Name of the city.
        span: The day or month, as it is written.
        synthetic: Whether the city was generated.
        rows: Alarms raised in the time, the earliest first.
        standing: Alarms that stood at its end, whenever they were raised.
        bars: Label and number of alarms of each hour or day.
        bar_title: What a bar is.
        courses: Readings of the gravest alarms.
        take_up: Minutes from raising to taking up, one a case that was taken up.
        real: Cases that ended with what was reported verified.
        false: Cases that ended as false alarms.
        sensors: Sensors on record.
        heard: Sensors of which a reading is stored in the time.
        days: Length of the time, days.
        grades: How good the evidence of the rules is that raised something, each with its number of alarms.
    """

    city: str
    span: str
    synthetic: bool
    rows: tuple[AlarmRow, ...]
    standing: int
    bars: tuple[tuple[str, float], ...]
    bar_title: Words
    courses: tuple[Course, ...] = ()
    take_up: tuple[float, ...] = ()
    real: int = 0
    false: int = 0
    sensors: int = 0
    heard: int = 0
    days: float = 1.0
    grades: tuple[tuple[str, int], ...] = field(default_factory=tuple)


def assemble(told: AlarmMaterial, spoken: Language) -> Paper:
    """The report in one language."""
    cover = (
        (_say("城市", "City", spoken), told.city),
        (_say("时段", "Time", spoken), told.span),
        (_say("在册传感器", "Sensors on record", spoken), str(told.sensors)),
    )
    parts = (
        *_lead(told, spoken),
        *_charts(told, spoken),
        *_figures(told, spoken),
        _sheet(told, spoken),
        *_notes(told, spoken),
    )
    return Paper(
        spoken, _say("城市生命线报警报告", "Lifeline alarms", spoken) + f" {told.span}", told.synthetic, cover, parts
    )


def _say(zh: str, en: str, spoken: Language) -> str:
    return Words(zh, en).say(spoken)


def _lead(told: AlarmMaterial, spoken: Language) -> list[Part]:
    values = [one for one in told.rows if not one.is_silence]
    by_level = {level: sum(one.level == level for one in values) for level in LEVELS}
    counted = " / ".join(f"{level} {by_level[level]}" for level in LEVELS)
    silent = len(told.rows) - len(values)
    late = sum(one.is_overdue for one in told.rows)
    zh = (
        f"新报警 {len(values)} 个（{counted}），传感器无数据 {silent} 次；"
        f"时段末未恢复 {told.standing} 个；案件逾期 {late} 件。"
    )
    en = (
        f"{len(values)} alarms were raised ({counted}), sensors fell silent {silent} times; "
        f"{told.standing} alarms stood at the end; {late} cases are overdue."
    )
    without = sum(not one.case for one in values)
    parts: list[Part] = [Heading(_say("概况", "In short", spoken), 1), Text(_say(zh, en, spoken), "lead")]
    if without:
        zh, en = (
            f"{without} 个报警没有立案，没有责任单位和时限。",
            f"{without} alarms have no case: no owner and no time limit.",
        )
        parts.append(Text(_say(zh, en, spoken), "missing"))
    return parts


def _charts(told: AlarmMaterial, spoken: Language) -> list[Part]:
    if not told.rows:
        return [Text(_say("本时段没有报警。", "No alarm was raised in this time.", spoken))]
    title = _say("各时段新报警", "Alarms raised", spoken)
    up = _say("个", "Alarms", spoken)
    parts: list[Part] = [
        Art(
            (
                bar_plot(
                    "alarms",
                    told.bars,
                    title=f"{title}（{told.bar_title.zh}）" if spoken == "zh" else f"{title} by {told.bar_title.en}",
                    y_title=up,
                ),
            )
        )
    ]
    pictures = [_course(place, one, spoken) for place, one in enumerate(told.courses)]
    parts += [Art((one,)) for one in pictures]
    return parts


def _course(place: int, one: Course, spoken: Language) -> Picture:
    span = np.array([one.hours.min(), one.hours.max()])
    curves = [Curve(_say("读数（窗口平均）", "Readings, mean of a window", spoken), one.hours, one.mean)]
    curves += [Curve(f"{level} {value:g}", span, np.array([value, value])) for level, value in one.marks]
    along = _say("小时（自时段开始）", "Hours since the beginning", spoken)
    return line_plot(f"course{place}", curves, title=one.title.say(spoken), x_title=along, y_title=one.unit)


def _figures(told: AlarmMaterial, spoken: Language) -> list[Part]:
    settled = told.real + told.false
    rows = [
        (
            _say("签收用时（中位数）", "Time to take up, median", spoken),
            f"{np.median(told.take_up):.0f} min" if told.take_up else NONE,
            str(len(told.take_up)),
        ),
        (_say("属实率", "Share of alarms that were real", spoken), _share(told.real, settled), str(settled)),
        (
            _say("误报／传感器·年", "False alarms a sensor-year", spoken),
            f"{told.false / (told.sensors * told.days / YEAR):.2f}" if settled and told.sensors else NONE,
            f"{told.sensors * told.days:.0f}",
        ),
        (
            _say("有读数的传感器", "Sensors that were heard", spoken),
            f"{told.heard} / {told.sensors}",
            str(told.sensors),
        ),
    ]
    head = (_say("指标", "Figure", spoken), _say("数值", "Value", spoken), _say("基数", "Out of", spoken))
    note = _say(
        "属实率只计已办结并复核的案件，括号内为 95% 区间（Wilson）；误报的基数为传感器·日。",
        "The share is of verified cases, with its 95 % interval (Wilson); false alarms are out of sensor-days.",
        spoken,
    )
    return [
        Heading(_say("处置成效", "How it was handled", spoken), 1),
        Grid(head, tuple(rows), (30.0, 20.0, 10.0), (1, 2)),
        Text(note, "note"),
    ]


def _share(count: int, total: int) -> str:
    if not total:
        return NONE
    bounds = wilson_interval(np.array([float(count)]), np.array([float(total)]))
    low, high = (float(one[0]) for one in bounds)
    return f"{100 * count / total:.0f} % ({100 * low:.0f}–{100 * high:.0f})"


def _sheet(told: AlarmMaterial, spoken: Language) -> Sheet:
    heads = (
        ("级别", "Level", 7.0), ("报警时间", "Raised", 18.0), ("恢复时间", "Ended", 18.0), ("规则", "Rule", 24.0),
        ("监测对象", "At", 16.0), ("登记风险", "Risk", 12.0), ("印证", "Confirmed", 10.0), ("案件", "Case", 10.0),
        ("状态", "State", 14.0), ("逾期", "Overdue", 9.0), ("报警编号", "Alarm", 36.0),
    )  # fmt: skip
    columns = tuple(Column(_say(zh, en, spoken), width=width) for zh, en, width in heads)
    yes, no = _say("是", "yes", spoken), _say("否", "no", spoken)
    flags = {True: yes, False: no, None: NONE}
    silent = _say("（无数据）", ", silent", spoken)
    rows = [
        (
            one.level, one.raised, one.ended or NONE, one.rule.say(spoken) + (silent if one.is_silence else ""),
            one.place,
            one.risk or NONE, flags[one.confirmed], one.case or NONE, one.state.say(spoken),
            yes if one.is_overdue else no,
            one.name,
        )
        for one in told.rows
    ]  # fmt: skip
    return Sheet(_say("报警清单", "Alarms", spoken), columns, rows, _say("没有报警", "No alarms", spoken))


def _notes(told: AlarmMaterial, spoken: Language) -> list[Part]:
    words = {
        "sourced": Words("有出处", "sourced"),
        "derived": Words("由资料推得", "derived"),
        "memory": Words("凭记忆，须核对", "from memory, to be checked"),
    }
    graded: Sequence[str] = [f"{words[grade].say(spoken)} {count}" for grade, count in told.grades]
    lines = [
        _say("报警级别所依据的规则证据：", "Evidence of the rules behind these alarms: ", spoken)
        + ("; ".join(graded) or NONE),
        _say(
            "报警恢复不等于办结：须由复核单位确认规则恢复正常。无数据不算正常。",
            "An alarm that ends does not close its case: a verifier confirms that the rule passes. Silence is no pass.",
            spoken,
        ),
    ]
    return [Heading(_say("说明", "Notes", spoken), 1), *(Text(one, "bullet") for one in lines)]
