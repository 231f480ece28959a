"""What became of who asked, in words for the screen: counts only, nobody's name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tulou.app.messages import spoken
from tulou.app.requesters import PutAway
from tulou.kernel.words import Words

DROPPED = Words(
    "{} 件的诉求人信息已丢弃，未存入任何地方：{}", "who asked was dropped for {} requests and is kept nowhere: {}"
)
OVER = Words(
    "{} 件的诉求人信息已过保存期限，未保存",
    "who asked was dropped for {} requests that came in before what may be kept",
)
KEPT = Words("{} 件的诉求人信息已加密另存，与诉求分开", "who asked is sealed apart from the request for {} requests")
HELD = Words("{} 件的诉求人信息此前已另存", "who asked was sealed apart before for {} requests")
SHORTENED = Words(
    "{} 件的诉求人信息有过长的项目，该项未保存", "a detail too long to be kept was left out for {} requests"
)
GIVEN = Words("回执写入 {}，只给本人", "the receipts are in {}, for the persons alone")
NOT_GIVEN = Words(
    "未发回执（--receipts 文件）；本人可另行补领：tulou account receipt",
    "no receipts were handed out (--receipts FILE); a person gets one by: tulou account receipt",
)


def put_away_lines(found: PutAway, receipts: Path | None) -> Iterator[Words]:
    """What became of who asked.

    Args:
        found: What became of it.
        receipts: File of the receipts; None when none was written.
    """
    if found.fault is not None:
        what = Words(spoken(found.fault.what, "zh"), spoken(found.fault.what, "en"))
        yield _filled(DROPPED, Words(f"{found.dropped:,}", f"{found.dropped:,}"), what)
    counted = ((len(found.receipts), KEPT), (found.held, HELD), (found.over, OVER), (found.shortened, SHORTENED))
    for count, words in counted:
        if count:
            yield _filled(words, Words(f"{count:,}", f"{count:,}"))
    if found.receipts:
        yield NOT_GIVEN if receipts is None else _filled(GIVEN, Words(receipts.name, receipts.name))


def _filled(words: Words, *parts: Words) -> Words:
    return Words(words.zh.format(*(one.zh for one in parts)), words.en.format(*(one.en for one in parts)))
