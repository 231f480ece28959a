"""Synthetic enterprises, risks, records, certificates and inspectors for a synthetic city; the same rows each time.

Everything here is made up and says so in its names; it is never put into a city that was not generated.
"""

from __future__ import annotations

import zlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyproj
import shapely
from numpy.typing import NDArray

from tulou.app.wiring import last_day, open_city
from tulou.kernel.errors import BadUse
from tulou.kernel.facts import Facts
from tulou.model.store.manifest import Commit
from tulou.operations.safety.domain.credit_code import check_sign, organisation_check

SEED = 20261128
ENTERPRISES = 160
SYNTHETIC = "合成 synthetic"
REGION = "91359999"
"""First signs of the codes: an enterprise of a region that does not exist."""

HOUSEHOLDS = 4
"""Enterprises at the end of the list that are household businesses, to show that such a one has no grade."""

TRADES = {
    "industry_trade": 0.3, "catering": 0.25, "warehouse": 0.1, "construction": 0.1,
    "e_bike": 0.1, "crowded_place": 0.08, "chemicals": 0.04, "gas": 0.03,
}  # fmt: skip
LEVELS = {"level_1": 0.05, "level_2": 0.3, "level_3": 0.45, "none": 0.2}
GRADES = {"A": 0.15, "B+": 0.25, "B": 0.35, "B-": 0.15, "C": 0.1}
LEC = ((10, 6, 3, 1, 0.5, 0.2, 0.1), (10, 6, 3, 2, 1, 0.5), (100, 40, 15, 7, 3, 1))
LIKELY = (0.02, 0.08, 0.3, 0.3, 0.2, 0.07, 0.03)
EXPOSED = (0.05, 0.45, 0.25, 0.1, 0.1, 0.05)
GRAVE = (0.01, 0.06, 0.2, 0.28, 0.3, 0.15)
HAZARDS = ("有限空间作业", "动火作业", "粉尘涉爆", "叉车作业", "临时用电", "电动自行车充电", "燃气使用", "高处作业")
BODIES = ("emergency", "fire_rescue", "market_supervision", "housing", "city_management_bureau")
RECORDS = {"safety_penalty": 0.75, "general_accident": 0.2, "listed_hazard_late": 0.05}
CLASSES = {"minor": 0.3, "general": 0.55, "serious": 0.15}


def commit_sample(city: Path) -> Commit:
    """Commit the synthetic registers to a synthetic city.

    Raises:
        BadUse: When the city was not generated, or has enterprises already.
    """
    opened = open_city(city)
    day = last_day(opened)
    state = opened.state(valid=day)
    if not state.profile.synthetic:
        raise BadUse("synthetic entries are only for a synthetic city", where=str(city), found=state.profile.name)
    if len(state.rows("enterprise")):
        raise BadUse("this city has enterprises already", where=str(city), found=len(state.rows("enterprise")))
    codes = [_code(at) for at in range(ENTERPRISES)]
    places = _places(state.rows("building").places, state.profile.crs, _random("places"))
    tables = {
        "enterprise": _enterprises(codes, places, _random("enterprise")),
        "risk_point": _risks(codes, _random("risk_point")),
        "credit_record": _records(codes, day, _random("credit_record")),
        "safety_certificate": _certificates(codes, day, _random("safety_certificate")),
        "inspector": _inspectors(codes, _random("inspector")),
    }
    facts = [Facts(entity, pa.table(columns), complete=("*",)) for entity, columns in tables.items()]
    return opened.commit(facts, who="tulou", message=f"{SYNTHETIC} safety registers", valid_from=day)


def _random(name: str) -> np.random.Generator:
    """A source of random numbers of its own for each table: the size of the city moves places and nothing else."""
    return np.random.default_rng([SEED, zlib.crc32(name.encode())])


def _code(at: int) -> str:
    head = REGION if at < ENTERPRISES - HOUSEHOLDS else f"92{REGION[2:]}"
    inner = f"{at + 1:08d}"
    body = head + inner + organisation_check(inner)
    return body + check_sign(body)


def _places(metres: NDArray[np.float64], crs: str, random: np.random.Generator) -> NDArray[np.object_]:
    known = metres[np.isfinite(metres).all(axis=1)]
    chosen = known[np.sort(random.choice(len(known), ENTERPRISES, replace=len(known) < ENTERPRISES))]
    lon, lat = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform(chosen[:, 0], chosen[:, 1])
    return np.asarray(shapely.to_wkb(shapely.points(lon, lat)), object)


