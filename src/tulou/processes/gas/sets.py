"""From a table of households to who has the three-piece set in date, and when the devices fall due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, Fault
from tulou.kernel.facts import Facts
from tulou.kernel.words import Words
from tulou.measures.hazard.gas import IN_DATE, MISSING, OUT_OF_DATE, UNKNOWN, device_states, set_bounds
from tulou.processes.declaration import Run
from tulou.processes.gas.rules import rules
from tulou.processes.outcome import Balance, BarPlot, Cell, Column, Figure, Line, LinePlot, Outcome, Table
from tulou.sources import cells
from tulou.sources.columns import MOST_FAULTS, Columns, Wanted, read_columns

Array = NDArray[np.float64]
States = NDArray[np.int64]
DEVICES = ("alarm", "valve", "hose")
DAYS_A_YEAR = 365.25
STATES = {
    IN_DATE: Words("在用期内", "in date"),
    OUT_OF_DATE: Words("超期", "out of date"),
    MISSING: Words("未装", "missing"),
    UNKNOWN: Words("未知", "unknown"),
}


@dataclass(frozen=True, eq=False)
class Households:
    """What a table tells of gas households; who lives there is no part of it.

    Args:
        unit: Unit of each; empty where unknown.
        installed: Year in decimals in which each device was installed, (households, devices).
        life: Years that each lasts.
        digest: SHA-256 of the file.
    """

    unit: NDArray[np.object_]
    installed: Array
    life: Array
    digest: str

    def states(self, day: float) -> States:
        """How each device stands on a day."""
        return device_states(self.installed, self.life, day)


def sets(run: Run) -> Outcome:
    """Run the process, see ``gas_safety.PROCESS``."""
    values = run.values
    homes = _read(values["households"])
    day = _year(values["day"])
    surely, possibly = set_bounds(homes.states(day))
    years = np.arange(values["years"] + 1)
    ahead = [set_bounds(homes.states(day + year)) for year in years]
    due = _due(homes, day, values["years"])
    return Outcome(
        answer=_answer(homes, surely, possibly, due),
        figures=_figures(surely, possibly),
        tables=(_devices(homes, day), _years(values["day"], ahead, due), _units(homes, surely, possibly)),
        plots=(_curve(values["day"], years, ahead), _bars(values["day"], due)),
        balances=(_balance(homes, day),),
        assumptions=_assumptions(),
        warnings=_warnings(run, homes),
        facts=_facts(run, homes, surely, possibly),
        sources={values["households"].name: homes.digest},
    )


def _read(path: Path) -> Households:
    """Read and check the table."""
    lives = rules()["lives"]
    wanted = [Wanted("unit", ("community", "小区", "社区", "单元"), "text")]
    for name in DEVICES:
        heads = lives[name]["heads"]
        wanted += [
            Wanted(name, tuple(heads), "text", is_required=True),
            Wanted(f"{name}_life", tuple(f"{head}寿命" for head in heads), "number", "year", least=0.0),
        ]
    wanted.append(Wanted("hose_kind", ("软管材质", "hose_material"), "text"))
    table = read_columns(path, wanted)
    faults: list[Fault] = []
    installed = np.column_stack([_installed(table, name, path.name, faults) for name in DEVICES])
    if faults:
        raise BadInput.of(faults[:MOST_FAULTS])
    soft = np.array([one.lower() in rules()["soft_hoses"] for one in table.texts.get("hose_kind", [""] * table.rows)])
    installed[soft, DEVICES.index("hose")] = np.inf
    life = np.column_stack([_life(table, name) for name in DEVICES])
    unit = np.array(table.texts.get("unit", [""] * table.rows), object)
    return Households(unit, installed, life, table.digest)


def _installed(table: Columns, name: str, where: str, faults: list[Fault]) -> Array:
    """Year of installation: infinite for none, NaN for unknown."""
    found = np.full(table.rows, np.nan)
    for row, text in enumerate(table.texts[name]):
        if cells.is_missing(text) and text not in rules()["none"]:
            continue
        day = cells.day(text)
        if text.lower() in rules()["none"]:
            found[row] = np.inf
        elif day is None:
            place = f"{where}: row {row + 2}, {name}"
            faults.append(Fault("this is not a day", place, text, ("a day like 2026-01-29", "none")))
        else:
            found[row] = _year(day)
    return found


def _life(table: Columns, name: str) -> Array:
    """Years that a device lasts: as on record, else as usual."""
    usual = float(rules()["lives"][name]["value"])
    stated = table.numbers.get(f"{name}_life")
    return np.full(table.rows, usual) if stated is None else np.where(np.isnan(stated), usual, stated)


def _year(day: date) -> float:
    return day.toordinal() / DAYS_A_YEAR


def _due(homes: Households, day: float, years: int) -> NDArray[np.int64]:
    """Devices that fall out of date in each of the coming years, (years, devices)."""
    end = homes.installed + homes.life
    edges = day + np.arange(years + 1)
    with np.errstate(invalid="ignore"):
        good = np.isfinite(end) & (homes.installed <= day) & (end > day)
    return np.column_stack([np.histogram(end[good[:, k], k], edges)[0] for k in range(len(DEVICES))]).astype(np.int64)


def _share(some: NDArray[np.bool_]) -> float:
    return 100 * float(some.mean()) if len(some) else float("nan")


def _answer(
    homes: Households, surely: NDArray[np.bool_], possibly: NDArray[np.bool_], due: NDArray[np.int64]
) -> tuple[Words, ...]:
    count, low, high = len(homes.unit), _share(surely), _share(possibly)
    between = (
        Words("", "")
        if low == high
        else Words(f"，未知按有计为 {high:.1f}%", f", {high:.1f} % if what is unknown is there")
    )
    said = [
        Words(
            f"{count:,} 户中 {low:.1f}% 三件套齐全且在使用期内{between.zh}。",
            f"Of {count:,} households {low:.1f} % have the whole set in date{between.en}.",
        )
    ]
    if len(due):
        said.append(
            Words(
                f"今后一年到期：{due[0].sum():,} 件。",
                f"Devices that fall out of date in the coming year: {due[0].sum():,}.",
            )
        )
    return tuple(said)


def _figures(surely: NDArray[np.bool_], possibly: NDArray[np.bool_]) -> tuple[Figure, ...]:
    low, high = _share(surely), _share(possibly)
    title = Words("三件套覆盖率", "Households with the set")
    return (Figure("cover", title, low, "percent", low, high, digits=1),)


def _devices(homes: Households, day: float) -> Table:
    """Each device by its state."""
    states = homes.states(day)
    rows: list[list[Cell]] = []
    for place, name in enumerate(DEVICES):
        title = rules()["lives"][name]["title"]
        rows.append([Words(title["zh"], title["en"]), *(int((states[:, place] == state).sum()) for state in STATES)])
    heads = (
        Column("device", Words("装置", "Device")),
        *(Column(f"state{state}", words, "household", 0) for state, words in STATES.items()),
    )
    return Table("devices", Words("各装置状态", "Devices by state"), heads, rows)


def _years(day: date, ahead: Sequence[tuple[NDArray[np.bool_], NDArray[np.bool_]]], due: NDArray[np.int64]) -> Table:
    rows: list[list[Cell]] = [
        [f"{day.year + year}-{day.month:02d}", *map(int, due[year]), _share(ahead[year + 1][0])]
        for year in range(len(due))
    ]
    heads = (
        Column("from", Words("起", "From")),
        *(
            Column(name, Words(f"{title['zh']}到期", f"{title['en']} due"), "1", 0)
            for name, title in ((name, rules()["lives"][name]["title"]) for name in DEVICES)
        ),
        Column("cover", Words("不更换时一年后覆盖率", "Cover a year on, nothing replaced"), "percent", 1),
    )  # fmt: skip
    return Table("years", Words("到期预测", "Forecast"), heads, rows)


def _units(homes: Households, surely: NDArray[np.bool_], possibly: NDArray[np.bool_]) -> Table:
    """Each unit; those of few households are told together."""
    fewest = int(rules()["fewest"]["value"])
    names, place = np.unique(homes.unit.astype(str), return_inverse=True)
    count = np.bincount(place, minlength=len(names))
    small = count < fewest
    rows: list[list[Cell]] = []
    groups = [(names[at] or Words("未注明", "not stated"), place == at) for at in np.flatnonzero(~small)]
    if count[small].sum() >= fewest:
        groups.append((Words(f"不足{fewest}户的单元合计", f"units of fewer than {fewest} households"), small[place]))
    for title, mine in groups:
        rows.append([title, int(mine.sum()), _share(surely[mine]), _share(possibly[mine])])
    rows.sort(key=lambda row: (float(str(row[2])), str(row[0])))
    heads = (
        Column("unit", Words("单元", "Unit")),
        Column("households", Words("户数", "Households"), "household", 0),
        Column("low", Words("至少", "At least"), "percent", 1),
        Column("high", Words("至多", "At most"), "percent", 1),
    )
    return Table("units", Words("各单元覆盖率", "Units"), heads, rows)


def _curve(
    day: date, years: NDArray[np.int64], ahead: Sequence[tuple[NDArray[np.bool_], NDArray[np.bool_]]]
) -> LinePlot:
    title = Words("不更换时的覆盖率", "Cover while nothing is replaced")
    lines = tuple(
        Line(words, (day.year + years).astype(float), np.array([_share(pair[at]) for pair in ahead]))
        for at, words in enumerate((Words("未知按无计", "unknown as none"), Words("未知按有计", "unknown as there")))
    )
    return LinePlot("cover", title, Words("年", "year"), Words("百分比", "percent"), lines)


def _bars(day: date, due: NDArray[np.int64]) -> BarPlot:
    bars = tuple((str(day.year + year), float(row.sum())) for year, row in enumerate(due))
    return BarPlot("due", Words("每年到期装置", "Devices due by year"), Words("件", "devices"), bars)


def _balance(homes: Households, day: float) -> Balance:
    states = homes.states(day)
    parts = sum(float((states == state).sum()) for state in STATES)
    return Balance(Words("装置状态", "Devices by state"), float(states.size), parts, 0.0, "1")


def _assumptions() -> tuple[Words, ...]:
    lives = rules()["lives"]
    zh = "、".join(f"{lives[name]['title']['zh']} {lives[name]['value']} 年" for name in DEVICES)
    en = ", ".join(f"{lives[name]['title']['en']} {lives[name]['value']} years" for name in DEVICES)
    return (
        Words(
            f"没有登记寿命的按：{zh}（凭记忆，待核对）；橡胶软管不算金属软管；空白为未知，“无”为未装。",
            f"Lives on no record: {en} (from memory, to be confirmed); a rubber hose is no metal hose; a blank is "
            "unknown, “none” is missing.",
        ),
    )


def _warnings(run: Run, homes: Households) -> tuple[Words, ...]:
    if run.state is None or not any(homes.unit):
        return ()
    strange = sorted({*homes.unit.tolist()} - {"", *run.state.rows("community").ids.tolist()})
    if not strange:
        return ()
    return (
        Words(
            f"{len(strange)} 个单元编号不是该城市的社区，如 {strange[0]}，不入库。",
            f"{len(strange)} units are no communities of the city, such as {strange[0]}; nothing of them is kept.",
        ),
    )


def _facts(run: Run, homes: Households, surely: NDArray[np.bool_], possibly: NDArray[np.bool_]) -> tuple[Facts, ...]:
    """Gas households of each community, and those with the set where nothing of it is unknown."""
    if run.state is None:
        return ()
    known = [name for name in run.state.rows("community").ids.tolist() if (homes.unit == name).any()]
    if not known:
        return ()
    mine = [homes.unit == name for name in known]
    safe = [float(surely[at].sum()) if (surely[at] == possibly[at]).all() else None for at in mine]
    table = {"id": known, "gas_households": [float(at.sum()) for at in mine], "gas_safe_households": safe}
    return (Facts("community", pa.table({**table, "gas_safe_households": pa.array(safe, pa.float64())})),)
