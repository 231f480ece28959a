"""A check in a few lines, for the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow.compute as pc

from tulou.app.screen import language, table
from tulou.diagnosis.diagnose import Diagnosis, Standing
from tulou.diagnosis.findings import TO_CONFIRM
from tulou.indicators.evaluate.lacking import title_of
from tulou.indicators.evaluate.telling import STATUS_WORDS, TO_CONFIRM_WORDS
from tulou.kernel.words import Words

SHOWN = 5
OPEN_LISTS = Words(
    "待核实：按登记对象不达标，未登记的对象或估算误差可能使其达标。清单确已完整的，用 tulou claim 声明。",
    "To confirm: fails on what is on record, which missing objects or an estimate could turn round. Where a list is "
    "complete, say so: tulou claim.",
)


def summary_lines(diagnosis: Diagnosis) -> Iterator[str]:
    """Counts by dimension, the findings that concern most people, and what is missing most."""
    spoken = language()
    check = diagnosis.check
    title = Words("城市体检", "City health check").say(spoken)
    synthetic = Words("（合成数据）", " (synthetic data)").say(spoken) if check.profile.synthetic else ""
    record = Words("记录至提交", "as of commit").say(spoken)
    yield f"{title} {check.profile.name}{synthetic} · {check.day} · {record} {check.record} · {check.rulebook['id']}"
    counted = [_counts(standing) for standing in diagnosis.standings]
    heads = [words.say(spoken) for words in _columns().values()]
    rows = [
        [standing.title.say(spoken), *map(str, counts.values())]
        for standing, counts in zip(diagnosis.standings, counted, strict=True)
    ]
    total = [str(sum(counts[name] for counts in counted)) for name in _columns()]
    rows.append([Words("合计", "Total").say(spoken), *total])
    yield table([Words("维度", "Dimension").say(spoken), *heads], rows)
    if any(standing.to_confirm for standing in diagnosis.standings):
        yield OPEN_LISTS.say(spoken)
    if diagnosis.missing:
        named = [(_title(diagnosis, item.name), len(item.indicators)) for item in diagnosis.missing[:SHOWN]]
        zh = "、".join(f"{title.zh}（{count}）" for title, count in named)
        en = ", ".join(f"{title.en} ({count})" for title, count in named)
        yield Words(f"最缺的数据（括号内为可评价的指标数）：{zh}", f"Data missed most (indicators): {en}").say(spoken)
    yield _found(diagnosis).say(spoken)


def _title(diagnosis: Diagnosis, name: str) -> Words:
    """What lacks, by its title where the city is at hand."""
    city = diagnosis.check.city
    return Words(name, name) if city is None else title_of(city, name)


def _columns() -> dict[str, Words]:
    """Heads of the counts: what is to be confirmed stands beside what is proven to fail."""
    found: dict[str, Words] = {}
    for status, words in STATUS_WORDS.items():
        found |= {TO_CONFIRM: TO_CONFIRM_WORDS} if status == "reference" else {}
        found[status] = words
    return found


def _counts(standing: Standing) -> Mapping[str, int]:
    """Indicators of a dimension by column; those to be confirmed are taken out of those for reference."""
    counts = {**standing.counts, TO_CONFIRM: standing.to_confirm}
    counts["reference"] -= standing.to_confirm
    return {name: counts[name] for name in _columns()}


def _found(diagnosis: Diagnosis) -> Words:
    """How many findings there are, those to be confirmed apart."""
    status = pc.cast(diagnosis.findings["status"], "string")
    doubted = pc.sum(pc.equal(status, TO_CONFIRM)).as_py() or 0
    proven = diagnosis.findings.num_rows - doubted
    return Words(
        f"问题 {proven:,} 条，待核实 {doubted:,} 条：tulou findings",
        f"{proven:,} findings, {doubted:,} to confirm: tulou findings",
    )
