"""The records of GeoReport v2: services, their definitions, requests and receipts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

Kind = Literal["realtime", "batch", "blackbox"]
KINDS: tuple[Kind, ...] = get_args(Kind)
DataType = Literal["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]
DATA_TYPES: tuple[DataType, ...] = get_args(DataType)
Status = Literal["open", "closed"]
STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True)
class Attribute:
    """A question that a service asks of who reports.

    Args:
        code: Its code.
        datatype: Kind of the answer.
        description: The question.
        is_required: Whether it must be answered.
        is_variable: Whether it asks anything, or only tells something.
        order: Its place.
        values: Answers to choose from, as key and name.
        hint: How to answer.
    """

    code: str
    datatype: DataType
    description: str = ""
    is_required: bool = False
    is_variable: bool = True
    order: int = 1
    values: tuple[tuple[str, str], ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class Service:
    """Something that can be reported.

    Args:
        code: Its code.
        name: Its name.
        description: What it is.
        group: The group it stands in.
        kind: Whether a report gets its number at once (``realtime``), later (``batch``), or never (``blackbox``).
        keywords: Other words for it.
        attributes: What it asks.
    """

    code: str
    name: str
    description: str = ""
    group: str = ""
    kind: Kind = "realtime"
    keywords: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True)
class ServiceRequest:
    """A request as it is shown to everybody. What is not known is None or empty.

    Args:
        service_request_id: Its id.
        status: ``open`` or ``closed``; the state itself stands in the notes.
        requested: When it came in.
        service_code: Code of the service.
        service_name: Name of the service.
        status_notes: The state, as the source calls it.
        description: What was said, without numbers by which a person could be reached.
        agency_responsible: Body that handles it.
        service_notice: What will be done by when.
        updated: When it last changed; when it was closed, once it is.
        expected: When it is due.
        address: Address in words.
        address_id: Id of the address or unit.
        zipcode: Post code.
        lat: Latitude, degrees WGS 84.
        long: Longitude, degrees WGS 84.
        media_url: Address of a picture.
    """

    service_request_id: str
    status: Status
    requested: datetime
    service_code: str = ""
    service_name: str = ""
    status_notes: str = ""
    description: str = ""
    agency_responsible: str = ""
    service_notice: str = ""
    updated: datetime | None = None
    expected: datetime | None = None
    address: str = ""
    address_id: str = ""
    zipcode: str = ""
    lat: float | None = None
    long: float | None = None
    media_url: str = ""


@dataclass(frozen=True)
class Submission:
    """A report as it comes in.

    Args:
        service_code: Code of the service.
        description: What was said.
        lat: Latitude, degrees WGS 84.
        long: Longitude, degrees WGS 84.
        address: Address in words.
        address_id: Id of the address or unit.
        media_url: Address of a picture.
        answers: Answers to what the service asks, by code.
        requester: Who sends it, for the store of requesters alone; never sent on, never shown.
    """

    service_code: str
    description: str = ""
    lat: float | None = None
    long: float | None = None
    address: str = ""
    address_id: str = ""
    media_url: str = ""
    answers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    requester: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Receipt:
    """What a report gets back: its id, or a token by which the id can be asked for later.

    Args:
        service_request_id: The id; empty when there is none yet.
        token: The token; empty when there is an id.
        notice: What will be done.
    """

    service_request_id: str = ""
    token: str = ""
    notice: str = ""


@dataclass(frozen=True)
class Refusal:
    """One entry of a list of errors.

    Args:
        code: HTTP status.
        description: What is wrong.
    """

    code: int
    description: str
