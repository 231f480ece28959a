"""Addresses as answers name them."""

from __future__ import annotations

from starlette.requests import Request


def base_of(request: Request, city: str) -> str:
    """Address of a city."""
    return f"{str(request.base_url).rstrip('/')}/cities/{city}"
