"""A picture: the marks of one map or chart, to stand in a page or in a file of its own."""

from __future__ import annotations

from dataclasses import dataclass

from tulou.publish.drawing.palette import fill
from tulou.publish.drawing.svg import digits, element, escaped

FONT = "Tulou Sans"


@dataclass(frozen=True)
class Picture:
    """One map or chart.

    Args:
        name: Short name, unique in its report; used for ids and files.
        body: Its marks, as SVG.
        width: Width of its coordinates.
        height: Height of its coordinates.
        title: What it shows.
        about: The same in a sentence, for those who do not see it.
        on_base: Whether the quiet base of all maps lies below it.
        outlines: Name of the shared outlines its marks refer to; empty for none.
    """

    name: str
    body: str
    width: float
    height: float
    title: str
    about: str = ""
    on_base: bool = False
    outlines: str = ""

    def inline(self) -> str:
        """SVG for a page that holds the base (id ``base``) and the outlines once for all."""
        below = element("use", href="#base") if self.on_base else ""
        return self._svg(below + self.body, "")

    def standalone(self, base: str = "", outlines: str = "", *, paper: bool = False) -> str:
        """SVG for a file of its own.

        Args:
            base: Marks of the base, when they are to be part of it.
            outlines: Definitions its marks refer to.
            paper: Whether to paint a white ground.
        """
        ground = element("rect", width=self.width, height=self.height, **fill("paper")) if paper else ""
        inside = f"<defs>{outlines}</defs>" if outlines else ""
        return self._svg(
            ground + (base if self.on_base else "") + inside + self.body, ' xmlns="http://www.w3.org/2000/svg"'
        )

    def _svg(self, inside: str, space: str) -> str:
        about = f"<desc>{escaped(self.about)}</desc>" if self.about else ""
        return (
            f'<svg{space} role="img" aria-label="{escaped(self.title)}" viewBox="0 0 {digits(self.width)} '
            f'{digits(self.height)}" width="{digits(self.width)}" height="{digits(self.height)}" '
            f'font-family="{FONT}">{about}{inside}</svg>'
        )