def _enterprises(codes: list[str], places: NDArray[np.object_], random: np.random.Generator) -> dict[str, Any]:
    count = len(codes)
    return {
        "id": codes,
        "name": [f"合成企业 {at + 1:03d} ({SYNTHETIC})" for at in range(count)],
        "trade": _drawn(TRADES, count, random),
        "standardisation": _drawn(LEVELS, count, random),
        "rated_grade": _drawn(GRADES, count, random),
        "rated_on": pa.array([date(2026, 1, 15)] * count, pa.date32()),
        "employees": random.integers(3, 400, count).astype(float),
        "geometry": pa.array(places.tolist(), pa.binary()),
    }


def _risks(codes: list[str], random: np.random.Generator) -> dict[str, Any]:
    owners = [code for code in codes for _ in range(int(random.integers(0, 4)))]
    count = len(owners)
    likelihood, exposure, consequence = (
        random.choice(np.array(values, float), count, p=shares)
        for values, shares in zip(LEC, (LIKELY, EXPOSED, GRAVE), strict=True)
    )
    milder = np.array([LEC[0][min(LEC[0].index(one) + int(random.integers(0, 3)), 6)] for one in likelihood], float)
    is_open = random.random(count) < 0.15  # noqa: PLR2004  (share of the made-up register)
    lacks = random.random(count) < 0.06  # noqa: PLR2004
    return {
        "id": [f"risk-{at + 1:04d}" for at in range(count)],
        "name": [f"{HAZARDS[int(at)]}（{SYNTHETIC}）" for at in random.integers(0, len(HAZARDS), count)],
        "enterprise": owners,
        "hazard": ["合成" for _ in range(count)],
        "method": ["lec"] * count,
        "likelihood": pa.array(likelihood, mask=lacks),
        "exposure": exposure,
        "consequence": consequence,
        "residual_likelihood": pa.array(milder, mask=is_open | lacks),
        "residual_exposure": pa.array(exposure, mask=is_open),
        "residual_consequence": pa.array(consequence, mask=is_open),
        "control_level": _drawn({"company": 0.2, "workshop": 0.3, "team": 0.3, "post": 0.2}, count, random),
        "graded_on": pa.array([date(2026, 3, 1)] * count, pa.date32()),
    }


def _records(codes: list[str], day: date, random: np.random.Generator) -> dict[str, Any]:
    firms = codes[: ENTERPRISES - HOUSEHOLDS]
    owners = [firms[int(at)] for at in np.sort(random.integers(0, len(firms), ENTERPRISES // 2))]
    count = len(owners)
    happened = [day - timedelta(days=int(one)) for one in random.integers(5, 500, count)]
    published = [one + timedelta(days=7) for one in happened]
    classes = _drawn(CLASSES, count, random)
    classes[0] = None
    return {
        "id": [f"record-{at + 1:04d}" for at in range(count)],
        "enterprise": owners,
        "kind": _drawn(RECORDS, count, random),
        "class": pa.array(classes, pa.string()),
        "document": [f"合成〔2026〕{at + 1}号" for at in range(count)],
        "body": _drawn(dict.fromkeys(BODIES, 1.0), count, random),
        "happened_on": pa.array(happened, pa.date32()),
        "published_on": pa.array(published, pa.date32()),
    }


def _certificates(codes: list[str], day: date, random: np.random.Generator) -> dict[str, Any]:
    owners = [code for code in codes for _ in range(int(random.integers(0, 3)))]
    count = len(owners)
    kinds = _drawn({"special_operation": 0.6, "principal": 0.2, "safety_manager": 0.2}, count, random)
    issued = [day - timedelta(days=int(one)) for one in random.integers(30, 2300, count)]
    until = [
        None if kind == "special_operation" else one + timedelta(days=1095)
        for kind, one in zip(kinds, issued, strict=True)
    ]
    return {
        "id": [f"cert-{at + 1:04d}" for at in range(count)],
        "enterprise": owners,
        "holder": [f"T-{at + 100001:06d}" for at in range(count)],
        "kind": pa.array(kinds, pa.string()),
        "body": ["emergency"] * count,
        "issued_on": pa.array(issued, pa.date32()),
        "valid_until": pa.array(until, pa.date32()),
    }


def _inspectors(codes: list[str], random: np.random.Generator) -> dict[str, Any]:
    count = 6 * len(BODIES)
    return {
        "id": [f"E-{at + 359901:06d}" for at in range(count)],
        "body": [BODIES[at % len(BODIES)] for at in range(count)],
        "qualified_for": [";".join(TRADES) if at % 3 else "catering;e_bike;crowded_place" for at in range(count)],
        "conflicts": [codes[int(at)] for at in random.integers(0, len(codes), count)],
    }


def _drawn(shares: dict[str, float], count: int, random: np.random.Generator) -> list[Any]:
    weights = np.array(list(shares.values()))
    return [str(one) for one in random.choice(np.array(list(shares), object), count, p=weights / weights.sum())]
