"""``tulou demo``: two cities checked, the stories told of them, and the way to their pages and reports."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from tulou.app.cli.loopback import listening
from tulou.app.cli.options import progress_bar
from tulou.app.cli.serve import USUAL_PORT, serve_cities
from tulou.app.demonstration import furnish, make_helsinki, make_two_years
from tulou.app.reporting import write_reports
from tulou.app.screen import language, say
from tulou.app.summary import summary_lines
from tulou.kernel.errors import BadUse
from tulou.kernel.words import LANGUAGES, Words

CITIES = ("helsinki", "rongcheng")
FIRST_SEEN = "rongcheng"
"""The city whose pages are opened: it has registers, cases and a tracker; the other is one click away."""
AUTOMATIC = "CI"
"""Variable of the environment by which machines that build and test say that nobody is there."""
STORIES = ("diff", "whatif", "plan", "track")
HOME = Path("demo")


@click.command()
@click.argument("which", type=click.Choice([*CITIES, *STORIES, "all"]), default="all")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    default=HOME,
    show_default=True,
    help="Folder to write to.",
)
@click.option("--open/--no-open", "opens", default=True, help="Open the pages in a browser, where there is one.")
def demo(which: str, folder: Path, *, opens: bool) -> None:
    """Check central Helsinki (real OpenStreetMap data) and Rongcheng (synthetic, two years), and write their reports.

    The whole of it ends in a browser: both cities are served on this machine until Ctrl-C. Where there is no browser,
    or with --no-open, the command that does so is named.

    diff tells why Rongcheng's figures moved between its two years, whatif what a closed school, a new clinic and a cut
    street do in Helsinki, plan what to do first with the money there is, track what came of the opinion's promises.
    """
    written = _tell(which, folder) if which in STORIES else _check(which, folder)
    for path in written:
        say(Words(f"报告：{path}", f"Report: {path}"))
    shows = opens and has_browser()
    if which == "all":
        _tell_more(folder)
        _end_in_pages([folder / f"{name}.city" for name in CITIES], shows=shows)
        return
    pages = [path for path in written if path.name.endswith(f".{language()}.html")]
    if shows and pages:
        click.launch(pages[0].resolve().as_uri())


def has_browser() -> bool:
    """Whether a person sits at a screen on which a browser can open."""
    has_screen = sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return sys.stdout.isatty() and bool(has_screen) and not os.environ.get(AUTOMATIC)


def _end_in_pages(cities: Sequence[Path], *, shows: bool) -> None:
    """Serve the cities and open their pages; else say how that is done."""
    if not shows:
        say("")
        say(Words("在浏览器里看两座城市：", "Both cities in a browser:"))
        say(f"  tulou serve {shlex.join(str(one) for one in cities)}")
        return
    spoken = "" if language() == "zh" else f"?lang={language()}"
    port = USUAL_PORT if _is_free(USUAL_PORT) else 0
    serve_cities(cities, port, ready=lambda address: click.launch(f"{address}/#/{FIRST_SEEN}{spoken}"))


def _is_free(port: int) -> bool:
    try:
        listening(port).close()
    except BadUse:
        return False
    return True


def _check(which: str, folder: Path) -> list[Path]:
    """Make and check cities, and write their reports."""
    reports: list[Path] = []
    for name in CITIES if which == "all" else (which,):
        place = folder / f"{name}.city"
        with progress_bar() as bar:
            kept = make_helsinki(place, progress=bar) if name == CITIES[0] else make_two_years(place, progress=bar)[-1]
            reports += write_reports(kept, ["html"], LANGUAGES, folder=folder / name, progress=bar)
        say("\n".join(summary_lines(kept.diagnosis)))
        say("")
    if which == "all":
        furnish(folder / f"{FIRST_SEEN}.city")
    return reports


def _tell(which: str, folder: Path) -> list[Path]:
    from tulou.app.stories import tell  # loads what only stories need

    with progress_bar() as bar:
        told = tell(which, folder, bar)
    say("\n".join(told.lines))
    return list(told.files)


def _tell_more(folder: Path) -> None:
    """Name the other stories."""
    say("")
    say(Words("还可以看：", "There is more:"))
    about = {
        "diff": Words("榕城的数字为什么变了", "why Rongcheng's figures moved"),
        "whatif": Words("关一所学校、加一处诊所、断一条街会怎样", "a school closed, a clinic added, a street cut"),
        "plan": Words("有这些钱先做什么", "what to do first with the money there is"),
        "track": Words("意见的承诺落实得怎样", "what came of the opinion's promises"),
    }
    to = "" if folder == HOME else f" --to {folder}"
    for name, words in about.items():
        say(f"  tulou demo {name}{to}".ljust(24) + f"  {words.say(language())}")
