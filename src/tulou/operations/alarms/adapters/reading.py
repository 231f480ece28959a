"""Reading rules of alarms and duty rosters of the rulebooks: ``alarms/rules.yaml``, ``alarms/roster.yaml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar, cast

from tulou.indicators.rulebook.folders import chain
from tulou.indicators.rulebook.reading import (
    Faults,
    choice,
    day,
    entries,
    keys,
    looked_up,
    mapping,
    number,
    text,
    texts,
)
from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput, TulouError
from tulou.model.dictionary import words_of
from tulou.operations.alarms.domain.roster import HOURS, Duty, Hours, Roster
from tulou.operations.alarms.domain.rules import (
    LEVELS,
    SIDES,
    STATISTICS,
    SUMMARIES,
    Drift,
    Level,
    Rule,
    RuleSet,
    Side,
    Signal,
    Statistic,
    Threshold,
    milliseconds,
)

FOLDER = "alarms"
RULES, ROSTER = "rules.yaml", "roster.yaml"
T = TypeVar("T")
GRADES = ("sourced", "derived", "memory")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPANS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "day": 86_400_000}
LONGEST = 400 * SPANS["day"]
RULE_KEYS = ("id", "title", "system", "quantity", "unit", "side", "versions")
VERSION_KEYS = (
    "from", "statistic", "training", "slack", "most", "silence", "within", "levels", "clears", "stays_up",
    "confirmed_by", "unconfirmed", "crowded", "source", "evidence",
)  # fmt: skip
LEVEL_KEYS = ("on", "off", "hold", "ease", "rise", "rise_off", "source", "evidence")
SIGNAL_KEYS = (
    "id", "title", "system", "quantity", "gives", "summary", "every", "at", "lasts", "fewest", "weekdays",
    "source", "evidence",
)  # fmt: skip


def read_rules(names: Sequence[str | Path], *, offset: float = 8.0) -> RuleSet:
    """Read the rules of some rulebooks; a later rulebook adds versions, or puts one in the place of another.

    Args:
        names: Rulebooks.
        offset: Hours by which the city's clock is ahead of UTC: when a day and a night begin.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    faults, local_time = Faults(), timezone(timedelta(hours=offset))
    versions: dict[str, dict[date, Rule]] = {}
    heads: dict[str, At] = {}
    signals: dict[str, Signal] = {}
    ahead = 0
    for path, shown in _pages(names, RULES):
        with faults.kept(shown):
            page = read_document(path, shown)
            keys(page, ("ahead", "rules", "signals"))
            ahead = span_of(page, "ahead", ahead)
            for entry in entries(page, "rules"):
                with faults.kept(entry.where()):
                    _rule(entry, heads, versions, local_time, faults)
            for entry in entries(page, "signals"):
                with faults.kept(entry.where()):
                    signals[text(entry, "id")] = _signal(entry, local_time)
    faults.raise_any()
    rules = tuple(rule for name in versions for rule in _in_turn(versions[name]))
    _must_be_known(rules, heads, faults)
    faults.raise_any()
    return RuleSet(rules, tuple(signals.values()), ahead)


