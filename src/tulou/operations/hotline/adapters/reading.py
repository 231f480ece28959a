"""Reading the rules of a hotline: ``hotline/*.yaml`` of the rulebooks; a later rulebook adds versions and items."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar, cast

from tulou.indicators.rulebook.folders import chain
from tulou.indicators.rulebook.reading import Faults, choice, day, entries, keys, mapping, number, text, texts
from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput
from tulou.model.dictionary import words_of
from tulou.operations.hotline.domain.acceptance import DECISIONS, Decision, Item
from tulou.operations.hotline.domain.contrast import Topic
from tulou.operations.hotline.domain.likeness import LikenessRule
from tulou.operations.hotline.domain.ngrams import MOST
from tulou.operations.hotline.domain.rates import RateRule
from tulou.operations.hotline.domain.request import REQUEST_KINDS
from tulou.operations.hotline.domain.suggesting import Settings

FOLDER = "hotline"
GRADES = ("sourced", "derived", "memory")
ONE = 1e-9
T = TypeVar("T")


@dataclass(frozen=True)
class Rules:
    """All rules of a hotline.

    Args:
        rates: Versions of the three rates.
        items: The acceptance list, in order.
        likeness: Versions of when requests are alike, by first day.
        settings: Versions of how suggestions are learnt, by first day.
        bodies: Body that a category is proposed to.
        topics: Which indicators speak of what requests speak of.
    """

    rates: tuple[RateRule, ...] = ()
    items: tuple[Item, ...] = ()
    likeness: Mapping[date, LikenessRule] = field(default_factory=dict)
    settings: Mapping[date, Settings] = field(default_factory=dict)
    bodies: Mapping[str, str] = field(default_factory=dict)
    topics: tuple[Topic, ...] = ()

    def likeness_on(self, moment: date) -> LikenessRule:
        """The rule of likeness that holds on a day."""
        return _held(self.likeness, moment, "likeness")

    def settings_on(self, moment: date) -> Settings:
        """How suggestions are learnt on a day."""
        return _held(self.settings, moment, "dispatch")


def read_rules(names: Sequence[str | Path]) -> Rules:
    """Read the rules of a hotline.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    faults = Faults()
    rates, items, bodies, topics = list[RateRule](), dict[str, Item](), dict[str, str](), dict[str, Topic]()
    likeness, settings = dict[date, LikenessRule](), dict[date, Settings]()
    for folder, _ in chain(list(names)):
        held = folder / FOLDER
        rates += _each(held / "rates.yaml", "versions", _rate, faults)
        likeness |= dict(_each(held / "likeness.yaml", "versions", _likeness, faults))
        settings |= dict(_each(held / "dispatch.yaml", "versions", _settings, faults))
        items |= {one.id: one for one in _each(held / "acceptance.yaml", "items", _item, faults)}
        topics |= {one.id: one for one in _each(held / "subjects.yaml", "subjects", _topic, faults)}
        bodies |= _bodies(held / "categories.yaml", faults)
    faults.raise_any()
    return Rules(tuple(rates), tuple(items.values()), likeness, settings, bodies, tuple(topics.values()))


def _held(versions: Mapping[date, T], moment: date, name: str) -> T:
    held = [since for since in versions if since <= moment]
    if not held:
        raise BadInput("no rule of the hotline holds on this day", where=f"{FOLDER}/{name}.yaml", found=str(moment))
    return versions[max(held)]


def _each(path: Path, key: str, read: Callable[[At], T], faults: Faults) -> list[T]:
    if not path.is_file():
        return []
    found: list[T] = []
    with faults.kept(path.name):
        page = read_document(path, f"{path.parent.parent.name}/{FOLDER}/{path.name}")
        keys(page, (key,))
        for entry in entries(page, key):
            with faults.kept(entry.where()):
                found.append(read(entry))
    return found


def _rate(entry: At) -> RateRule:
    keys(
        entry,
        ("from", "weights", "basic", "digits", "month_from", "day_from", "source", "evidence", "suppress", "repeat"),
    )
    weights, hidden, repeat = (mapping(entry, key) for key in ("weights", "suppress", "repeat"))
    keys(weights, ("response", "satisfaction", "resolution"))
    response, content, solved = (_share(weights, key) for key in ("response", "satisfaction", "resolution"))
    total = response + content + solved
    if abs(total - 1) > ONE:
        raise BadInput("the weights of the three rates add up to 1", where=entry.where("weights"), found=total)
    for page in (entry, hidden, repeat):
        choice(page, "evidence", GRADES)
    return RateRule(
        day(entry, "from"), response, content, solved, _share(entry, "basic"), _whole(entry, "digits", 0, 6),
        _whole(entry, "month_from", 1, 28), text(entry, "day_from"), _whole(hidden, "below", 1, 1000),
        _whole(repeat, "days", 1, 366),
        text(entry, "source"),
    )  # fmt: skip


