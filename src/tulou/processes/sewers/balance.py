"""From inflow of the plants to the rate of collection; from daily flows to infiltration and inflow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel import units
from tulou.kernel.documents import read_document
from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.kernel.facts import Facts
from tulou.kernel.words import Words
from tulou.measures.environment.sewage import Flows, people_served, triangle, undiluted_share
from tulou.processes.declaration import Run
from tulou.processes.outcome import Balance, Cell, Column, Figure, Outcome, Table
from tulou.processes.yearly import yearly
from tulou.sources.columns import Wanted, read_columns

Array = NDArray[np.float64]
RULES_FILE = Path(__file__).with_name("rules.yaml")
PLANTS = (
    Wanted("plant", ("污水处理厂", "厂名"), "text", is_required=True),
    Wanted("flow", ("进水量", "水量"), "number", "m3/day", least=0.0, is_required=True),
    Wanted("bod5", ("bod", "进水bod5"), "number", "mg/L", least=0.0, is_required=True),
)
DAYS = (
    Wanted("date", ("日期",), "day", is_required=True),
    Wanted("flow", ("水量", "进水量"), "number", "m3/day", least=0.0, is_required=True),
    Wanted("rain", ("雨量", "降雨量"), "number", "mm", least=0.0, is_required=True),
)


@dataclass(frozen=True, eq=False)
class _Collected:
    """What reaches the plants.

    Args:
        names: The plants.
        flow: m³/day.
        bod5: mg/L.
        served: People by the load.
        people: People of the city.
    """

    names: tuple[str, ...]
    flow: Array
    bod5: Array
    served: Array
    people: float

    @property
    def rate(self) -> float:
        """Share of the load that is known to reach the plants, percent."""
        return 100 * float(np.nansum(self.served)) / self.people

    @property
    def unknown(self) -> int:
        """Plants of which flow or concentration is unknown."""
        return int(np.isnan(self.served).sum())

    @property
    def mean_bod5(self) -> float:
        """Mean concentration of the plants that are known, by flow, mg/L."""
        known = np.isfinite(self.served)
        whole = float(self.flow[known].sum())
        return float((self.flow * self.bod5)[known].sum()) / whole if whole else float("nan")


def balance(run: Run) -> Outcome:
    """Run the process, see ``sewage.PROCESS``."""
    values = run.values
    load = float(read_document(RULES_FILE, RULES_FILE.name)["load"]["value"])
    collected, sources = _collected(values, load)
    flows: Flows | None = None
    if values["flows"] is not None:
        if values["sewage"] is None:
            raise BadUse("daily flows need the sewage of a day beside them", where="sewage", allowed=("sewage=90000",))
        flows, digest = _flows(values["flows"], values["sewage"], values["wet"])
        sources[values["flows"].name] = digest
    facts, unkept = _facts(run, collected, load)
    return Outcome(
        answer=_answer(collected, flows),
        figures=_figures(collected, flows, values["sewage_a_person"], load),
        tables=(_table(collected),),
        balances=_balances(flows),
        assumptions=_assumptions(load, values, flows),
        warnings=(*_warnings(collected), *unkept),
        facts=facts,
        sources=sources,
    )


def _facts(run: Run, collected: _Collected, load: float) -> tuple[tuple[Facts, ...], tuple[Words, ...]]:
    """Load of the year that arrives and that the people make, t; unknown where a plant is."""
    if run.state is None:
        return (), ()
    if run.values["year"] is None:
        return (), (Words("没有给出年份：不入库。", "No year was given: nothing is kept."),)
    year = int(run.values["year"])
    days = date(year, 12, 31).timetuple().tm_yday
    arrives = float((collected.flow * collected.bod5).sum()) * units.factor("g", "tonne") * days
    made = collected.people * load * units.factor("g", "tonne") * days
    return yearly(run.state, year, {"sewage_load_collected": arrives, "sewage_load_discharged": made})


def _collected(values: Mapping[str, Any], load: float) -> tuple[_Collected, dict[str, str]]:
    path = values["plants"]
    table = read_columns(path, PLANTS)
    names = table.texts["plant"]
    if len(set(names)) < len(names) or not all(names):
        raise BadInput("each plant has one row and a name", where=path.name, found=", ".join(names))
    flow, bod5 = table.numbers["flow"], table.numbers["bod5"]
    served = people_served(flow, bod5, load)
    if np.isnan(served).all():
        raise NotEnoughData("no plant has a known flow and concentration", where=path.name, found=len(names))
    return _Collected(names, flow, bod5, served, values["people"]), {path.name: table.digest}


def _flows(path: Path, sewage: float, wet: float) -> tuple[Flows, str]:
    table = read_columns(path, DAYS)
    days = table.single_days("date", path.name)
    rain = dict(zip(days, table.numbers["rain"].tolist(), strict=True))
    # A day of unknown rain is no dry day: it is left out, and so is the day after it.
    fallen = np.array([np.maximum(rain[day], rain.get(day - timedelta(days=1), 0.0)) for day in days])
    flow = np.where(np.isnan(fallen), np.nan, table.numbers["flow"])
    return triangle(flow, fallen >= wet, sewage), table.digest


def _answer(collected: _Collected, flows: Flows | None) -> tuple[Words, ...]:
    least = Words("至少 ", "at least ") if collected.unknown else Words("", "")
    said = [
        Words(
            f"生活污水集中收集率{least.zh}{collected.rate:.1f}%：进厂有机负荷相当于 {np.nansum(collected.served):,.0f} "
            f"人，服务人口 {collected.people:,.0f} 人。",
            f"The collection rate of sewage is {least.en}{collected.rate:.1f} %: the load that arrives is that of "
            f"{np.nansum(collected.served):,.0f} of {collected.people:,.0f} people.",
        )
    ]
    if flows is not None:
        infiltration, inflow = (100 * part / flows.whole for part in (flows.infiltration, flows.inflow))
        said.append(
            Words(
                f"进厂水量中，入渗地下水占 {infiltration:.1f}%，雨水占 {inflow:.1f}%。",
                f"Of the water that arrives {infiltration:.1f} % is infiltration and {inflow:.1f} % rain.",
            )
        )
    return tuple(said)


def _figures(
    collected: _Collected, flows: Flows | None, sewage_a_person: float | None, load: float
) -> tuple[Figure, ...]:
    high = float("nan") if collected.unknown else collected.rate
    found = [
        Figure(
            "rate", Words("集中收集率", "Collection rate"), collected.rate, "percent", collected.rate, high, digits=1
        ),
        Figure("bod5", Words("平均进水 BOD5", "Mean BOD5 that arrives"), collected.mean_bod5, "mg/L", digits=1),
    ]
    if sewage_a_person is not None:
        other = 100 * (1 - undiluted_share(collected.mean_bod5, sewage_a_person, load))
        title = Words("外来水比例（浓度法）", "Share of other water (by concentration)")
        found.append(Figure("other_water", title, other, "percent", digits=1))
    if flows is not None:
        for name, title, part in (
            ("infiltration", Words("入渗比例（三角形法）", "Infiltration (triangle)"), flows.infiltration),
            ("inflow", Words("雨水比例（三角形法）", "Inflow of rain (triangle)"), flows.inflow),
        ):
            found.append(Figure(name, title, 100 * part / flows.whole, "percent", digits=1))
    return tuple(found)


def _table(collected: _Collected) -> Table:
    columns = (
        Column("plant", Words("污水处理厂", "Plant")),
        Column("flow", Words("进水量", "Inflow"), "m3/day", 0),
        Column("bod5", Words("BOD5", "BOD5"), "mg/L", 1),
        Column("served", Words("按负荷折算人口", "People by the load"), "person", 0),
    )
    numbers = (collected.flow, collected.bod5, collected.served)
    rows: list[list[Cell]] = [
        [name, *(None if np.isnan(column[place]) else float(column[place]) for column in numbers)]
        for place, name in enumerate(collected.names)
    ]
    return Table("plants", Words("各厂", "Plants"), columns, rows)


def _balances(flows: Flows | None) -> tuple[Balance, ...]:
    if flows is None:
        return ()
    parts = flows.sewage + flows.infiltration + flows.inflow
    return (Balance(Words("进厂水量", "Water that arrives"), flows.whole, parts, 0.0, "m3"),)


def _assumptions(load: float, values: Mapping[str, Any], flows: Flows | None) -> tuple[Words, ...]:
    found = [
        Words(
            f"每人每日 BOD5 {load:g} 克（凭记忆，待核对）；工业负荷未扣除，会抬高收集率。",
            f"{load:g} g of BOD5 a person and day (from memory, to be confirmed); loads of industry are not taken off "
            "and raise the rate.",
        )
    ]
    if values["sewage_a_person"] is not None:
        found.append(
            Words(
                "浓度法假定污水在管道中没有降解；有降解时，外来水比例偏大。",
                "By concentration: nothing decays in the sewers; where it does, the share of other water is too large.",
            )
        )
    if flows is not None:
        found.append(
            Words(
                f"当日或前一日雨量达到 {values['wet']:g} 毫米为雨天（设定）；污水量每日相同。"
                "雨量未知的日子不参加统计。",
                f"A day is wet when {values['wet']:g} mm fell on it or the day before (a choice); sewage is the same "
                "each day. Days of unknown rain are left out.",
            )
        )
    return tuple(found)


def _warnings(collected: _Collected) -> tuple[Words, ...]:
    found: list[Words] = []
    if collected.unknown:
        found.append(
            Words(
                f"{collected.unknown} 座厂水量或浓度未知：收集率只是下限。",
                f"{collected.unknown} plants lack a flow or a concentration: the rate is a lower bound.",
            )
        )
    if collected.rate > 100:  # noqa: PLR2004  (all of it)
        found.append(
            Words(
                "收集率高于 100%：人口偏少、工业负荷或计量有误，请核对。",
                "A rate above 100 %: too few people, loads of industry, or a wrong meter. Please check.",
            )
        )
    return tuple(found)
