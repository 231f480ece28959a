"""The catalogue of processes: every module of this package that declares one, and what other packages offer."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache

from tulou.kernel.errors import BadUse
from tulou.kernel.registry import Registry, from_outsiders
from tulou.processes.declaration import Process

GROUP = "tulou.processes"
"""Entry-point group of outside packages; each entry is a ``Process``."""


@cache
def processes() -> Registry[Process]:
    """All processes, ours and those of other packages.

    Raises:
        BadUse: When two have one name, or an entry point offers something else.
    """
    return Registry("process", [*_ours(), *_others()])


def _ours() -> Iterator[Process]:
    package = importlib.import_module("tulou.processes")
    # Folders hold the work, which is imported when a process is run: their libraries may be absent.
    for name in sorted(found.name for found in pkgutil.iter_modules(package.__path__) if not found.ispkg):
        declared = getattr(importlib.import_module(f"tulou.processes.{name}"), "PROCESS", None)
        if isinstance(declared, Process):
            yield declared


def _others() -> Iterator[Process]:
    for offered in from_outsiders(GROUP):
        if not isinstance(offered, Process):
            raise BadUse("an entry point of tulou.processes must be a process", found=repr(offered))
        yield offered
