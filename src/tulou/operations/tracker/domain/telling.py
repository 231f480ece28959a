"""The words for states, lacks and reasons of the tracker, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from tulou.kernel.words import Words
from tulou.operations.tracker.domain.commitment import Rhythm, Setter
from tulou.operations.tracker.domain.progress import CAUSES, Progress, Reason
from tulou.operations.tracker.domain.standing import Lack, State

STATE_WORDS: Mapping[State, Words] = {
    "not_started": Words("未启动", "Not started"),
    "on_track": Words("按计划推进", "On track"),
    "delayed": Words("滞后", "Delayed"),
    "done": Words("已完成，待第二方确认", "Done, to be confirmed"),
    "verified": Words("已核实", "Verified"),
}

LACK_WORDS: Mapping[Lack, Words] = {
    "overdue": Words("已过时限", "past its day"),
    "refused": Words("第二方未予确认", "refused by the second party"),
    "withdrawn": Words("证据已撤回", "evidence taken back"),
    "milestone": Words("里程碑逾期", "milestone past its day"),
    "evidence": Words("缺证据", "evidence"),
    "assessment": Words("有证据、未评定", "an assessment of the evidence"),
    "verification": Words("待第二方确认", "a second party"),
    "lead": Words("牵头单位未设定", "lead body not set"),
    "due": Words("时限未设定", "day not set"),
    "target": Words("目标未设定", "target not set"),
}

RHYTHM_WORDS: Mapping[Rhythm, Words] = {
    "": Words("", ""),
    "regular": Words("定期", "at regular intervals"),
    "continuing": Words("持续", "continuing"),
    "timely": Words("及时", "in time"),
    "when_fit": Words("适时", "when the time is right"),
}

SETTER_WORDS: Mapping[Setter, Words] = {
    "document": Words("文件载明", "set by the document"),
    "rulebook": Words("本规则集建议", "proposed by this rulebook"),
    "city": Words("省、市自设", "set by the province or city"),
}

WAY_WORDS: Mapping[str, Words] = {
    "report": Words("请示报告", "to be reported"),
    "apply": Words("申报", "to be applied for"),
}

NOT_SET = Words("文件未规定，由省、市在自己的设定文件中明确", "not set by the document; the province or city sets it")

REASON_WORDS: Mapping[Reason, Words] = {
    "": Words("", ""),
    "no_target": Words("没有可计算的目标", "no target that a figure can reach"),
    "no_baseline": Words("起点体检未设定", "no check is set as the baseline"),
    "no_check": Words("起点之后还没有体检", "no check since the baseline"),
    "no_value": Words("指标未评价", "the indicator was not assessed"),
    "not_split": Words("变化尚未分因，不计为成绩", "the change is not split by cause, so nothing counts as achieved"),
    "met_before": Words("起点时已达目标", "met at the baseline already"),
}

CAUSE_WORDS: Mapping[str, Words] = dict(
    zip(
        CAUSES,
        (
            Words("城市变化", "city changed"),
            Words("数据更正", "data corrected"),
            Words("定义变化", "definition changed"),
            Words("边界变化", "boundary changed"),
        ),
        strict=True,
    )
)

PERCENT = 100


def lack_words(lack: Lack, kinds: Words) -> Words:
    """One lack in words; for evidence with the kinds that lack."""
    words = LACK_WORDS[lack]
    if lack != "evidence":
        return words
    return Words(f"{words.zh}：{kinds.zh}", f"{words.en}: {kinds.en}")


def progress_words(found: Progress) -> Words:
    """Progress in words: the share that the city itself achieved with the parts that do not count, or why there is none."""
    if found.reason or found.parts is None:
        return REASON_WORDS[found.reason]
    share = f"{found.share * PERCENT:.0f}%"
    others = [cause for cause in CAUSES[1:] if found.parts[cause]]
    chinese = "，".join(f"{CAUSE_WORDS[cause].zh} {found.parts[cause]:+.3g}" for cause in others)
    english = ", ".join(f"{CAUSE_WORDS[cause].en} {found.parts[cause]:+.3g}" for cause in others)
    return Words(
        share + (f"（不计：{chinese}）" if others else ""), share + (f" (not counted: {english})" if others else "")
    )
