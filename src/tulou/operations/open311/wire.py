"""GeoReport v2 on the wire: JSON and XML, written and read. What comes in is hostile: bounded, and without entities."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar, cast
from xml.parsers import expat
from xml.sax.saxutils import escape

from tulou.kernel.errors import BadInput
from tulou.operations.open311.records import (
    DATA_TYPES,
    KINDS,
    STATUSES,
    Attribute,
    Kind,
    Receipt,
    Refusal,
    Service,
    ServiceRequest,
)

T = TypeVar("T")
MOST_BYTES = 16 * 1024 * 1024
MOST_DEPTH = 12
MOST_TEXT = 64 * 1024
"""Letters of one value; more is cut off by no one, but refused."""
FORMATS = ("json", "xml")
MEDIA: Mapping[str, str] = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}

SERVICES, SERVICE = "services", "service"
REQUESTS, REQUEST = "service_requests", "request"
ERRORS, ERROR = "errors", "error"
DEFINITION = "service_definition"
MOMENTS: Mapping[str, str] = {
    "requested": "requested_datetime", "updated": "updated_datetime", "expected": "expected_datetime"
}  # fmt: skip


def plain_request(one: ServiceRequest) -> dict[str, Any]:
    """A request as GeoReport names its parts; what is not known is null."""
    found: dict[str, Any] = {}
    for name, value in vars(one).items():
        key = MOMENTS.get(name, name)
        found[key] = value.isoformat(timespec="seconds") if isinstance(value, datetime) else _or_none(value)
    return found


def plain_service(one: Service) -> dict[str, Any]:
    """A service as GeoReport names its parts."""
    return {
        "service_code": one.code, "service_name": one.name, "description": _or_none(one.description),
        "metadata": bool(one.attributes), "type": one.kind, "keywords": ", ".join(one.keywords) or None,
        "group": _or_none(one.group),
    }  # fmt: skip


def plain_definition(one: Service) -> dict[str, Any]:
    """What a service asks."""
    attributes = [
        {
            "variable": ask.is_variable, "code": ask.code, "datatype": ask.datatype, "required": ask.is_required,
            "datatype_description": _or_none(ask.hint), "order": ask.order, "description": ask.description,
            "values": [{"key": key, "name": name} for key, name in ask.values],
        }
        for ask in one.attributes
    ]  # fmt: skip
    return {"service_code": one.code, "attributes": attributes}


def plain_receipt(one: Receipt) -> dict[str, Any]:
    """What a report gets back."""
    found = {"token": one.token} if one.token else {"service_request_id": one.service_request_id}
    return {**found, "service_notice": _or_none(one.notice), "account_id": None}


def plain_error(one: Refusal) -> dict[str, Any]:
    """One entry of a list of errors."""
    return {"code": one.code, "description": one.description}


def written(form: str, root: str, item: str, entries: Sequence[Mapping[str, Any]]) -> bytes:
    """A list of records in a format.

    Args:
        form: ``json`` or ``xml``.
        root: Element around all in XML.
        item: Element of each in XML.
        entries: The records.
    """
    if form == "json":
        return json.dumps(list(entries), ensure_ascii=False, allow_nan=False).encode()
    inner = "".join(_element(item, entry) for entry in entries)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<{root}>{inner}</{root}>\n'.encode()


def written_definition(form: str, one: Service) -> bytes:
    """What a service asks, in a format."""
    plain = plain_definition(one)
    if form == "json":
        return json.dumps(plain, ensure_ascii=False, allow_nan=False).encode()
    return f'<?xml version="1.0" encoding="utf-8"?>\n{_element(DEFINITION, plain)}\n'.encode()


_ITEMS: Mapping[str, str] = {"attributes": "attribute", "values": "value"}


def _element(name: str, value: object) -> str:
    if isinstance(value, Mapping):
        inner = "".join(_element(key, one) for key, one in value.items())
    elif isinstance(value, (list, tuple)):
        inner = "".join(_element(_ITEMS.get(name, "item"), one) for one in value)
    elif isinstance(value, bool):
        inner = "true" if value else "false"
    else:
        inner = "" if value is None else escape(_legal(str(value)))
    return f"<{name}>{inner}</{name}>"


_FIRST_LEGAL, _TAB_AND_LINES = 0x20, "\t\n\r"


def _legal(text: str) -> str:
    """A text without the characters that XML has no way to write."""
    return "".join(one for one in text if ord(one) >= _FIRST_LEGAL or one in _TAB_AND_LINES)


def read_list(data: bytes, form: str, item: str, where: str) -> list[dict[str, Any]]:
    """Records of an answer, in whichever of the two formats.

    Args:
        data: The answer.
        form: ``json`` or ``xml``.
        item: Element of each record in XML.
        where: How messages call the answer.

    Raises:
        BadInput: When it is too large, too deep, declares a document type, or is no list of records.
    """
    if len(data) > MOST_BYTES:
        raise BadInput("too large", where=where, found=f"{len(data)} bytes", allowed=(f"at most {MOST_BYTES}",))
    found = _read_json(data, where) if form == "json" else _read_xml(data, item, where)
    if isinstance(found, dict):
        inner = [one for one in found.values() if isinstance(one, list)]
        found = inner[0] if len(inner) == 1 and item != DEFINITION else [found]
    if not isinstance(found, list) or any(not isinstance(one, dict) for one in found):
        raise BadInput("this is no list of records", where=where, allowed=("GeoReport v2",))
    return cast("list[dict[str, Any]]", found)


def _read_json(data: bytes, where: str) -> object:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadInput("not JSON", where=where) from None


class _Tree:
    """A small tree from XML events: texts by name, lists where a name repeats."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.top: list[tuple[str, Any]] = []
        self.stack: list[tuple[str, list[tuple[str, Any]], list[str]]] = []

    def start(self, name: str, _attributes: object) -> None:
        if len(self.stack) >= MOST_DEPTH:
            raise BadInput("nested too deep", where=self.where, allowed=(f"at most {MOST_DEPTH} levels",))
        self.stack.append((name.rpartition(":")[2], [], []))

    def end(self, _name: str) -> None:
        name, inner, text = self.stack.pop()
        value: Any = inner or "".join(text).strip()
        (self.stack[-1][1] if self.stack else self.top).append((name, value))

    def text(self, piece: str) -> None:
        if self.stack:
            pieces = self.stack[-1][2]
            pieces.append(piece)
            if sum(map(len, pieces)) > MOST_TEXT:
                raise BadInput("this text is too long", where=self.where, allowed=(f"at most {MOST_TEXT} letters",))

    def refuse(self, *_: object) -> None:
        raise BadInput("a document type is not read here", where=self.where, found="<!DOCTYPE")


