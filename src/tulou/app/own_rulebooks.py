"""Rulebooks of one's own, made in the editor: each extends others and holds only what is written otherwise.

They lie in the city's folder, or in a folder the server was given. Rulebooks that come with Tulou are never written.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp
from threading import Lock
from typing import Any

import yaml

from tulou.app.drafting import READABLE
from tulou.app.wiring import measures, rulebook
from tulou.indicators.rulebook.content import Indicator, Parameter, Rulebook
from tulou.indicators.rulebook.folders import FRONT, known_rulebooks
from tulou.indicators.rulebook.read import read_rulebook
from tulou.indicators.rulebook.reading import text, texts
from tulou.indicators.rulebook.revised import DEFINITION, PARAMETERS, revised
from tulou.indicators.rulebook.written import definition_text, parameters_text
from tulou.kernel.amending import Amendment, amended, plain
from tulou.kernel.atomic import flush, write_text
from tulou.kernel.documents import parse_document, read_document
from tulou.kernel.errors import BadInput, BadUse, Conflict
from tulou.publish.archive import BEGINNING

FOLDER = "drafts"
"""Where they lie in a city's folder."""
SIGNED = "signed.yaml"
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
DIGITS = 16
"""Characters of a digest that tell two states of a rulebook apart."""
WIDE = 1_000_000
MOST_READ = 8
"""Rulebooks of one's own that are kept in memory."""
_WRITING = Lock()


@dataclass(frozen=True)
class Draft:
    """What somebody wrote in the editor.

    Args:
        definition: Text of an indicator.
        parameters: Text of parameters.
        over: Rulebooks a new rulebook of one's own extends.
    """

    definition: str
    parameters: str
    over: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signed:
    """Who answers for a rulebook of one's own.

    Args:
        name: Its id.
        who: Who answers.
        day: The day of the writing.
        title: Its title; the id by default.
        why: Why it is written.
        known: What of it the writer had read, as ``Own.state``; empty when nothing is asked.
    """

    name: str
    who: str
    day: date
    title: str = ""
    why: str = ""
    known: str = ""


@dataclass(frozen=True)
class Own:
    """A rulebook of one's own.

    Args:
        folder: Where it lies.
    """

    folder: Path

    @property
    def name(self) -> str:
        """Its id."""
        return self.folder.name

    @property
    def over(self) -> tuple[str, ...]:
        """Rulebooks it extends."""
        return texts(read_document(self.folder / FRONT, f"{self.name}/{FRONT}"), "extends")

    @property
    def state(self) -> str:
        """Tells two states of its files apart."""
        return self.whole().digest[:DIGITS]

    def whole(self) -> Rulebook:
        """The rulebook with those it extends.

        Raises:
            BadInput: When somebody made it unreadable.
        """
        files = sorted(self.folder.rglob("*.yaml"))
        return _read(self.folder, tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in files))

    def below(self) -> Rulebook:
        """The rulebooks it extends, without it."""
        return rulebook(self.over)

    def signed(self) -> list[dict[str, Any]]:
        """Who wrote what when, the oldest first."""
        path = self.folder / SIGNED
        listed = read_document(path, SIGNED).get("signed") if path.is_file() else None
        return plain(listed) if isinstance(listed, list) else []

    def told(self) -> dict[str, Any]:
        """What it is, as plain values."""
        front = read_document(self.folder / FRONT, f"{self.name}/{FRONT}")
        whole = self.whole()
        return {
            "name": self.name,
            "title": plain(front.get("title")),
            "version": text(front, "version"),
            "extends": list(self.over),
            "indicators": [one.id for one in whole.indicators.values() if one.rulebook == self.name],
            "parameters": [name for name, one in whole.parameters.items() if one.rulebook == self.name],
            "signed": self.signed(),
            "state": whole.digest[:DIGITS],
        }

    def packed(self) -> bytes:
        """All its files in one archive; the same files give the same bytes."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(self.folder.rglob("*.yaml")):
                entry = zipfile.ZipInfo(f"{self.name}/{path.relative_to(self.folder).as_posix()}", BEGINNING)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
        return stream.getvalue()


@lru_cache(maxsize=MOST_READ)
def _read(folder: Path, _files: tuple[tuple[Path, int, int], ...]) -> Rulebook:
    """A rulebook read once as long as its files stay as they are."""
    return read_rulebook(folder, measures())


@dataclass(frozen=True)
class Shelf:
    """Rulebooks of one's own in one folder.

    Args:
        home: The folder; need not exist.
    """

    home: Path
    _lock: Lock = field(default=_WRITING, compare=False)

    def all(self) -> list[Own]:
        """Those that are there, by name."""
        fronts = sorted(self.home.glob(f"*/{FRONT}")) if self.home.is_dir() else []
        return [Own(one.parent) for one in fronts if NAME.fullmatch(one.parent.name) and not one.parent.is_symlink()]

    def named(self, name: str) -> Own | None:
        """One of them; None when there is none of that name."""
        return next((one for one in self.all() if one.name == name), None)

    def base(self, name: str, over: Sequence[str]) -> Rulebook:
        """What a text is read over: the rulebook of one's own when there is one, else those it will extend."""
        own = self.named(name) if name else None
        return own.whole() if own else rulebook(tuple(over))

    def below(self, name: str, over: Sequence[str]) -> Rulebook:
        """What a text changes: the rulebooks that one of one's own extends, or will extend."""
        own = self.named(name) if name else None
        return own.below() if own else rulebook(tuple(over))

    def save(self, draft: Draft, signed: Signed) -> Own:
        """Write a draft into a rulebook of one's own, in one step.

        Raises:
            BadUse: When the name is none, nobody answers, or nothing is written otherwise.
            BadInput: With every fault of the texts.
            Conflict: When somebody else wrote it since it was read.
        """
        _check(signed)
        with self._lock:
            own = self.named(signed.name)
            if own is not None and signed.known and signed.known != own.state:
                told = "this rulebook was written by somebody else meanwhile"
                raise Conflict(told, where=signed.name, found=signed.known, allowed=(own.state,))
            pages = _pages(draft, own)
            return self._put(own, pages, draft, signed)

    def _put(self, own: Own | None, pages: Mapping[str, str | None], draft: Draft, signed: Signed) -> Own:
        place = self.home / signed.name
        if own is None and (place.exists() or place.is_symlink()):
            raise BadUse("something stands here already", where=signed.name)
        with _desk(self.home) as desk:
            made = desk / signed.name
            if own is not None:
                copytree(own.folder, made)
            else:
                write_text(made / FRONT, _front(draft, signed))
            for page, content in pages.items():
                if content is None:
                    (made / page).unlink(missing_ok=True)
                else:
                    write_text(made / page, content)
            entry = {"who": signed.who.strip(), "day": signed.day, "why": signed.why, "pages": sorted(pages)}
            entries = [*(own.signed() if own else []), entry]
            write_text(made / SIGNED, _dumped({"signed": entries}))
            read_rulebook(made, measures())
            made.chmod(READABLE)
            if own is not None:
                own.folder.rename(desk / "before")
            made.rename(place)
        flush(self.home)
        return Own(place)


