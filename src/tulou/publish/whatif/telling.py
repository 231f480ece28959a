"""Telling: what an outcome says, cell by cell, for the screen and for papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tulou.indicators.evaluate.telling import GRADES, STATUS_WORDS
from tulou.indicators.rulebook.content import Setting
from tulou.kernel.dated import Version
from tulou.kernel.words import Language, Words
from tulou.model.changes import ChangeSet
from tulou.model.dictionary import Attribute, Dictionary
from tulou.model.state import State
from tulou.plan.projects.project import Edit, Value
from tulou.plan.whatif.laws import ParameterChange
from tulou.plan.whatif.outcome import OFFICIAL, Article, FindingLine, Line, Outcome, Stand, people_of
from tulou.publish.numbers import MINUS, number, quantity
from tulou.publish.whatif.machine import counts
from tulou.publish.words import say

VERDICTS: Mapping[str, Words] = {
    **STATUS_WORDS,
    "pass to confirm": Words("达标（待核实）", "pass, to confirm"),
    "fail to confirm": Words("不达标（待核实）", "fail, to confirm"),
    "": Words("—", "—"),
}
TURNS: Mapping[str, Words] = {
    "worse": Words("变差", "worse"),
    "better": Words("变好", "better"),
    "judged": Words("转为判定", "now judged"),
    "unjudged": Words("不再判定", "no longer judged"),
    "other": Words("", ""),
}
COUNTED: Mapping[str, Words] = {
    "worse": Words("变差", "worse"),
    "better": Words("变好", "better"),
    "judged": Words("转为判定", "now judged"),
    "unjudged": Words("不再判定", "no longer judged"),
    "other": Words("其他", "otherwise"),
}
"""How the ways a verdict turns are counted in a sentence."""
ACTIONS: Mapping[str, Words] = {
    "add": Words("新增", "add"), "change": Words("修改", "change"), "close": Words("关闭", "close"),
    "remove": Words("拆除", "remove"),
}  # fmt: skip
KINDS: Mapping[str, Words] = {
    "appeared": Words("新增", "new"),
    "vanished": Words("消除", "gone"),
    "changed": Words("变化", "changed"),
}
UNKNOWN = "—"
OBJECTS_NAMED = 3


def edit_text(edit: Edit, dictionary: Dictionary, spoken: Language) -> str:
    """One edit in words: what is done to which object."""
    entity = dictionary[edit.entity]
    called = f"{edit.name} ({edit.id})" if edit.name else edit.id
    values = values_text(edit, dictionary, spoken)
    head = f"{ACTIONS[edit.action].say(spoken)} {entity.title.say(spoken)} {called}"
    return f"{head}: {values}" if values else head


def values_text(edit: Edit, dictionary: Dictionary, spoken: Language) -> str:
    """The attributes that an edit gives, in words; none for what only closes or goes."""
    if edit.action not in {"add", "change"}:
        return ""
    attributes = dictionary[edit.entity].attributes
    told = [
        f"{attributes[name].title.say(spoken)} {_value(value, attributes[name], spoken)}"
        for name, value in edit.values.items()
        if name != "name"
    ]
    return say("language.list", spoken).join(told)


def _value(value: Value, attribute: Attribute, spoken: Language) -> str:
    if isinstance(value, bool):
        return say("paper.yes" if value else "paper.no", spoken)
    if isinstance(value, float):
        return quantity(value, attribute.unit or "1", spoken)
    titles = attribute.values or {}
    return titles[value].say(spoken) if isinstance(value, str) and value in titles else str(value)


def signed(value: float, unit: str, spoken: Language) -> str:
    """A change with its sign and unit; 0 without a sign."""
    sign = MINUS if value < 0 else "+" if value > 0 else ""
    return f"{sign}{quantity(abs(value), unit, spoken)}"


def people_moved(changed: ChangeSet, state: State) -> float:
    """By how many the city's residents change, over its population cells."""
    cells = changed.entities.get("population")
    if cells is None:
        return 0.0
    rows = state.rows("population")
    before = dict(zip(map(str, rows.ids), rows.numbers("residents").tolist(), strict=True))
    moved = float(cells.appeared.numbers("residents").sum()) if len(cells.appeared) else 0.0
    moved -= sum(before.get(name, 0.0) for name in cells.vanished.to_pylist())
    residents = cells.attributes.get("residents")
    if residents is not None:
        moved += sum(residents.after.to_pylist()) - sum(one or 0.0 for one in residents.before.to_pylist())
    return moved


def title_text(line: Line, spoken: Language) -> str:
    """What an answer is called: the indicator's title, with its variant where it is not the official one."""
    variant = line.variant_title.say(spoken) or line.variant
    title = line.title.say(spoken)
    if not line.variant:
        return title
    return f"{title}（{variant}）" if spoken == "zh" else f"{title} ({variant})"


def unit_name(line: Line, spoken: Language) -> str:
    """What a unit is called, with its level."""
    return f"{line.unit_name or line.unit} ({say(f'level.{line.level}', spoken)})"


def value_text(stand: Stand, line: Line, spoken: Language) -> str:
    """A value with its unit; a dash where there is none."""
    return UNKNOWN if stand.value is None else quantity(stand.value, line.measured_in, spoken)


def verdict_text(stand: Stand, line: Line, spoken: Language) -> str:
    """A value with its verdict."""
    if not stand.verdict:
        return UNKNOWN
    return f"{value_text(stand, line, spoken)} {VERDICTS[stand.verdict].say(spoken)}"


