"""Documentation that is generated: catalogue pages of indicators, measures, connectors and the data dictionary.

The pages lie under ``docs/zh/catalogue`` and ``docs/en/catalogue``; ``current`` says whether they still are what the
rulebooks and registries say, for a test of the house.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tulou.indicators.rulebook.content import Indicator, Rulebook
from tulou.indicators.rulebook.folders import known_rulebooks
from tulou.indicators.rulebook.read import read_rulebook
from tulou.kernel.atomic import write_text
from tulou.kernel.declaration import Argument, Measure
from tulou.kernel.registry import Registry
from tulou.kernel.words import LANGUAGES, Language
from tulou.measures.catalogue import all_measures
from tulou.model.dictionary import Dictionary, Entity
from tulou.operations.coverage import Row, coverage_of
from tulou.plan.remedies.read import read_remedies
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Process, default_text
from tulou.publish.formulas import details, equations, formula_text
from tulou.publish.numbers import unit_text
from tulou.publish.tracker import coverage
from tulou.publish.words import has, say
from tulou.sources.catalogue import Connector, connectors

FOLDER = "catalogue"
COVERED = ("international", "fujian")
"""Rulebooks whose clauses the page of coverage is about."""

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|])")


def pages(
    rulebooks: Sequence[Rulebook],
    measures: Registry[Measure],
    readers: Registry[Connector],
    covered: Sequence[Row] = (),
) -> dict[str, str]:
    """All pages by path below ``docs``, e.g. ``zh/catalogue/measures.md``; that of coverage when there are clauses."""
    found: dict[str, str] = {}
    dictionary = rulebooks[-1].dictionary
    for language in LANGUAGES:
        home = f"{language}/{FOLDER}"
        for book in rulebooks:
            found[f"{home}/indicators-{book.id}.md"] = _indicators(book, rulebooks[0], language)
        found[f"{home}/measures.md"] = _measures(measures, language)
        found[f"{home}/connectors.md"] = _connectors(readers, language)
        found[f"{home}/dictionary.md"] = _dictionary(dictionary, language)
        found[f"{home}/remedies.md"] = _remedies(rulebooks[-1], language)
        found[f"{home}/processes.md"] = _processes(processes(), language)
        if covered:
            lines = _head(say("coverage.title", language), language)
            found[f"{home}/coverage.md"] = "\n".join(lines) + "\n" + coverage.markdown(covered, language)
        found[f"{home}/index.md"] = _index(found, home, language)
    return found


def of_this_house() -> dict[str, str]:
    """The pages of the rulebooks and registries at hand."""
    measures = all_measures()
    books = [read_rulebook(name, measures) for name in sorted(known_rulebooks())]
    both = read_rulebook(list(COVERED), measures)
    return pages(books, measures, connectors(), coverage_of(COVERED, both, measures))


def write(docs: Path, made: Mapping[str, str] | None = None) -> int:
    """Write the pages below a ``docs`` folder and take away catalogue pages that no longer exist; gives how many."""
    made = of_this_house() if made is None else made
    for path in _written(docs):
        if path.relative_to(docs).as_posix() not in made:
            path.unlink()
    for name, text in made.items():
        write_text(docs / name, text)
    return len(made)


def current(docs: Path, made: Mapping[str, str] | None = None) -> bool:
    """Whether the pages below a ``docs`` folder are what would be written now."""
    made = of_this_house() if made is None else made
    found = {path.relative_to(docs).as_posix(): path.read_text("utf-8") for path in _written(docs)}
    return found == dict(made)


def _written(docs: Path) -> list[Path]:
    return sorted(path for language in LANGUAGES for path in (docs / language / FOLDER).glob("*.md"))


def _remedies(book: Rulebook, language: Language) -> str:
    """The remedies of a rulebook and of those it extends; a price that no public source tells stays open."""
    catalogue = read_remedies(book)
    lines = _head(say("catalogue.remedies", language), language)
    rows = []
    for one in catalogue.remedies.values():
        price = one.cost.price
        told = (
            say("language.unknown", language) if price is None else f"{price.amount:,.0f} {price.unit} ({price.source})"
        )
        answers = say("language.list", language).join(f"`{name}`" for name in one.fixes)
        consents = say("language.list", language).join(
            catalogue.consents[name].title.say(language) for name in one.consents
        )
        cells = (one.title.say(language), one.about.say(language), one.cost.per.say(language), told, consents)
        rows.append([f"`{one.id}`", _plain(cells[0]), _plain(cells[1]), answers, *map(_plain, cells[2:])])
    head = ("id", "indicator_remedy", "does", "answers", "per", "price", "consents")
    lines += _table([say(f"catalogue.{name}", language) for name in head], rows)
    return "\n".join(lines) + "\n"


def _processes(known: Registry[Process], language: Language) -> str:
    """Every process with what it asks for."""
    lines = _head(say("catalogue.processes", language), language)
    head = [say(f"catalogue.{name}", language) for name in ("input", "meaning", "measured_in", "values", "usual")]
    for one in known.values():
        checked = one.verified.say(language) if one.verified else say("process.not_verified", language)
        lines += ["", f"## {_plain(one.title.say(language))} `{one.name}` {one.version}", ""]
        lines += [_plain(one.question.say(language)), "", f"{_plain(one.cites(language))} · {_plain(checked)}", ""]
        rows = []
        for asked in one.inputs:
            choices = say("language.list", language).join(
                f"{name} {words.say(language)}" for name, words in asked.choices.items()
            )
            meaning = asked.title.say(language) + (f" ({asked.about.say(language)})" if asked.about else "")
            usual = say("catalogue.needed", language) if asked.is_required else default_text(asked.default)
            unit = unit_text(asked.unit, language) if asked.is_number else ""
            rows.append([f"`{asked.name}`", *map(_plain, (meaning, unit, choices, usual))])
        lines += _table(head, rows)
    return "\n".join(lines) + "\n"


def _index(found: Mapping[str, str], home: str, language: Language) -> str:
    lines = [f"# {say('catalogue.title', language)}", "", say("catalogue.generated", language), ""]
    for name, text in found.items():
        if name.startswith(home):
            title = text.split("\n", 1)[0].removeprefix("# ")
            lines.append(f"- [{title}]({name.rsplit('/', 1)[-1]})")
    return "\n".join(lines) + "\n"


def _indicators(book: Rulebook, first: Rulebook, language: Language) -> str:
    """A rulebook's indicators; how each is worked out stands once, where the first rulebook says the same."""
    title = f"{say('catalogue.indicators', language)}: {_plain(book.title.say(language))}"
    lines = _head(title, language)
    lines.append(say("catalogue.count", language, count=len(book.indicators), version=book.version))
    same = {} if book is first else {name: _worked_out(one, first, language) for name, one in first.indicators.items()}
    if same:
        page = f"indicators-{first.id}.md"
        lines += ["", say("formula.same", language, title=_plain(first.title.say(language)), page=page)]
    for key, words in book.dimensions.items():
        chosen = [one for one in book.indicators.values() if one.dimension == key]
        if chosen:
            chosen.sort(key=lambda one: (one.code, one.id))
            lines += ["", f"## {_plain(words.say(language))}", ""]
            head = ("code", "indicator", "question", "formula", "level", "measured_in", "mark", "checks")
            rows = (_indicator(one, book, language) for one in chosen)
            lines += _table([say(f"catalogue.{name}", language) for name in head], rows)
            told = {one.id: _worked_out(one, book, language) for one in chosen}
            lines += [line for name, text in told.items() if text != same.get(name) for line in text]
    return "\n".join(lines) + "\n"


