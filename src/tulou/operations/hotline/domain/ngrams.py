"""Character n-grams of texts as whole numbers, and texts as vectors of them; no words need to be told apart.

An n-gram of up to three characters is one number: 21 bits a character (Unicode needs no more). Vectors are TF-IDF,
``(1 + ln tf) (ln((1 + n) / (1 + df)) + 1)``, of length one (Salton and Buckley 1988; smoothed as in scikit-learn).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]

BITS = 21
MOST = 3
"""Longest n-gram that one number holds."""


def normalised(text: str) -> str:
    """A text as it is compared: one form of each character (NFKC), lower case, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def gram(key: int) -> str:
    """The characters of an n-gram."""
    mask = (1 << BITS) - 1
    codes = [(int(key) >> (BITS * place)) & mask for place in range(MOST - 1, -1, -1)]
    return "".join(chr(code) for code in codes if code)


def keys_of(texts: Sequence[str], sizes: Sequence[int]) -> tuple[NDArray[np.int64], Keys]:
    """All n-grams of some texts.

    Args:
        texts: Texts, normalised.
        sizes: Lengths of n-grams, 1 to 3.

    Returns:
        Which text each belongs to, and its number; as often as it stands there.
    """
    codes = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    found, owners = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    for size in sizes:
        count = max(len(codes) - size + 1, 0)
        key = np.zeros(count, np.uint64)
        for place in range(size):
            key = (key << np.uint64(BITS)) | codes[place : place + count]
        inside = owner[:count] == owner[size - 1 : size - 1 + count]
        found.append(key[inside])
        owners.append(owner[:count][inside])
    return np.concatenate(owners), np.concatenate(found)


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Which n-grams count, and how much.

    Args:
        keys: N-grams, ascending.
        weights: Inverse document frequency of each.
        sizes: Lengths of n-grams.
    """

    keys: Keys
    weights: Floats
    sizes: tuple[int, ...]

    def vectors(self, texts: Sequence[str], counts: Sequence[int] | None = None) -> sparse.csr_array:
        """Texts as vectors of length one; a text without a known n-gram is zero.

        Args:
            texts: Texts, normalised.
            counts: Text that each belongs to, when several make one (a title and a body); each is one by default.
        """
        owner, key = keys_of(texts, self.sizes)
        rows = owner if counts is None else np.asarray(counts, np.int64)[owner]
        height = len(texts) if counts is None else int(max(counts, default=-1)) + 1
        place = np.searchsorted(self.keys, key)
        place[place == len(self.keys)] = 0
        known = self.keys[place] == key if len(self.keys) else np.zeros(len(key), bool)
        shape = (height, len(self.keys))
        found = sparse.csr_array((np.ones(known.sum()), (rows[known], place[known])), shape)
        found.sum_duplicates()
        data = (1.0 + np.log(found.data)) * self.weights[found.indices]
        row = np.repeat(np.arange(height), np.diff(found.indptr))
        length = np.sqrt(np.bincount(row, data**2, height))
        narrow = found.indices.astype(np.int32), found.indptr.astype(np.int32)
        return sparse.csr_array((data / length[row], *narrow), shape)


def vocabulary_of(
    texts: Sequence[str], sizes: Sequence[int], fewest: int, counts: Sequence[int] | None = None
) -> Vocabulary:
    """The n-grams that stand in at least ``fewest`` of some texts.

    Args:
        texts: Texts, normalised.
        sizes: Lengths of n-grams, 1 to 3.
        fewest: Texts that an n-gram must stand in.
        counts: As in ``Vocabulary.vectors``.
    """
    owner, key = keys_of(texts, sizes)
    rows = owner if counts is None else np.asarray(counts, np.int64)[owner]
    total = len(texts) if counts is None else int(max(counts, default=-1)) + 1
    order = np.lexsort((rows, key))
    key, rows = key[order], rows[order]
    is_new = np.ones(len(key), bool)
    is_new[1:] = (key[1:] != key[:-1]) | (rows[1:] != rows[:-1])
    keys, frequency = np.unique(key[is_new], return_counts=True)
    kept = frequency >= fewest
    weights = np.log((1 + total) / (1 + frequency[kept])) + 1.0
    return Vocabulary(keys[kept], weights, tuple(sizes))
