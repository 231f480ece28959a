"""Serving on this machine only: what ``tulou serve`` and ``tulou open311 serve`` share."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tulou.app.screen import say
from tulou.kernel.errors import BadUse, MissingExtra
from tulou.kernel.words import Words

if TYPE_CHECKING:
    from fastapi import FastAPI

F = TypeVar("F", bound=Callable[..., Any])
LOOPBACK = "127.0.0.1"
MOST_PORT = 65_535


def port_option(usual: int) -> Callable[[F], F]:
    """The option for the port."""
    kind = click.IntRange(0, MOST_PORT)
    return click.option("--port", type=kind, default=usual, show_default=True, help="0: any free.")


def serve_app(
    made: Callable[[], FastAPI],
    port: int,
    told: Callable[[str], Words],
    ready: Callable[[str], object] = lambda _address: None,
) -> None:
    """Serve an application until it is ended.

    Args:
        made: Makes it; its libraries are loaded then.
        port: The port; 0 for any that is free.
        told: What is said of its address.
        ready: Called with its address once it is listened on; an answer may take a moment longer.

    Raises:
        MissingExtra: When the libraries of a server are not installed.
        BadUse: When something listens on the port already.
    """
    try:
        import uvicorn

        app = made()
    except ImportError as error:
        raise MissingExtra(str(error.name), "server") from None
    with listening(port) as place:
        address = f"http://{LOOPBACK}:{place.getsockname()[1]}"
        say(told(address))
        ready(address)
        uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[place])


def listening(port: int) -> socket.socket:
    """A socket on which this machine alone is heard.

    Raises:
        BadUse: When something listens there already.
    """
    # Told to be TCP by name: only then does asyncio send an answer at once and not wait 40 ms for the other side.
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((LOOPBACK, port))
        found.listen()
    except OSError:
        found.close()
        raise BadUse("something listens on this port already", where="--port", found=port, allowed=("0",)) from None
    return found
