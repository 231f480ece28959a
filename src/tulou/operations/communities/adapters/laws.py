"""Reading the law of owners' decisions: ``communities/decisions.yaml`` of the rulebooks."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import cast

from tulou.indicators.rulebook.folders import chain
from tulou.indicators.rulebook.reading import (
    Faults,
    choice,
    day,
    entries,
    keys,
    looked_up,
    mapping,
    number,
    text,
    texts,
)
from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput
from tulou.kernel.words import Words
from tulou.model.dictionary import words_of
from tulou.operations.communities.domain.majorities import (
    BASES,
    SILENCES,
    Base,
    Basis,
    Counting,
    Decisions,
    Law,
    Matter,
    Share,
    Silence,
)

FOLDER = "communities"
PAGE = "decisions.yaml"
GRADES = ("sourced", "derived", "memory")
LAW_KEYS = ("version", "from", "source", "evidence", "takes_part", "of", "majorities", "matters")
RULES = ("one_owner", "developer", "co_owners", "abstention", "silence", "notice", "revocation")


def read_decisions(names: Sequence[str | Path]) -> Decisions:
    """Read what the law asks of owners' decisions.

    Args:
        names: Rulebooks by name or folder; a later one adds versions.

    Raises:
        BadInput: With every fault, each with file and line; also when no rulebook says anything.
    """
    faults, laws, countings = Faults(), [], []
    for folder, _ in chain(list(names)):
        path = folder / FOLDER / PAGE
        if not path.is_file():
            continue
        with faults.kept():
            page = read_document(path, f"{folder.name}/{FOLDER}/{PAGE}")
            keys(page, ("versions", "counting"))
            for entry in entries(page, "versions"):
                with faults.kept(entry.where()):
                    laws.append(_law(entry))
            for entry in entries(page, "counting"):
                with faults.kept(entry.where()):
                    countings.append(_counting(entry))
    faults.raise_any()
    if not laws or not countings:
        raise BadInput("no rulebook says how owners decide", where=f"{FOLDER}/{PAGE}", allowed=("china",))
    return Decisions(
        tuple(sorted(laws, key=lambda one: one.since)), tuple(sorted(countings, key=lambda one: one.since))
    )


def parse_share(written: str, where: str) -> Fraction:
    """A share written as a fraction, e.g. ``2/3``.

    Raises:
        BadInput: When it is none between 0 and 1.
    """
    try:
        found = Fraction(written.strip())
    except (ValueError, ZeroDivisionError):
        found = Fraction(-1)
    if not 0 < found <= 1:
        raise BadInput("a share is a fraction above 0 and up to 1", where=where, found=written, allowed=("2/3",))
    return found


def _share(entry: At) -> Share:
    keys(entry, ("at_least", "more_than", "title"))
    given = [key for key in ("at_least", "more_than") if key in entry]
    if len(given) != 1:
        raise BadInput(
            "a share is reached or passed, one of the two", where=entry.where(), found=", ".join(given),
            allowed=("at_least: 2/3", "more_than: 1/2"),
        )  # fmt: skip
    return Share(parse_share(text(entry, given[0]), entry.where(given[0])), given[0] == "more_than")


def _law(entry: At) -> Law:
    keys(entry, LAW_KEYS)
    table = mapping(entry, "majorities")
    majorities = {name: (_share(mapping(table, name)), words_of(mapping(table, name), "title")) for name in table}
    listed = mapping(entry, "matters")
    return Law(
        version=text(entry, "version"),
        since=day(entry, "from"),
        source=words_of(entry, "source"),
        evidence=choice(entry, "evidence", GRADES),
        takes_part=_share(mapping(entry, "takes_part")) if "takes_part" in entry else None,
        base=cast("Base", choice(entry, "of", BASES)),
        majorities=majorities,
        matters={name: _matter(name, mapping(listed, name), majorities) for name in listed},
    )


def _matter(name: str, entry: At, majorities: dict[str, tuple[Share, Words]]) -> Matter:
    keys(entry, ("item", "majority", "title"))
    majority = looked_up(majorities, text(entry, "majority"), "majority", entry.where("majority"))
    return Matter(name, words_of(entry, "title"), int(number(entry, "item")), majority)


def _counting(entry: At) -> Counting:
    keys(entry, ("version", "from", *RULES))
    rules = {name: mapping(entry, name) for name in RULES}
    once = {name: _counts(rules[name]) == "once" for name in ("one_owner", "developer", "co_owners")}
    if not once["co_owners"]:
        raise BadInput(
            "the owners of one unit are one head", where=rules["co_owners"].where("counts"), allowed=("once",)
        )
    usual = choice(rules["silence"], "usual", SILENCES)
    others = [one for one in texts(rules["silence"], "may_be") if one != usual]
    for one in others:
        looked_up(SILENCES, one, "meaning of silence", rules["silence"].where("may_be"))
    return Counting(
        version=text(entry, "version"),
        since=day(entry, "from"),
        is_one_owner_once=once["one_owner"],
        is_developer_once=once["developer"],
        is_abstention_taking_part=choice(rules["abstention"], "takes_part", ("True", "False")) == "True",
        silence=cast("tuple[Silence, ...]", (usual, *others)),
        notice_days=int(number(rules["notice"], "days")),
        revocation_years=int(number(rules["revocation"], "years")),
        bases={name: Basis(words_of(one, "source"), choice(one, "evidence", GRADES)) for name, one in rules.items()},
    )


def _counts(entry: At) -> str:
    keys(entry, ("counts", "source", "evidence"))
    return choice(entry, "counts", ("once", "each_unit"))
