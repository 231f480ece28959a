"""The stories of the demonstration: why figures moved, what a project does, what to do first, what was promised."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tulou.app.comparing import compare
from tulou.app.demonstration import YEARS, make_helsinki, make_two_years
from tulou.app.plan_demonstration import plan_rongcheng, site_helsinki
from tulou.app.plan_lines import plan_lines
from tulou.app.planning import write_plan
from tulou.app.screen import language
from tulou.app.siting import site_lines
from tulou.app.tracking import FOLDER as TRACKER
from tulou.app.tracking import JOURNAL, open_tracker
from tulou.app.tracking_lines import overview_lines
from tulou.app.tracking_papers import write_pages
from tulou.app.tracking_sample import track_rongcheng
from tulou.app.whatif_demo import make_whatif
from tulou.app.whatif_told import told
from tulou.app.why import Wanted, subject_of
from tulou.kernel.progress import Progress
from tulou.kernel.words import LANGUAGES
from tulou.operations.tracker.domain.grouping import SOON_DAYS, WAYS
from tulou.publish.paper.write import write_papers
from tulou.publish.why.paper import lead, why_paper
from tulou.publish.why.tell import paragraph

TOLD_ON = date(2026, 11, 27)
"""Day on which the story of the tracker is told, so that it is the same each time."""
SHOWN = 6
"""Paragraphs and rows that a story shows on the screen; its papers hold all."""


@dataclass(frozen=True)
class Told:
    """A story, told.

    Args:
        lines: What stands on the screen.
        files: What was written.
    """

    lines: tuple[str, ...]
    files: tuple[Path, ...]


Story = Callable[[Path, Progress], Told]


def _city(folder: Path, name: str) -> Path:
    return folder / f"{name}.city"


def tell_diff(folder: Path, progress: Progress) -> Told:
    """Why did the figures of Rongcheng move between its two years?"""
    place = _city(folder, "rongcheng")
    make_two_years(place, progress=progress)
    found = compare(place, *YEARS, progress=progress)
    subject = subject_of(found, Wanted(), reasons=True, progress=progress)
    spoken = language()
    lines = [lead(subject, spoken)]
    for change in subject.changes[:SHOWN]:
        lines += ["", paragraph(change, subject, spoken)]
    papers = {one: why_paper(subject, one) for one in LANGUAGES}
    return Told(tuple(lines), tuple(write_papers(papers, "why", folder / "diff", ["html", "pdf"])))


def tell_whatif(folder: Path, progress: Progress) -> Told:
    """What would a closed school, a new clinic and a cut street do in central Helsinki?"""
    tried, written = make_whatif(_city(folder, "helsinki"), folder / "whatif", progress=progress)
    return Told(tuple(told(tried, SHOWN)), tuple(written))


def tell_plan(folder: Path, progress: Progress) -> Told:
    """What should Rongcheng do first with the money there is, and where could Helsinki's kindergartens stand?"""
    rongcheng, helsinki = _city(folder, "rongcheng"), _city(folder, "helsinki")
    make_two_years(rongcheng, progress=progress)
    planned = plan_rongcheng(rongcheng, folder / "plan", progress=progress)
    if not helsinki.exists():
        make_helsinki(helsinki, progress=progress)
    lines = [*plan_lines(planned, SHOWN), "", *site_lines(site_helsinki(helsinki))]
    return Told(tuple(lines), tuple(write_plan(planned, ["html", "xlsx"], LANGUAGES, folder=folder / "plan")))


def tell_track(folder: Path, progress: Progress) -> Told:
    """What did the opinion promise, and what came of it in Rongcheng?"""
    place = _city(folder, "rongcheng")
    make_two_years(place, progress=progress)
    if not (place / TRACKER / JOURNAL).exists():
        track_rongcheng(place)
    tracker = open_tracker(place)
    seen = tracker.seen(TOLD_ON)
    written = write_pages(tracker, seen, WAYS, ["html"], LANGUAGES, folder=folder / "track", progress=progress)
    return Told(tuple(overview_lines(tracker, seen, "clause", SOON_DAYS, language())), tuple(written))


STORIES: Mapping[str, Story] = {"diff": tell_diff, "whatif": tell_whatif, "plan": tell_plan, "track": tell_track}


def tell(name: str, folder: Path, progress: Progress) -> Told:
    """Tell one story.

    Args:
        name: Of ``STORIES``.
        folder: Where its cities stand and its papers go.
        progress: Told where the work stands.
    """
    return STORIES[name](folder, progress)