def _read_xml(data: bytes, item: str, where: str) -> list[dict[str, Any]]:
    tree = _Tree(where)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = tree.start, tree.end
    parser.CharacterDataHandler = tree.text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = tree.refuse
    try:
        parser.Parse(data, True)  # noqa: FBT003  (expat's own signature)
    except expat.ExpatError as error:
        raise BadInput("not XML", where=where, found=str(error)) from None
    (_, inner), *_ = tree.top
    entries = inner if isinstance(inner, list) else []
    chosen = [value for name, value in entries if name == item]
    if item == DEFINITION:
        chosen = [entries]
    return [_mapping(value) for value in chosen if isinstance(value, list)]


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        inside = _ITEMS.get(name)
        if inside and isinstance(value, list):
            found[name] = [_mapping(one) for tag, one in value if tag == inside and isinstance(one, list)]
        else:
            found[name] = _mapping(value) if isinstance(value, list) else value
    return found


def request_of(entry: Mapping[str, Any], where: str) -> ServiceRequest:
    """A request from a record of another system.

    Raises:
        BadInput: When it has no id, no moment or no status.
    """
    status = _text(entry, "status").lower()
    if status not in STATUSES:
        raise BadInput("a request is open or closed", where=where, found=status, allowed=STATUSES)
    name = _text(entry, "service_request_id")
    requested = _moment(entry, "requested_datetime", where)
    if not name or requested is None:
        raise BadInput("a request has an id and the moment it came in", where=where, found=name or "")
    return ServiceRequest(
        service_request_id=name,
        status=status,
        requested=requested,
        service_code=_text(entry, "service_code"),
        service_name=_text(entry, "service_name"),
        status_notes=_text(entry, "status_notes"),
        description=_text(entry, "description"),
        agency_responsible=_text(entry, "agency_responsible"),
        service_notice=_text(entry, "service_notice"),
        updated=_moment(entry, "updated_datetime", where),
        expected=_moment(entry, "expected_datetime", where),
        address=_text(entry, "address"),
        address_id=_text(entry, "address_id"),
        zipcode=_text(entry, "zipcode"),
        lat=_degrees(entry, "lat", 90.0, where),
        long=_degrees(entry, "long", 180.0, where),
        media_url=_text(entry, "media_url"),
    )


