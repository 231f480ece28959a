"""What the screen says of communities: decisions of owners."""

from __future__ import annotations

from collections.abc import Iterator

from tulou.app.communities_motion import Decided
from tulou.app.screen import table
from tulou.kernel.words import Language, Words
from tulou.operations.communities.domain.majorities import Law, Needed
from tulou.publish.communities.certificate import exact, formal_faults, matter_text, needed_text, share_text
from tulou.publish.words import say

HEADS = ("condition", "by", "needed_share", "needed", "have", "share", "met")


def decided_lines(found: Decided, language: Language) -> Iterator[str]:
    """A decision: outcome, conditions with what is lacking, and formal faults."""
    motion, count = found.motion, found.count
    yield f"{motion.community}  {motion.title.say(language)}"
    yield f"  {matter_text(found.law, motion.matter, language)}"
    yield say(f"community.{'adopted' if found.is_adopted else 'not_adopted'}", language)
    rows = [
        [
            say(f"community.test.{one.name}", language),
            say(f"community.by.{one.by}", language),
            one.share.say(),
            needed_text(one, language),
            exact(one.have, one.by, language),
            share_text(one.have, one.whole),
            say(f"community.{'yes' if one.is_met else 'no'}", language),
        ]
        for one in found.tests
    ]
    yield table([say(f"community.column.{name}", language) for name in HEADS], rows)
    lacking = [
        f"{say(f'community.test.{one.name}', language)} {say(f'community.by.{one.by}', language)} "
        f"{exact(one.lacking, one.by, language)}"
        for one in found.tests
        if not one.is_met
    ]
    if lacking:
        told = say("language.list", language).join(lacking)
        yield Words(f"尚差：{told}", f"lacking: {told}").say(language)
    for fault in formal_faults(motion.timing, found.counting, count):
        yield f"! {fault.say(language)}"
    if motion.objections:
        open_ones = sum(not one.answer for one in motion.objections)
        yield Words(
            f"异议 {len(motion.objections)} 件，未答复 {open_ones} 件",
            f"{len(motion.objections)} objections, {open_ones} not answered",
        ).say(language)


def needed_lines(
    law: Law, matter: str, heads: int, taking_part: int, found: Needed, language: Language
) -> Iterator[str]:
    """How many heads a decision needs; the same shares are needed by area."""
    yield f"{matter_text(law, matter, language)}  ({law.source.say(language)})"
    if law.takes_part:
        yield Words(
            f"业主 {heads:,} 人：至少 {found.takes_part:,} 人参与表决（{law.takes_part.say()}）",
            f"{heads:,} owners: at least {found.takes_part:,} take part ({law.takes_part.say()})",
        ).say(language)
    share, _ = law.majorities[law.matter(matter).majority]
    base = heads if law.base == "all" else taking_part
    yield Words(
        f"{base:,} 人中至少 {found.agree:,} 人同意（{share.say()}）；面积同此比例，另行计算",
        f"of {base:,}, at least {found.agree:,} agree ({share.say()}); the same shares are needed by area",
    ).say(language)
