"""Suggesting where a request belongs: the three likeliest categories, or none. A person dispatches.

Scores are linear in the n-grams of a request, so that each suggestion can be told by them; probabilities are the
softmax of the scores divided by a temperature that was fitted on texts not learnt from (Guo et al. 2017).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import log_softmax

from tulou.operations.hotline.domain.masking import MASK
from tulou.operations.hotline.domain.ngrams import Vocabulary, gram, normalised
from tulou.operations.hotline.domain.request import Request

Floats = NDArray[np.float64]
SHOWN = 3
"""Categories that are suggested."""
REASONS = 6
"""N-grams that a suggestion is told by."""


@dataclass(frozen=True)
class Settings:
    """How it is learnt, as the rulebook says.

    Args:
        sizes: Lengths of n-grams.
        fewest: Texts that an n-gram must stand in to count.
        title: How many times a title counts beside the text.
        margin: Weight of errors against the length of the weights (C of the linear support vector machine).
        folds: Parts into which the texts are cut to measure what is suggested.
        seed: Seed of the cuts and of the descent.
        likeness: Cosine from which two texts are nearly the same and stay in one part.
        aim: Share of right suggestions that is aimed at; below it nothing is suggested.
        least: Requests of a category without which it is not learnt.
        source: Where these come from.
    """

    sizes: tuple[int, ...]
    fewest: int
    title: int
    margin: float
    folds: int
    seed: int
    likeness: float
    aim: float
    least: int
    source: str


@dataclass(frozen=True, eq=False)
class Suggester:
    """What was learnt.

    Args:
        classes: Categories, in order.
        vocabulary: The n-grams.
        weights: Weight of each n-gram for each category.
        bias: Score of each category before any n-gram.
        temperature: What scores are divided by.
        threshold: Probability below which nothing is suggested.
        settings: How it was learnt.
        facts: From what and when it was learnt, and what was measured then.
    """

    classes: tuple[str, ...]
    vocabulary: Vocabulary
    weights: Floats
    bias: Floats
    temperature: float
    threshold: float
    settings: Settings
    facts: Mapping[str, object]

    def probabilities(self, requests: Sequence[Request]) -> Floats:
        """Probability of each category, one row a request."""
        vectors = vectors_of(self.vocabulary, requests, self.settings.title)
        return likely(vectors @ self.weights.T + self.bias, self.temperature)

    def suggest(self, requests: Sequence[Request]) -> list[Suggestion]:
        """What is suggested for some requests, in their order."""
        vectors = vectors_of(self.vocabulary, requests, self.settings.title)
        chances = likely(vectors @ self.weights.T + self.bias, self.temperature)
        order = np.argsort(-chances, axis=1, kind="stable")[:, :SHOWN]
        return [
            Suggestion(
                request.id,
                tuple((self.classes[one], float(row[one])) for one in places),
                is_certain=bool(row[places[0]] >= self.threshold),
                reasons=self._reasons(vectors, number, int(places[0])),
            )
            for number, (request, row, places) in enumerate(zip(requests, chances, order, strict=True))
        ]

    def _reasons(self, vectors: sparse.csr_array, row: int, place: int) -> tuple[tuple[str, float], ...]:
        """The n-grams that speak most for a category, against the mean of all categories."""
        start, end = vectors.indptr[row], vectors.indptr[row + 1]
        columns = vectors.indices[start:end]
        share = self.weights[place, columns] - self.weights[:, columns].mean(axis=0)
        given = vectors.data[start:end] * share
        best = np.argsort(-given, kind="stable")[:REASONS]
        return tuple(
            (gram(int(self.vocabulary.keys[columns[one]])), float(given[one])) for one in best if given[one] > 0
        )


@dataclass(frozen=True)
class Suggestion:
    """What is suggested for one request.

    Args:
        request: Id of the request.
        ranked: Up to three categories with their probability, the likeliest first.
        is_certain: Whether the first is likely enough to be suggested; otherwise a person reads the whole text.
        reasons: N-grams that speak most for the first, with how much.
    """

    request: str
    ranked: tuple[tuple[str, float], ...]
    is_certain: bool
    reasons: tuple[tuple[str, float], ...]


def vectors_of(vocabulary: Vocabulary, requests: Sequence[Request], title: int) -> sparse.csr_array:
    """Requests as vectors: the title as often as it counts, and the text."""
    texts, counts = pieces_of(requests, title)
    if not counts:
        return sparse.csr_array((0, len(vocabulary.keys)))
    return vocabulary.vectors(texts, counts)


def pieces_of(requests: Sequence[Request], title: int) -> tuple[list[str], list[int]]:
    """Texts of requests, and to which request each belongs."""
    texts, counts = [], []
    for number, request in enumerate(requests):
        head, body = (normalised(part.replace(MASK, "")) for part in (request.title, request.text))
        texts += [head] * title + [body]
        counts += [number] * (title + 1)
    return texts, counts


def likely(scores: Floats, temperature: float) -> Floats:
    """Probabilities of scores."""
    return np.asarray(np.exp(log_softmax(np.asarray(scores) / temperature, axis=1)), np.float64)
