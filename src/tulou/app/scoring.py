"""Composite scores asked for: those of a check, those of a spreadsheet, and the one a difference is divided of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from tulou.app.checking import Kept
from tulou.app.wiring import rulebook as read_rules
from tulou.diagnosis.composite.averages import leaves
from tulou.diagnosis.composite.read import Rules, chosen_composite, read_composites
from tulou.diagnosis.composite.recipe import UNIT_LEVELS, Component, Composite
from tulou.diagnosis.composite.scales import DISTANCES
from tulou.diagnosis.composite.score import Scored, composite_scores, score
from tulou.diagnosis.composite.spreadsheet import day_of, spreadsheet
from tulou.diagnosis.composite.whatif import moved, reweighted
from tulou.indicators.evaluate.placement import entity_of, entity_shares
from tulou.indicators.evaluate.run import Check
from tulou.indicators.rulebook.content import LEVELS, Rulebook
from tulou.kernel.documents import read_document
from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.sources.tables.listing import read_rows

KEYS = ("composite", "level", "unit")
"""What names a score, for whoever divides its change by causes."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A composite score with what it was made from.

    Args:
        scored: The scores.
        rules: Where its indicators and parameters stand.
        day: Day whose parameters held; None when nothing hangs on it.
        place: Name of the city or file.
        check: Id of the check, or name of the file.
        synthetic: Whether the city was generated.
        changed: What other weights would do, see ``whatif.MOVED``; None when none were asked for.
        weights: The other weights.
        credits: Credit lines of the sources.
    """

    scored: Scored
    rules: Rules
    day: date | None
    place: str
    check: str
    synthetic: bool
    changed: pa.Table | None
    weights: Mapping[str, float]
    credits: tuple[str, ...] = ()


def composites_of(kept: Kept, rulebooks: Sequence[str] = ()) -> tuple[Mapping[str, Composite], Rulebook]:
    """The composites that may be asked of a check, and the rulebook they stand in.

    Args:
        kept: The check.
        rulebooks: Rulebooks that ask for them; that of the check when none is named.

    Raises:
        BadInput: With every fault of them.
        NotEnoughData: When no rulebook asks for any: composite scores are off unless one does.
    """
    rules = read_rules(tuple(rulebooks)) if rulebooks else kept.rulebook
    found = read_composites(rules.folders, rules)
    if not found:
        told = "no rulebook asks for a composite score; name one that does"
        raise NotEnoughData(told, where=rules.id, allowed=("--rulebook rongcheng", "composites.yaml in your rulebook"))
    return found, rules


def evaluate_check(
    kept: Kept, name: str, *, level: str = "", weights: Mapping[str, float] | None = None, rulebooks: Sequence[str] = ()
) -> Evaluation:
    """Score the units of a check.

    Args:
        kept: The check.
        name: The composite.
        level: Level to score in place of the one declared.
        weights: Other weights to try, by part.
        rulebooks: Rulebooks that ask for it; that of the check when none is named.

    Raises:
        BadUse: For an unknown composite, level or part.
        NotEnoughData: When no rulebook asks for a composite score, or the check has no unit of the level.
    """
    composites, rules = composites_of(kept, rulebooks)
    composite = at_level(chosen_composite(composites, name), level, rules)
    above = units_above(kept.check, composite.level)
    _several(kept.check, composite)
    changed = None
    if weights:
        other = reweighted(composite, weights)
        changed = composite_scores(kept.check, other, rules, above=above, with_intervals=False)
    scored = score(kept.check, composite, rules, above=above)
    profile = kept.check.profile
    return Evaluation(
        scored=scored,
        rules=rules,
        day=kept.check.day,
        place=profile.name,
        check=kept.check.id,
        synthetic=profile.synthetic,
        changed=None if changed is None else moved(scored.table, changed),
        weights=weights or {},
        credits=tuple(profile.credit),
    )


def evaluate_table(
    file: Path, recipe: Path, *, sheet: str = "", weights: Mapping[str, float] | None = None
) -> Evaluation:
    """Score the rows of a spreadsheet, such as the cities of a province.

    Args:
        file: CSV or Excel table, one unit a row.
        recipe: YAML file that names its columns, see ``docs/en/composite.md``.
        sheet: Sheet of a workbook; the first by default.
        weights: Other weights to try, by part.

    Raises:
        BadInput: With every fault of the recipe, or the cells that are no numbers.
    """
    page = read_document(recipe, recipe.name)
    held = spreadsheet(read_rows(file, sheet=sheet), page, file.name)
    day = day_of(page)
    changed = None
    if weights:
        other = reweighted(held.composite, weights)
        changed = composite_scores(held.results, other, held.rules, day=day, above=held.above, with_intervals=False)
    scored = score(held.results, held.composite, held.rules, day=day, above=held.above)
    return Evaluation(
        scored=scored,
        rules=held.rules,
        day=day,
        place=file.name,
        check=file.name,
        synthetic=False,
        changed=None if changed is None else moved(scored.table, changed),
        weights=weights or {},
    )


def _several(check: Check, composite: Composite) -> None:
    """Refuse to compare a unit with nobody.

    Raises:
        NotEnoughData: When there is one unit of the level, and the scale compares units with each other.
    """
    is_level = pc.equal(pc.cast(check.results["level"], pa.string()), composite.level)
    units = pc.count_distinct(check.results["unit"].filter(is_level)).as_py()
    if units == 1 and composite.scale not in DISTANCES:
        told = "one unit cannot be compared with others"
        raise NotEnoughData(told, where=composite.name, found=composite.level, allowed=("another --level", *DISTANCES))


def at_level(composite: Composite, level: str, rules: Rules) -> Composite:
    """A composite asked of another level than the declared one.

    Raises:
        BadUse: For a level that is no level of units, or that one of its indicators has no figures on.
    """
    if not level or level == composite.level:
        return composite
    if level not in UNIT_LEVELS:
        told = "areas and bodies may be scored, persons and what stands for them never"
        raise BadUse(told, where="--level", found=level, allowed=UNIT_LEVELS)
    components = [part for part in leaves(composite.top) if isinstance(part, Component)]
    for one in components:
        finest = rules.indicators[one.indicator].level
        if LEVELS.index(level) < LEVELS.index(finest):
            allowed = [each for each in LEVELS[LEVELS.index(finest) :] if each in UNIT_LEVELS]
            raise BadUse(
                f"'{one.indicator}' has no figures on this level", where="--level", found=level, allowed=allowed
            )
    return replace(composite, level=level)


def units_above(check: Check, level: str) -> dict[str, str]:
    """The unit of the next coarser level that each unit lies in; empty where the city is not at hand or has none."""
    city, entity = check.city, ""
    if city is not None:
        entity = entity_of(city, level)
    if city is None or not entity or not len(city.rows(entity)):
        return {}
    for coarser in LEVELS[LEVELS.index(level) + 1 :]:
        other = entity_of(city, coarser)
        if other and len(city.rows(other)):
            inside = entity_shares(city, entity, coarser)
            ids, above = city.rows(entity).ids, city.rows(other).ids
            held = sorted(zip(inside.row, inside.share, inside.unit, strict=True), key=lambda one: (one[0], one[1]))
            return {str(ids[row]): str(above[unit]) for row, _, unit in held}
    return {}


def scorer(composite: Composite, rules: Rulebook) -> Callable[[Check], pa.Table]:
    """What makes the scores of any check by one recipe: for ``difference.figures.divided_scores`` with ``KEYS``.

    Args:
        composite: The recipe; the same for all coalitions, so that the definition cannot move by it.
        rules: Where its indicators and parameters stand.
    """

    def made(check: Check) -> pa.Table:
        table = composite_scores(
            check, composite, rules, above=units_above(check, composite.level), with_intervals=False
        )
        held = table.select([*KEYS, "score"]).rename_columns([*KEYS, "value"])
        return held.take(pc.sort_indices(held, [("unit", "ascending")]))

    return made


def weights_of(texts: Iterable[str]) -> dict[str, float]:
    """Weights written ``NAME=NUMBER``.

    Raises:
        BadUse: For one that is not written so.
    """
    found: dict[str, float] = {}
    for text in texts:
        name, _, number = text.rpartition("=")
        try:
            found[name.strip()] = float(number)
        except ValueError:
            name = ""
        if not name:
            raise BadUse("a weight is written NAME=NUMBER", where="--weight", found=text, allowed=("daily_life=2",))
    return found
