"""Files of draws and plans: orders and certificates for everybody, the seed for nobody until it is revealed."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tulou.kernel.atomic import write_text
from tulou.kernel.errors import BadInput, BadUse
from tulou.operations.inspections.domain.drawing import Certificate, Order, certificate_of, order_of

ORDER, CERTIFICATE, SEED = "order.json", "certificate.json", "seed"
FOR_ME = 0o600
"""Permissions of a seed that is not revealed yet."""

MOST_BYTES = 64 * 1024 * 1024


def write_order(folder: Path, order: Order, seed: str) -> None:
    """Write an order and its sealed seed.

    Raises:
        BadUse: When a draw of that name was ordered already.
    """
    if folder.exists():
        raise BadUse(
            "a draw of this name was ordered already", where="--id", found=folder.name, allowed=("another name",)
        )
    folder.mkdir(parents=True)
    handle = os.open(folder / SEED, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FOR_ME)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(seed)
    write_text(folder / ORDER, text_of(asdict(order)))


def drop_order(folder: Path) -> None:
    """Take an order back that could not be put on record."""
    for name in (ORDER, SEED):
        (folder / name).unlink(missing_ok=True)
    folder.rmdir()


def read_order(folder: Path) -> tuple[Order, str]:
    """An order with its seed.

    Raises:
        BadUse: When no draw of that name was ordered, or its seed was revealed already.
    """
    if not (folder / ORDER).is_file():
        known = sorted(one.name for one in folder.parent.glob("*") if one.is_dir())
        raise BadUse("no draw of this name was ordered", where="DRAW", found=folder.name, allowed=known)
    if not (folder / SEED).is_file():
        raise BadUse(
            "this draw was made already", where="DRAW", found=folder.name, allowed=(str(folder / CERTIFICATE),)
        )
    return order_of(read_json(folder / ORDER), ORDER), (folder / SEED).read_text("utf-8").strip()


def write_certificate(folder: Path, certificate: Certificate) -> Path:
    """Write a certificate beside its order."""
    path = folder / CERTIFICATE
    write_text(path, text_of(asdict(certificate)))
    return path


def read_certificate(path: Path) -> Certificate:
    """A certificate from a file.

    Raises:
        BadInput: When it is none.
    """
    return certificate_of(read_json(path), path.name)


def read_json(path: Path) -> Mapping[str, Any]:
    """A JSON file whose top is a mapping.

    Raises:
        BadInput: When it is not.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput("too large", where=path.name, allowed=(f"at most {MOST_BYTES}",))
        found = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", where=str(path)) from None
    except (ValueError, RecursionError) as error:
        raise BadInput("this is not JSON", where=path.name, found=str(error)) from None
    if not isinstance(found, dict):
        raise BadInput("the top must be a mapping (key: value)", where=path.name, found=type(found).__name__)
    return found


def text_of(plain: object) -> str:
    """Plain data as the files hold it: the same bytes for the same content."""
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
