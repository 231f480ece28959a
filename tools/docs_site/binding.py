"""All pages together: what there is, in which order, where links lead, what is searched."""

from __future__ import annotations

import json
import posixpath
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from urllib.parse import unquote

from docs_site import frame
from docs_site.frame import Branch, Leaf
from docs_site.page import Page, bind

LANGUAGES = ("zh", "en")
PLAN = "site.toml"
"""Order of the pages."""
PICTURES = "pictures"
LOOK = Path(__file__).parent / "look"
BRIEF = ("python/", "http/")
"""Pages of which only the beginning of each piece is searched, by the beginning of their path."""
MOST_TEXT = 160
"""Letters of a piece of those that are searched."""
INDEX = "index"
SHARED = "/"
"""Before the path of a page that is the same in both languages."""


@dataclass(frozen=True)
class Source:
    """A page before it is bound.

    Args:
        text: Markdown.
        place: Where it stands below ``docs``, which its links start from.
        is_shared: Whether it is the same in both languages.
    """

    text: str
    place: str
    is_shared: bool = False


Sources = Mapping[str, Mapping[str, Source]]
"""By language, then by name below it."""


@dataclass
class Bound:
    """A site that was bound.

    Args:
        files: Text of each file, by path below the site.
        pictures: Pictures, by path below ``docs``.
        faults: What is wrong, in words: links and anchors that lead nowhere, pages in no section.
    """

    files: dict[str, str] = field(default_factory=dict)
    pictures: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


def read(docs: Path, made: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, Source]]:
    """What is to be bound: pages of each language, those that are the same in both, those that are made.

    Args:
        docs: Folder of the documentation.
        made: Markdown that is made by the build, by language and name.
    """
    found: dict[str, dict[str, Source]] = {}
    for language in LANGUAGES:
        home = docs / language
        own = {
            path.relative_to(home).with_suffix("").as_posix(): Source(
                path.read_text("utf-8"), path.relative_to(docs).as_posix()
            )
            for path in sorted(home.rglob("*.md"))
        }
        shared = {
            path.relative_to(docs).with_suffix("").as_posix(): Source(
                path.read_text("utf-8"), path.relative_to(docs).as_posix(), is_shared=True
            )
            for path in sorted([*docs.glob("*.md"), *(docs / "decisions").glob("*.md")])
        }
        extra = {name: Source(text, f"{language}/{name}.md") for name, text in sorted(made.get(language, {}).items())}
        found[language] = {**shared, **extra, **own}
    return found


def bound(docs: Path, sources: Sources) -> Bound:
    """Bind a site.

    Args:
        docs: Folder of the documentation, for its pictures and the order of its pages.
        sources: What is bound.
    """
    site = Bound()
    asked: list[tuple[str, str, str]] = []
    pages: dict[str, Page] = {}
    for language, texts in sources.items():
        for name, source in texts.items():
            leads = _Leads(docs, sources, language, name, source, site, asked)
            page = bind(source.text, leads)
            pages[f"{language}/{name}"] = page
            site.faults += [f"{source.place}: {target} leads nowhere" for target in page.lost]
    for place, target, anchor in asked:
        if anchor not in pages[target].anchors:
            site.faults.append(f"{place}: {target} has no #{anchor}")
    for language, texts in sources.items():
        _write_language(site, docs, language, texts, pages)
    site.files["index.html"] = frame.welcome()
    return site


def write(site: Bound, docs: Path, out: Path) -> None:
    """Write a site into a folder that is made anew."""
    shutil.rmtree(out, ignore_errors=True)
    for name, text in site.files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for name in sorted(site.pictures):
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(docs / name, path)
    shutil.copytree(LOOK, out / LOOK.name)


@dataclass(frozen=True)
class _Leads:
    """Where the links of one page lead."""

    docs: Path
    sources: Sources
    language: str
    name: str
    source: Source
    site: Bound
    asked: list[tuple[str, str, str]]

    def __call__(self, target: str) -> str | None:
        if "://" in target or target.startswith("mailto:"):
            return target
        path, _, anchor = target.partition("#")
        if not path:
            self.asked.append((self.source.place, f"{self.language}/{self.name}", unquote(anchor)))
            return target
        below = posixpath.normpath(posixpath.join(posixpath.dirname(self.source.place), unquote(path)))
        here = posixpath.dirname(f"{self.language}/{self.name}")
        if below.startswith(f"{PICTURES}/") and (self.docs / below).is_file():
            self.site.pictures.add(below)
            return posixpath.relpath(below, here)
        found = self._page(below.removesuffix(".md"))
        if found is None:
            return None
        if anchor:
            self.asked.append((self.source.place, found, unquote(anchor)))
        return posixpath.relpath(f"{found}.html", here) + (f"#{anchor}" if anchor else "")

    def _page(self, below: str) -> str | None:
        """A page by its path below ``docs``: of the language it names, else of this one."""
        first, _, rest = below.partition("/")
        language, name = (first, rest) if first in self.sources else (self.language, below)
        return next(
            (f"{language}/{one}" for one in (name, f"{name}/{INDEX}".lstrip("/")) if one in self.sources[language]),
            None,
        )


def _write_language(
    site: Bound, docs: Path, language: str, texts: Mapping[str, Source], pages: Mapping[str, Page]
) -> None:
    tree, left = arranged(docs, language, {name: pages[f"{language}/{name}"].title for name in texts}, texts)
    site.faults += [f"{language}/{name}: in no section of docs/{PLAN}" for name in left]
    searched: dict[tuple[str, str], tuple[str, str, str, str]] = {}
    for branch in tree:
        for leaf in branch.leaves:
            page = pages[f"{language}/{leaf.name}"]
            only = frame.WORDS[language]["only"] if texts[leaf.name].is_shared and language != "en" else ""
            site.files[f"{language}/{leaf.name}.html"] = frame.framed(page, leaf.name, language, tree, only)
            for one in page.sections:
                address = f"{leaf.name}.html" + (f"#{one.anchor}" if one.anchor else "")
                text = " ".join(" ".join(one.words).split())[: MOST_TEXT if leaf.name.startswith(BRIEF) else None]
                searched.setdefault((one.title, text), (address, page.title, one.title, text))
    said = json.dumps([*searched.values()], ensure_ascii=False, separators=(",", ":"))
    site.files[f"{language}/search.js"] = f"window.tulouPages={said};\n"


def arranged(
    docs: Path, language: str, titles: Mapping[str, str], texts: Mapping[str, Source]
) -> tuple[list[Branch], list[str]]:
    """The navigation, and the pages that stand in no section of the plan, which go to its end.

    Args:
        docs: Folder of the documentation.
        language: Which one.
        titles: Title of each page.
        texts: The pages.
    """
    plan = tomllib.loads((docs / PLAN).read_text("utf-8"))
    taken: set[str] = set()
    tree = []
    for section in plan["section"]:
        leaves = []
        for pattern in section["pages"]:
            for name in _matching(pattern, texts):
                if name not in taken:
                    taken.add(name)
                    leaves.append(Leaf(name, titles[name]))
        tree.append(Branch(section[language], tuple(leaves)))
    left = [name for name in texts if name not in taken]
    if left:
        last = tree[-1]
        tree[-1] = Branch(last.title, last.leaves + tuple(Leaf(name, titles[name]) for name in left))
    return tree, left


def _matching(pattern: str, texts: Mapping[str, Source]) -> Sequence[str]:
    plain = pattern.removeprefix(SHARED)
    return [
        name for name in sorted(texts) if fnmatch(name, plain) and texts[name].is_shared == pattern.startswith(SHARED)
    ]
