"""``tulou warm``: compile every kernel once, so that later calls start at once."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tulou.app.demonstration import SMALL, helsinki_file, make_helsinki, make_rongcheng
from tulou.app.screen import say
from tulou.kernel.errors import MissingExtra
from tulou.kernel.words import Words


@click.command()
@click.option("--quiet", is_flag=True, help="Say nothing.")
def warm(*, quiet: bool) -> None:
    """Prepare the compiled kernels by checking two small cities."""
    with TemporaryDirectory() as folder:
        make_rongcheng(Path(folder) / "rongcheng.city", buildings=SMALL)
        try:
            helsinki_file()
        except MissingExtra:
            pass
        else:
            make_helsinki(Path(folder) / "helsinki.city")
    if not quiet:
        say(Words("编译内核已就绪", "The compiled kernels are ready"))
