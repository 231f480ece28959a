"""``tulou demo``: two cities checked, and the way to their reports."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from tulou.app.cli.options import progress_bar
from tulou.app.demonstration import make_helsinki, make_rongcheng
from tulou.app.reporting import write_reports
from tulou.app.screen import language, say
from tulou.app.summary import summary_lines
from tulou.kernel.words import LANGUAGES, Words

CITIES = ("helsinki", "rongcheng")


@click.command()
@click.argument("which", type=click.Choice([*CITIES, "all"]), default="all")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Folder to write to.",
)
@click.option("--open/--no-open", "opens", default=True, help="Open the report in a browser, where there is one.")
def demo(which: str, folder: Path, *, opens: bool) -> None:
    """Check central Helsinki (real OpenStreetMap data) and Rongcheng (synthetic), and write their reports."""
    reports: list[Path] = []
    for name in CITIES if which == "all" else (which,):
        place = folder / f"{name}.city"
        with progress_bar() as bar:
            make = make_helsinki if name == "helsinki" else make_rongcheng
            kept = make(place, progress=bar)
            written = write_reports(kept, ["html"], LANGUAGES, folder=folder / name, progress=bar)
        say("\n".join(summary_lines(kept.diagnosis)))
        for path in written:
            say(Words(f"报告：{path}", f"Report: {path}"))
        say("")
        reports += [path for path in written if f".{language()}." in path.name]
    if opens and reports and sys.stdout.isatty() and (os.environ.get("DISPLAY") or sys.platform != "linux"):
        click.launch(reports[0].resolve().as_uri())
