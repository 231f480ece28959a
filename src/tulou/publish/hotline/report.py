"""The daily or monthly report of a hotline, in one language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite, isnan

import numpy as np

from tulou.kernel.words import Language
from tulou.measures.statistics.suppression import suppressed, suppressed_list
from tulou.operations.hotline.domain.contrast import Contrast
from tulou.operations.hotline.domain.rates import Rate, Standing, rate, standings, together
from tulou.operations.hotline.domain.themes import Theme
from tulou.publish.drawing.charts import people_bars
from tulou.publish.drawing.lines import bar_plot
from tulou.publish.drawing.maps import definitions
from tulou.publish.hotline.drawing import interval_chart, request_map, side_for
from tulou.publish.hotline.material import ReportMaterial
from tulou.publish.paper.content import Art, Column, Heading, Paper, Part, Sheet, Text, Value
from tulou.publish.words import say

MOST_BARS = 15
MOST_THEMES = 20
PERCENT = 100.0
NAMED = 2
"""Parts of a column of words: label and width."""
Say = Callable[..., str]


def report_paper(found: ReportMaterial, language: Language) -> Paper:
    """The report.

    Args:
        found: What it is made of.
        language: Its language.
    """

    def told(name: str, **parts: object) -> str:
        return say(f"hotline.{name}", language, **parts)

    standing = standings(found.tallies, found.rule)
    parts: list[Part] = [Heading(told("answer"), 1), Text(_lead(found, told), "lead")]
    parts += [Text(one.say(language), "note") for one in found.notes]
    parts += _came_in(found, told)
    map_parts, marks = _map(found, told, language)
    parts += [*map_parts, Heading(told("rates"), 1), Text(told("rates_about", basic=found.rule.basic), "note")]
    parts += _rates(found, standing, told, language)
    parts += [Heading(told("limits"), 1), *_limits(found, told, language)]
    if not found.is_public:
        parts += [Heading(told("left_out"), 1), _left_out(found, told, language)]
    parts += [Heading(told("themes"), 1), Text(told("themes_about"), "note"), _themes(found, told)]
    parts += [Heading(told("contrast"), 1), Text(told("contrast_about"), "note")]
    parts += [_contrasts([] if found.is_public and not found.contrasts else found.contrasts, found, told, language)]
    parts += [
        Heading(told("method"), 1),
        *(Text(told(f"method_{name}"), "bullet") for name in ("interval", "tier", "people")),
    ]
    parts.append(Text(told("source", source=found.rule.source), "note"))
    title = told("title_month" if found.is_month else "title_day", city=found.city)
    cover = ((told("window"), told("from_to", first=found.window[0], last=found.window[1])),
             (told("for"), told("public" if found.is_public else "internal", least=found.rule.below)))  # fmt: skip
    base, defined = marks
    return Paper(language, title, found.is_synthetic, cover, tuple(parts), found.credit, base=base, definitions=defined)


def _lead(found: ReportMaterial, told: Say) -> str:
    whole = together(found.tallies, found.rule)
    total = whole.pooled.tally
    pieces = [told("lead_received", count=f"{found.received:,}", cases=f"{total.received:,}")]
    pieces.append(
        told(
            "lead_score",
            score=_number(whole.pooled.score, found),
            mean=_number(whole.mean, found),
            valid=f"{total.valid:,}",
        )
        if total.valid and not _is_told(found, total.valid, total.contacted, total.solved, total.satisfied)
        else told("lead_no_score")
    )
    late, due = _late(found)
    if due and isfinite(late + due):
        pieces.append(told("lead_late", late=f"{late:,.0f}", due=f"{due:,.0f}", share=f"{late / due:.1%}"))
    if found.themes:
        pieces.append(told("lead_themes", count=len(_shown_themes(found))))
    return "".join(pieces)


def _late(found: ReportMaterial) -> tuple[float, float]:
    """Answers that were late and that were due; NaN where a small count could be worked out."""
    counts = [(one.due - one.late, one.late) for one in found.tallies.values() if one.due]
    if not found.is_public or not counts:
        return float(sum(late for _, late in counts)), float(sum(map(sum, counts)))
    safe = suppressed(np.array(counts, np.int64), least=found.least)
    return float(safe.columns[1]), safe.total


def _is_told(found: ReportMaterial, whole: int, *parts: int) -> bool:
    """Whether publishing shares would tell a small count."""
    small = range(1, found.least)
    return found.is_public and (whole < found.least or any(one in small or whole - one in small for one in parts))


def _came_in(found: ReportMaterial, told: Say) -> list[Part]:
    parts: list[Part] = [Heading(told("came_in"), 1)]
    if len(found.by_day) > 1 and not (found.is_public and any(0 < count < found.least for _, count in found.by_day)):
        bars = [(f"{day.month}-{day.day}", float(count)) for day, count in found.by_day]
        parts.append(Art((bar_plot("hotline-days", bars, title=told("by_day"), y_title=told("requests")),)))
    for name, counts in (("by_category", found.by_category), ("by_channel", found.by_channel)):
        rows = _list(counts, found, told)
        known = [(str(row[0]), float(row[1])) for row in rows if isinstance(row[1], int)][:MOST_BARS]
        if name == "by_category" and known:
            drawn = [(words, count, f"{count:,.0f}") for words, count in known]
            parts.append(Art((people_bars("hotline-categories", drawn, title=told(name), colour="pass"),)))
        columns = _columns(told, (name, 22), ("requests", 10, 0), ("share", 10, 1))
        parts.append(Sheet(told(name), columns, rows, told("none")))
    return parts


def _list(counts: Mapping[str, int], found: ReportMaterial, told: Say) -> list[list[Value]]:
    """Counts, the largest first, with shares; hidden ones say so and cannot be worked out."""
    names = sorted(counts, key=lambda one: (-counts[one], one))
    values = [counts[name] for name in names]
    safe = suppressed_list(values, least=found.least) if found.is_public else None
    cells = values if safe is None else safe.cells.tolist()
    total = sum(values) if safe is None else safe.total
    rows: list[list[Value]] = []
    for name, cell in zip(names, cells, strict=True):
        is_known = isfinite(cell)
        part = PERCENT * cell / total if is_known and isfinite(total) and total else None
        rows.append([name or told("unknown"), int(cell) if is_known else told("hidden"), part])
    return rows


def _map(found: ReportMaterial, told: Say, language: Language) -> tuple[list[Part], tuple[str, str]]:
    if not len(found.points):
        return [Text(told("no_map"), "missing")], ("", "")
    side = side_for(found.points, found.least)
    if side is None:
        return [Heading(told("map"), 1), Text(told("map_hidden", least=found.least), "missing")], ("", "")
    title, credit = told("map_of", side=f"{side:,.0f}"), "; ".join(found.credit)
    sheet, picture = request_map(
        found.points, found.layers, side, found.least, title=title, language=language, credit=credit
    )
    unplaced = (
        "" if found.is_public and 0 < found.unplaced < found.least else told("unplaced", count=f"{found.unplaced:,}")
    )
    parts: list[Part] = [Heading(told("map"), 1), Art((picture,)), Text(picture.about + unplaced, "note")]
    return parts, (sheet.base, definitions(sheet.frame))


def _name(body: str, found: ReportMaterial, language: Language) -> str:
    return found.names[body].say(language) if body in found.names else body


def _rates(found: ReportMaterial, standing: Sequence[Standing], told: Say, language: Language) -> list[Part]:
    rows: list[list[Value]] = []
    drawn = []
    for one in standing:
        held = one.tally
        words = _name(one.body, found, language)
        if not held.valid or (found.is_public and held.valid < found.least):
            continue
        is_told = _is_told(found, held.valid, held.contacted, held.solved, held.satisfied, held.basically)
        if not is_told:
            drawn.append((words, one))
        told_rates = [
            told("hidden") if is_told else _rate(part) for part in (one.response, one.resolution, one.satisfaction)
        ]
        bounds = told("hidden") if is_told else f"{one.bounds[0]:.1f}–{one.bounds[1]:.1f}"
        rows.append([one.tier, words, held.valid, *told_rates, None if is_told else one.score, bounds])
    names = ("tier", "body", "valid", "response", "resolution", "satisfaction", "score", "interval")
    numbers = {"tier": 0, "valid": 0, "score": found.rule.digits}
    columns = tuple(
        Column(told(name), "number" if name in numbers else "text", 8 if name in numbers else 18, numbers.get(name, 1))
        for name in names
    )
    parts: list[Part] = []
    if drawn:
        parts.append(Art((interval_chart("hotline-scores", drawn, title=told("scores"), language=language),)))
    parts.append(Sheet(told("rates_sheet"), columns, rows, told("no_rates")))
    whole = together(found.tallies, found.rule)
    if whole.bodies and not found.is_public:
        digits = found.rule.digits
        parts.append(
            Text(
                told(
                    "pooled",
                    pooled=f"{whole.pooled.score:.{digits}f}",
                    mean=f"{whole.mean:.{digits}f}",
                    bodies=whole.bodies,
                )
            )
        )
    return parts


def _limits(found: ReportMaterial, told: Say, language: Language) -> list[Part]:
    """Answers by body: kept their limit, late; with shares and intervals where none tells a small count."""
    bodies = [name for name, one in found.tallies.items() if one.due]
    counts = [(found.tallies[name].due - found.tallies[name].late, found.tallies[name].late) for name in bodies]
    cells: np.ndarray = np.array(counts, np.float64).reshape(-1, 2)
    sums = cells.sum(axis=1)
    if found.is_public and counts:
        safe = suppressed(np.array(counts, np.int64), least=found.least)
        cells, sums = safe.cells, safe.rows
    order: list[int] = np.argsort(-np.nan_to_num(sums), kind="stable").tolist()
    rows: list[list[Value]] = []
    for place in order:
        kept, late, due = float(cells[place, 0]), float(cells[place, 1]), float(sums[place])
        shares = rate(kept, int(due)) if isfinite(kept + due) else None
        shown = [told("hidden") if isnan(one) else int(one) for one in (due, kept, late)]
        rows.append(
            [_name(bodies[place], found, language), *shown, told("hidden") if shares is None else _rate(shares)]
        )
    columns = _columns(told, ("body", 20), ("due", 9, 0), ("kept", 9, 0), ("late", 9, 0), ("kept_share", 18))
    parts: list[Part] = [
        Text(told("limits_about"), "note"),
        Sheet(told("limits_sheet"), columns, rows, told("no_limits")),
    ]
    dispatched, returned = found.first_dispatch
    if dispatched and not _is_told(found, dispatched, returned):
        first = rate(dispatched - returned, dispatched)
        parts.append(Text(told("first_dispatch", share=_rate(first), of=f"{dispatched:,}", returned=f"{returned:,}")))
    return parts


def _left_out(found: ReportMaterial, told: Say, language: Language) -> Sheet:
    names = ("received", "valid", "unclear", "excluded", "reopened", "repeated", "unasked", "returned")
    rows: list[list[Value]] = [
        [_name(body, found, language), *(getattr(one, name) for name in names)] for body, one in found.tallies.items()
    ]
    columns = _columns(told, ("body", 18), *((name, 8, 0) for name in names))
    return Sheet(told("left_out_sheet"), columns, rows, told("none"))


def _shown_themes(found: ReportMaterial) -> list[Theme]:
    return [one for one in found.themes if one.size >= found.least][:MOST_THEMES]


def _themes(found: ReportMaterial, told: Say) -> Sheet:
    rows: list[list[Value]] = []
    for one in _shown_themes(found):
        small = _is_told(found, one.asked, round(one.unsolved * one.asked)) if one.asked else False
        unsolved = (
            told("nobody_asked") if not one.asked else told("hidden") if small else f"{one.unsolved:.0%} ({one.asked})"
        )
        recent = told("hidden") if _is_told(found, one.size, one.recent) else str(one.recent)
        about = one.title if not found.is_public else "/".join(one.category) or told("unknown")
        rows.append([about, one.place, one.size, f"{one.first:%Y-%m-%d} – {one.last:%Y-%m-%d}",
                     told("months", months=one.months, span=one.span), recent, unsolved])  # fmt: skip
    named = (("about", 24), ("place", 14), ("requests", 8, 0), ("time", 20), ("persistence", 14), ("recent", 10))
    columns = _columns(told, *named, ("unsolved", 10))
    return Sheet(told("themes_sheet"), columns, rows, told("no_themes"))


def _contrasts(listed: Sequence[Contrast], found: ReportMaterial, told: Say, language: Language) -> Sheet:
    rows: list[list[Value]] = [
        [one.topic.title.say(language), one.indicator, f"{one.level} {one.unit}",
         one.value if isfinite(one.value) else None, one.requests,
         told("hidden") if _is_told(found, one.requests, one.clustered) else one.clustered]
        for one in listed
        if one.requests >= found.least
    ]  # fmt: skip
    named = (("subject", 16), ("indicator", 18), ("unit", 14), ("value", 10, 2), ("requests", 8, 0), ("clustered", 10))
    columns = _columns(told, *named)
    return Sheet(told("contrast_sheet"), columns, rows, told("no_contrast"))


def _columns(told: Say, *named: tuple[str, int] | tuple[str, int, int]) -> tuple[Column, ...]:
    """Columns by label, width and, where they hold numbers, decimals."""
    return tuple(
        Column(told(one[0]), width=one[1]) if len(one) == NAMED else Column(told(one[0]), "number", one[1], one[-1])
        for one in named
    )


def _number(value: float, found: ReportMaterial) -> str:
    return f"{value:.{found.rule.digits}f}"


def _rate(one: Rate) -> str:
    return f"{one.value:.1%} [{one.low:.1%}, {one.high:.1%}]" if one.of else "–"