@contextmanager
def _desk(home: Path) -> Iterator[Path]:
    home.mkdir(parents=True, exist_ok=True)
    desk = Path(mkdtemp(dir=home, prefix=".desk."))
    try:
        yield desk
    finally:
        rmtree(desk, ignore_errors=True)


def _check(signed: Signed) -> None:
    if not NAME.fullmatch(signed.name):
        allowed = ("lower-case letters, digits and '_', a letter first; at most 40",)
        raise BadUse("not an id for a rulebook", where="name", found=signed.name, allowed=allowed)
    if signed.name in known_rulebooks():
        raise BadUse("a rulebook that comes with Tulou is never written", where="name", found=signed.name)
    if not signed.who.strip():
        raise BadUse("say who answers for this", where="who")


def _front(draft: Draft, signed: Signed) -> str:
    title = signed.title.strip() or signed.name
    front = {
        "id": signed.name,
        "title": {"zh": title, "en": title},
        "version": signed.day.isoformat(),
        "extends": list(draft.over),
    }
    return _dumped(front)


def _dumped(document: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(document), allow_unicode=True, sort_keys=False, width=WIDE)


def _pages(draft: Draft, own: Own | None) -> dict[str, str | None]:
    """Files to be written, and those to be taken out: what says the same as below is not written.

    Raises:
        BadInput: With every fault of the texts.
        BadUse: When nothing is written otherwise.
    """
    below = own.below() if own else rulebook(draft.over)
    whole = own.whole() if own else below
    _, indicator, faults = revised(whole, draft.definition, draft.parameters)
    faults.raise_any()
    if indicator is None:
        raise BadInput("this is no indicator", where=DEFINITION)
    found: dict[str, str | None] = {_page(indicator.id): _definition(draft.definition, indicator, below)}
    for name, content in _parameters(draft.parameters, below):
        found[f"parameters/{name}.yaml"] = content
    there = {path.relative_to(own.folder).as_posix() for path in own.folder.rglob("*.yaml")} if own else set()
    found = {page: content for page, content in found.items() if content is not None or page in there}
    if not found:
        raise BadUse("nothing is written otherwise", where=DEFINITION, found=indicator.id)
    return found


def _page(indicator: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,79}", indicator):
        allowed = ("lower-case letters, digits and '_', a letter first; at most 80",)
        raise BadInput("not an id for an indicator", where=f"{DEFINITION}:1", found=indicator, allowed=allowed)
    return f"indicators/{indicator}.yaml"


def _definition(written: str, indicator: Indicator, below: Rulebook) -> str | None:
    """The page of an indicator; None when it says the same as below."""
    page = parse_document(written, DEFINITION)
    other = below.indicators.get(indicator.id)
    if other is None:
        return amended(written, [Amendment(("replaces",), how="remove")], DEFINITION)
    said = {key: value for key, value in page.items() if key != "replaces"}
    if said == dict(parse_document(definition_text(below, other), DEFINITION)):
        return None
    return amended(written, [Amendment(("replaces",), other.rulebook)], DEFINITION)


def _parameters(written: str, below: Rulebook) -> Iterator[tuple[str, str | None]]:
    """A page for each parameter; None when it says the same as below."""
    page = parse_document(written, PARAMETERS)
    for subject, group in page.items():
        for name, entry in group.items():
            full = f"{subject}.{name}"
            if not re.fullmatch(r"[a-z][a-z0-9_]{0,79}\.[a-z][a-z0-9_]{0,79}", full):
                raise BadInput("not a name of a parameter", where=page.where(subject), found=full)
            other = below.parameters.get(full)
            same = other is not None and _said(below, other) == plain(entry)
            yield full, None if same else _dumped({subject: {name: _undone(entry)}})


def _said(below: Rulebook, parameter: Parameter) -> Any:  # noqa: ANN401  (an entry of a page)
    subject, _, name = parameter.name.partition(".")
    return plain(parse_document(parameters_text(below, [parameter.name]), PARAMETERS)[subject][name])


def _undone(entry: Any) -> Any:  # noqa: ANN401  (a document holds any plain data)
    """A document as plain mappings and lists; days stay days."""
    if isinstance(entry, dict):
        return {key: _undone(one) for key, one in entry.items()}
    return [_undone(one) for one in entry] if isinstance(entry, list) else entry