def _likeness(entry: At) -> tuple[date, LikenessRule]:
    keys(
        entry,
        (
            "from",
            "metres",
            "metres_source",
            "metres_evidence",
            "days",
            "cosine",
            "sizes",
            "title",
            "fewest",
            "source",
            "evidence",
        ),
    )
    metres, days, cosine = (mapping(entry, key) for key in ("metres", "days", "cosine"))
    choice(entry, "evidence", GRADES)
    choice(entry, "metres_evidence", GRADES)
    rule = LikenessRule(
        number(metres, "citizen"), number(metres, "inspector"), number(days, "duplicate"), number(days, "theme"),
        _share(cosine, "near"), _share(cosine, "duplicate"), _share(cosine, "theme"), _sizes(entry),
        _whole(entry, "title", 0, 10), _whole(entry, "fewest", 2, 10**4), text(entry, "source"),
    )  # fmt: skip
    return day(entry, "from"), rule


def _settings(entry: At) -> tuple[date, Settings]:
    keys(
        entry,
        (
            "from",
            "sizes",
            "fewest",
            "title",
            "margin",
            "folds",
            "seed",
            "likeness",
            "aim",
            "least",
            "source",
            "evidence",
        ),
    )
    choice(entry, "evidence", GRADES)
    found = Settings(
        _sizes(entry), _whole(entry, "fewest", 1, 1000), _whole(entry, "title", 0, 10), number(entry, "margin"),
        _whole(entry, "folds", 2, 20), _whole(entry, "seed", 0, 2**31 - 1), _share(entry, "likeness"),
        _share(entry, "aim"), _whole(entry, "least", 2, 10**6), text(entry, "source"),
    )  # fmt: skip
    if not found.margin > 0:
        raise BadInput("a margin is above zero", where=entry.where("margin"), found=found.margin)
    return day(entry, "from"), found


def _item(entry: At) -> Item:
    keys(entry, ("id", "decision", "words", "kinds", "title", "told", "source", "evidence"))
    choice(entry, "evidence", GRADES)
    kinds = texts(entry, "kinds")
    for kind in kinds:
        if kind not in REQUEST_KINDS:
            raise BadInput(
                "there is no such kind of request", where=entry.where("kinds"), found=kind, allowed=REQUEST_KINDS
            )
    decision = cast("Decision", choice(entry, "decision", DECISIONS))
    return Item(
        text(entry, "id"), decision, words_of(entry, "title"), words_of(entry, "told"), texts(entry, "words"), kinds,
        text(entry, "source"),
    )  # fmt: skip


def _topic(entry: At) -> Topic:
    keys(entry, ("id", "title", "categories", "words", "indicators", "source", "evidence"))
    choice(entry, "evidence", GRADES)
    text(entry, "source")
    found = Topic(
        text(entry, "id"), words_of(entry, "title"), texts(entry, "categories"), texts(entry, "words"),
        texts(entry, "indicators"),
    )  # fmt: skip
    if not found.categories and not found.words:
        raise BadInput("a subject is told by categories or words", where=entry.where(), found=found.id)
    return found


def _bodies(path: Path, faults: Faults) -> dict[str, str]:
    if not path.is_file():
        return {}
    with faults.kept(path.name):
        page = read_document(path, f"{path.parent.parent.name}/{FOLDER}/{path.name}")
        keys(page, ("evidence", "source", "bodies"))
        choice(page, "evidence", GRADES)
        table = mapping(page, "bodies")
        return {name: text(table, name) for name in table}
    return {}


def _share(entry: At, key: str) -> float:
    found = number(entry, key)
    if not 0 <= found <= 1:
        raise BadInput(f"'{key}' is a share from 0 to 1", where=entry.where(key), found=found)
    return found


def _whole(entry: At, key: str, low: int, high: int) -> int:
    found = number(entry, key)
    if found != int(found) or not low <= found <= high:
        raise BadInput(f"'{key}' is a whole number", where=entry.where(key), found=found, allowed=(f"{low} to {high}",))
    return int(found)


def _sizes(entry: At) -> tuple[int, ...]:
    found = entry.get("sizes")
    if not isinstance(found, list) or not found or any(one not in range(1, MOST + 1) for one in found):
        raise BadInput(
            "'sizes' are lengths of n-grams", where=entry.where("sizes"), found=found, allowed=("1", "2", "3")
        )
    return tuple(found)
