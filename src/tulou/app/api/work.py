"""The keeper of jobs, as handlers are given it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from tulou.app.jobs.keeper import Keeper


def keeper_of(request: Request) -> Keeper:
    """The keeper of the jobs of an application."""
    found: Keeper = request.app.state.keeper
    return found


Working = Annotated[Keeper, Depends(keeper_of)]
"""What a handler declares to be given the keeper of jobs."""
