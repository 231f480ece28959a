"""Envelopes: each record under a key of its own, that key under one of the key file; nothing opens in another place.

AES-256-GCM twice. The associated data of both say to which vault, token, matter and bodies the record belongs, so that
a record copied to another case, or one whose plain columns were edited, does not open. Texts are filled up to full
blocks: the length of a name does not show.

Source: NIST SP 800-38D (GCM; a random 96-bit nonce a message, far fewer than 2^32 messages a key).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tulou.kernel.errors import BadInput, MissingExtra

try:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
except ImportError as error:
    raise MissingExtra("cryptography", "server") from error

KEY_BYTES = 32
NONCE_BYTES = 12
BLOCK = 256
"""Texts are filled up to a multiple of so many bytes."""

CLOSED = "this record does not open: it is under another key, or it was changed or moved"


@dataclass(frozen=True)
class Envelope:
    """A sealed record.

    Args:
        key_id: Key of the key file that its own key is under.
        wrapped: Its own key, sealed, with the nonce before it.
        sealed: The record, sealed, with the nonce before it.
    """

    key_id: str
    wrapped: bytes
    sealed: bytes


def new_key() -> bytes:
    """A fresh random key."""
    return secrets.token_bytes(KEY_BYTES)


def seal(plain: Mapping[str, Any], key: bytes, key_id: str, bound: Mapping[str, Any]) -> Envelope:
    """Seal a record.

    Args:
        plain: The record.
        key: Key of the key file.
        key_id: Its id.
        bound: What the record belongs to.
    """
    own = new_key()
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    text += b" " * (-len(text) % BLOCK)
    sealed = _closed(own, text, _told("record", bound))
    return Envelope(key_id, _closed(key, own, _told("key", bound, key_id)), sealed)


def opened(envelope: Envelope, key: bytes, bound: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Open a record.

    Args:
        envelope: The sealed record.
        key: Key of the key file.
        bound: What the record belongs to.
        where: How messages call it.

    Raises:
        BadInput: When it does not open.
    """
    own = _open(key, envelope.wrapped, _told("key", bound, envelope.key_id), where)
    found: dict[str, Any] = json.loads(_open(own, envelope.sealed, _told("record", bound), where))
    return found


def wrapped_anew(
    envelope: Envelope, old: bytes, new: bytes, new_id: str, bound: Mapping[str, Any], where: str
) -> Envelope:
    """The same record with its key under another key of the key file; the record itself is not opened.

    Raises:
        BadInput: When its key does not open.
    """
    own = _open(old, envelope.wrapped, _told("key", bound, envelope.key_id), where)
    return Envelope(new_id, _closed(new, own, _told("key", bound, new_id)), envelope.sealed)


def _told(kind: str, bound: Mapping[str, Any], key_id: str = "") -> bytes:
    plain = {"kind": kind, "key": key_id, **bound}
    return json.dumps(plain, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()


def _closed(key: bytes, text: bytes, told: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, text, told)


def _open(key: bytes, closed: bytes, told: bytes, where: str) -> bytes:
    try:
        return AESGCM(key).decrypt(closed[:NONCE_BYTES], closed[NONCE_BYTES:], told)
    except (InvalidTag, ValueError):
        raise BadInput(CLOSED, where=where) from None
