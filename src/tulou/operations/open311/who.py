"""Who reports, in the fields of GeoReport v2: read apart from the report, for the store of requesters alone."""

from __future__ import annotations

from collections.abc import Mapping

PERSONAL = ("email", "device_id", "account_id", "first_name", "last_name", "phone")
"""Fields about who reports. None of them is ever part of a request."""
KEPT = {"phone": "phone", "email": "mail"}
"""Fields that are kept in the store of requesters beside the name, as it calls them. Devices and accounts never are."""


def requester_of(fields: Mapping[str, object]) -> dict[str, str]:
    """What fields say of who reports, as the store of requesters calls it; empty when they say nothing.

    Args:
        fields: Fields of a report or of a record, by name; the first value where one has several.
    """
    told = {name: _text(fields.get(name)) for name in PERSONAL}
    found = {ours: told[name] for name, ours in KEPT.items()}
    found["name"] = _name(told["first_name"], told["last_name"])
    return {name: value for name, value in found.items() if value}


def _name(first: str, last: str) -> str:
    """A name in the order of its script: the family's first, without a gap, in Chinese characters."""
    if first.isascii() or last.isascii():
        return f"{first} {last}".strip()
    return f"{last}{first}"


def _text(value: object) -> str:
    if isinstance(value, (list, tuple)):
        value = value[0] if value else None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""
