"""Where rulebooks lie: in the package, in the checkout, at a path, or in another package."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

from tulou.indicators.rulebook.reading import texts
from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput

FRONT = "rulebook.yaml"
GROUP = "tulou.rulebooks"
_PACKAGE = Path(__file__).resolve().parents[2]


def _homes() -> Iterator[Path]:
    """Folders that hold rulebooks by name: inside the installed package, then beside the sources."""
    yield _PACKAGE / "rulebooks"
    yield _PACKAGE.parents[1] / "rulebooks"


def known_rulebooks() -> dict[str, Path]:
    """All rulebooks that can be named, with their folders; the first found of a name counts."""
    found: dict[str, Path] = {}
    for home in _homes():
        for front in sorted(home.glob(f"*/{FRONT}")):
            found.setdefault(front.parent.name, front.parent)
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        offered = point.load()
        found.setdefault(point.name, Path(offered() if callable(offered) else offered))
    return found


def find_rulebook(name: str | Path) -> Path:
    """The folder of a rulebook given by name or path.

    Raises:
        BadInput: When there is none.
    """
    path = Path(name)
    if (path / FRONT).is_file():
        return path
    known = known_rulebooks()
    if str(name) in known:
        return known[str(name)]
    raise BadInput(
        "there is no such rulebook", found=str(name), allowed=(*sorted(known), f"a folder that holds {FRONT}")
    )


def chain(names: list[str | Path]) -> list[tuple[Path, At]]:
    """Folders and front pages of rulebooks, those they extend first, each once.

    Raises:
        BadInput: When one is not found, or they extend one another in a circle.
    """
    found: dict[Path, At] = {}

    def visit(name: str | Path, path: tuple[Path, ...], where: str) -> None:
        try:
            folder = find_rulebook(name)
        except BadInput as error:
            raise BadInput.of(
                type(fault)(fault.what, where, fault.found, fault.allowed) for fault in error.faults
            ) from None
        folder = folder.resolve()
        if folder in path:
            raise BadInput("rulebooks extend one another in a circle", where=where, found=str(name))
        if folder in found:
            return
        front = read_document(folder / FRONT, f"{folder.name}/{FRONT}")
        for base in texts(front, "extends"):
            beside = folder.parent / base
            visit(beside if (beside / FRONT).is_file() else base, (*path, folder), front.where("extends"))
        found[folder] = front

    for name in names:
        visit(name, (), "")
    return list(found.items())
