"""A plan on the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tulou.app.planning import Planned, material_of
from tulou.app.screen import language, table
from tulou.kernel.words import Words
from tulou.publish.paper.content import Sheet
from tulou.publish.paper.pages import grid_of
from tulou.publish.plan.assemble import lead_of, outlook, sheet
from tulou.publish.words import say

SHOWN: Sequence[str] = ("schedule", "effect", "outlook", "money", "left_out")
"""Tables of a plan that a screen shows."""
_NOTHING = Words(
    "没有备选项目：没有已判定且目录中有对应措施的问题；待核实的问题不作处置。",
    "There is no candidate: nothing is proven to fail that a remedy answers; what is to be confirmed is not acted on.",
)
NARROW = ("consent", "measured_in")


def plan_lines(planned: Planned, top: int) -> Iterator[str]:
    """What a reader sees of a plan at once.

    Args:
        planned: The plan.
        top: Most rows of each table.
    """
    found, spoken = material_of(planned), language()
    yield lead_of(found, spoken)
    if not found.plan.candidates.found:
        yield _NOTHING.say(spoken)
    if found.has_made_up_prices:
        yield say("plan.note.synthetic_prices", spoken)
    for name in SHOWN:
        shown = outlook(found, spoken) if name == "outlook" else sheet(found, name, spoken)
        yield ""
        yield f"{shown.name}"
        yield from table_lines(shown, top)
    for project, branch in planned.branches.items():
        yield Words(f"分支 {branch}：{project}", f"Branch {branch}: {project}").say(spoken)


def table_lines(shown: Sheet, top: int) -> Iterator[str]:
    """One table on the screen, without its widest columns of words."""
    if not shown.rows:
        yield shown.empty
        return
    spoken = language()
    left_out = {say(f"plan.column.{name}", spoken) for name in NARROW}
    grid = grid_of(shown, spoken)
    kept = [at for at, head in enumerate(grid.head) if head not in left_out]
    rows = [[row[at] for at in kept] for row in grid.rows[:top]]
    yield table([grid.head[at] for at in kept], rows)
    if len(shown.rows) > top:
        yield say("paper.capped", spoken, shown=top, total=f"{len(shown.rows):,}")
