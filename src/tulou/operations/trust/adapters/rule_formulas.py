"""Formulas that stand in pages of rules, as terms for the lint.

Rates of hotlines, shares of city management, plans of inspections, ladders of credit, products of grades. Pages are
read as they stand. What a page weighs beyond what the house knows is a term too, by its own name and without a bound: a
weight that a reader would refuse later is told here with its line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tulou.indicators.rulebook.reading import entries, mapping, text, texts
from tulou.kernel.documents import At, read_document
from tulou.operations.trust.domain.bans import Lexicon
from tulou.operations.trust.domain.formulas import Count, FormulaTerm, nature_of

CALL_BACKS: Mapping[str, str] = {"response": "contacted", "satisfaction": "satisfied", "resolution": "solved"}
"""What stands above valid call-backs in each of the three rates."""
VALID = "valid"
PLAN_NUMBERS = ("floor", "gap", "rate")
"""Numbers of a plan that weigh nothing: the share drawn at random, how near the optimum, what one visit finds."""
VISITS = "visits"
DRAWN = "drawn"
MORE, LESS = "more", "less"
SIGNS = {MORE: 1, LESS: -1}


@dataclass
class Natures:
    """What counts stand for.

    Args:
        words: Words of titles by nature.
        indicators: Declared natures of indicators.
        counts: Declared natures of counts that pages of rules name by id.
    """

    words: dict[str, Lexicon] = field(default_factory=dict)
    indicators: dict[str, str] = field(default_factory=dict)
    counts: dict[str, str] = field(default_factory=dict)

    def of(self, name: str, title: str = "") -> str:
        """The nature of a count by its id, else by the words of its title or of its id."""
        return self.counts.get(name) or nature_of(self.words, title) or nature_of(self.words, name) or "result"


def rule_terms(folder: Path, natures: Natures) -> Iterator[FormulaTerm]:
    """All terms of formulas that stand in the pages of rules of one rulebook.

    Raises:
        BadInput: When a page cannot be read.
    """
    for name, read in _PAGES.items():
        path = folder / name
        if path.is_file():
            yield from read(read_document(path, f"{folder.name}/{name}"), natures)


def _hotline(page: At, natures: Natures) -> Iterator[FormulaTerm]:
    """Each weight of the score: a share of valid call-backs, which is bounded; any other weight is not."""
    for version in entries(page, "versions"):
        weights = mapping(version, "weights", needed=False)
        for name in weights:
            above, where = CALL_BACKS.get(name, name), weights.where(name)
            count = _count(above, _sign(weights[name]), natures, where=where)
            below = (_count(VALID, 0, natures, where=where),) if name in CALL_BACKS else ()
            is_share = name in CALL_BACKS
            yield FormulaTerm(f"hotline_score/{name}", (count,), below, is_share, is_share, where)


def _city_management(page: At, natures: Natures) -> Iterator[FormulaTerm]:
    """Each rate is a share; which way it is better says what it pushes to."""
    for rate in entries(page, "rates"):
        name, where = text(rate, "id"), rate.where()
        sign = SIGNS.get(text(rate, "better", needed=False), 0)
        above = _count(text(rate, "numerator"), sign, natures, _title(rate), where)
        below = _count(text(rate, "denominator"), 0, natures, where=where)
        yield FormulaTerm(f"city_management/{name}", (above,), (below,), where=where)


def _inspections(page: At, natures: Natures) -> Iterator[FormulaTerm]:
    """What a plan gains and loses by a visit, and how often strata are drawn; held by the caps of visits."""
    for version in entries(page, "versions"):
        is_held = "caps" in version
        plan = mapping(version, "plan", needed=False)
        for name in plan:
            entry = plan[name]
            if name == "colours" and isinstance(entry, At):
                for colour in entry:
                    yield _weight(f"inspection_plan/{colour}", entry, colour, "found", natures, is_held=is_held)
            elif name == "burden":
                count = _count(VISITS, -1, natures, where=plan.where(name))
                yield FormulaTerm("inspection_plan/burden", (count,), (), is_held, is_held, plan.where(name))
            elif name not in PLAN_NUMBERS and _is_weight(entry):
                yield _weight(f"inspection_plan/{name}", plan, name, name, natures, is_held=False)
        strata = mapping(mapping(version, "draw", needed=False), "strata", needed=False)
        for name in strata:
            yield _weight(f"inspection_draw/{name}", strata, name, DRAWN, natures, is_held=True)


def _credit(page: At, natures: Natures) -> Iterator[FormulaTerm]:
    """Each rule that moves a grade when records of some kinds are there; held by the ends of the ladder."""
    schemes = mapping(page, "schemes", needed=False)
    for scheme in schemes:
        ladder: tuple[str, ...] = ()
        titles: dict[str, str] = {}
        for version in entries(mapping(schemes, scheme), "versions"):
            ladder = texts(version, "ladder") or ladder
            kinds = mapping(version, "kinds", needed=False)
            titles |= {name: _title(kinds, name) for name in kinds}
            for rule in entries(version, "rules"):
                yield _credit_rule(scheme, rule, titles, natures, ladder)


def _credit_rule(
    scheme: str, rule: At, titles: Mapping[str, str], natures: Natures, ladder: tuple[str, ...]
) -> FormulaTerm:
    then, where = mapping(rule, "then", needed=False), rule.where()
    to = text(then, "to", needed=False)
    is_up = "up" in then or (bool(ladder) and to == ladder[0])
    used = texts(mapping(rule, "when", needed=False), "kinds")
    counts = tuple(_count(one, 1 if is_up else -1, natures, titles.get(one, ""), where) for one in used)
    is_held = bool(ladder)
    return FormulaTerm(f"credit_{scheme}/{text(rule, 'id')}", counts, (), is_held, is_held, where)


def _grading(page: At, natures: Natures) -> Iterator[FormulaTerm]:
    """Each factor of a grade, which is the graver the larger it is; held by its table of values."""
    methods = mapping(page, "methods", needed=False)
    for method in methods:
        for version in entries(mapping(methods, method), "versions"):
            factors = mapping(version, "factors", needed=False)
            for name in factors:
                factor = mapping(factors, name)
                where, is_held = factors.where(name), bool(entries(factor, "values"))
                count = _count(name, -1, natures, _title(factor), where)
                yield FormulaTerm(f"grade_{method}/{name}", (count,), (), is_held, is_held, where)


_PAGES: Mapping[str, Callable[[At, Natures], Iterator[FormulaTerm]]] = {
    "hotline/rates.yaml": _hotline,
    "city_management/indicators.yaml": _city_management,
    "inspections/rules.yaml": _inspections,
    "safety/credit.yaml": _credit,
    "safety/grading.yaml": _grading,
}


def _weight(name: str, page: At, key: str, what: str, natures: Natures, *, is_held: bool) -> FormulaTerm:
    count = _count(what, _sign(page[key]), natures, where=page.where(key))
    return FormulaTerm(name, (count,), (), is_held, is_held, page.where(key))


def _count(name: str, sign: int, natures: Natures, title: str = "", where: str = "") -> Count:
    is_doubted = natures.counts.get(name) == "result"
    return Count(name, natures.of(name, title), sign, title or name, where, is_doubted)


def _is_weight(entry: object) -> bool:
    value = entry.get("value") if isinstance(entry, At) else entry
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _sign(entry: object) -> int:
    value = entry.get("value") if isinstance(entry, At) else entry
    return -1 if isinstance(value, (int, float)) and value < 0 else 1


def _title(page: At, key: str = "title") -> str:
    title = page.get(key)
    return " ".join(str(one) for one in title.values()) if isinstance(title, At) else str(title or "")
