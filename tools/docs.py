"""Build the documentation site into the package: ``python tools/docs.py [FOLDER]``.

Pages of ``docs/zh`` and ``docs/en`` in the order of ``docs/site.toml``, with search, offline. Links that lead nowhere
end it with a list of them. What is built already from the same sources is left as it is.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from docs_site.http_reference import Reference

from docs_site import binding, python_reference

HOME = Path(__file__).parent.parent
DOCS = HOME / "docs"
PACKAGE = HOME / "src" / "tulou"
SOURCES = (DOCS, Path(__file__).parent / "docs_site", PACKAGE)
BUILT = HOME / "src" / "tulou" / "app" / "docs_site"
KINDS = frozenset({".md", ".svg", ".toml", ".json", ".py", ".css", ".js"})
STAMP = "built-from.txt"


class Faulty(Exception):
    """Pages lead nowhere; the list is what it was made of."""


def digest() -> str:
    """Digest of all that the site is made from."""
    found = hashlib.sha256(Path(__file__).read_bytes())
    for folder in SOURCES:
        for path in sorted(folder.rglob("*")):
            if path.suffix in KINDS and path.is_file() and "web" not in path.parts and BUILT not in path.parents:
                found.update(path.relative_to(HOME).as_posix().encode())
                found.update(path.read_bytes())
    return found.hexdigest()


def is_built(out: Path = BUILT) -> bool:
    """Whether the site stands there, made from today's sources."""
    stamp = out / STAMP
    return stamp.is_file() and stamp.read_text("utf-8") == digest()


def sources() -> binding.Sources:
    """All pages, those included that are made from the source and from the description of the interface."""
    reference = Reference(DOCS)
    made = {one: {**reference.pages(one), **python_reference.pages(PACKAGE, one)} for one in binding.LANGUAGES}
    return binding.read(DOCS, made)


def bound() -> binding.Bound:
    """The site, bound but not written."""
    return binding.bound(DOCS, sources())


def build(out: Path = BUILT) -> None:
    """Bind the site and write it.

    Raises:
        Faulty: When a link leads nowhere; nothing is written.
    """
    site = bound()
    if site.faults:
        raise Faulty("\n".join(site.faults))
    binding.write(site, DOCS, out)
    (out / STAMP).write_text(digest(), "utf-8")


def main(words: list[str]) -> int:
    """Build, unless it is built."""
    asked = argparse.ArgumentParser(description="Build the documentation site.")
    asked.add_argument("folder", type=Path, nargs="?", default=BUILT)
    out: Path = asked.parse_args(words).folder
    if is_built(out):
        return 0
    try:
        build(out)
    except Faulty as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
