"""Erasing: on legal order, and only then, what the city knew of some objects is taken out of its files.

An erasure is an entry of the log like any other, so that an import under way cannot bring back what it erases. The log
keeps the order and digests of the ids, never what was erased.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from tulou.kernel.atomic import write_text
from tulou.kernel.identity import digest_file, digest_text
from tulou.kernel.provenance import Quality
from tulou.model.store.history import History
from tulou.model.store.importing import Work
from tulou.model.store.layout import Layout
from tulou.model.store.manifest import ERASURE, Commit, Part, commit_text
from tulou.model.store.reading import Sheet
from tulou.model.store.writing import without_ids


def rewrite(work: Work, history: History, ids: Iterable[str]) -> dict[str, Part]:
    """Write every data file that speaks of some objects again without them.

    Returns:
        The new files, by the name of the file each stands in place of.
    """
    gone = pa.array(sorted(ids), pa.string())
    found: dict[str, Part] = {}
    for part in (history.part(first) for commit in history.commits for first in commit.parts):
        path = work.layout.file(part.file)
        sheet = Sheet(0, frozenset(part.columns), path, part)
        if not pc.any(pc.is_in(sheet.keys.ids, value_set=gone)).as_py():
            continue
        number = int(path.name.split("-", 1)[0])
        draft = work.draft / path.name
        count = without_ids(path, draft, gone)
        place = work.layout.new_file(part.entity, number, work.token)
        size = draft.stat().st_size
        found[part.file] = replace(part, file=place, rows=part.rows - count, bytes=size, sha256=digest_file(draft))
        draft.replace(work.layout.file(place))
    return found


def digests(ids: Iterable[str]) -> tuple[str, ...]:
    """What the log keeps of the ids: enough to confirm that one was erased, not to learn it."""
    return tuple(sorted(digest_text(name) for name in ids))


def finish(layout: Layout, history: History) -> None:
    """Remove files that erasures replaced and examples that name what they erased; safe to repeat."""
    erasures = [commit for commit in history.commits if commit.kind == ERASURE]
    for erasure in erasures:
        for old in erasure.replaced:
            layout.file(old).unlink(missing_ok=True)
    erased = frozenset(digest for erasure in erasures for digest in erasure.erased)
    for commit in history.commits if erased else ():
        cleaned = _without_examples(commit, erased)
        if cleaned is not None:
            write_text(layout.manifest(commit.number), commit_text(cleaned))


def _without_examples(commit: Commit, erased: frozenset[str]) -> Commit | None:
    remarks = [
        replace(remark, examples=tuple(text for text in remark.examples if not _names(text, erased)))
        for remark in commit.quality.remarks
    ]
    if remarks == commit.quality.remarks:
        return None
    return replace(commit, quality=Quality(commit.quality.read, commit.quality.kept, remarks))


def _names(example: str, erased: frozenset[str]) -> bool:
    return digest_text(example.split(": ", 1)[0]) in erased
