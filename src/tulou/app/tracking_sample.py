"""Synthetic entries for the synthetic city: a page of settings, reports, evidence, a second party, a matter upward.

Everything here is made up and says so in its own words; it is never put beside a city that was not generated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from tulou.app.tracking import Tracker, open_tracker
from tulou.kernel.errors import BadUse
from tulou.operations.tracker.adapters.files import keep, proof_of
from tulou.operations.tracker.handlers.evidence import add_evidence, withdraw
from tulou.operations.tracker.handlers.judging import assess, reach_milestone, verify
from tulou.operations.tracker.handlers.requests import Request
from tulou.operations.tracker.handlers.setting import set_page
from tulou.operations.tracker.handlers.upward import Letter, answer_matter, send_matter

SYNTHETIC = "合成数据，仅作示范 / synthetic, for demonstration only"

PAGE = """\
# 合成城市的设定，仅作示范 / Settings of the synthetic city, for demonstration only
bodies:
  housing_bureau: {{kind: department, title: {{zh: 市住房和城乡建设局（合成）, en: Housing bureau (synthetic)}}}}
  water_bureau: {{kind: department, title: {{zh: 市水务局（合成）, en: Water bureau (synthetic)}}}}
  transport_bureau: {{kind: department, title: {{zh: 市交通运输局（合成）, en: Transport bureau (synthetic)}}}}
  civil_affairs: {{kind: department, title: {{zh: 市民政局（合成）, en: Civil affairs bureau (synthetic)}}}}
  audit_office: {{kind: department, title: {{zh: 市审计局（合成）, en: Audit office (synthetic)}}}}
baseline: {baseline}
commitments:
  "6.1":
    lead: [housing_bureau]
    due: 2026-06-30
    milestones:
      - {{id: lists, title: {{zh: 存量清单完成, en: Lists of the stock}}, due: 2026-03-31}}
  "6.2": {{lead: [housing_bureau], due: 2026-09-30}}
  "9.6":
    lead: [housing_bureau]
    due: 2026-12-31
  "10.3": {{lead: [civil_affairs], supporting: [housing_bureau], due: {care}}}
  "11.2": {{lead: [transport_bureau], due: 2026-10-31}}
  "14.1":
    lead: [water_bureau]
    due: 2027-06-30
    target:
      says: {{zh: 再生水利用率三成（合成）, en: Three tenths of water used again (synthetic)}}
      indicator: reclaimed_water
      value: 30
      way: at_least
  "15.5": {{lead: [water_bureau], due: 2027-12-31}}
  "16.1":
    lead: [housing_bureau]
    due: 2027-12-31
    target:
      says: {{zh: 结构隐患住房清零（合成）, en: No home with structural danger (synthetic)}}
      indicator: structural_hazard_homes
      value: 0
      way: at_most
