"""What stands behind each part of a change: the objects that changed, each with its own share where that can be told.

An object has a share when what it adds to the figure itself changed, or when the rows whose contribution changed are
decided by it (the facility that serves them now, or served them before). What is left, such as the effect of streets on
distances, belongs to the objects that the figure depends on together; they are listed without a number, unless there is
only one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from tulou.diagnosis.difference.coalitions import CORRECTION, DEFINITION, Coalitions
from tulou.diagnosis.difference.contributions import Contributions, contributions, key_text, parted_key, spread
from tulou.diagnosis.difference.dependence import Dependence, Figure, asked, dependence
from tulou.diagnosis.difference.descent import Descent, descents
from tulou.diagnosis.difference.figures import KEYS, PARTING, aligned
from tulou.diagnosis.difference.rules import RuleChange, rule_changes
from tulou.diagnosis.difference.shapley import Numbers, edges
from tulou.diagnosis.difference.sharing import Moves, Share, Sharing
from tulou.diagnosis.difference.touched import Touch, Touched, touched
from tulou.indicators.evaluate.run import Check
from tulou.model.rows import Rows
from tulou.model.store.city import StoreState


@dataclass(frozen=True)
class ObjectChange:
    """One object behind a part.

    Args:
        entity: What it is.
        id: Its id.
        name: Its name; empty when nobody knows it.
        kind: Selection of the rulebook it is in, of those the figure reads; empty when there is none.
        touch: What happened to it, as far as the figure reads it.
        share: How much of the part is its own; None where that cannot be told.
        rows: Other objects that count otherwise because of it.
        commit: Commit that speaks of what happened to it; None when there is no store.
    """

    entity: str
    id: str
    name: str
    kind: str
    touch: Touch
    share: float | None = None
    rows: int = 0
    commit: int | None = None


@dataclass(frozen=True)
class Behind:
    """What stands behind the part of one cause.

    Args:
        cause: The cause.
        objects: Objects that changed, those with the largest share first, those without one last.
        rules: Rules that changed; of the cause *definition* only.
        rest: What of the part no single object owns; NaN when the figure does not add up over objects.
        rows: Objects that did not change themselves and yet count otherwise.
        claims: Entities of which other lists are claimed complete, as far as the figure's verdict rests on that.
    """

    cause: str
    objects: tuple[ObjectChange, ...] = ()
    rules: tuple[RuleChange, ...] = ()
    rest: float = 0.0
    rows: int = 0
    claims: tuple[str, ...] = ()


@dataclass(eq=False)
class Reasons:
    """Tells what stands behind the parts of any figure of two checks.

    Args:
        coalitions: Checks of all coalitions, made with a memory, so that what they read is known.
    """

    coalitions: Coalitions
    _places: dict[tuple[int, str], dict[str, int]] = field(default_factory=dict)

    @cached_property
    def touched(self) -> Mapping[str, Touched]:
        """Objects touched, by cause."""
        return {cause: touched(sets) for cause, sets in self.coalitions.movement.sets.items()}

    @cached_property
    def descents(self) -> Mapping[str, Descent]:
        """Which units were split or joined, by level."""
        moved = self.coalitions.movement
        return descents(moved.before.state, moved.after.state)

    def behind(self, figure: Figure) -> tuple[Behind, ...]:
        """What stands behind each part of a figure, for every cause that moved anything."""
        depends = dependence(self.coalitions, figure)
        moves = self._moves(figure)
        found: list[Behind] = []
        for cause in self.coalitions.movement.causes:
            if cause == DEFINITION:
                rules = rule_changes(self.coalitions, figure.indicator, figure.variant, depends.reads)
                found.append(Behind(cause, rules=rules))
            else:
                found.append(self._objects(cause, depends, moves.get(cause)))
        return tuple(found)

    def _objects(self, cause: str, depends: Dependence, moves: Moves | None) -> Behind:
        objects = self.touched[cause]
        shared = Sharing({}, np.nan, 0) if moves is None else moves.shared(objects)
        shares, rest = dict(shared.shares), 0.0 if shared.is_whole else shared.rest
        others = [key for key in (key_text(*one) for one in depends.seen(objects)) if key not in shares]
        if len(others) == 1 and np.isfinite(rest) and rest:
            shares[others[0]] = Share(rest, shared.rows)
            rest = 0.0
        told = [self._told(cause, key, depends, share) for key, share in shares.items()]
        told.sort(key=lambda one: (-abs(one.share or 0.0), one.entity, one.id))
        if rest:
            told += [self._told(cause, key, depends, None) for key in sorted(set(others) - set(shares))]
        claims = tuple(sorted(entity for entity in objects.claims if ("claims", entity) in depends.reads))
        return Behind(cause, tuple(told), (), float(rest), shared.rows, claims)

    def _moves(self, figure: Figure) -> dict[str, Moves]:
        """How each object moves the part of each cause; nothing where the figure does not add up over objects."""
        causes, values = self.coalitions.movement.causes, self._values(figure)
        steps = edges(np.isfinite(values))
        used = sorted({mask for mask, _ in steps} | {mask | 1 << cause for mask, cause in steps})
        found = [self._contributions(check, figure) for mask, check in enumerate(self.coalitions) if mask in used]
        known = [one for one in found if one is not None and one.below]
        if not known or len(known) < len(found):
            return {}
        table, place = spread(known), {mask: at for at, mask in enumerate(used)}
        moves = {cause: Moves(table) for cause in causes}
        for (mask, cause), weight in steps.items():
            after = mask | 1 << cause
            moves[causes[cause]].add(place[mask], place[after], weight, float(values[after] - values[mask]))
        return moves

    def _contributions(self, check: Check, figure: Figure) -> Contributions | None:
        found = asked(check, figure)
        return None if found is None else contributions(*found, figure.level, figure.unit)

    @cached_property
    def _figures(self) -> tuple[dict[str, int], Numbers]:
        """Position of each figure, and its values in all coalitions."""
        table = aligned([check.results for check in self.coalitions], KEYS, "value")
        names = zip(*(table.keys[name].to_pylist() for name in KEYS), strict=True)
        return {PARTING.join(name): at for at, name in enumerate(names)}, table.values

    def _values(self, figure: Figure) -> Numbers:
        places, values = self._figures
        at = places.get(PARTING.join((figure.level, figure.unit, figure.indicator, figure.variant)))
        return np.full(len(values), np.nan) if at is None else values[:, at]

    def _told(self, cause: str, key: str, depends: Dependence, share: Share | None) -> ObjectChange:
        entity, name = parted_key(key)
        touch = self.touched[cause].touch(entity, name) or Touch("changed")
        columns = depends.columns.get(entity, frozenset())
        steps = [step for step in touch.steps if step.attribute in columns]
        title, commit = self._looked_up(cause, touch, entity, name)
        return ObjectChange(
            entity,
            name,
            title,
            depends.kinds(entity).get(name, ""),
            Touch(touch.how, steps or touch.steps),
            None if share is None else share.part,
            0 if share is None else share.rows,
            commit,
        )

    def _looked_up(self, cause: str, touch: Touch, entity: str, name: str) -> tuple[str, int | None]:
        """Name of an object, and the commit that speaks of what happened to it."""
        moved = self.coalitions.movement
        old, new = (moved.before.state, moved.between) if cause == CORRECTION else (moved.between, moved.after.state)
        title, commit = self._in_rows((old if touch.how == "vanished" else new).rows(entity), name)
        if touch.how == "vanished":
            commit = new.last_spoken(entity, (name,)).get(name) if isinstance(new, StoreState) else None
        return title, commit

    def _in_rows(self, rows: Rows, name: str) -> tuple[str, int | None]:
        key = (id(rows), rows.entity.name)
        if key not in self._places:
            self._places[key] = {str(one): at for at, one in enumerate(rows.ids)}
        at = self._places[key].get(name)
        if at is None:
            return "", None
        titles = rows.column("name") if rows.has("name") else None
        title = None if titles is None else titles[at].as_py()
        return title or "", int(rows.evidence[at]) if len(rows.evidence) else None
