"""``tulou serve``: cities over HTTP, for programs and for people."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from pathlib import Path

import click

from tulou.app.screen import say
from tulou.app.wiring import look_at
from tulou.kernel.errors import BadUse, MissingExtra
from tulou.kernel.words import Words

LOOPBACK = "127.0.0.1"
USUAL_PORT = 8765
MOST_PORT = 65_535
ENDING = ".city"


@click.command("serve")
@click.argument("cities", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--port", type=click.IntRange(0, MOST_PORT), default=USUAL_PORT, show_default=True, help="0: any free.")
def serve(cities: tuple[Path, ...], port: int) -> None:
    """Serve CITIES on this machine only; nobody else can reach them."""
    folders = named(cities)
    for folder in folders.values():
        look_at(folder)
    try:
        import uvicorn

        from tulou.app.api.application import application
    except ImportError as error:
        raise MissingExtra(str(error.name), "server") from None
    with _listening(port) as socket_:
        address = f"http://{LOOPBACK}:{socket_.getsockname()[1]}"
        say(Words(f"{len(folders)} 座城市，地址 {address}（Ctrl-C 结束）", f"{len(folders)} cities at {address}"))
        server = uvicorn.Server(uvicorn.Config(application(folders), log_level="warning", access_log=False))
        server.run(sockets=[socket_])


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


def _listening(port: int) -> socket.socket:
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((LOOPBACK, port))
        found.listen()
    except OSError:
        found.close()
        raise BadUse("something listens on this port already", where="--port", found=port, allowed=("0",)) from None
    return found
