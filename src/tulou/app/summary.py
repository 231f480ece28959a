"""A check in a few lines, for the screen."""

from __future__ import annotations

from collections.abc import Iterator

from tulou.app.screen import language, table
from tulou.diagnosis.diagnose import Diagnosis
from tulou.indicators.evaluate.telling import STATUS_WORDS
from tulou.kernel.words import Words

SHOWN = 5


def summary_lines(diagnosis: Diagnosis) -> Iterator[str]:
    """Counts by dimension, the findings that concern most people, and what is missing most."""
    spoken = language()
    check = diagnosis.check
    title = Words("城市体检", "City health check").say(spoken)
    synthetic = Words("（合成数据）", " (synthetic data)").say(spoken) if check.profile.synthetic else ""
    record = Words("记录至提交", "as of commit").say(spoken)
    yield f"{title} {check.profile.name}{synthetic} · {check.day} · {record} {check.record} · {check.rulebook['id']}"
    heads = [words.say(spoken) for words in STATUS_WORDS.values()]
    rows = [
        [standing.title.say(spoken), *[str(standing.counts[status]) for status in STATUS_WORDS]]
        for standing in diagnosis.standings
    ]
    total = [str(sum(standing.counts[status] for standing in diagnosis.standings)) for status in STATUS_WORDS]
    rows.append([Words("合计", "Total").say(spoken), *total])
    yield table([Words("维度", "Dimension").say(spoken), *heads], rows)
    if diagnosis.missing:
        first = ", ".join(f"{item.name} ({len(item.indicators)})" for item in diagnosis.missing[:SHOWN])
        yield Words(f"最缺的数据（可评价的指标数）：{first}", f"Data missed most (indicators): {first}").say(spoken)
    count = diagnosis.findings.num_rows
    yield Words(f"问题 {count:,} 条：tulou findings", f"{count:,} findings: tulou findings").say(spoken)