def _worked_out(one: Indicator, book: Rulebook, language: Language) -> list[str]:
    """How an indicator is worked out: formula, inputs, numbers and marks, each with day, clause and evidence."""
    lines = ["", f"#### {_plain(' '.join((one.code, one.title.say(language))).strip())} `{one.id}`", ""]
    for head, text in details(book, one, language):
        told = " ".join(_marked(text).split())
        lines.append(f"- **{_plain(head)}** {told}" if head else f"  - {told}")
    return lines


def _marked(text: str) -> str:
    """A text whose pieces between ticks stay as they are."""
    pieces = text.split("`")
    return "".join(f"`{piece}`" if place % 2 else _plain(piece) for place, piece in enumerate(pieces))


def _indicator(one: Indicator, book: Rulebook, language: Language) -> tuple[str, ...]:
    formula = one.variants[0].formulas[-1]
    return (
        _plain(one.code),
        f"{_plain(one.title.say(language))} `{one.id}`",
        _plain(one.question.say(language)),
        _plain(formula_text(book, one, formula, language)),
        say(f"level.{one.level}", language),
        _plain(unit_text(one.unit, language)),
        _mark(formula.judge.how, book, formula.judge.mark, language) if formula.judge else "",
        str(len(one.checks)),
    )


def _mark(how: str, book: Rulebook, name: str, language: Language) -> str:
    parameter = book.parameters[name]
    version = parameter.values.versions[-1]
    setting = version.value
    if setting.range:
        value = "–".join(f"{end:g}" for end in setting.range)
    elif setting.number is not None:
        value = f"{setting.number:g}"
    else:
        value = say("catalogue.by_class", language)
    sign = {"at_least": "≥ ", "at_most": "≤ ", "exactly": "= "}.get(how, "")
    evidence = say(f"evidence.{version.evidence}", language)
    since = say("formula.since", language, day=version.since.isoformat())
    return _plain(
        f"{sign}{value} {unit_text(parameter.unit, language)} {since} ({version.clause}; {evidence})".replace("  ", " ")
    )


