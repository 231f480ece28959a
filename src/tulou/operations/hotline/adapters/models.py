"""What was learnt, on the disk: numbers as plain arrays, the rest as JSON. Nothing that is read can run.

A folder ``model.json`` and ``model.npz``; the first names the digest of the second, and its own stands in the name of
the folder that a city keeps. Arrays are read without pickling, and sizes are checked before they are used.
"""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from tulou.kernel.atomic import write_bytes
from tulou.kernel.errors import BadInput
from tulou.kernel.identity import digest_bytes
from tulou.operations.hotline.domain.ngrams import Vocabulary
from tulou.operations.hotline.domain.suggesting import Settings, Suggester

TEXT, ARRAYS = "model.json", "model.npz"
FORMAT = 1
MOST_BYTES = 512 * 1024 * 1024
NAMES = ("keys", "idf", "weights", "bias")


def save_model(suggester: Suggester, folder: Path) -> str:
    """Write what was learnt; the same learnt gives the same bytes.

    Returns:
        The digest by which it is known.
    """
    sink = io.BytesIO()
    held = suggester.vocabulary
    np.savez(sink, keys=held.keys, idf=held.weights, weights=suggester.weights, bias=suggester.bias)
    arrays = sink.getvalue()
    said = {
        "format": FORMAT, "arrays": digest_bytes(arrays), "classes": suggester.classes, "sizes": held.sizes,
        "temperature": suggester.temperature, "threshold": suggester.threshold,
        "settings": asdict(suggester.settings), "facts": dict(suggester.facts),
    }  # fmt: skip
    text = json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True).encode()
    write_bytes(folder / ARRAYS, arrays)
    write_bytes(folder / TEXT, text)
    return digest_bytes(text)


def load_model(folder: Path) -> Suggester:
    """Read what was learnt.

    Raises:
        BadInput: When it is not there, was changed, or is no such model.
    """
    where = f"{folder.name}/{TEXT}"
    try:
        sizes = [(folder / name).stat().st_size for name in (TEXT, ARRAYS)]
        if max(sizes) > MOST_BYTES:
            raise BadInput("too large", where=where, found=f"{max(sizes)} bytes", allowed=(f"at most {MOST_BYTES}",))
        said, arrays = json.loads((folder / TEXT).read_bytes()), (folder / ARRAYS).read_bytes()
        if digest_bytes(arrays) != said["arrays"]:
            raise BadInput("what was learnt was changed since it was saved", where=f"{folder.name}/{ARRAYS}")
        with np.load(io.BytesIO(arrays), allow_pickle=False) as book:
            found = {name: book[name] for name in NAMES}
        return _suggester(said, found, where)
    except OSError:
        raise BadInput("no model was learnt here", where=str(folder), allowed=("tulou hotline learn",)) from None
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadInput("this is not what 'tulou hotline learn' writes", where=where, found=str(error)) from None


def _suggester(said: dict[str, Any], found: dict[str, Any], where: str) -> Suggester:
    keys, idf, weights, bias = (found[name] for name in NAMES)
    shape = (len(said["classes"]), len(keys))
    fits = keys.dtype == np.uint64 and idf.shape == keys.shape and weights.shape == shape and bias.shape == shape[:1]
    if said["format"] != FORMAT or not fits or not np.isfinite(weights).all() or (np.diff(keys) == 0).any():
        raise BadInput("this is not what 'tulou hotline learn' writes", where=where, found=f"{weights.shape}")
    settings = Settings(**{**said["settings"], "sizes": tuple(said["settings"]["sizes"])})
    return Suggester(
        tuple(said["classes"]), Vocabulary(keys, idf, tuple(said["sizes"])), weights, bias, float(said["temperature"]),
        float(said["threshold"]), settings, said["facts"],
    )  # fmt: skip
