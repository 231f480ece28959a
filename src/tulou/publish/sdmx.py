"""A check as an SDMX-JSON 2.0.0 data message, for statistical offices and any SDMX client.

One data set for each check, flat: indicator, variant, area and day are the dimensions of every observation. What is not
assessed stands there with no value, the status *missing* and its reason; it is never 0. ``AS_OF`` says up to which
record the facts counted, so that two messages about one day can be told apart.

Format: SDMX-JSON data message 2.0.0 (SDMX 3.0), https://github.com/sdmx-twg/sdmx-json. Observation status: code list
``SDMX:CL_OBS_STATUS(2.3)``, of which A, E and O are used.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from tulou.indicators.evaluate.run import Check
from tulou.indicators.evaluate.verdict import NOT_ASSESSED
from tulou.indicators.rulebook.content import Rulebook
from tulou.kernel.atomic import write_text
from tulou.kernel.words import LANGUAGES, Words
from tulou.publish.numbers import number, unit_text
from tulou.publish.words import label

Json = dict[str, Any]

SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/data-message/tools/schemas/2.0.0/"
    "sdmx-json-data-schema.json"
)
DATAFLOW = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=TULOU:CHECK(1.0.0)"
SENDER = "TULOU"
DIMENSIONS = ("INDICATOR", "VARIANT", "REF_AREA", "TIME_PERIOD")
"""Keys of an observation, in this order."""
OFFICIAL = "OFFICIAL"
"""Stands for the official answer of an indicator, whose variant has no name."""
CODED = ("OBS_STATUS", "ASSESSMENT", "EVIDENCE", "REASON")
"""Attributes of observations that are told by the place of a code in a list …"""
PLAIN = ("LOWER", "UPPER", "NUMERATOR", "DENOMINATOR", "PASS_MARK", "PASS_MARK_HIGH", "KNOWN")
"""… and those told as they are: numbers in the unit of the indicator, or percent."""
COLUMNS = {
    "LOWER": "low", "UPPER": "high", "NUMERATOR": "numerator", "DENOMINATOR": "denominator", "PASS_MARK": "pass_mark",
    "PASS_MARK_HIGH": "pass_mark_high", "KNOWN": "known",
}  # fmt: skip
"""Column of the result table that each plain attribute is read from."""
NORMAL, ESTIMATED, MISSING = "A", "E", "O"
GROUPED = ("UNIT_MEASURE", "DECIMALS", "AREA_LEVEL")
"""Attributes that hang on one dimension only: the first two on the indicator, the last on the area."""
_PLAIN_SIGN = re.compile(r"[A-Za-z0-9_@-]")


@dataclass(frozen=True)
class Told:
    """A check to be told.

    Args:
        check: The check.
        rulebook: What was asked.
        as_of: Moment of the last record that counted.
    """

    check: Check
    rulebook: Rulebook
    as_of: datetime


@dataclass
class _Codes:
    """A list of codes while it grows: each value once, in the order in which it is met."""

    places: dict[str, int] = field(default_factory=dict)
    values: list[Json] = field(default_factory=list)

    def place(self, key: str, made: Json) -> int:
        """Place of a value, added when it is new."""
        if key not in self.places:
            self.places[key] = len(self.values)
            self.values.append(made)
        return self.places[key]


def write_sdmx(told: Sequence[Told], path: Path) -> None:
    """Write checks as one message.

    Args:
        told: The checks, one data set each.
        path: The file.
    """
    write_text(path, json.dumps(message(told), ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n")


def message(told: Sequence[Told]) -> Json:
    """Checks as an SDMX-JSON 2.0.0 message.

    Args:
        told: The checks, one data set each; at least one.
    """
    lists = {name: _Codes() for name in (*DIMENSIONS, *CODED, *GROUPED, "AS_OF", "RECORD", "RULEBOOK")}
    _known_codes(lists)
    sets = [_data_set(one, lists) for one in told]
    newest, city = max(one.as_of for one in told), told[0].check.profile
    return {
        "meta": {
            "schema": SCHEMA,
            "id": code("_".join(one.check.id for one in told)),
            "test": city.synthetic,
            "prepared": _moment(newest),
            "contentLanguages": list(LANGUAGES),
            **_named(Words(city.name, city.name)),
            "sender": {"id": SENDER, **_named(Words("土楼", "Tulou"))},
        },
        "data": {"structures": [_structure(lists, told)], "dataSets": sets},
    }


def code(text: str) -> str:
    """A text as an SDMX code: signs that none may hold are written as their code point, ``$2F`` for ``/``."""
    return "".join(sign if _PLAIN_SIGN.match(sign) else f"${ord(sign):02X}" for sign in text) or "_Z"


def _known_codes(lists: Mapping[str, _Codes]) -> None:
    """Codes that stand in every message, so that their places never change."""
    for key in (NORMAL, ESTIMATED, MISSING):
        lists["OBS_STATUS"].place(key, _code(key, label(f"sdmx.obs_status.{key}")))
    for key in ("pass", "fail", "reference", "not_assessed"):
        lists["ASSESSMENT"].place(key, _code(key, label(f"status.{key}")))
    for key in ("sourced", "derived", "memory"):
        lists["EVIDENCE"].place(key, _code(key, label(f"evidence.{key}")))


def _data_set(told: Told, lists: Mapping[str, _Codes]) -> Json:
    check = told.check
    day = lists["TIME_PERIOD"].place(check.day.isoformat(), _day(check.day))
    groups: dict[str, list[int | None]] = {}
    observations = {}
    for row in check.results.to_pylist():
        at = _key(row, day, told.rulebook, lists, groups)
        observations[":".join(map(str, at))] = _observation(row, lists)
    _decimals(check, lists, groups)
    record = "" if check.record is None else str(check.record)
    book = f"{check.rulebook['id']} {check.rulebook['version']} {check.rulebook['digest']}"
    moment = _moment(told.as_of)
    return {
        "structure": 0,
        "action": "Replace",
        "validFrom": _moment(datetime(check.day.year, check.day.month, check.day.day, tzinfo=UTC)),
        "links": [{"urn": DATAFLOW, "rel": "dataflow"}],
        "annotations": _annotations(told),
        "attributes": [
            lists["AS_OF"].place(moment, {"value": moment}),
            lists["RECORD"].place(record, {"value": record}),
            lists["RULEBOOK"].place(book, {"value": book}),
        ],
        "dimensionGroupAttributes": dict(sorted(groups.items())),
        "observations": observations,
    }


def _key(
    row: Json, day: int, rulebook: Rulebook, lists: Mapping[str, _Codes], groups: dict[str, list[int | None]]
) -> tuple[int, int, int, int]:
    """Places of an observation in the lists of the dimensions; what hangs on one of them is noted by the way."""
    name, variant, unit = row["indicator"], row["variant"] or "", row["unit"]
    indicator = rulebook.indicators.get(name)
    title = indicator.title if indicator else Words(name, name)
    first = lists["INDICATOR"].place(name, _code(code(name), title))
    second = lists["VARIANT"].place(variant, _code(*_variant(variant)))
    named = row["unit_name"] or unit
    third = lists["REF_AREA"].place(unit, _code(code(unit), Words(named, named)))
    shown = indicator.unit if indicator else "1"
    words = Words(unit_text(shown, "zh") or "1", unit_text(shown, "en") or "1")
    groups.setdefault(f"{first}:::", [lists["UNIT_MEASURE"].place(shown, _code(code(shown), words)), None, None])
    level = row["level"]
    at_level = lists["AREA_LEVEL"].place(level, _code(code(level), label(f"level.{level}")))
    groups.setdefault(f"::{third}:", [None, None, at_level])
    return first, second, third, day


def _variant(name: str) -> tuple[str, Words]:
    return (code(name), Words(name, name)) if name else (OFFICIAL, label("sdmx.official"))


def _observation(row: Json, lists: Mapping[str, _Codes]) -> list[Any]:
    """Value and attributes of an observation, in the order of the structure; trailing gaps are left out."""
    is_missing = row["status"] == NOT_ASSESSED
    status = MISSING if is_missing else ESTIMATED if row["estimate"] else NORMAL
    evidence = row["mark_evidence"]
    reason = row["reason"]
    made = _code(code(reason), Words(row["reason_zh"] or reason, row["reason_en"] or reason)) if reason else {}
    coded = [
        lists["OBS_STATUS"].places[status],
        lists["ASSESSMENT"].places[row["status"].replace(" ", "_")],
        lists["EVIDENCE"].places.get(evidence) if evidence else None,
        lists["REASON"].place(f"{reason}\n{row['reason_en']}", _numbered(made, lists["REASON"])) if reason else None,
    ]
    value = None if is_missing else _finite(row["value"])
    found = [value, *coded, *(_finite(row[COLUMNS[name]]) for name in PLAIN)]
    while found and found[-1] is None:
        found.pop()
    return found


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _numbered(made: Json, listed: _Codes) -> Json:
    """A reason with a number behind its code, since one code may be told of different things that lack."""
    return made | {"id": f"{made['id']}_{len(listed.values)}"}


def _decimals(check: Check, lists: Mapping[str, _Codes], groups: dict[str, list[int | None]]) -> None:
    """How many decimals are worth showing: as many as the report shows of the values of each indicator."""
    names = np.array(check.results["indicator"].to_pylist(), object)
    values = check.results["value"].to_numpy(zero_copy_only=False)
    for name, place in lists["INDICATOR"].places.items():
        held = groups.get(f"{place}:::")
        if held is None or held[0] is None:
            continue
        unit = next(key for key, at in lists["UNIT_MEASURE"].places.items() if at == held[0])
        known = values[(names == name) & np.isfinite(values)]
        shown = max((len(number(float(value), unit=unit).partition(".")[2]) for value in known), default=0)
        held[1] = lists["DECIMALS"].place(str(shown), _code(str(shown), Words(str(shown), str(shown))))


def _structure(lists: Mapping[str, _Codes], told: Sequence[Told]) -> Json:
    roles = {"REF_AREA": ["REF_AREA"], "TIME_PERIOD": ["TIME_PERIOD"]}
    dimensions = [
        {
            "id": name,
            **_named(label(f"sdmx.component.{name}")),
            "keyPosition": place,
            **({"roles": roles[name]} if name in roles else {}),
            "values": lists[name].values,
        }
        for place, name in enumerate(DIMENSIONS)
    ]
    hangs_on = {"UNIT_MEASURE": "INDICATOR", "DECIMALS": "INDICATOR", "AREA_LEVEL": "REF_AREA"}
    return {
        "links": [{"urn": DATAFLOW, "rel": "dataflow"}],
        **_named(label("sdmx.dataflow")),
        "dataSets": list(range(len(told))),
        "dimensions": {"observation": dimensions},
        "measures": {"observation": [{"id": "OBS_VALUE", **_named(label("sdmx.component.OBS_VALUE"))}]},
        "attributes": {
            "dataSet": [_attribute(name, {"dataflow": {}}, lists) for name in ("AS_OF", "RECORD", "RULEBOOK")],
            "dimensionGroup": [_attribute(name, {"dimensions": [hangs_on[name]]}, lists) for name in GROUPED],
            "observation": [_attribute(name, {"observation": {}}, lists) for name in (*CODED, *PLAIN)],
        },
        "annotations": [note for one in told for note in _notes(one)],
    }


def _attribute(name: str, relationship: Json, lists: Mapping[str, _Codes]) -> Json:
    found: Json = {"id": name, **_named(label(f"sdmx.component.{name}")), "relationship": relationship}
    if name in ("UNIT_MEASURE", "DECIMALS"):
        found["roles"] = [name]
    if name in lists and lists[name].values:
        found["values"] = lists[name].values
    return found


def _notes(told: Told) -> list[Json]:
    """What a reader must know: synthetic data, and the credit of the sources."""
    profile = told.check.profile
    notes = [label("title.synthetic")] if profile.synthetic else []
    notes += [Words(line, line) for line in profile.credit]
    return [{"type": "NOTE", "text": words.en, "texts": _texts(words)} for words in notes]


def _annotations(told: Told) -> list[int]:
    return list(range(len(_notes(told))))


def _code(key: str, words: Words) -> Json:
    return {"id": key, **_named(words)}


def _named(words: Words) -> Json:
    return {"name": words.en, "names": _texts(words)}


def _texts(words: Words) -> dict[str, str]:
    return {language: words.say(language) for language in LANGUAGES}


def _day(day: date) -> Json:
    """A day as a value of the time dimension, with its first and last moment."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    name = day.isoformat()
    end = start + timedelta(days=1) - timedelta(seconds=1)
    return {"id": name, **_named(Words(name, name)), "start": _moment(start), "end": _moment(end)}


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
