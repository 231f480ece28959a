"""The catalogue of measures: every module below, and what other packages offer."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache

from tulou.kernel.declaration import Measure, declared
from tulou.kernel.errors import BadUse
from tulou.kernel.registry import Registry, from_outsiders

GROUP = "tulou.measures"
"""Entry-point group of outside packages; each entry is a module that declares measures."""


@cache
def all_measures() -> Registry[Measure]:
    """All measures of this process, ours and those of other packages.

    Raises:
        BadUse: When two have one name, or an entry point offers something without measures.
    """
    return Registry("measure", [*_ours(), *_others()])


def _ours() -> Iterator[Measure]:
    package = importlib.import_module("tulou.measures")
    for found in sorted(pkgutil.walk_packages(package.__path__, "tulou.measures."), key=lambda module: module.name):
        if found.name != __name__:
            yield from declared(importlib.import_module(found.name))


def _others() -> Iterator[Measure]:
    for offered in from_outsiders(GROUP):
        found = declared(offered)
        if not found:
            raise BadUse(
                "an entry point of tulou.measures must be a module that declares measures", found=repr(offered)
            )
        yield from found
