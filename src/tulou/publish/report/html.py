"""The report as one web page that asks nothing of any other place: maps, charts, font and script inside."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from tulou.kernel.atomic import write_text
from tulou.publish.drawing.picture import Picture
from tulou.publish.drawing.svg import element, escaped
from tulou.publish.paper.content import STATUSES, SYMBOLS, Status
from tulou.publish.paper.web import header, shared_art, web_page
from tulou.publish.report.content import Block, ReportModel, Variant
from tulou.publish.report.tables import (
    ADVICE_COLUMNS,
    LEVELS,
    PROBLEM_COLUMNS,
    PROJECT_COLUMNS,
    REGISTERS,
    STATISTICS_COLUMNS,
    advice_rows,
    problem_rows,
    statistics_rows,
)
from tulou.publish.words import say

MOST_PROBLEMS = 500
"""Findings listed on the page; the table file and the exports hold all."""

MOST_UNIT_ROWS = 12
"""Units listed in the fold-out of one indicator, those that fare worst."""

_HERE = Path(__file__).parent
_CHAPTERS = ("overview", "method", "conclusion", "analysis", "advice", "action", "appendix")


def write_html(model: ReportModel, path: Path, *, twin: str = "") -> None:
    """Write the report as a self-contained web page.

    Args:
        model: The report.
        path: The file to write.
        twin: File name of the same report in the other language, lying beside it; empty for none.
    """
    write_text(path, page(model, twin=twin))


def page(model: ReportModel, *, twin: str = "") -> str:
    """The whole page as text."""
    script = (_HERE / "page.js").read_text("utf-8")
    return web_page(_Page(model, twin).body(), title=model.title, language=model.language, script=script)


class _Page:
    """One page in the making."""

    def __init__(self, model: ReportModel, twin: str) -> None:
        self.model = model
        self.twin = twin

    def say(self, name: str, /, **parts: object) -> str:
        return escaped(say(name, self.model.language, **parts))

    def body(self) -> str:
        chapters = (
            self._overview(),
            self._method(),
            self._conclusion(),
            self._analysis(),
            self._advice(),
            self._action(),
            self._appendix(),
        )
        return (
            f'<a class="skip" href="#main">{self.say("page.skip")}</a>{shared_art(self.model)}'
            f"{header(self.model, self.twin)}"
            f'<div class="shell">{self._contents()}<main id="main">{self._summary()}{"".join(chapters)}</main></div>'
            f"{self._footer()}"
        )

    def _contents(self) -> str:
        below = {"analysis": self._level_links()}
        links = "".join(
            f'<li><a href="#{name}">{self.say(f"chapter.{name}")}</a>{below.get(name, "")}</li>' for name in _CHAPTERS
        )
        first = f'<li><a href="#summary">{self.say("summary.title")}</a></li>'
        return f'<nav aria-label="{self.say("chapter.contents")}"><ol>{first}{links}</ol></nav>'

    def _level_links(self) -> str:
        links = "".join(
            f'<li><a href="#level-{level}">{self.say(f"level.{level}")}</a></li>'
            for level in LEVELS
            if self.model.of_level(level)
        )
        return f"<ol>{links}</ol>"

    def _summary(self) -> str:
        model = self.model
        cards = "".join(
            f'<div class="count {status}"><b>{count}</b><span>{SYMBOLS[status]} {self.say(f"status.{status}")}</span>'
            f"<small>{self.say(f'status.about.{status}')}</small></div>"
            for status, count in zip(STATUSES, model.total.counts, strict=True)
        )
        drawn = model.pictures
        beside = self._panel("summary.by_level", drawn.get("by_level")) + self._panel("summary.map", drawn.get("map"))
        panels = [
            self._panel("summary.by_dimension", drawn.get("by_dimension")),
            f"<div>{beside}</div>",
            self._panel("summary.worst", drawn.get("worst"), "summary.double_count", "summary.worst_none"),
            self._panel("summary.confirm", drawn.get("confirm"), "summary.double_count"),
            self._panel("summary.unlock", drawn.get("unlock"), empty="summary.unlock_none"),
        ]
        return (
            f'<section id="summary" aria-labelledby="summary-title">'
            f'<h2 id="summary-title">{self.say("summary.title")}</h2>'
            f'<p class="lead">{escaped(model.lead)}</p><div class="counts">{cards}</div>'
            f'<div class="panels">{"".join(panels)}</div></section>'
        )

    def _panel(self, title: str, picture: Picture | None, note: str = "", empty: str = "") -> str:
        if picture is None and not empty:
            return ""
        inside = picture.inline() if picture else f"<p>{self.say(empty)}</p>"
        below = f'<p class="note">{self.say(note)}</p>' if note and picture else ""
        return f'<figure class="panel"><figcaption>{self.say(title)}</figcaption>{inside}{below}</figure>'

    def _chapter(self, name: str, *inside: str) -> str:
        number = _CHAPTERS.index(name) + 1
        return (
            f'<section id="{name}" aria-labelledby="{name}-title">'
            f'<h2 id="{name}-title"><span class="no">{number}</span>'
            f"{self.say(f'chapter.{name}')}</h2>{''.join(inside)}</section>"
        )

    def _overview(self) -> str:
        return self._chapter("overview", _paragraphs(self.model.overview))

    def _method(self) -> str:
        statuses = "".join(
            f"<div><dt>{self._badge(status)}</dt><dd>{self.say(f'status.about.{status}')}</dd></div>"
            for status in STATUSES
        )
        return self._chapter(
            "method",
            _paragraphs(self.model.method),
            f'<h3>{self.say("method.statuses")}</h3><dl class="facts">{statuses}</dl>',
        )

    def _conclusion(self) -> str:
        model = self.model
        failures = filter(None, (model.failures, model.doubts, *model.cautions))
        return self._chapter(
            "conclusion",
            f"<h3>{self.say('conclusion.achievements')}</h3>{_paragraphs([model.achievements])}",
            f"<h3>{self.say('conclusion.problems')}</h3>{_paragraphs(failures)}",
        )

    def _analysis(self) -> str:
        buttons = "".join(
            f'<button type="button" data-status="{status}" aria-pressed="false">{SYMBOLS[status]} '
            f"{self.say(f'status.{status}')}</button>"
            for status in STATUSES
        )
        words = self.say("page.shown", shown="{shown}", total="{total}")
        tools = (
            f'<div class="tools" role="group" aria-label="{self.say("page.filter")}">{buttons}'
            f'<label><span>{self.say("page.search")}</span><input type="search" id="find"></label>'
            f'<output id="shown" aria-live="polite" data-words="{words}"></output></div>'
        )
        levels = "".join(self._level(level) for level in LEVELS if self.model.of_level(level))
        return self._chapter("analysis", tools, levels)

    def _level(self, level: str) -> str:
        cards = "".join(self._card(block) for block in self.model.of_level(level))
        title = self.say(f"level.{level}")
        return f'<section class="level" id="level-{level}"><h3>{title}</h3><div class="cards">{cards}</div></section>'

    def _card(self, block: Block) -> str:
        name = f"i-{block.id}"
        value = f"<b>{escaped(block.text)}</b>" if math.isfinite(block.value) else ""
        reason = (
            f'<p class="reason"><b>{self.say("block.reason")}</b> {escaped(block.reason)}</p>' if block.reason else ""
        )
        figures = "".join(f"<figure>{picture.inline()}</figure>" for picture in (block.map, block.chart) if picture)
        counts = "".join(f"<li>{escaped(line)}</li>" for line in block.counts)
        if block.problems:
            counts += f"<li>{self.say('block.problems', count=f'{block.problems:,}')}</li>"
        note = f'<p class="note">{escaped(block.note)}</p>' if block.note else ""
        return (
            f'<article class="card {block.status}{" drawn" if figures else ""}" id="{escaped(name)}" '
            f'data-status="{block.status}" '
            f'aria-labelledby="{escaped(name)}-t"><div class="text">'
            f'<p class="kicker">{escaped(self._kicker(block))}</p>'
            f'<h4 id="{escaped(name)}-t">{escaped(block.title)}</h4><p class="question">{escaped(block.question)}</p>'
            f'<p class="value">{value}{self._badge(block.status)}{self._estimate(block)}</p>'
            f"{self._marks(block)}{reason}{self._known(block)}"
            f"{self._variants(block.variants)}{f'<ul>{counts}</ul>' if counts else ''}{note}</div>"
            f"{f'<div class=figures>{figures}</div>' if figures else ''}{self._folds(block)}</article>"
        )

    def _kicker(self, block: Block) -> str:
        dimension = next((row.title for row in self.model.dimensions if row.key == block.dimension), block.dimension)
        return f"{block.code} · {dimension}" if block.code else dimension

    def _badge(self, status: str) -> str:
        return f'<span class="badge {status}">{SYMBOLS[status]} {self.say(f"status.{status}")}</span>'

    def _estimate(self, block: Block) -> str:
        if not block.estimated and not block.interval:
            return ""
        interval = f" {escaped(block.interval)}" if block.interval else ""
        return f'<span class="estimate">{self.say("block.estimate")}{interval}</span>'

    def _marks(self, block: Block) -> str:
        if not block.mark:
            return ""
        title = self.say("block.mark" if block.mark_judges else "block.reference_mark")
        basis = " · ".join(filter(None, (block.basis, block.evidence)))
        return f'<p class="mark"><b>{title}</b> {escaped(block.mark)} <span>{escaped(basis)}</span></p>'

    def _known(self, block: Block) -> str:
        if not math.isfinite(block.known):
            return ""
        share = min(max(block.known, 0.0), 100.0)
        return (
            f'<p class="known"><span>{self.say("block.known")} {share:.0f}%</span>'
            f'<i aria-hidden="true"><i style="width:{share:.0f}%"></i></i></p>'
        )

    def _variants(self, variants: Sequence[Variant]) -> str:
        if not variants:
            return ""
        rows = "".join(
            f"<tr><th scope=row>{escaped(one.title)}</th><td class=num>{escaped(one.text)}</td>"
            f"<td>{escaped(one.mark)}</td><td>{self._badge(one.status)}</td></tr>"
            for one in variants
        )
        return f'<table class="variants"><caption>{self.say("block.variants")}</caption>{rows}</table>'

    def _folds(self, block: Block) -> str:
        rows = [*block.facts, *block.chain]
        chain = "".join(f"<div><dt>{escaped(name)}</dt><dd>{escaped(text)}</dd></div>" for name, text in rows)
        folds = f'<details><summary>{self.say("block.chain")}</summary><dl class="facts">{chain}</dl></details>'
        return f'<div class="folds">{folds}{self._worst_units(block)}</div>'

    def _worst_units(self, block: Block) -> str:
        failing = sorted((row for row in block.units if row.status == "fail"), key=lambda row: (row.value, row.id))
        if not failing:
            return ""
        if block.fails_above:
            failing.reverse()
        lines = "".join(
            f"<tr><th scope=row>{escaped(row.name)}</th><td>{escaped(row.level)}</td>"
            f"<td class=num>{escaped(row.text)}</td><td>{self._badge(row.status)}</td></tr>"
            for row in failing[:MOST_UNIT_ROWS]
        )
        title = self.say("block.worst_units")
        return f"<details><summary>{title}</summary><div class=wide><table>{lines}</table></div></details>"

    def _advice(self) -> str:
        return self._chapter("advice", self._planned("advice.planned", "advice.missing"))

    def _action(self) -> str:
        names = ("mechanism",) if self.model.plan else ("plan", "mechanism", "timing", "funding")
        parts = "".join(f"<li>{self.say(f'action.{name}')}</li>" for name in names)
        return self._chapter("action", f"{self._planned('action.planned', 'action.missing')}<ul>{parts}</ul>")

    def _planned(self, told: str, missing: str) -> str:
        """What the plan made for this check says, or that there is none."""
        if not self.model.plan:
            return f'<p class="missing">{self.say(missing)}</p>'
        return f"<p>{self.say(told, plan=self.model.plan)}</p>"

    def _appendix(self) -> str:
        model = self.model
        statistics = self._table("statistics", STATISTICS_COLUMNS, statistics_rows(model), "")
        problems = [self._register(name, status, empty) for name, status, empty in REGISTERS]
        advice = self._table("advice_list", ADVICE_COLUMNS, advice_rows(model), "advice.none")
        projects = self._table("projects", PROJECT_COLUMNS, self.model.projects, "projects.missing")
        return self._chapter("appendix", statistics, self._not_assessed(), *problems, advice, projects)

    def _register(self, name: str, status: Status, empty: str) -> str:
        rows = problem_rows(self.model, status)
        capped = self.say("problems.capped", shown=MOST_PROBLEMS, total=f"{len(rows):,}")
        note = f'<p class="note">{capped}</p>' if len(rows) > MOST_PROBLEMS else ""
        return self._table(name, PROBLEM_COLUMNS, rows[:MOST_PROBLEMS], empty) + note

    def _not_assessed(self) -> str:
        blocks = self.model.of_status("not_assessed")
        rows = "".join(
            f'<tr><th scope="row"><a href="#i-{escaped(block.id)}">{escaped(block.title)}</a></th>'
            f"<td>{self.say(f'level.{block.level}')}</td><td>{escaped(block.reason)}</td></tr>"
            for block in blocks
        )
        head = "".join(
            f'<th scope="col">{self.say(f"column.{name}")}</th>' for name in ("indicator", "level", "reason")
        )
        table = (
            f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
            if blocks
            else ""
        )
        return f"<h3>{self.say('chapter.not_assessed')} ({len(blocks)})</h3>{table}"

    def _table(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[str]], empty: str) -> str:
        head = "".join(f'<th scope="col">{self.say(f"column.{column}")}</th>' for column in columns)
        lines = "".join("<tr>" + "".join(f"<td>{escaped(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        note = f'<p class="missing">{self.say(empty)}</p>' if empty and not rows else ""
        hint = f' title="{self.say("page.sort")}"' if rows else ""
        return (
            f'<h3 id="{name}">{self.say(f"chapter.{name}")}</h3>{note}<div class="wide" tabindex="0" role="region" '
            f'aria-labelledby="{name}"><table class="sortable"{hint}><thead><tr>{head}</tr></thead>'
            f"<tbody>{lines}</tbody></table></div>"
        )

    def _footer(self) -> str:
        credit = escaped(" · ".join(self.model.credits))
        return (
            f"<footer><p>{credit}</p><p>{self.say('title.not_appraisal')}</p>"
            f"<p>{self.say('page.source_date')}</p></footer>"
        )


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(element("p", escaped(text)) for text in texts)
