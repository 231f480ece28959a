"""``tulou coverage``: how far each clause of the opinion is covered."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import click

from tulou.app.cli.options import rulebook_option
from tulou.app.screen import language, say, table
from tulou.app.wiring import RULEBOOKS, rulebook
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words


@click.command()
@click.option("--city", type=click.Path(path_type=Path), help="Also say which indicators the newest check computed.")
@click.option("--clause", "number", default="", help="Show the commitments of one clause.")
@rulebook_option
def coverage(*, city: Path | None, number: str, rulebooks: tuple[str, ...]) -> None:
    """Say for each clause what is computed, what is only tracked, and what nothing serves yet."""
    from tulou.indicators.rulebook.register import Commitment, read_register

    names = rulebooks or RULEBOOKS
    rules = rulebook(names)
    answered = _answered(city, names) if city is not None else None
    clauses: dict[str, list[Commitment]] = defaultdict(list)
    for commitment in read_register(list(names), rules):
        clauses[commitment.clause].append(commitment)
    spoken = language()
    if number and number not in clauses:
        raise BadUse("no rulebook has such a clause", where="--clause", found=number, allowed=clauses)
    if number:
        rows = [
            [one.id, one.says.say(spoken), one.kind, ", ".join(one.indicators), one.shown_by.say(spoken)]
            for one in clauses.get(number, [])
        ]
        say(
            table(
                (
                    "id",
                    Words("承诺", "Commitment").say(spoken),
                    "",
                    "indicators",
                    Words("证据", "Evidence").say(spoken),
                ),
                rows,
            )
        )
        return
    rows = []
    for key, listed in clauses.items():
        serving = {name for one in listed for name in one.indicators}
        serving |= {one.id for one in rules.indicators.values() if key in one.clauses}
        computed = sum(one.kind == "computed" for one in listed)
        row = [
            key,
            listed[0].title.say(spoken),
            str(len(listed)),
            str(computed),
            str(len(listed) - computed),
            str(len(serving)),
        ]
        rows.append(row if answered is None else [*row, str(len(serving & answered))])
    heads = [Words("条款", "Clause"), Words("标题", "Title"), Words("承诺", "Commitments"), Words("可计算", "Computed"),
             Words("须跟踪", "Tracked"), Words("指标", "Indicators")]  # fmt: skip
    if answered is not None:
        heads.append(Words("本市已评价", "Assessed here"))
    say(table([words.say(spoken) for words in heads], rows))


def _answered(city: Path, names: tuple[str, ...]) -> set[str]:
    """Indicators that the newest check of a city gave a value for."""
    from tulou.app.checking import kept

    rows = kept(city, rulebooks=names).check.results.select(["indicator", "status", "level"]).to_pylist()
    return {row["indicator"] for row in rows if row["level"] == "city" and row["status"] != "not assessed"}
