"""A request, as the hotline and other systems exchange it. Who asked is not in it: only an opaque token, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

RequestKind = Literal["consultation", "help", "complaint", "report", "suggestion", "praise"]
REQUEST_KINDS: tuple[RequestKind, ...] = get_args(RequestKind)
"""What somebody wants: 咨询、求助、投诉、举报、建议、表扬."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. Moments carry their zone; what is not known is None or empty, never a guess.

    Args:
        id: Its id at the source, unique within a city.
        received: When it came in.
        title: What it is about, in a line.
        text: What was said.
        kind: One of ``REQUEST_KINDS``; empty when nobody said.
        channel: How it came in, as the source calls it.
        category: Path in a tree of categories, from the top; empty when it has none yet.
        place: Unit of the city or named place.
        address: Address in words.
        lon: Longitude, degrees WGS 84.
        lat: Latitude, degrees WGS 84.
        body: Body that handles it.
        due: When it is due, as the source says.
        closed: When it was closed.
        status: State, as the source calls it.
        answer: What was answered.
        supporters: How many others said that it concerns them too.
        token: Opaque name under which a store of its own keeps who asked; empty when nobody is kept.
    """

    id: str
    received: datetime
    title: str = ""
    text: str = ""
    kind: str = ""
    channel: str = ""
    category: tuple[str, ...] = ()
    place: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    body: str = ""
    due: datetime | None = None
    closed: datetime | None = None
    status: str = ""
    answer: str = ""
    supporters: int | None = None
    token: str = ""

    @property
    def is_placed(self) -> bool:
        """Whether its coordinates are known."""
        return self.lon is not None and self.lat is not None

    @property
    def is_late(self) -> bool | None:
        """Whether it was closed after it was due; None while it is open or where nobody said when it is due."""
        return None if self.due is None or self.closed is None else self.closed > self.due
