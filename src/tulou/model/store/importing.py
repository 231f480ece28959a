"""Importing: facts become a commit, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from tulou.kernel.clock import Interval
from tulou.kernel.errors import BadInput
from tulou.kernel.facts import GEOMETRY, Extract, Facts
from tulou.kernel.polygons import mended
from tulou.kernel.progress import Progress
from tulou.kernel.provenance import Quality, Source
from tulou.model.dictionary import Dictionary, Entity
from tulou.model.geography import FULL_TURN, Extent, choose_system, extent_of, to_metric
from tulou.model.state import Profile
from tulou.model.store.completing import complete, stack
from tulou.model.store.layout import Layout, publish
from tulou.model.store.manifest import Commit, Part, commit_text
from tulou.model.store.reading import Sheet
from tulou.model.store.validating import Checked, check
from tulou.model.store.writing import KEYS, write_sheet


@dataclass(frozen=True)
class Importing:
    """How facts are taken in.

    Args:
        keep_known: A null leaves a value that was known as it was, rather than making it unknown.
        strict: One bad row is an error; otherwise bad rows are refused and counted.
        withdraw: By entity, earlier claims of completeness that are taken back.
        is_metric: Geometry is in the city's metric system already, as the rows of a state are.
        merged: Branch whose changes these are.
        after: Newest commit there may be; when somebody was quicker, nothing is kept.
    """

    keep_known: bool = False
    strict: bool = False
    withdraw: Mapping[str, Sequence[str]] = field(default_factory=dict)
    is_metric: bool = False
    merged: str = ""
    after: int | None = None


PLAIN = Importing()


@dataclass
class Work:
    """One writer at work on one commit.

    Args:
        layout: The city.
        dictionary: What it is described with.
        profile: What is fixed for it; the metric system is chosen on the way when it has none.
        number: Number of the commit to be.
        token: Names the writer.
        valid: Days for which rows hold that do not say themselves.
        how: How facts are taken in.
        quality: Report to add to.
    """

    layout: Layout
    dictionary: Dictionary
    profile: Profile
    number: int
    token: str
    valid: Interval
    how: Importing
    quality: Quality

    @property
    def draft(self) -> Path:
        """Folder of this writer."""
        return self.layout.drafts / self.token

    def write(
        self,
        extract: Extract,
        before: Callable[[str], Sequence[Sheet]],
        progress: Progress | None,
    ) -> tuple[Part, ...]:
        """Check, project, complete and write all facts; the files stand in place but no manifest names them yet."""
        grouped: dict[str, list[Facts]] = {}
        for facts in extract.facts:
            grouped.setdefault(facts.entity, []).append(facts)
        checked = {name: self._checked(name, grouped[name]) for name in sorted(grouped)}
        if not self.profile.crs:
            system = _system(extract.extent, checked)
            self.profile = replace(self.profile, crs=system) if system else self.profile
        parts: list[Part] = []
        for place, (name, found) in enumerate(checked.items()):
            if progress:
                progress(name, place, len(checked))
            part = self._written(self.dictionary[name], found, before(name), extract.source)
            parts += [part] if part else []
        if progress:
            progress("", len(checked), len(checked))
        return tuple(parts)

    def _checked(self, name: str, facts: list[Facts]) -> list[Checked]:
        if name not in self.dictionary:
            raise BadInput("there is no such entity in the data dictionary", found=name, allowed=self.dictionary)
        entity = self.dictionary[name]
        how = self.how
        return [
            check(some, entity, self.valid, self.quality, strict=how.strict, is_metric=how.is_metric) for some in facts
        ]

    def _written(self, entity: Entity, found: list[Checked], before: Sequence[Sheet], source: Source) -> Part | None:
        tables: list[pa.Table] = []
        for checked in found:
            table = self._projected(checked)
            pending = [self._pending(table) for table in tables]
            tables.append(complete(table, [*before, *pending], entity, keep_known=self.how.keep_known))
        whole = stack(tables, entity) if len(tables) > 1 else tables[0]
        if not whole.num_rows:
            return None
        relative = self.layout.new_file(entity.name, self.number, self.token)
        draft = self.draft / f"{entity.name}.parquet"
        part = write_sheet(
            whole,
            draft,
            entity=entity.name,
            relative=relative,
            system=self.profile.crs,
            commit=self.number,
            source=source.name,
        )
        place = self.layout.file(relative)
        place.parent.mkdir(parents=True, exist_ok=True)
        draft.replace(place)
        return part

    def _pending(self, table: pa.Table) -> Sheet:
        columns = frozenset(table.column_names) - set(KEYS)
        return Sheet(self.number, columns, table=table)

    def _projected(self, checked: Checked) -> pa.Table:
        if checked.shapes is None:
            return checked.table
        if self.how.is_metric:
            return checked.table.append_column(GEOMETRY, pa.array(shapely.to_wkb(checked.shapes), pa.binary()))
        known = not shapely.is_missing(checked.shapes).all()
        shapes = to_metric(checked.shapes, self.profile.crs) if known else checked.shapes
        if known and not np.isfinite(shapely.get_coordinates(shapes)).all():
            raise BadInput(
                f"geometry lies too far from the city to be drawn in {self.profile.crs}",
                allowed=("facts near the city",),
            )
        return checked.table.append_column(GEOMETRY, pa.array(shapely.to_wkb(mended(shapes)), pa.binary()))

    def discard(self) -> None:
        """Remove everything this writer left, when its commit did not appear."""
        for path in self.layout.facts.glob(f"*/*-{self.token}.parquet"):
            path.unlink(missing_ok=True)


def as_extract(facts: Extract | Iterable[Facts]) -> Extract:
    """Facts without a file become an extract without one."""
    if isinstance(facts, Extract):
        return facts
    listed = list(facts)
    rows = sum(some.rows.num_rows for some in listed)
    return Extract(Source(""), listed, Quality(rows, rows))


def _system(extent: Extent | None, checked: Mapping[str, list[Checked]]) -> str:
    if extent is None:
        shapes = [found.shapes for some in checked.values() for found in some if found.shapes is not None]
        extent = extent_of(np.concatenate(shapes)) if shapes else None
    elif extent[2] < extent[0]:
        extent = (extent[0], extent[1], extent[2] + FULL_TURN, extent[3])
    return choose_system(extent) if extent else ""


def announce(layout: Layout, commit: Commit) -> None:
    """Make a commit visible, in one step.

    Raises:
        Conflict: When someone else made a commit meanwhile; nothing of this one is kept.
    """
    draft = layout.drafts / commit.token / "manifest.json"
    draft.write_text(commit_text(commit), encoding="utf-8")
    publish(draft, layout.manifest(commit.number), f"commit {commit.number}")


@contextmanager
def at_work(work: Work) -> Iterator[Work]:
    """Hold the draft folder of a writer while it works; leave nothing behind when its commit does not appear."""
    work.draft.mkdir(parents=True)
    try:
        yield work
    except BaseException:
        work.discard()
        raise
    finally:
        shutil.rmtree(work.draft, ignore_errors=True)