def article_text(line: Line, spoken: Language) -> str:
    """The article by which a verdict turned: that with the change, and that without it where they differ."""
    after, before = line.after.article, line.before.article
    told = one_article(after, line, spoken)
    if before is not None and before != after:
        return f"{one_article(before, line, spoken)} → {told}"
    return told


def one_article(article: Article | None, line: Line, spoken: Language) -> str:
    """A mark with its clause, since when it is in force, and its evidence where that does not judge."""
    if article is None:
        return UNKNOWN
    mark = f"{article.mark}{'' if line.measured_in != 'percent' else '%'}"
    since = Words(f"{article.since} 起", f"since {article.since}").say(spoken)
    grade = "" if article.evidence == "sourced" else f", {GRADES[article.evidence].say(spoken)}"
    return f"{mark} · {article.clause or UNKNOWN} · {since}{grade}"


def change_text(line: Line, spoken: Language) -> str:
    """By how much a value moved, and which way."""
    if line.before.value is None or line.after.value is None:
        return ""
    change = line.after.value - line.before.value
    text = number(abs(change), unit=line.measured_in)
    if not text.strip("0.,"):
        text = f"{abs(change):.1g}"  # So small that the digits of its unit would show nothing.
    sign = MINUS if change < 0 else "+"
    return f"{sign}{text} {TURNS[line.turn].say(spoken)}".rstrip()


def people_text(people: float | None) -> str:
    """A number of people, or a dash where nobody knows."""
    return UNKNOWN if people is None else f"{people:,.0f}"


def status_text(line: FindingLine, spoken: Language) -> str:
    """How a finding stood and stands."""
    words = {"fail": VERDICTS["fail"], "to confirm": VERDICTS["fail to confirm"], "": VERDICTS[""]}
    before, after = (words[status].say(spoken) for status in line.change.status)
    return after if before == after else f"{before} → {after}"


def objects_text(line: FindingLine, spoken: Language) -> str:
    """Objects that a finding names anew and no longer, the first few by name."""
    parts = []
    for sign, objects in (("+", line.added), (MINUS, line.dropped)):
        if objects:
            names = [one.name or one.id for one in objects[:OBJECTS_NAMED]]
            more = " …" if len(objects) > OBJECTS_NAMED else ""
            parts.append(f"{sign}{len(objects)} ({say('language.list', spoken).join(names)}{more})")
    return " ".join(parts) or size_text(line, spoken)


def size_text(line: FindingLine, spoken: Language) -> str:
    """By how much the objects of a finding fail in all, where that changed."""
    before, after = line.change.sizes
    if before == after or before is None or after is None:
        return ""
    return f"{quantity(before, line.change.size_unit, spoken)} → {quantity(after, line.change.size_unit, spoken)}"


def summary(outcome: Outcome) -> Words:
    """An outcome in one sentence: what turns, for how many people, what moves, what is found."""
    found = counts(outcome)
    people = people_of([line for line in outcome.flips if line.variant == OFFICIAL])
    turned = [(name, found[name]) for name in TURNS if found[name] or name in {"worse", "better"}]
    chinese = "，".join(f"{COUNTED[name].zh} {count}" for name, count in turned)
    english = ", ".join(f"{count} {COUNTED[name].en}" for name, count in turned)
    new, gone, changed = (found[f"findings_{kind}"] for kind in KINDS)
    parts = (
        Words(
            f"结论变化 {found['flips']} 项（{chinese}{f'，涉及 {people:,.0f} 人' if people else ''}）",
            f"{found['flips']} verdicts turn ({english}{f', {people:,.0f} people' if people else ''})",
        ),
        Words(f"数值变化 {found['moves']} 项", f"{found['moves']} values move"),
        Words(f"问题新增 {new}、消除 {gone}、变化 {changed}", f"findings: {new} new, {gone} gone, {changed} changed"),
        Words(f"新增不达标 {found['fails_anew']} 项", f"{found['fails_anew']} fail anew"),
    )
    return Words("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def parameter_rows(changes: Sequence[ParameterChange], spoken: Language) -> list[list[str]]:
    """A row for each parameter that changes: its title and name, and what it says on either side."""
    return [
        [
            f"{change.title.say(spoken)} ({change.name})",
            version_text(change.before, change.units[0], spoken),
            version_text(change.after, change.units[1], spoken),
        ]
        for change in changes
    ]


def version_text(version: Version[Setting] | None, unit: str, spoken: Language) -> str:
    """What a parameter says, since when, by which clause and how well that is evidenced."""
    if version is None:
        return Words("未生效", "not in force").say(spoken)
    since = Words(f"{version.since} 起", f"since {version.since}").say(spoken)
    grade = GRADES[version.evidence].say(spoken)
    return f"{setting_text(version.value, unit, spoken)} · {since} · {version.clause or UNKNOWN} · {grade}"


def setting_text(setting: Setting, unit: str, spoken: Language) -> str:
    """The value of a parameter, whatever its shape."""
    if setting.class_of is not None:
        parts = [f"{name}: {_span(value, unit, spoken)}" for name, value in setting.by_class.items()]
        return say("language.list", spoken).join(parts)
    if setting.brackets:
        steps = [f"≥ {size:g}: {_span(value, unit, spoken)}" for size, value in setting.brackets]
        return say("language.list", spoken).join(steps)
    return _span(setting.range if setting.range is not None else setting.number, unit, spoken)


def _span(value: float | tuple[float, float] | None, unit: str, spoken: Language) -> str:
    if isinstance(value, tuple):
        low = number(value[0], unit=unit, is_exact=True)
        return f"{low}–{quantity(value[1], unit, spoken, is_exact=True)}"
    return quantity(value, unit, spoken, is_exact=True)
