"""Requests of the house as records of GeoReport v2, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256

from tulou.operations.hotline.domain.masking import masked, unnamed
from tulou.operations.hotline.domain.request import Request
from tulou.operations.open311.records import Service, ServiceRequest, Status

CODE_LETTERS = 10
BETWEEN = "\x1f"
OVER = ("closed", "已结", "办结", "关闭")
"""What a state that is over begins with, where nobody wrote down when it was closed."""


def code_of(category: tuple[str, ...]) -> str:
    """Code of a category: letters and digits that follow from its path, fit to stand in an address."""
    return sha256(BETWEEN.join(category).encode()).hexdigest()[:CODE_LETTERS] if category else ""


def services_of(requests: Iterable[Request]) -> tuple[Service, ...]:
    """The services that some requests were about, by name."""
    found = {one.category: one for one in requests if one.category}
    some = [Service(code_of(path), path[-1], group=path[0] if len(path) > 1 else "", kind="realtime") for path in found]
    return tuple(sorted(some, key=lambda one: (one.group, one.name)))


def status_of(request: Request) -> Status:
    """Whether a request is over."""
    is_over = request.closed is not None or request.status.lower().startswith(OVER)
    return "closed" if is_over else "open"


def published(request: Request) -> ServiceRequest:
    """A request as everybody may see it: numbers by which a person could be reached are masked, its token left out."""
    path = request.category
    return ServiceRequest(
        service_request_id=request.id,
        status=status_of(request),
        requested=request.received,
        service_code=code_of(path),
        service_name=path[-1] if path else "",
        status_notes=request.status,
        description=masked(request.text or request.title)[0],
        agency_responsible=request.body,
        updated=request.closed,
        expected=request.due,
        address=request.address,
        address_id=request.place,
        lat=request.lat,
        long=request.lon,
    )


def taken_in(record: ServiceRequest, group: str = "", requester: Mapping[str, str] | None = None) -> Request:
    """A record of another system as a request of the house; numbers of persons, and who asked, are masked in its text.

    Args:
        record: The record.
        group: Group of its service.
        requester: What is known of who asked.
    """
    name = record.service_name
    said = unnamed(record.description, requester or {})[0]
    return Request(
        id=record.service_request_id,
        received=record.requested,
        title=name,
        text=masked(said)[0],
        channel="open311",
        category=(group, name) if group and name else (name,) if name else (),
        place=record.address_id,
        address=record.address,
        lon=record.long,
        lat=record.lat,
        body=record.agency_responsible,
        due=record.expected,
        closed=record.updated if record.status == "closed" else None,
        status=record.status_notes or record.status,
    )
