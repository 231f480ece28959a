"""Reading formulas for the lint: pages of formulas and of rules, composite scores, and which way indicators are better.

Pages are read as they stand, without working anything out: a formula that nobody computes is linted too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tulou.indicators.rulebook.reading import entries, keys, looked_up, mapping, text, texts
from tulou.kernel.documents import At, documents, read_document
from tulou.operations.trust.adapters.rule_formulas import Natures, rule_terms
from tulou.operations.trust.domain.bans import lexicon
from tulou.operations.trust.domain.formulas import NATURES, Count, FormulaTerm, nature_of

PAGE = "trust/natures.yaml"
COMPOSITES = "composites.yaml"
FORMULAS = "*/formulas/*.yaml"
INDICATORS = "indicators"
SIGNS = {"higher": 1, "lower": -1}


def read_natures(folders: Iterable[Path]) -> Natures:
    """Read what counts stand for; a later rulebook adds words and wins where both speak of an indicator.

    Raises:
        BadInput: When a page is not as it should be.
    """
    found, english, chinese = Natures(), dict[str, list[str]](), dict[str, list[str]]()
    for folder in folders:
        if not (folder / PAGE).is_file():
            continue
        page = read_document(folder / PAGE, f"{folder.name}/{PAGE}")
        keys(page, ("source", "evidence", "words", "indicators", "counts"))
        words = mapping(page, "words", needed=False)
        for nature in words:
            looked_up(NATURES, nature, "nature", words.where(nature))
            english.setdefault(nature, []).extend(texts(mapping(words, nature), "en"))
            chinese.setdefault(nature, []).extend(texts(mapping(words, nature), "zh"))
        for section, kept in (("indicators", found.indicators), ("counts", found.counts)):
            declared = mapping(page, section, needed=False)
            for name in declared:
                kept[name] = looked_up(NATURES, text(declared, name), "nature", declared.where(name))
    found.words = {nature: lexicon(english[nature], chinese[nature]) for nature in english}
    return found


def formula_terms(folders: Iterable[Path], natures: Natures) -> Iterator[FormulaTerm]:
    """All terms of formulas, composites, indicators and pages of rules of some rulebooks.

    Raises:
        BadInput: When a page cannot be read.
    """
    listed = list(folders)
    indicators = {one.counts[0].name: one for folder in listed for one in _indicators(folder, natures)}
    yield from indicators.values()
    for folder in listed:
        if (folder / COMPOSITES).is_file():
            page = read_document(folder / COMPOSITES, f"{folder.name}/{COMPOSITES}")
            for name in page:
                yield from _composite(name, mapping(page, name), indicators)
        for path in sorted(folder.glob(FORMULAS)):
            shown = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            for entry in entries(read_document(path, shown), "formulas"):
                yield from _formula(entry, natures)
        yield from rule_terms(folder, natures)


def _indicators(folder: Path, natures: Natures) -> Iterator[FormulaTerm]:
    for path, page in documents(folder / INDICATORS):
        name, title = text(page, "id", needed=False) or path.stem, _title(page)
        nature = natures.indicators.get(name) or nature_of(natures.words, title) or "result"
        where = f"{folder.name}/{path.relative_to(folder).as_posix()}:{page.lines.get('better', page.line)}"
        count = Count(name, nature, SIGNS.get(text(page, "better", needed=False), 0), title, where)
        yield FormulaTerm(name, (count,), where=where)


def _composite(name: str, page: At, indicators: Mapping[str, FormulaTerm]) -> Iterator[FormulaTerm]:
    """Components on scales of comparison are bounded, but standard scores are not unless outliers are treated."""
    is_bounded = page.get("scale") != "zscore" or "outliers" in page
    for entry in _leaves(page):
        used = text(entry, "indicator")
        known = indicators.get(used)
        if known is None:
            continue
        count = known.counts[0]
        sign = SIGNS.get(text(entry, "better", needed=False), count.sign)
        here = Count(used, count.nature, sign, count.title, entry.where())
        yield FormulaTerm(f"{name}/{used}", (here,), (), is_bounded, is_bounded, entry.where("indicator"))


def _leaves(entry: At) -> Iterator[At]:
    for one in entries(entry, "of"):
        if "indicator" in one:
            yield one
        else:
            yield from _leaves(one)


def _formula(entry: At, natures: Natures) -> Iterator[FormulaTerm]:
    formula, counts = text(entry, "id"), mapping(entry, "counts")

    def count(name: str, sign: int, where: str) -> Count:
        looked_up(counts, name, "count", where)
        declared = mapping(counts, name)
        title, said = _title(declared), text(declared, "nature", needed=False)
        nature = said or nature_of(natures.words, title) or "result"
        looked_up(NATURES, nature, "nature", declared.where("nature"))
        return Count(name, nature, sign, title, declared.where(), is_doubted=said == "result")

    for term in entries(entry, "terms"):
        name, where = f"{formula}/{text(term, 'id')}", term.where()
        if text(term, "kind") == "share":
            sign = 1 if text(term, "way", needed=False) != "less" else -1
            above, below = count(text(term, "numerator"), sign, where), count(text(term, "denominator"), 0, where)
            yield FormulaTerm(name, (above,), (below,), where=where)
            continue
        parts = [
            count(text(one, "count"), 1 if float(one.get("each") or 0) > 0 else -1, one.where())
            for one in entries(term, "parts")
        ]
        over = tuple(count(one, 0, where) for one in texts(term, "over"))
        has_least, has_most = term.get("least") is not None, term.get("most") is not None
        yield FormulaTerm(name, tuple(parts), over, has_least, has_most, where)


def _title(page: At) -> str:
    title = page.get("title")
    return " ".join(str(one) for one in title.values()) if isinstance(title, At) else str(title or "")