def read_rosters(names: Sequence[str | Path]) -> tuple[Roster, ...]:
    """Read the duty rosters of some rulebooks; a later rulebook takes the place of one of the same day.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    faults = Faults()
    found: dict[date, Roster] = {}
    for path, shown in _pages(names, ROSTER):
        with faults.kept(shown):
            page = read_document(path, shown)
            keys(page, ("versions",))
            for entry in entries(page, "versions"):
                with faults.kept(entry.where()):
                    keys(entry, ("from", "source", "evidence", "duties"))
                    duties = tuple(_duty(one) for one in entries(entry, "duties"))
                    grade = choice(entry, "evidence", GRADES)
                    found[day(entry, "from")] = Roster(day(entry, "from"), duties, text(entry, "source"), grade)
    faults.raise_any()
    return tuple(found[one] for one in sorted(found))


def span_of(entry: At, key: str, default: int | None = None) -> int:
    """A length of time such as ``10 min``, in ms.

    Raises:
        BadInput: When it is none.
    """
    if key not in entry and default is not None:
        return default
    amount, _, unit = text(entry, key).partition(" ")
    if unit not in SPANS or not amount.replace(".", "", 1).isdigit() or float(amount) * SPANS[unit] > LONGEST:
        allowed = tuple(f"10 {one}" for one in SPANS)
        raise BadInput("this is not a length of time", where=entry.where(key), found=entry[key], allowed=allowed)
    return round(float(amount) * SPANS[unit])


def _pages(names: Sequence[str | Path], name: str) -> list[tuple[Path, str]]:
    folders = [folder for folder, _ in chain(list(names))]
    return [
        (folder / FOLDER / name, f"{folder.name}/{FOLDER}/{name}")
        for folder in folders
        if (folder / FOLDER / name).is_file()
    ]


def _rule(
    entry: At, heads: dict[str, At], versions: dict[str, dict[date, Rule]], local_time: timezone, faults: Faults
) -> None:
    keys(entry, RULE_KEYS)
    name = text(entry, "id")
    head = heads.setdefault(name, entry)
    for page in entries(entry, "versions"):
        with faults.kept(page.where()):
            keys(page, VERSION_KEYS)
            since = day(page, "from")
            versions.setdefault(name, {})[since] = _version(head, page, name, since, local_time)


def _version(head: At, page: At, name: str, since: date, local_time: timezone) -> Rule:
    statistic = cast("Statistic", choice(page, "statistic", STATISTICS, "value"))
    silence, levels = mapping(page, "silence"), mapping(page, "levels")
    keys(silence, ("after", "level"))
    keys(levels, LEVELS)
    crowded = mapping(page, "crowded", needed=False)
    choice(page, "evidence", GRADES)
    own: dict[str, Any] = {
        "id": name,
        "title": words_of(head, "title"),
        "system": text(head, "system"),
        "quantity": text(head, "quantity"),
        "unit": text(head, "unit"),
        "side": cast("Side", choice(head, "side", SIDES)),
        "thresholds": {one: _threshold(mapping(levels, one)) for one in LEVELS if one in levels},
        "silence": span_of(silence, "after"),
        "statistic": statistic,
        "span": span_of(page, "within", 0),
        "drift": _drift(page) if statistic == "drift" else None,
        "silence_level": _level(silence, "level") if "level" in silence else None,
        "starts": milliseconds(datetime.combine(since, time.min, local_time).astimezone(UTC)),
        "clears": texts(page, "clears"),
        "stays_up": choice(page, "stays_up", ("True", "False"), "False") == "True",
        "confirmed_by": texts(page, "confirmed_by"),
        "unconfirmed": _level(page, "unconfirmed") if "unconfirmed" in page else "III",
        "crowded": {
            cast("Level", looked_up(LEVELS, one, "level", crowded.where(one))): _level(crowded, one) for one in crowded
        },
        "source": text(page, "source"),
        "evidence": text(page, "evidence"),
    }
    return _made(Rule, page.where(), own)


def _level(entry: At, key: str) -> Level:
    return cast("Level", choice(entry, key, LEVELS))


def _threshold(entry: At) -> Threshold:
    keys(entry, LEVEL_KEYS)
    numbers = {key: number(entry, key) if key in entry else None for key in ("on", "off", "rise", "rise_off")}
    grade = choice(entry, "evidence", GRADES)
    spans = {key: span_of(entry, key, 0) for key in ("hold", "ease")}
    return Threshold(**numbers, **spans, source=text(entry, "source"), evidence=grade)  # type: ignore[arg-type]  # by name


def _drift(page: At) -> Drift:
    training = int(number(page, "training"))
    if training < 2:  # noqa: PLR2004  (a standard deviation takes two)
        raise BadInput("training takes at least two readings", where=page.where("training"), found=training)
    return Drift(training, number(page, "slack"), number(page, "most"))


def _signal(entry: At, local_time: timezone) -> Signal:
    keys(entry, SIGNAL_KEYS)
    clock = text(entry, "at")
    try:
        begins = time.fromisoformat(clock)
    except ValueError:
        raise BadInput("this is not a time of day", where=entry.where("at"), found=clock, allowed=("02:00",)) from None
    first = datetime.combine(date(1970, 1, 2), begins, local_time).astimezone(UTC)
    period = span_of(entry, "every")
    choice(entry, "evidence", GRADES)
    days = texts(entry, "weekdays")
    for one in days:
        looked_up(WEEKDAYS, one, "day of the week", entry.where("weekdays"))
    if days and period != SPANS["day"]:
        raise BadInput("days of the week are told of a signal of every day", where=entry.where("weekdays"), found=days)
    own: dict[str, Any] = {
        "weekdays": tuple(WEEKDAYS.index(one) for one in days),
        "shift": (first - timedelta(milliseconds=milliseconds(first) // period * period))
        .astimezone(local_time)
        .weekday(),
        **{key: text(entry, key) for key in ("id", "system", "quantity", "gives", "source", "evidence")},
        "title": words_of(entry, "title"),
        "summary": choice(entry, "summary", SUMMARIES),
        "period": period,
        "phase": milliseconds(first) % period,
        "length": span_of(entry, "lasts"),
        "fewest": int(number(entry, "fewest")),
    }
    return _made(Signal, entry.where(), own)


def _made(kind: type[T], where: str, own: Mapping[str, Any]) -> T:
    """A rule or signal of its parts; what cannot be is told with its place."""
    try:
        return kind(**own)
    except TulouError as error:
        raise BadInput.of(replace(fault, where=where) for fault in error.faults) from None


def _duty(entry: At) -> Duty:
    keys(entry, ("systems", "hours", "body", "office"))
    hours = cast("Hours", choice(entry, "hours", HOURS))
    return Duty(texts(entry, "systems"), hours, text(entry, "body"), words_of(entry, "office"))


def _in_turn(versions: dict[date, Rule]) -> list[Rule]:
    """Versions of a rule, each ending where the next begins."""
    ordered = [versions[one] for one in sorted(versions)]
    ends = [one.starts for one in ordered[1:]]
    return [Rule(**{**vars(one), "ends": end}) for one, end in zip(ordered, [*ends, None], strict=True)]


def _must_be_known(rules: Sequence[Rule], heads: dict[str, At], faults: Faults) -> None:
    for one in rules:
        for name in (*one.clears, *one.confirmed_by):
            with faults.kept(heads[one.id].where()):
                looked_up(heads, name, "rule", heads[one.id].where())
