"""The colours of maps and charts: few, calm, told apart by the colour-blind, with dark twins for dark pages.

Drawings carry both a class (a web page may recolour it) and the light colour itself (for print).
"""

from __future__ import annotations

COLOURS: dict[str, tuple[str, str]] = {
    "ink": ("#1f2428", "#e8e5de"),
    "muted": ("#5f666c", "#a3a8ac"),
    "line": ("#d8d4cb", "#3b3e41"),
    "land": ("#f7f5f0", "#1e2123"),
    "paper": ("#ffffff", "#17191b"),
    "water": ("#c7dbe9", "#22394b"),
    "green": ("#dae6cd", "#27352a"),
    "road": ("#dcd7cc", "#34373a"),
    "mainroad": ("#bdb5a6", "#54575a"),
    "pass": ("#2b6a99", "#6caede"),
    "fail": ("#cf5a1c", "#f0905a"),
    "to_confirm": ("#e3b23c", "#c9992b"),
    "reference": ("#8b86a0", "#9c97b5"),
    "not_assessed": ("#d3d0c8", "#4a4d50"),
    "onpass": ("#ffffff", "#10161b"),
    "onfail": ("#ffffff", "#1d120b"),
    "onto_confirm": ("#2b2205", "#191203"),
    "onreference": ("#ffffff", "#141319"),
    "onnot_assessed": ("#3a3f43", "#e8e5de"),
    "far_fail": ("#b8480f", "#f0905a"),
    "near_fail": ("#eeb48e", "#a8603a"),
    "near_pass": ("#b3d0e4", "#3f6d8f"),
    "far_pass": ("#4a87b5", "#6caede"),
    "step0": ("#ece9f1", "#33313d"),
    "step1": ("#cec8db", "#4c4861"),
    "step2": ("#aba3c2", "#6a6487"),
    "step3": ("#857ba6", "#8d86ae"),
    "step4": ("#5d5286", "#b7b0d6"),
    "red": ("#b3261e", "#e5675f"),
    "orange": ("#e07b28", "#f0985a"),
    "yellow": ("#f0cf3f", "#cdb03a"),
    "blue": ("#4a87b5", "#6caede"),
}
"""Name of each colour: on light pages, on dark ones."""


def fill(name: str) -> dict[str, str]:
    """Attributes that fill a shape."""
    return {"class_": f"f-{name}", "fill": COLOURS[name][0]}


def stroke(name: str, width: float = 1.0) -> dict[str, str]:
    """Attributes that draw a line."""
    return {"class_": f"s-{name}", "stroke": COLOURS[name][0], "stroke_width": f"{width:g}", "fill": "none"}


def style_sheet() -> str:
    """CSS that lets a page switch all drawings between light and dark."""
    light = "".join(f"--c-{name}:{pair[0]};" for name, pair in COLOURS.items())
    dark = "".join(f"--c-{name}:{pair[1]};" for name, pair in COLOURS.items())
    rules = "".join(f".f-{name}{{fill:var(--c-{name})}}.s-{name}{{stroke:var(--c-{name})}}" for name in COLOURS)
    screen = f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}"
    return f":root{{{light}}}{screen}@media screen{{:root[data-theme=dark]{{{dark}}}}}{rules}"
