"""The tracker on the screen: the overview, one commitment, the matters that go upward."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tulou.app.screen import table
from tulou.app.tracking import Seen, Tracker
from tulou.kernel.errors import shorten
from tulou.kernel.words import Language, Words
from tulou.operations.tracker.domain.commitment import Agenda, Commitment
from tulou.operations.tracker.domain.grouping import Counts, Group, Way, clause_name, counts, groups, pressing
from tulou.operations.tracker.domain.standing import STATES, Standing
from tulou.operations.tracker.domain.telling import (
    ENTRY_WORDS,
    FALLEN_BACK,
    NOT_SET,
    RHYTHM_WORDS,
    SETTER_WORDS,
    STAGE_WORDS,
    STATE_WORDS,
    WAY_WORDS,
    WHY_WORDS,
    basis_of,
    event_words,
    journal_line,
    lack_words,
    move_words,
    progress_words,
    step_words,
    target_words,
)
from tulou.operations.tracker.domain.upward import upgoing
from tulou.publish.numbers import quantity

_MOST_LETTERS = 60
"""Letters of a commitment that a table on the screen shows."""

_GROUPS: dict[Way, Words] = {
    "clause": Words("条款", "Clause"),
    "body": Words("单位", "Body"),
    "due": Words("时限", "Due"),
}
_COLUMNS = (Words("承诺", "All"), *(STATE_WORDS[state] for state in STATES), Words("逾期", "Overdue"),
            Words("临近", "Soon"), Words("未设定", "Not set"))  # fmt: skip
NONE = Words("无", "none")
COMMA, SEMICOLON = Words("、", ", "), Words("；", "; ")
_ALL = Words("合计", "All")


def head_lines(tracker: Tracker, seen: Seen, language: Language) -> Iterator[str]:
    """Which city, which day, which record."""
    synthetic = Words("（合成数据）", " (synthetic)").say(language) if tracker.synthetic else ""
    record = Words(f"，按 {seen.as_of} 时所知", f", as known at {seen.as_of}").say(language) if seen.as_of else ""
    yield f"{tracker.name}{synthetic} · {seen.day}{record}"
    yield journal_line(seen.events).say(language)


def overview_lines(tracker: Tracker, seen: Seen, way: Way, soon: int, language: Language) -> Iterator[str]:
    """How many commitments of each group stand where."""
    yield from head_lines(tracker, seen, language)
    rows = [_row(group, way, counts(seen.standings, group.commitments, seen.day, soon), language)
            for group in groups(seen.agenda, way)]  # fmt: skip
    total = counts(seen.standings, seen.standings, seen.day, soon)
    rows.append([_ALL.say(language), "", *_numbers(total)])
    yield table([_GROUPS[way].say(language), "", *(one.say(language) for one in _COLUMNS)], rows)
    yield from _pressing(seen, soon, language)
    for name in sorted(tracker.fallen_back(seen.standings)):
        yield f"{FALLEN_BACK.say(language)}: {name}  {seen.agenda.commitments[name].says.say(language)}"
    if total.unset:
        yield Words(
            f"{total.unset} 项承诺未设定牵头单位或时限（文件未规定）：tulou track page",
            f"{total.unset} commitments have no lead body or day, since the policy sets none: tulou track page",
        ).say(language)


def show_lines(tracker: Tracker, seen: Seen, one: Commitment, language: Language) -> Iterator[str]:
    """All that is known of one commitment."""
    standing = seen.standings[one.id]
    yield from head_lines(tracker, seen, language)
    yield ""
    yield f"{one.id}  {one.says.say(language)}"
    progress = tracker.progress_of(seen.agenda, one)
    for words, text in _facts(seen.agenda, standing, tracker.titles):
        yield f"  {words.say(language)}: {text.say(language)}"
    if one.id in tracker.fallen_back({one.id: standing}):
        yield f"  {Words('注意', 'Mind').say(language)}: {FALLEN_BACK.say(language)}"
    yield f"  {Words('进展', 'Progress').say(language)}: {progress_words(progress).say(language)}"
    for indicator in one.indicators:
        yield f"  {_figure(tracker, indicator, language)}"
    yield from _history(tracker, seen, one, language)


def upward_lines(tracker: Tracker, seen: Seen, language: Language) -> Iterator[str]:
    """The matters that go upward."""
    yield from head_lines(tracker, seen, language)
    heads = (Words("状态", "Stage"), Words("号", "No."), Words("事项", "Matter"), Words("方式", "Way"),
             Words("报送", "To"), Words("由", "By"), Words("自", "Since"), Words("依据", "By which sentence"),
             Words("答复", "Answer"))  # fmt: skip
    rows = []
    for one in upgoing(seen.agenda, seen.standings):
        about = seen.agenda.commitments[one.about].says.say(language) if one.about else ""
        matter = " · ".join(filter(None, (one.title or one.under.says.say(language), one.about, about)))
        rows.append(
            [
                STAGE_WORDS[one.stage].say(language),
                str(one.number or ""),
                shorten(matter, _MOST_LETTERS),
                WAY_WORDS[one.way].say(language),
                names_of(seen.agenda, one.to, language) or NOT_SET.say(language),
                seen.agenda.body_title(one.by).say(language) if one.by else "",
                f"{one.since or ''}",
                basis_of(one.under).say(language),
                f"{one.answered} {one.answer}" if one.answered else "",
            ]
        )
    yield table([words.say(language) for words in heads], rows)
    yield Words(
        "文件没有规定哪些事项为重大事项；候选项由逾期、第二方未确认的承诺列出，是否上报由人决定。",
        "The policy does not say which matters are of weight: candidates are commitments past their day or refused by "
        "their second party, and a person decides.",
    ).say(language)


def names_of(agenda: Agenda, bodies: Iterable[str], language: Language) -> str:
    """Names of some bodies."""
    return Words("、", ", ").say(language).join(agenda.body_title(name).say(language) for name in bodies)


def _row(group: Group, way: Way, found: Counts, language: Language) -> list[str]:
    key = clause_name(group.key) if way == "clause" else group.key
    title = "" if way == "due" and group.key else group.title.say(language)
    return [key, title, *_numbers(found)]


def _numbers(found: Counts) -> list[str]:
    shown = (found.total, *found.states.values(), found.overdue, found.soon, found.unset)
    return [str(number) if number else "" for number in shown]


def _pressing(seen: Seen, soon: int, language: Language) -> Iterator[str]:
    """What is past its day or due soon, by its day."""
    for press in pressing(seen.standings, seen.day, soon):
        says = step_words(seen.agenda.commitments[press.commitment], press.step).say(language)
        yield f"{WHY_WORDS[press.why].say(language)}: {press.day}  {press.commitment}  {shorten(says, _MOST_LETTERS)}"


def _facts(agenda: Agenda, standing: Standing, titles: Mapping[str, Words]) -> Iterator[tuple[Words, Words]]:
    """What is set and how it stands, name by name."""
    one = standing.commitment
    title = Words(f"{clause_name(one.clause)} {one.title.zh}", f"{clause_name(one.clause)} {one.title.en}")
    yield Words("条款", "Clause"), title
    yield Words("依据", "Basis"), basis_of(one)
    yield Words("状态", "Standing"), STATE_WORDS[standing.state]
    lacks = [lack_words(lack, _kinds(agenda, standing.lacking)) for lack in standing.lacks]
    yield Words("尚缺", "Lacking"), _joined(lacks, SEMICOLON)
    yield Words("牵头", "Lead"), _bodies(agenda, one, "lead")
    yield Words("配合", "Supporting"), _bodies(agenda, one, "supporting")
    due = Words(f"{one.due}", f"{one.due}") if one.due else RHYTHM_WORDS[one.rhythm] if one.rhythm else NOT_SET
    yield Words("时限", "Due"), _set(one, "due" if one.due else "rhythm", due)
    yield Words("目标", "Target"), _set(one, "target", target_words(one.target, titles) if one.target else NOT_SET)
    yield Words("所需证据", "Evidence asked for"), _set(one, "needs", _kinds(agenda, one.needs))
    for step in one.milestones:
        day = (standing.reached or {}).get(step.id)
        state = Words(f"{day} 达成", f"reached {day}") if day else Words("未达成", "not reached")
        due = Words(f"（{step.due} 前）", f" (by {step.due})") if step.due else Words("", "")
        yield (
            Words(f"里程碑 {step.id}", f"Milestone {step.id}"),
            Words(f"{step.title.zh}{due.zh}：{state.zh}", f"{step.title.en}{due.en}: {state.en}"),
        )


def _bodies(agenda: Agenda, one: Commitment, key: str) -> Words:
    names = one.lead if key == "lead" else one.supporting
    if names:
        titles = [agenda.body_title(name) for name in names]
        return _set(one, key, _joined(titles))
    if key == "supporting" or agenda.general is None:
        return NOT_SET
    general = agenda.general
    answers, carries = (_joined(map(agenda.body_title, names)) for names in (general.answers, general.carries_out))
    return Words(
        f"{NOT_SET.zh}；总则：{answers.zh}负责，{carries.zh}（{general.basis.zh}）",
        f"{NOT_SET.en}; in general {answers.en} and {carries.en} ({general.basis.en})",
    )


def _set(one: Commitment, key: str, words: Words) -> Words:
    """A value with who set it."""
    setter = one.setters.get(key)
    if setter is None:
        return words
    told = SETTER_WORDS[setter]
    return Words(f"{words.zh}〔{told.zh}〕", f"{words.en} [{told.en}]")


def _kinds(agenda: Agenda, kinds: Iterable[str]) -> Words:
    return _joined(agenda.evidence[kind] for kind in kinds)


def _joined(words: Iterable[Words], by: Words = COMMA) -> Words:
    listed = list(words)
    return Words(by.zh.join(one.zh for one in listed), by.en.join(one.en for one in listed)) if listed else NONE


def _figure(tracker: Tracker, indicator: str, language: Language) -> str:
    title = tracker.rules.indicators[indicator].title.say(language)
    value = tracker.latest(indicator)
    none = Words("未评价", "not assessed").say(language)
    shown = none if value is None else quantity(value, tracker.rules.indicators[indicator].unit, language)
    return f"{Words('指标', 'Indicator').say(language)} {indicator} {title}: {shown}"


def _history(tracker: Tracker, seen: Seen, one: Commitment, language: Language) -> Iterator[str]:
    gone = {event.facts["entry"] for event in seen.events if event.kind == "withdrawal"}
    moved: dict[int, list[str]] = {}
    for event, move in tracker.moved(seen.events):
        if move.commitment == one.id:
            moved.setdefault(event.number, []).append(move_words(move).say(language))
    rows = []
    for event in seen.events:
        if event.commitment != one.id and event.number not in moved:
            continue
        said = (
            "; ".join(moved[event.number])
            if event.number in moved
            else event_words(event, seen.agenda.evidence).say(language)
        )
        mark = Words("（已撤回）", " (taken back)").say(language) if event.number in gone else ""
        by = " · ".join(filter(None, (seen.agenda.body_title(event.by).say(language), event.who)))
        known = f"{event.known:%Y-%m-%d %H:%M}"
        kind = ENTRY_WORDS[event.kind].say(language)
        rows.append([str(event.number), f"{event.happened}", known, kind + mark, by, said])
    if not rows:
        yield Words("尚无记录", "Nothing is on record yet").say(language)
        return
    heads = (Words("条", "No."), Words("发生", "Happened"), Words("记录 (UTC)", "Known (UTC)"), Words("类别", "Entry"),
             Words("单位", "By"), Words("内容", "What"))  # fmt: skip
    yield table([words.say(language) for words in heads], rows)