def service_of(entry: Mapping[str, Any], where: str) -> Service:
    """A service from a record of another system.

    Raises:
        BadInput: When it has no code.
    """
    code = _text(entry, "service_code")
    if not code:
        raise BadInput("a service has a code", where=where)
    kind = _text(entry, "type") or KINDS[0]
    words = tuple(word.strip() for word in _text(entry, "keywords").split(",") if word.strip())
    known: Kind = next((one for one in KINDS if one == kind), KINDS[0])
    return Service(code, _text(entry, "service_name"), _text(entry, "description"), _text(entry, "group"), known, words)


def attributes_of(entry: Mapping[str, Any], where: str) -> tuple[Attribute, ...]:
    """What a service asks, from a record of another system.

    Raises:
        BadInput: For a kind of answer that GeoReport does not know.
    """
    found = []
    for place, one in enumerate(entry.get("attributes") or (), 1):
        kind = _text(one, "datatype")
        if kind not in DATA_TYPES:
            raise BadInput("GeoReport has no such kind of answer", where=where, found=kind, allowed=DATA_TYPES)
        order = _text(one, "order")
        values = tuple((_text(value, "key"), _text(value, "name")) for value in one.get("values") or ())
        found.append(
            Attribute(
                _text(one, "code"), kind, _text(one, "description"), _is_true(one, "required"),
                _is_true(one, "variable"), int(order) if order.isdigit() else place, values,
                _text(one, "datatype_description"),
            )
        )  # fmt: skip
    return tuple(found)


def receipt_of(entry: Mapping[str, Any]) -> Receipt:
    """What a report got back from another system."""
    return Receipt(_text(entry, "service_request_id"), _text(entry, "token"), _text(entry, "service_notice"))


def refusals_of(data: bytes, form: str, where: str) -> tuple[Refusal, ...]:
    """A list of errors; nothing where the answer is none."""
    try:
        entries = read_list(data, form, ERROR, where)
    except BadInput:
        return ()
    told = [(_text(one, "code"), _text(one, "description")) for one in entries]
    return tuple(Refusal(int(code) if code.isdigit() else 0, text) for code, text in told if text)


def _or_none(value: T) -> T | None:
    return None if value == "" else value


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    if value is None or isinstance(value, (dict, list)):
        return ""
    return str(value).strip()


def _is_true(entry: Mapping[str, Any], key: str) -> bool:
    return _text(entry, key).lower() == "true"


def parse_moment(text: str, where: str) -> datetime:
    """A moment of GeoReport: ISO 8601 with its offset.

    Raises:
        BadInput: When it is none, or has no offset.
    """
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise BadInput("this is no moment with its offset", where=where, found=text, allowed=("2026-11-27T09:30:00+08:00",))


def _moment(entry: Mapping[str, Any], key: str, where: str) -> datetime | None:
    text = _text(entry, key)
    return parse_moment(text, f"{where}: {key}") if text else None


def _degrees(entry: Mapping[str, Any], key: str, most: float, where: str) -> float | None:
    text = _text(entry, key)
    if not text:
        return None
    return _bounded(text, most, lambda: f"{where}: {key}")


def _bounded(text: str, most: float, where: Callable[[], str]) -> float:
    """A number of degrees within its bounds.

    Raises:
        BadInput: When it is none.
    """
    try:
        found = float(text)
    except ValueError:
        found = float("nan")
    if not -most <= found <= most:
        raise BadInput("these are no degrees", where=where(), found=text, allowed=(f"-{most:g} to {most:g}",))
    return found


def parse_degrees(text: str, most: float, where: str) -> float:
    """A number of degrees, at most so many.

    Raises:
        BadInput: When it is none.
    """
    return _bounded(text, most, lambda: where)
