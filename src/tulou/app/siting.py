"""Sites for a facility, from end to end: found, told, and written as a project that can be tried."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from tulou.app.checking import Question, state_of
from tulou.app.screen import language, table
from tulou.app.wiring import open_city, rulebook
from tulou.indicators.evaluate.city import City
from tulou.indicators.evaluate.quantities import city_of
from tulou.kernel.atomic import write_text
from tulou.kernel.words import Words
from tulou.model.geography import to_geographic
from tulou.plan.remedies.read import read_remedies
from tulou.plan.siting.facilities import FACILITY, Found, Wanted, site_facility
from tulou.publish.numbers import NO_NUMBER, number

PERCENT = 100.0


@dataclass(frozen=True, eq=False)
class Answer:
    """Sites found in a city.

    Args:
        found: The sites.
        view: The city they were found in.
    """

    found: Found
    view: City


def find_sites(path: Path, question: Question, wanted: Wanted) -> Answer:
    """Where should a facility stand in a city?

    Args:
        path: Folder of the city.
        question: Day, record, branch and rulebooks.
        wanted: What is to be sited.

    Raises:
        BadUse: For names that do not exist and numbers that cannot be.
        NotEnoughData: When the city holds no people or no sites.
    """
    rules = rulebook(tuple(question.rulebooks))
    state = state_of(open_city(path), question)
    view = city_of(rules, state, state.moment.valid)
    return Answer(site_facility(view, read_remedies(rules), wanted), view)


def document_of(answer: Answer) -> dict[str, Any]:
    """Everything that is known of the sites, for programs."""
    found = answer.found
    return {
        "format": 1,
        "what": "sites",
        "city": answer.view.name,
        "category": found.wanted.category,
        "model": found.wanted.model,
        "among": list(found.ground.among),
        "serves": found.ground.serves,
        "reach": _finite(found.siting.sites.reach),
        "capacity": found.wanted.capacity,
        "straight": found.wanted.is_straight,
        "method": found.siting.method,
        "gap": found.siting.gap,
        "people": found.demand,
        "served_before": found.before,
        "served": found.siting.served,
        "unserved_places": len(found.siting.unserved),
        "squares": found.are_gathered,
        "standing": found.standing,
        "sites": len(found.sites),
        "chosen": [
            {"entity": site.entity, "id": site.id, "name": site.name, "among": site.among, "place": list(place)}
            for site, place in zip(found.chosen, _degrees(answer), strict=True)
        ],
        "steps": [
            {"count": step.count, "served": step.served, "gain": step.gain, "mean": _finite(step.mean),
             "gap": step.gap}
            for step in found.steps
        ],
    }  # fmt: skip


def write_project(answer: Answer, path: Path) -> None:
    """Write the chosen sites as a project that ``tulou whatif`` can try."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": list(place)},
            "properties": {"action": "add", "entity": FACILITY, "category": answer.found.wanted.category,
                           "name": site.name},
        }
        for site, place in zip(answer.found.chosen, _degrees(answer), strict=True)
    ]  # fmt: skip
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1)
    write_text(path, text + "\n")


def site_lines(answer: Answer) -> Iterator[str]:
    """What a reader sees of the sites at once."""
    found, spoken = answer.found, language()
    yield _lead(found).say(spoken)
    if found.chosen:
        heads = [Words("场地", "site"), Words("编号", "id"), Words("选自", "among"), Words("经纬度", "place")]
        places = [f"{x:.6f}, {y:.6f}" for x, y in _degrees(answer)]
        rows = [[site.name, f"{site.entity}/{site.id}", _title(answer, site.among), place]
                for site, place in zip(found.chosen, places, strict=True)]  # fmt: skip
        yield table([words.say(spoken) for words in heads], rows)
    if found.steps:
        heads = [
            Words("新增处数", "new sites"), Words("服务人数", "people served"), Words("增加", "more than before"),
            Words("平均距离（米）", "mean way (m)"), Words("差距", "gap"),
        ]  # fmt: skip
        yield table(
            [words.say(spoken) for words in heads],
            [[str(step.count), number(step.served, unit="person"), number(step.gain, unit="person"),
              number(step.mean), _gap(step.gap, spoken)] for step in found.steps],
        )  # fmt: skip
    yield from (words.say(spoken) for words in _remarks(found))


def _lead(found: Found) -> Words:
    share = found.siting.served / found.demand * PERCENT if found.demand else 0.0
    before = found.before / found.demand * PERCENT if found.demand else 0.0
    chosen, standing = len(found.chosen), found.standing
    return Words(
        f"现有 {standing} 处，服务 {before:.1f}% 的人；{len(found.sites)} 处场地中新增 {chosen} 处后为 {share:.1f}%。",
        f"{standing} stand and serve {before:.1f}% of the people; with {chosen} more, of {len(found.sites)} sites, "
        f"{share:.1f}% are served.",
    )


def _remarks(found: Found) -> Iterator[Words]:
    if found.siting.method == "heuristic":
        yield Words(
            "问题太大，用启发式求解，没有最优性证明。", "Too large to be proved: found by a heuristic, without a bound."
        )
    if found.are_gathered:
        yield Words("人口按100米方格合并后计算。", "People were gathered by squares of 100 m.")
    if found.siting.deficit > 0.0 and found.wanted.capacity is not None:
        lacking = number(found.siting.deficit, unit="person")
        yield Words(
            f"因容量不足，{lacking} 人够得到却得不到服务。",
            f"For want of capacity {lacking} people in reach are not served.",
        )


def _gap(gap: float | None, spoken: str) -> str:
    if gap is None:
        return NO_NUMBER
    return f"{gap * PERCENT:.2g}%" if gap else Words("已证明最优", "proved best").say("zh" if spoken == "zh" else "en")


def _title(answer: Answer, name: str) -> str:
    return answer.view.rulebook.selections[name].title.say(language())


def _degrees(answer: Answer) -> list[tuple[float, float]]:
    """Longitude and latitude of the chosen sites."""
    if not answer.found.chosen:
        return []
    points = np.array([shapely.Point(site.place) for site in answer.found.chosen], object)
    moved = to_geographic(points, answer.view.state.profile.crs)
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(moved)]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
