"""What a project, or another rule, comes to, in lines for the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tulou.app.screen import language, table
from tulou.kernel.words import Language, Words
from tulou.plan.whatif.outcome import FindingLine, Line, Outcome
from tulou.plan.whatif.subjects import Tried
from tulou.publish.whatif.telling import (
    KINDS,
    article_text,
    change_text,
    edit_text,
    objects_text,
    people_moved,
    people_text,
    signed,
    status_text,
    summary,
    title_text,
    unit_name,
    value_text,
    verdict_text,
)
from tulou.publish.words import say

MISSED = 5
"""Missing data named."""


def told(tried: Tried, most: int) -> Iterator[str]:
    """A project that was tried, line by line.

    Args:
        tried: The project.
        most: Rows of each table.
    """
    spoken = language()
    check = tried.outcome.effect.after.check
    head = Words("项目假设推演", "What if").say(spoken)
    yield f"{head}: {tried.project.name} · {check.profile.name} · {check.day} · {check.rulebook['id']}"
    yield from _edits(tried, spoken, most)
    yield from (f"  ! {remark.say(spoken)}" for remark in tried.project.remarks)
    yield ""
    yield from told_outcome(tried.outcome, most)
    if tried.commit is not None:
        name, number_of = tried.commit.branch, tried.commit.number
        yield ""
        kept = Words(f"已存入分支 {name}（提交 {number_of}）", f"Kept on branch {name} (commit {number_of})")
        yield kept.say(spoken)


def told_outcome(outcome: Outcome, most: int) -> Iterator[str]:
    """What an effect comes to, line by line."""
    spoken = language()
    yield summary(outcome).say(spoken)
    yield from _lines(Words("结论发生变化的", "Verdicts that turn"), outcome.flips, most, spoken)
    crossed = Words("越过参考值的（不作判定）", "Values that cross a mark which may not judge")
    yield from _lines(crossed, outcome.crossings, most, spoken)
    yield from _moves(outcome.moves, most, spoken)
    yield from _findings(outcome.findings, most, spoken)
    yield from _unassessed(outcome, most, spoken)


def _edits(tried: Tried, spoken: Language, most: int) -> Iterator[str]:
    edits = tried.project.edits
    for edit in edits[:most]:
        yield f"  {edit_text(edit, tried.state.dictionary, spoken)}"
    if len(edits) > most:
        yield Words(f"  …… 共 {len(edits)} 项", f"  … {len(edits)} edits in all").say(spoken)
    people = people_moved(tried.changed, tried.state)
    if people:
        yield f"  {say('whatif.people_moved', spoken)}: {signed(people, 'person', spoken)}"


def _lines(title: Words, lines: Sequence[Line], most: int, spoken: Language) -> Iterator[str]:
    heads = ("column.indicator", "column.unit", "whatif.before", "whatif.after", "whatif.article", "column.people")
    rows = [
        [
            title_text(line, spoken), unit_name(line, spoken), verdict_text(line.before, line, spoken),
            verdict_text(line.after, line, spoken), article_text(line, spoken), people_text(line.people),
        ]
        for line in lines[:most]
    ]  # fmt: skip
    yield from _table(title, heads, rows, len(lines), spoken)


def _moves(lines: Sequence[Line], most: int, spoken: Language) -> Iterator[str]:
    heads = ("column.indicator", "column.unit", "whatif.before", "whatif.after", "whatif.change")
    rows = [
        [
            title_text(line, spoken), unit_name(line, spoken), value_text(line.before, line, spoken),
            value_text(line.after, line, spoken), change_text(line, spoken),
        ]
        for line in lines[:most]
    ]  # fmt: skip
    yield from _table(Words("数值变化的", "Values that move"), heads, rows, len(lines), spoken)


def _table(title: Words, heads: Sequence[str], rows: list[list[str]], total: int, spoken: Language) -> Iterator[str]:
    """A table with its title and how many of all its rows are shown; nothing for none."""
    if rows:
        yield ""
        yield f"{title.say(spoken)} ({len(rows)}/{total})"
        yield table([say(name, spoken) for name in heads], rows)


def _findings(lines: Sequence[FindingLine], most: int, spoken: Language) -> Iterator[str]:
    heads = ("whatif.finding", "column.indicator", "column.unit", "column.status", "column.people", "whatif.objects")
    rows = [
        [
            KINDS[line.change.kind].say(spoken), line.title.say(spoken), line.change.unit_name or line.change.unit,
            status_text(line, spoken), " → ".join(map(people_text, line.change.people)), objects_text(line, spoken),
        ]
        for line in lines[:most]
    ]  # fmt: skip
    yield from _table(Words("问题的变化", "Findings that appear, vanish or change"), heads, rows, len(lines), spoken)


def _unassessed(outcome: Outcome, most: int, spoken: Language) -> Iterator[str]:
    if not outcome.unassessed:
        return
    anew = [one for one in outcome.unassessed if one.is_new]
    yield ""
    yield Words(
        f"未评价指标 {len(outcome.unassessed)} 项（因本次变更新增 {len(anew)} 项），不算达标；原因见 --json 或报告",
        f"{len(outcome.unassessed)} indicators could not be assessed ({len(anew)} because of the change); none counts "
        f"as a pass; --json and the reports say why",
    ).say(spoken)
    for one in anew[:most]:
        yield f"  {one.title.say(spoken)}: {one.reason.say(spoken)}"
    missing = outcome.effect.after.missing[:MISSED]
    if missing:
        first = ", ".join(f"{one.name} ({len(one.indicators)})" for one in missing)
        yield Words(f"最缺的数据（可评价的指标数）：{first}", f"Data missed most (indicators): {first}").say(spoken)
