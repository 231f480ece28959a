"""Typst, as we use it: our font only, no packages, no markup from outside, the same bytes each time."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tulou.kernel.errors import MissingExtra
from tulou.publish import typeface
from tulou.publish.drawing.picture import Picture
from tulou.publish.paper.content import Paper

try:
    import typst
except ModuleNotFoundError as error:
    raise MissingExtra(error.name or "typst", "report") from None

PIXELS_PER_INCH = 160.0
_SHEET = """#set text(font: "Tulou Sans", fallback: false)
#for one in json("pictures.json") {
  set page(width: one.width * 0.75pt, height: one.height * 0.75pt, margin: 0pt)
  if one.base != "" { place(image(one.base, width: 100%)) }
  image(one.file, width: 100%)
  pagebreak(weak: true)
}
"""


@dataclass
class Folder:
    """A folder of pictures that Typst places; the base lies in it once, below the marks of each map.

    Args:
        path: Where it is.
        paper: The paper whose pictures they are.
    """

    path: Path
    paper: Paper
    put: list[dict[str, str | float]] = field(default_factory=list)

    def add(self, picture: Picture) -> dict[str, str | float]:
        """Write one picture; gives the names of its files."""
        name = f"art{len(self.put)}.svg"
        paper = self.paper
        shared = paper.definitions + (paper.outlines if picture.outlines else "") if picture.on_base else ""
        (self.path / name).write_text(picture.standalone(outlines=shared), "utf-8")
        found: dict[str, str | float] = {
            "file": name,
            "base": self._base(picture) if picture.on_base else "",
            "title": picture.title,
            "width": picture.width,
            "height": picture.height,
        }
        self.put.append(found)
        return found

    def _base(self, picture: Picture) -> str:
        """The base as a file of the picture's size, so that both lie exactly on each other."""
        name = f"base{round(picture.height)}.svg"
        if not (self.path / name).exists():
            blank = Picture(name, "", picture.width, picture.height, "", on_base=True)
            (self.path / name).write_text(blank.standalone(self.paper.base, self.paper.definitions), "utf-8")
        return name


def printed(folder: Path, main: str) -> bytes:
    """Set a document of a folder as PDF."""
    return bytes(_compiled(folder, main, "pdf"))


def images(pictures: Sequence[Picture], paper: Paper) -> list[bytes]:
    """Pictures as PNG, for formats that hold no drawings."""
    if not pictures:
        return []
    with tempfile.TemporaryDirectory(prefix="tulou-art-") as name:
        path = Path(name)
        art = Folder(path, paper)
        for picture in pictures:
            art.add(picture)
        (path / "pictures.json").write_text(json.dumps(art.put), "utf-8")
        (path / "sheet.typ").write_text(_SHEET, "utf-8")
        found: bytes | list[bytes] = _compiled(path, "sheet.typ", "png")
    return [bytes(found)] if isinstance(found, bytes) else [bytes(page) for page in found]


def _compiled(folder: Path, main: str, form: Literal["pdf", "png"]) -> Any:  # noqa: ANN401  (one page or several)
    return typst.compile(
        str(folder / main),
        root=str(folder),
        font_paths=[str(typeface.FOLDER)],
        ignore_system_fonts=True,
        format=form,
        ppi=PIXELS_PER_INCH,
        timestamp=0,
    )
