"""Reading what public reports are asked: ``open311/services.yaml`` of the rulebooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from tulou.indicators.rulebook.folders import chain
from tulou.indicators.rulebook.reading import Faults, choice, entries, keys, mapping, text, texts
from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput
from tulou.kernel.words import Language
from tulou.model.dictionary import words_of
from tulou.operations.open311.records import DATA_TYPES, Attribute, DataType

PAGE = ("open311", "services.yaml")
GRADES = ("sourced", "derived", "memory")
LISTS = ("singlevaluelist", "multivaluelist")
Asked = tuple[tuple[str, ...], tuple[Attribute, ...]]
"""Keywords and attributes of a service."""


def read_questions(names: Sequence[str | Path], language: Language) -> Mapping[str, Asked]:
    """What each class of case is asked when the public reports it; a later rulebook counts.

    Args:
        names: Rulebooks by name or folder.
        language: Language of the questions.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    faults, found = Faults(), dict[str, Asked]()
    for folder, _ in chain(list(names)):
        path = folder.joinpath(*PAGE)
        if not path.is_file():
            continue
        with faults.kept():
            page = read_document(path, "/".join((folder.name, *PAGE)))
            keys(page, ("source", "evidence", "services"))
            words_of(page, "source")
            choice(page, "evidence", GRADES)
            table = mapping(page, "services")
            for name in table:
                with faults.kept(table.where(name)):
                    found[name] = _asked(mapping(table, name), language)
    faults.raise_any()
    return found


def _asked(entry: At, language: Language) -> Asked:
    keys(entry, ("keywords", "attributes"))
    asked = [_attribute(one, place, language) for place, one in enumerate(entries(entry, "attributes"), 1)]
    codes = [one.code for one in asked]
    if len(set(codes)) < len(codes):
        raise BadInput("two questions have one code", where=entry.where("attributes"), found=", ".join(codes))
    return texts(entry, "keywords"), tuple(asked)


def _attribute(entry: At, place: int, language: Language) -> Attribute:
    keys(entry, ("code", "datatype", "required", "description", "values"))
    kind = cast("DataType", choice(entry, "datatype", DATA_TYPES))
    values = mapping(entry, "values", needed=kind in LISTS)
    return Attribute(
        code=text(entry, "code"),
        datatype=kind,
        description=words_of(entry, "description").say(language),
        is_required=choice(entry, "required", ("True", "False")) == "True",
        order=place,
        values=tuple((key, words_of(values, key).say(language)) for key in values),
    )
