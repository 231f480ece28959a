"""Keeping rulebooks: the text a check was made by stays beside the city, so that the check can be made again.

A kept rulebook is a folder named by its digest, with the folders it was read from as they were and ``order.json``,
which lists them, those that others extend first.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from tulou.indicators.rulebook.content import Rulebook
from tulou.indicators.rulebook.read import read_rulebook
from tulou.kernel.atomic import flush
from tulou.kernel.declaration import Measure
from tulou.kernel.errors import BadInput, NotEnoughData
from tulou.kernel.registry import Registry
from tulou.kernel.threads import in_threads

FOLDER = "rulebooks"
ORDER = "order.json"
DIGITS = 16
"""Characters of the digest that name the folder."""


def keep_rulebook(city: Path, rulebook: Rulebook) -> Path:
    """Copy the files of a rulebook below a city's folder, in one step; nothing is done when they are there.

    Args:
        city: Folder of the city.
        rulebook: The rulebook, read from folders.

    Returns:
        Folder of the copy.

    Raises:
        BadInput: When two of its folders have one name.
    """
    home = city / FOLDER
    place = home / rulebook.digest[:DIGITS]
    if (place / ORDER).is_file():
        return place
    names = [folder.name for folder in rulebook.folders]
    if len(set(names)) < len(names):
        raise BadInput("two rulebooks have one name", where=rulebook.id, found=", ".join(sorted(names)))
    home.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=home, prefix=".draft."))
    copied: list[Path] = []
    try:
        for folder in rulebook.folders:
            copied += _copy(folder, draft / folder.name)
        in_threads(flush, copied)
        (draft / ORDER).write_text(json.dumps({"digest": rulebook.digest, "folders": names}) + "\n", encoding="utf-8")
        draft.chmod(0o755)
        if not place.exists():
            draft.rename(place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    flush(home)
    return place


def kept_rulebook(city: Path, digest: str, measures: Registry[Measure]) -> Rulebook:
    """Read a kept rulebook.

    Args:
        city: Folder of the city.
        digest: Digest of the rulebook.
        measures: Measures that its indicators may name.

    Raises:
        NotEnoughData: When it was not kept.
        BadInput: When it was changed since, or no longer loads, as when a measure it names is gone.
    """
    place = city / FOLDER / digest[:DIGITS]
    try:
        order = json.loads((place / ORDER).read_text(encoding="utf-8"))
        folders: list[str | Path] = [place / Path(str(name)).name for name in order["folders"]]
        if not folders:
            raise BadInput("this kept rulebook is damaged", where=str(place / ORDER), found="no folders")
    except FileNotFoundError:
        kept = sorted(one.name for one in (city / FOLDER).glob("[!.]*"))
        raise NotEnoughData(
            "the rulebook of this check was not kept", where=str(city / FOLDER), found=digest[:DIGITS], allowed=kept
        ) from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput("this kept rulebook is damaged", where=str(place / ORDER), found=type(error).__name__) from None
    found = read_rulebook(folders, measures)
    if found.digest != digest:
        raise BadInput(
            "this kept rulebook was changed since",
            where=str(place),
            found=found.digest[:DIGITS],
            allowed=(digest[:DIGITS],),
        )
    return found


def _copy(folder: Path, place: Path) -> list[Path]:
    copied = []
    for path in sorted(folder.rglob("*.yaml")):
        copy = place / path.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
        copied.append(copy)
    return copied
