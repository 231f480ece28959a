"""Layout: where everything of a city lies in its folder, and what happens to what a dead writer left.

::

    city.json                               format, name; what was fixed when the city was made
    dictionary.json                         entities and attributes, so that the folder explains itself
    commits/000042.json                     manifests; a commit exists when its manifest does
    facts/building/000042-<token>.parquet   assertions of one entity in one commit
    tags/<name>.json, branches/<name>.json
    drafts/<token>/                         a writer at work; also its claim on files not yet in a manifest
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import socket
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from tulou.kernel.atomic import flush
from tulou.kernel.errors import BadInput, BadUse, Conflict

_ENTITY = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")
_NAME = re.compile(r"[\w][\w.\-]{0,79}\Z")
_FILE = re.compile(r"facts/([a-z][a-z0-9_]{0,63})/\d{6}-[0-9a-z.]+\.parquet\Z")
_TOKEN = re.compile(r"([0-9a-f]{12})\.(\d+)\.(\d+)\.[0-9a-f]{8}\Z")

STRANGER_PATIENCE = 86_400.0
"""Seconds after which drafts of another machine count as dead: a day."""


@dataclass(frozen=True)
class Layout:
    """Paths of one city."""

    root: Path

    @property
    def city(self) -> Path:
        """What was fixed when the city was made."""
        return self.root / "city.json"

    @property
    def dictionary(self) -> Path:
        """The data dictionary."""
        return self.root / "dictionary.json"

    @property
    def commits(self) -> Path:
        """Folder of manifests."""
        return self.root / "commits"

    @property
    def facts(self) -> Path:
        """Folder of assertions."""
        return self.root / "facts"

    @property
    def tags(self) -> Path:
        """Folder of tags."""
        return self.root / "tags"

    @property
    def branches(self) -> Path:
        """Folder of branches."""
        return self.root / "branches"

    @property
    def drafts(self) -> Path:
        """Folder of writers at work."""
        return self.root / "drafts"

    def manifest(self, number: int) -> Path:
        """Manifest of one commit."""
        return self.commits / f"{number:06d}.json"

    def file(self, relative: str) -> Path:
        """A data file named in a manifest.

        Raises:
            BadInput: When the name leads anywhere but into ``facts/``.
        """
        if not _FILE.match(relative):
            raise BadInput(
                "a manifest names a file outside the facts of the city",
                where=str(self.commits),
                found=relative,
                allowed=("facts/<entity>/<commit>-<token>.parquet",),
            )
        return self.root / relative

    def new_file(self, entity: str, number: int, token: str) -> str:
        """Name a data file, relative to the city.

        Raises:
            BadUse: When the name of the entity could not be a folder.
        """
        if not _ENTITY.match(entity):
            raise BadUse("not a name for an entity", found=entity, allowed=("lower-case letters, digits and _",))
        return f"facts/{entity}/{number:06d}-{token}.parquet"


def check_name(name: str, what: str) -> str:
    """A name for a tag or a branch that is also a safe file name.

    Raises:
        BadUse: When it is empty, too long, or could lead out of its folder.
    """
    if not _NAME.match(name) or name.endswith("."):
        raise BadUse(
            f"not a name for a {what}",
            found=name,
            allowed=("letters (also Chinese), digits, '.', '-' and '_'; at most 80",),
        )
    return name


def publish(draft: Path, place: Path, what: str) -> None:
    """Make a finished file visible in one step, only if nothing is there yet.

    Raises:
        Conflict: When someone else was first.
        BadUse: When the file system knows no hard links.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    flush(draft)
    try:
        os.link(draft, place)
    except FileExistsError:
        raise Conflict(f"{what} was made by someone else meanwhile; try again", where=str(place)) from None
    except OSError as error:
        raise BadUse(
            f"cannot make a file visible in one step here: {error.strerror}",
            where=str(place),
            allowed=("a file system with hard links",),
        ) from None
    flush(place.parent)


def new_token() -> str:
    """Name this writer: its machine, its process, when that began, and a random part."""
    pid = os.getpid()
    return f"{_machine()}.{pid}.{_birth(pid)}.{secrets.token_hex(4)}"


def sweep(layout: Layout, published: Collection[str]) -> int:
    """Remove what writers left that died before their manifest appeared.

    Args:
        layout: The city.
        published: Tokens of all commits there are.

    Returns:
        How many dead writers were cleaned up after.
    """
    if not layout.drafts.is_dir():
        return 0
    dead = [folder for folder in sorted(layout.drafts.iterdir()) if _is_dead(folder)]
    for folder in dead:
        if folder.name not in published:
            for path in layout.facts.glob(f"*/*-{folder.name}.parquet"):
                path.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
    return len(dead)


def _is_dead(folder: Path) -> bool:
    found = _TOKEN.match(folder.name)
    if not found:
        return False
    machine, pid, birth = found.group(1), int(found.group(2)), int(found.group(3))
    if machine != _machine():
        try:
            return time.time() - folder.stat().st_mtime > STRANGER_PATIENCE
        except FileNotFoundError:
            return False
    return _birth(pid) != birth or not _is_running(pid)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _birth(pid: int) -> int:
    """When a process began, in ticks since boot; 0 where that cannot be told."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    return int(text.rsplit(")", 1)[1].split()[19])


def _machine() -> str:
    """Tells machines (and their process tables) apart, without naming them."""
    parts = [socket.gethostname()]
    for source in ("/proc/sys/kernel/random/boot_id", "/proc/self/ns/pid"):
        path = Path(source)
        try:
            parts.append(str(path.readlink()) if path.is_symlink() else path.read_text())
        except OSError:
            parts.append("")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