"""
"""What the synthetic city sets; ``care`` is put off once, so that the demonstration shows a day that moved."""

BEGIN = datetime(2026, 2, 2, 1, tzinfo=UTC)
FIRST_CARE, LATER_CARE = date(2026, 7, 31), date(2026, 11, 30)


@dataclass
class _Story:
    """The entries, one after the other, each written down on the evening of its own day."""

    tracker: Tracker
    folder: Path
    moment: list[datetime]

    def on(self, day: date) -> date:
        """Set the clock to a day; within one day it goes on by a minute."""
        evening = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        self.moment[0] = max(evening, self.moment[0] + timedelta(minutes=1))
        return day

    def set(self, day: date, care: date, baseline: str) -> None:
        text = PAGE.format(care=care, baseline=baseline)
        tracker = self.tracker
        set_page(
            tracker.agenda, tracker.agenda_of(text), tracker.journal, text, by="audit_office", happened=self.on(day),
            clock=tracker.clock,
        )  # fmt: skip

    def give(self, name: str, by: str, day: date, kind: str) -> int:
        title = self.tracker.agenda.kind(kind)
        file = self.folder / f"{name}-{kind}.txt"
        file.write_text(f"{title.zh} / {title.en}\n{name} {day}\n{SYNTHETIC}\n", "utf-8")
        proof = proof_of(file, kind, SYNTHETIC)
        request = Request(name, by, self.on(day))
        event = add_evidence(
            self.tracker.agenda, self.tracker.journal, request, proof, clock=self.tracker.clock,
            keep=lambda: keep(file, proof, self.tracker.files),
        )  # fmt: skip
        return event.number

    def report(self, name: str, by: str, day: date, state: str, note: str) -> None:
        request = Request(name, by, self.on(day))
        assess(
            self.tracker.agenda, self.tracker.journal, request, state, f"{note}（{SYNTHETIC}）",
            latest=self.tracker.latest, clock=self.tracker.clock,
        )  # fmt: skip


def track_rongcheng(city: Path, *, clock: Callable[[], datetime] | None = None) -> Tracker:
    """Fill the tracker of the synthetic city with synthetic entries; the same bytes each time.

    Args:
        city: Folder of the city.
        clock: Tells when entries are written down; evenings of 2026 by default.

    Returns:
        The tracker, with its entries.

    Raises:
        BadUse: When the city was not generated, or its tracker holds entries already.
    """
    moment = [BEGIN]
    tracker = open_tracker(city, clock=clock or (lambda: moment[0]))
    if not tracker.synthetic:
        raise BadUse("synthetic entries are only for a synthetic city", where=str(city), found=tracker.name)
    if tracker.journal.events():
        raise BadUse("the tracker of this city holds entries already", where=str(city))
    with TemporaryDirectory() as folder:
        _tell(_Story(tracker, Path(folder), moment))
    return tracker


def _tell(story: _Story) -> None:
    """A year of entries: one commitment verified, one refused, one overdue, one done, some under way."""
    tracker, first = story.tracker, min(story.tracker.checks, default="")
    story.set(date(2026, 2, 10), FIRST_CARE, first)
    story.report("9.6", "housing_bureau", date(2026, 3, 20), "on_track", "第一批小区开工")
    request = Request("6.1", "housing_bureau", story.on(date(2026, 4, 8)))
    reach_milestone(tracker.agenda, tracker.journal, request, "lists", f"清单完成（{SYNTHETIC}）", clock=tracker.clock)
    for kind in ("register", "spot_check"):
        story.give("6.1", "housing_bureau", date(2026, 6, 18), kind)
    story.report("6.1", "housing_bureau", date(2026, 6, 20), "done", "登记与抽查完成")
    _look(story, "6.1", date(2026, 6, 28), confirms=True, note="抽查了十个小区")
    story.report("14.1", "water_bureau", date(2026, 7, 15), "on_track", "再生水管网建成一半")
    story.set(date(2026, 7, 20), LATER_CARE, first)
    wrong = story.give("6.2", "housing_bureau", date(2026, 9, 10), "check_results")
    request = Request("6.2", "housing_bureau", story.on(date(2026, 9, 12)))
    withdraw(tracker.agenda, tracker.journal, request, wrong, f"附错年份（{SYNTHETIC}）", clock=tracker.clock)
    for kind in ("check_results", "problem_list"):
        story.give("6.2", "housing_bureau", date(2026, 9, 15), kind)
    story.report("6.2", "housing_bureau", date(2026, 9, 20), "done", "年度体检完成")
    _look(story, "6.2", date(2026, 9, 28), confirms=False, note="问题清单缺责任单位")
    story.report("16.1", "housing_bureau", date(2026, 10, 7), "on_track", "首批加固完工")
    story.report("11.2", "transport_bureau", date(2026, 10, 8), "delayed", "两条断头路征收未完")
    _upward(story)


def _look(story: _Story, name: str, day: date, *, confirms: bool, note: str) -> None:
    tracker = story.tracker
    request = Request(name, "audit_office", story.on(day))
    text = f"{note}（{SYNTHETIC}）"
    verify(tracker.agenda, tracker.journal, request, text, confirms=confirms, clock=tracker.clock)


def _upward(story: _Story) -> None:
    tracker = story.tracker
    under = next(one.id for one in tracker.agenda.commitments.values() if one.upward and one.upward.way == "report")
    request = Request(under, "housing_bureau", story.on(date(2026, 10, 12)))
    letter = Letter(f"体检结果未获确认（{SYNTHETIC}）", about="6.2")
    sent = send_matter(tracker.agenda, tracker.journal, request, letter, clock=tracker.clock)
    request = Request(under, "provincial_government", story.on(date(2026, 10, 20)))
    answer_matter(
        tracker.agenda, tracker.journal, request, sent.number, f"补齐后重报（{SYNTHETIC}）", clock=tracker.clock
    )
    request = Request(under, "transport_bureau", story.on(date(2026, 11, 10)))
    letter = Letter(f"断头路征收需统筹（{SYNTHETIC}）", about="11.2")
    send_matter(tracker.agenda, tracker.journal, request, letter, clock=tracker.clock)
