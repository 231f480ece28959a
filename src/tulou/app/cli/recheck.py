"""``tulou recheck``: a check of the past made again, as known then and as known now."""

from __future__ import annotations

from pathlib import Path

import click

from tulou.app.cli.options import city_argument, count_option, progress_bar
from tulou.app.rechecking import MOVED, Again, recheck
from tulou.app.screen import language, say, table
from tulou.app.summary import summary_lines
from tulou.indicators.evaluate.telling import STATUS_WORDS
from tulou.kernel.words import Words

NOW = "now"
HEADS = (
    Words("指标", "indicator"),
    Words("算法", "variant"),
    Words("层级", "level"),
    Words("单元", "unit"),
    Words("当时的值", "value then"),
    Words("现在的值", "value now"),
    Words("当时的结论", "status then"),
    Words("现在的结论", "status now"),
)


@click.command("recheck")
@city_argument
@click.argument("check", required=False, default="")
@click.option("--as-of", help="Record: commit number, tag or moment, or 'now'; by default as known then.")
@count_option("--limit", 10, "Figures to show that moved.")
def recheck_command(city: Path, check: str, as_of: str | None, limit: int) -> None:
    """Make a kept CHECK of CITY again by its own rulebook: the newest one, unless its id is given."""
    is_now = as_of == NOW
    with progress_bar() as bar:
        found = recheck(city, check, record=None if is_now else as_of, is_now=is_now, progress=bar)
    say("\n".join(summary_lines(found.diagnosis)))
    say(_told(found))
    if found.moved.num_rows and limit:
        rows = [_line(row) for row in found.moved.slice(0, limit).to_pylist()]
        say(table([head.say(language()) for head in HEADS], rows))


def _told(found: Again) -> Words:
    check = found.kept.id
    if found.is_same:
        return Words(
            f"体检 {check} 已重算：与所存结果逐字节相同", f"Check {check} was made again: the same bytes as were kept"
        )
    count = found.moved.num_rows
    if not count:
        return Words(
            f"体检 {check} 已按提交 {found.record} 重算：数值全部相同",
            f"Check {check} was made again as of commit {found.record}: all figures are the same",
        )
    return Words(
        f"体检 {check} 已按提交 {found.record} 重算：{count:,} 个数值与当时（提交 {found.kept.record}）不同",
        f"Check {check} was made again as of commit {found.record}: "
        f"{count:,} figures are not what they were as of commit {found.kept.record}",
    )


def _line(row: dict[str, object]) -> list[str]:
    return [_word(name, row[name]) for name in MOVED.names]


def _word(name: str, value: object) -> str:
    if value is None:
        return "—"
    if isinstance(value, float):
        return f"{value:.6g}"
    if name.startswith("status") and str(value) in STATUS_WORDS:
        return STATUS_WORDS[str(value)].say(language())
    return str(value)