def _measures(measures: Registry[Measure], language: Language) -> str:
    lines = _head(say("catalogue.measures", language), language)
    subjects = sorted({one.subject for one in measures.values()})
    head = [
        say(f"catalogue.{name}", language)
        for name in ("measure", "title_of", "formula", "data", "rules", "gives", "source", "verified")
    ]
    for subject in subjects:
        rows = (_measure(one, language) for one in measures.values() if one.subject == subject)
        lines += ["", f"## {subject}", "", *_table(head, rows)]
    return "\n".join(lines) + "\n"


def _measure(one: Measure, language: Language) -> tuple[str, ...]:
    units = ", ".join(unit_text(unit, language) or "1" for unit in one.units)
    return (
        f"`{one.name}` v{one.version}",
        _plain(one.title.say(language)),
        "<br>".join(f"`{each}`".replace("|", "\\|") for each in equations(one)),
        "; ".join(_argument(argument, language) for argument in one.data),
        "; ".join(_argument(argument, language) for argument in one.rules),
        _plain(f"{one.gives} ({units})" if units else one.gives),
        _plain(one.source),
        _plain(one.verified or say("block.verified_none", language)),
    )


def _argument(one: Argument, language: Language) -> str:
    units = ", ".join(unit_text(unit, language) or "1" for unit in one.units)
    told = f" ({_plain(units)})" if units else f" ({' / '.join(one.choices)})" if one.choices else ""
    return f"`{one.name}`{'?' if one.optional else ''}{told}"


def _connectors(readers: Registry[Connector], language: Language) -> str:
    head = [say(f"catalogue.{name}", language) for name in ("connector", "reads", "endings", "options", "extra")]
    rows = (
        (
            f"`{one.name}`",
            _plain(one.title.say(language)),
            " ".join(f"`{suffix}`" for suffix in one.suffixes),
            " ".join(f"`{name}`" for name in one.takes if name != "progress"),
            f"`tulou[{one.extra}]`" if one.extra else "",
        )
        for one in readers.values()
    )
    return "\n".join([*_head(say("catalogue.connectors", language), language), *_table(head, rows)]) + "\n"


def _dictionary(dictionary: Dictionary, language: Language) -> str:
    lines = _head(say("catalogue.dictionary", language), language)
    head = [
        say(f"catalogue.{name}", language)
        for name in ("attribute", "meaning", "type", "measured_in", "values", "sensitivity")
    ]
    for entity in dictionary.values():
        lines += ["", f"## {_plain(entity.title.say(language))} `{entity.name}`", ""]
        lines += [say("catalogue.geometry", language, kind=entity.geometry), ""]
        lines += _table(head, _attributes(entity, language))
    return "\n".join(lines) + "\n"


def _attributes(entity: Entity, language: Language) -> Iterable[tuple[str, ...]]:
    for one in entity.attributes.values():
        values = "; ".join(f"`{key}` {_plain(words.say(language))}" for key, words in (one.values or {}).items())
        unit = _plain(unit_text(one.unit, language)) if one.unit else ""
        kind = say(f"catalogue.type_{one.type}", language) if has(f"catalogue.type_{one.type}") else one.type
        yield (
            f"`{one.name}`",
            _plain(one.title.say(language)),
            kind,
            unit,
            values,
            say(f"catalogue.{one.sensitivity}", language),
        )


def _head(title: str, language: Language) -> list[str]:
    return [f"# {title}", "", say("catalogue.generated", language), ""]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return lines + [f"| {' | '.join(' '.join(cell.split()) for cell in row)} |" for row in rows]


def _plain(text: str) -> str:
    """A text in which Markdown finds nothing to interpret."""
    return _MARKUP.sub(r"\\\1", text)
