"""Where the record of a city's cases is: a file in its folder, or a database of a PostgreSQL server.

An address is ``sqlite`` (the file ``cases/cases.sqlite`` of the city), ``sqlite:FILE``, or that of a server,
``postgresql://USER@HOST/DATABASE?schema=NAME``. Each city has a schema of its own there, by its name. A password
comes from the environment or from PostgreSQL's own password file; it is never shown.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from tulou.kernel.errors import BadInput, BadUse

FILE = "cases.sqlite"
ADDRESS = "store"
"""File beside the cases of a city that holds the address of its record, where that is not the file."""

LONGEST = 63
"""Bytes of the name of a schema."""

DRIVER = "postgresql+psycopg"
LOCK_BYTES = 8
EXAMPLES = ("sqlite", "sqlite:FILE", "postgresql://USER@HOST/DATABASE?schema=NAME")
NO_ADDRESS = "this is not the address of a store of cases"
NO_PASSWORD = "a file holds no password; give it in the environment or in PostgreSQL's password file"  # noqa: S105


@dataclass(frozen=True)
class Address:
    """Where a record is.

    Args:
        url: As the library takes it.
        place: How messages call it; without a password.
        file: The file, for SQLite.
        schema: The schema, for PostgreSQL.
    """

    url: URL
    place: str
    file: Path | None = None
    schema: str = ""

    @property
    def lock(self) -> int:
        """Number of the lock by which writers of this record take turns on a server."""
        digest = hashlib.sha256(f"tulou cases {self.schema}".encode()).digest()
        return int.from_bytes(digest[:LOCK_BYTES], "big", signed=True)

    def hidden(self, text: str) -> str:
        """A text of the library without the password."""
        secret = str(self.url.password or "")
        return text.replace(secret, "***") if secret else text


def file_address(path: Path) -> Address:
    """The record in one SQLite file."""
    return Address(URL.create("sqlite", database=str(path)), f"{path.parent.name}/{path.name}", path)


def address_of(text: str, city: Path, folder: Path, where: str = "--store") -> Address:
    """The address of a record.

    Args:
        text: As given; empty for the file of the city.
        city: Folder of the city, whose name its schema has.
        folder: Folder of its cases.
        where: How messages call the place it was given at.

    Raises:
        BadUse: When it is none.
    """
    if text in {"", "sqlite"}:
        return file_address(folder / FILE)
    kind, _, rest = text.partition(":")
    if kind == "sqlite" and rest.strip("/"):
        return file_address(Path(rest if not rest.startswith("///") else rest.removeprefix("///")))
    if kind.partition("+")[0] not in {"postgresql", "postgres"}:
        raise BadUse(NO_ADDRESS, where=where, found=kind, allowed=EXAMPLES)
    try:
        url = make_url("postgresql:" + rest)
    except (ArgumentError, ValueError):
        raise BadUse(NO_ADDRESS, where=where, found=f"{kind}:…", allowed=EXAMPLES) from None
    return _server(url, city, where)


def kept_address(city: Path, folder: Path) -> Address:
    """The address that a city's folder names; its own file where it names none.

    Raises:
        BadInput: When the file holds no address, or one with a password.
    """
    file = folder / ADDRESS
    if not file.is_file():
        return file_address(folder / FILE)
    where = f"{folder.name}/{ADDRESS}"
    try:
        found = address_of(file.read_text("utf-8").strip(), city, folder, where)
    except UnicodeDecodeError:
        raise BadInput(NO_ADDRESS, where=where, allowed=EXAMPLES) from None
    except BadUse as error:
        raise BadInput.of(error.faults) from None
    if found.url.password:
        raise BadInput(NO_PASSWORD, where=where, allowed=("TULOU_STORE", "PGPASSWORD", "~/.pgpass"))
    return found


def _server(url: URL, city: Path, where: str) -> Address:
    given = url.query.get("schema") or city.stem.lower()
    schema = given if isinstance(given, str) else given[-1]
    if not schema.isprintable() or '"' in schema or "%" in schema:
        raise BadUse("this is not the name of a schema", where=where, found=schema, allowed=("rongcheng",))
    if len(schema.encode()) > LONGEST:
        raise BadUse("the name of a schema is too long", where=where, found=schema, allowed=(f"{LONGEST} bytes",))
    plain = url.set(drivername=DRIVER).difference_update_query(["schema"])
    shown = url.set(drivername="postgresql", query={}, username=None, password=None)
    return Address(plain, f"{shown.render_as_string()}?schema={schema}", None, schema)
