"""Audits in words and as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tulou.app.auditing import TITLES, Part
from tulou.app.messages import spoken
from tulou.app.screen import width_of
from tulou.kernel.errors import Fault, shorten
from tulou.kernel.words import Language, Words

SHOWN = 12
TITLE_CELLS = 44
SOUND, BAD = Words("无误", "sound"), Words("有误", "wrong")
NOTE = Words(
    "把以上摘要记在别处（或保存 --json 的结果）；日后用 --noted 对照，可知其间是否有所删改。",
    "Note these digests elsewhere (or keep the answer of --json): --noted shows later that nothing was cut off since.",
)
NOBODY_CHECKS = Words(
    "本城市未启用账号：只写明单位，无人核对是谁在操作。",
    "Accounts of this city are not switched on: a body is named, and nobody checks who types.",
)
NO_FORMULA = Words("{} 项，均无此类问题", "{} terms, nothing of the kind")
FORMULAS = Words("{} 项，{} 处", "{} terms, {} remarks")
SCHEMAS = Words("{} 个表、{} 列，{} 处对人的标记", "{} schemas with {} columns, {} marks of persons")


def part_lines(parts: Iterable[Part], language: Language) -> Iterator[str]:
    """Each part in a line, with what is wrong below it."""
    for part in parts:
        title = TITLES[part.name].say(language)
        verdict = (BAD if part.faults else SOUND).say(language)
        gap = " " * max(TITLE_CELLS - width_of(title), 1)
        yield f"{title}{gap}{part.entries:>8}  {verdict}  {part.digest[:SHOWN]}".rstrip()
        if part.remark:
            yield f"    {spoken(part.remark, language)}"
        yield from (f"    {line}" for fault in part.faults for line in fault_lines(fault, language))


def fault_lines(fault: Fault, language: Language) -> Iterator[str]:
    """One fault with its place and what stood there."""
    what = spoken(fault.what, language)
    yield f"{fault.where}: {what}" if fault.where else what
    if fault.found is not None:
        yield f"    {shorten(fault.found)}"


def parts_plain(parts: Iterable[Part], noted: Iterable[Fault]) -> dict[str, Any]:
    """An audit as plain data."""
    listed = [
        {
            "part": one.name, "entries": one.entries, "sound": not one.faults, "digest": one.digest, "marks": one.marks,
            "faults": [_plain(fault) for fault in one.faults], "remark": one.remark,
        }
        for one in parts
    ]  # fmt: skip
    lost = [_plain(fault) for fault in noted]
    return {"sound": not lost and all(one["sound"] for one in listed), "parts": listed, "noted": lost}


def _plain(fault: Fault) -> dict[str, str]:
    return {"what": fault.what, "where": fault.where, "found": "" if fault.found is None else str(fault.found)}
