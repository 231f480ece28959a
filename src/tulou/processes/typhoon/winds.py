"""From tracks to the highest wind of each place, by storm and by return period."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.kernel.words import Words
from tulou.measures.hazard.risk.impact import exceedance_curve
from tulou.measures.hazard.risk.wind import emanuel_damage
from tulou.measures.hazard.typhoon.passage import Track, passage
from tulou.processes.declaration import Run
from tulou.processes.outcome import BarPlot, Cell, Column, Figure, Outcome, Table
from tulou.processes.risk.rules import rules as risk_rules
from tulou.processes.typhoon.places import Places, places_of_city, read_places
from tulou.processes.typhoon.rules import TyphoonRules, rules
from tulou.sources.tracks import StormTrack, read_tracks

Array = NDArray[np.float64]
HOUR = 3600.0
MOST_ROWS = 60
"""Storms and places told in tables, the strongest first."""
MOST_BARS = 20
EVENTS_FILE = "typhoon_events.csv"
"""Joint events, as the risk spectrum reads them."""


@dataclass(frozen=True, eq=False)
class _Winds:
    """Winds of storms over places.

    Args:
        storms: Storms that were assessed.
        places: The places.
        wind: Shape (storms, places), m/s.
        rain: Shape (storms, places), mm; NaN for snapshots.
        left_out: Points without a pressure, and storms that have none at all.
    """

    storms: tuple[StormTrack, ...]
    places: Places
    wind: Array
    rain: Array
    left_out: tuple[int, int]

    @property
    def highest(self) -> Array:
        """Highest wind of each place over all storms."""
        return np.asarray(self.wind.max(axis=0), np.float64)


def winds(run: Run) -> Outcome:
    """Run the process, see ``typhoon_wind.PROCESS``."""
    values, held = run.values, rules()
    places = _places(run)
    storms, digest = read_tracks(values["tracks"])
    found = _blown(storms, places, values["step"] / 60.0, held)
    return Outcome(
        answer=_answer(found, held),
        figures=_figures(found),
        tables=(_of_places(found, values), _of_storms(found)),
        plots=(_bars(found),),
        assumptions=_assumptions(found, values, held),
        warnings=_warnings(found),
        sources={**places.sources, values["tracks"].name: digest},
        files=_joint(found, values),
    )


def _places(run: Run) -> Places:
    path = run.values["places"]
    if path is not None:
        return read_places(path, run.values["datum"])
    if run.state is None:
        raise BadUse(
            "places are given, or a city whose units they are", where="places", allowed=("places=a.csv", "--city")
        )
    return places_of_city(run.state, run.values["level"])


def _blown(storms: tuple[StormTrack, ...], places: Places, step: float, held: TyphoonRules) -> _Winds:
    kept: list[StormTrack] = []
    winds_of: list[Array] = []
    rains_of: list[Array] = []
    points = 0
    for storm in storms:
        track = _track(storm)
        points += len(storm.points) - (len(track.hours) if track else 0)
        if track is None:
            continue
        kept.append(storm)
        seen = passage(track.every(step), places.latitude, places.longitude, held.model)
        winds_of.append(seen.wind)
        rains_of.append(seen.rain)
    if not kept:
        raise NotEnoughData("no storm has a point with a known pressure", where="tracks", found=len(storms))
    return _Winds(tuple(kept), places, np.stack(winds_of), np.stack(rains_of), (points, len(storms) - len(kept)))


def _track(storm: StormTrack) -> Track | None:
    """The points of known pressure; None when there is none."""
    points = [point for point in storm.points if np.isfinite(point.pressure)]
    if not points:
        return None
    hours = np.array([(point.time - points[0].time).total_seconds() / HOUR for point in points])
    names = ("latitude", "longitude", "pressure", "around", "radius")
    return Track(hours, *(np.array([getattr(point, name) for point in points], float) for name in names))


def _name(storm: StormTrack) -> str:
    return f"{storm.id} {storm.name}".strip()


def _answer(found: _Winds, held: TyphoonRules) -> tuple[Words, ...]:
    storm, place = np.unravel_index(int(found.wind.argmax()), found.wind.shape)
    most = float(found.wind[storm, place])
    if most == 0:
        return (Words("没有台风的风力波及这些地点。", "No storm reaches these places."),)
    name, where = _name(found.storms[storm]), found.places.names[place]
    counts = {level: int((found.highest >= bound).sum()) for level, bound in held.classes.items()}
    zh = "、".join(f"{level} 级以上 {count} 处" for level, count in counts.items() if count)
    en = ", ".join(f"force {level} in {count}" for level, count in counts.items() if count)
    return (
        Words(
            f"最强的风为 {most:.1f} 米/秒，出现在{where}（{name}）。"
            f"{len(found.places.names)} 处中：{zh or '均不足 8 级'}。",
            f"The strongest wind is {most:.1f} m/s in {where} ({name}). Of {len(found.places.names)} places: "
            f"{en or 'none reaches force 8'}.",
        ),
    )


def _figures(found: _Winds) -> tuple[Figure, ...]:
    return (
        Figure("highest", Words("最大风速", "Strongest wind"), float(found.highest.max()), "m/s", digits=1),
        Figure("storms", Words("台风数", "Storms"), float(len(found.storms)), "event", digits=0),
        Figure(
            "reaching",
            Words("波及地点的台风", "Storms that reach a place"),
            float((found.wind.max(axis=1) > 0).sum()),
            "event",
            digits=0,
        ),
    )


def _of_places(found: _Winds, values: Mapping[str, Any]) -> Table:
    held = risk_rules()
    columns = [
        Column("place", Words("地点", "Place")),
        Column("wind", Words("最大风速", "Strongest wind"), "m/s", 1),
        Column("storm", Words("台风", "Storm")),
        Column("rain", Words("最大过程雨量", "Most rain of a passage"), "mm", 0),
        Column("damage", Words("风损比例（Emanuel）", "Damaged (Emanuel)"), "percent", 2),
    ]
    curves = None
    if values["years"] is not None:
        frequency = np.full(len(found.storms), 1.0 / values["years"])
        periods = np.array(values["periods"])
        columns += [
            Column(f"period_{period:g}", Words(f"{period:g} 年一遇", f"{period:g} years"), "m/s", 1)
            for period in periods
        ]
        curves = [exceedance_curve(found.wind[:, at], frequency).at(periods) for at in range(len(found.places.names))]
    damage = emanuel_damage(found.highest, threshold=held.threshold, half=held.halves[values["half"]])
    order = sorted(range(len(found.places.names)), key=lambda at: (-found.highest[at], found.places.names[at]))
    rows: list[list[Cell]] = []
    for at in order[:MOST_ROWS]:
        strongest = int(found.wind[:, at].argmax())
        storm = _name(found.storms[strongest]) if found.highest[at] > 0 else None
        told = [] if curves is None else [None if np.isnan(one) else float(one) for one in curves[at]]
        rain = found.rain[:, at]
        most = float(np.nanmax(rain)) if np.isfinite(rain).any() else None
        rows.append([found.places.names[at], float(found.highest[at]), storm, most, 100 * float(damage[at]), *told])
    return Table("places", Words("各地最大风速", "Strongest wind by place"), tuple(columns), rows)


def _of_storms(found: _Winds) -> Table:
    columns = (
        Column("storm", Words("台风", "Storm")),
        Column("pressure", Words("最低气压", "Lowest pressure"), "1", 0),
        Column("wind", Words("各地最大风速", "Strongest wind"), "m/s", 1),
        Column("place", Words("地点", "Place")),
    )
    most = found.wind.max(axis=1)
    order = [int(at) for at in np.argsort(-most, kind="stable") if most[at] > 0]
    rows: list[list[Cell]] = []
    for at in order[:MOST_ROWS]:
        lowest = min(point.pressure for point in found.storms[at].points if np.isfinite(point.pressure))
        rows.append(
            [_name(found.storms[at]), lowest, float(most[at]), found.places.names[int(found.wind[at].argmax())]]
        )
    return Table("storms", Words("各台风（气压以百帕计）", "Storms (pressure in hPa)"), columns, rows)


def _joint(found: _Winds, values: Mapping[str, Any]) -> dict[str, bytes]:
    """Events as the risk spectrum reads them: one track is one event, whichever hazards it brings."""
    if values["years"] is None:
        return {}
    frequency = 1.0 / values["years"]
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("event", "hazard", "id", "intensity", "frequency"))
    for storm, place in np.argwhere(found.wind > risk_rules().threshold):
        event, name = found.storms[storm].id, found.places.names[place]
        for hazard, values_of in (("wind", found.wind), ("rain", found.rain)):
            if np.isfinite(values_of[storm, place]):
                table.writerow((event, hazard, name, f"{values_of[storm, place]:.3f}", f"{frequency:.9g}"))
    return {EVENTS_FILE: text.getvalue().encode()}


def _bars(found: _Winds) -> BarPlot:
    order = sorted(range(len(found.places.names)), key=lambda at: (-found.highest[at], found.places.names[at]))
    bars = tuple((found.places.names[at], float(found.highest[at])) for at in order[:MOST_BARS])
    return BarPlot("places", Words("各地最大风速", "Strongest wind by place"), Words("米/秒", "m/s"), bars)


def _assumptions(found: _Winds, values: Mapping[str, Any], held: TyphoonRules) -> tuple[Words, ...]:
    told = [*held.notes, risk_rules().wind_note]
    if any(len(storm.points) == 1 for storm in found.storms):
        told.append(
            Words("只有一个点的台风按该时刻静止计。", "A storm of a single point is a snapshot that stands still.")
        )
    if values["years"] is not None:
        told.append(
            Words(
                f"重现期由 {values['years']:g} 年的路径直接排序得出，不外推；更长的重现期不作答。",
                f"Return periods come from the tracks of {values['years']:g} years as they are; longer ones are not "
                "told.",
            )
        )
    return tuple(told)


def _warnings(found: _Winds) -> tuple[Words, ...]:
    points, storms = found.left_out
    if not points:
        return ()
    return (
        Words(
            f"{points} 个路径点没有气压，未使用；其中 {storms} 个台风完全无法评估，重现期风速为下限。",
            f"{points} points without a pressure are not used; {storms} storms cannot be assessed at all, so winds of "
            "return periods are lower bounds.",
        ),
    )
