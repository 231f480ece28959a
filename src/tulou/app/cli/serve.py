"""``tulou serve``: cities over HTTP, for programs and for people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tulou.app.cli.loopback import port_option, serve_app
from tulou.app.wiring import look_at
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words

if TYPE_CHECKING:
    from fastapi import FastAPI

USUAL_PORT = 8765
ENDING = ".city"


@click.command("serve")
@click.argument("cities", nargs=-1, required=True, type=click.Path(path_type=Path))
@port_option(USUAL_PORT)
@click.option(
    "--rulebooks",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of rulebooks made in the editor; in each city's folder by default.",
)
def serve(cities: tuple[Path, ...], port: int, rulebooks: Path | None) -> None:
    """Serve CITIES on this machine only; nobody else can reach them."""
    _refuse_ours(rulebooks)
    serve_cities(cities, port, rulebooks=rulebooks)


def serve_cities(
    cities: Sequence[Path],
    port: int,
    *,
    rulebooks: Path | None = None,
    ready: Callable[[str], object] = lambda _address: None,
) -> None:
    """Serve cities until it is ended.

    Args:
        cities: Their folders.
        port: The port; 0 for any that is free.
        rulebooks: Folder of rulebooks made in the editor; in each city's folder when None.
        ready: Called with the address once it is listened on.

    Raises:
        BadUse: When two have one name, or something listens on the port already.
        BadInput: When one is no city.
        MissingExtra: When the libraries of a server are not installed.
    """
    folders = named(cities)
    for folder in folders.values():
        look_at(folder)

    def made() -> FastAPI:
        from tulou.app.api.application import application

        return application(folders, own_rulebooks=rulebooks)

    def told(address: str) -> Words:
        many = len(folders)
        return Words(f"{many} 座城市，地址 {address}（Ctrl-C 结束）", f"{many} cities at {address} (Ctrl-C ends it)")

    serve_app(made, port, told, ready)


def _refuse_ours(folder: Path | None) -> None:
    """Refuse a folder in which rulebooks that come with Tulou lie: those are never written."""
    from tulou.indicators.rulebook.folders import known_rulebooks  # loads YAML

    ours = {path.resolve().parent for path in known_rulebooks().values()} if folder else set()
    if folder is not None and any(one == folder.resolve() or one in folder.resolve().parents for one in ours):
        raise BadUse("rulebooks that come with Tulou are never written", where="--rulebooks", found=str(folder))


def named(cities: Sequence[Path]) -> dict[str, Path]:
    """Cities by the name they are served under: that of their folder.

    Raises:
        BadUse: When two have one name.
    """
    found: dict[str, Path] = {}
    for path in cities:
        name = path.resolve().name.removesuffix(ENDING)
        if name in found:
            raise BadUse("two cities would have one name", where="CITIES", found=name)
        found[name] = path
    return found
