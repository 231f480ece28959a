"""Learning where requests belong, with scikit-learn (extra ``text``). The same texts give the same numbers.

Texts that are nearly the same (one id, one title, or a cosine from ``likeness`` on, taken together when one is like
another that is like a third) stay in one fold, so that nothing is measured on a copy of what was learnt. Temperature
and threshold are fitted within the folds that are learnt from, by folds of their own; what is measured never saw them.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse
from scipy.sparse import csgraph
from scipy.special import log_softmax

from tulou.kernel.errors import MissingExtra, NotEnoughData
from tulou.kernel.identity import digest_text
from tulou.kernel.progress import Progress, steps
from tulou.operations.hotline.domain.measuring import Trial, measured, threshold_for
from tulou.operations.hotline.domain.ngrams import Vocabulary, vocabulary_of
from tulou.operations.hotline.domain.request import Request
from tulou.operations.hotline.domain.suggesting import Settings, Suggester, likely, pieces_of

try:
    from sklearn.model_selection import StratifiedGroupKFold  # type: ignore[import-untyped]
    from sklearn.svm import LinearSVC  # type: ignore[import-untyped]
except ImportError:
    raise MissingExtra("scikit-learn", "text") from None

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
FEWEST_CLASSES = 2
UNSEEN = -10.0
"""Score of a category that does not stand in a part of the texts: far below any that does."""
TEMPERATURES = (-4.0, 4.0)
"""Between which powers of e a temperature is sought."""
ROUNDS = 20_000
"""Rounds after which the descent of the support vector machine gives up."""


@dataclass(frozen=True, eq=False)
class Learnt:
    """What learning gave.

    Args:
        suggester: What was learnt of all texts.
        trial: What was measured on held-out texts.
        left_out: Categories with too few requests, with how many.
        groups: Groups of texts that were kept together, of two and more, by ids.
    """

    suggester: Suggester
    trial: Trial
    left_out: Mapping[str, int]
    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, eq=False)
class _Fit:
    vocabulary: Vocabulary
    weights: Floats
    bias: Floats


def learn(
    requests: Sequence[Request], settings: Settings, day: date, *, digest: str = "", progress: Progress | None = None
) -> Learnt:
    """Learn the top category of requests, and measure how well.

    Args:
        requests: Requests with a category.
        settings: How.
        day: Day that is written beside what was learnt.
        digest: Digest of the file they came from.
        progress: Told after each fold.

    Raises:
        NotEnoughData: When fewer than two categories have enough requests.
        MissingExtra: When scikit-learn is not there.
    """
    names = [one.category[0] if one.category else "" for one in requests]
    counts = {name: names.count(name) for name in sorted(set(names)) if name}
    known = [one for one in requests if one.category]
    places = kept_together(known, settings) if known else np.zeros(0, np.int64)
    different = {
        name: len({p for p, one in zip(places, known, strict=True) if one.category[0] == name}) for name in counts
    }
    classes = tuple(name for name in counts if different[name] >= max(settings.least, settings.folds))
    if len(classes) < FEWEST_CLASSES:
        raise NotEnoughData(
            "too few categories have enough requests that differ to learn from",
            found=", ".join(f"{name} {count}" for name, count in different.items()) or "none",
            allowed=(f"{FEWEST_CLASSES} categories of {max(settings.least, settings.folds)} requests",),
        )
    held = np.array([one.category[0] in classes for one in known])
    kept, groups = [one for one, good in zip(known, held, strict=True) if good], places[held]
    true = np.array([classes.index(one.category[0]) for one in kept], np.int64)
    trial = _trial(kept, true, groups, classes, settings, progress)
    temperature, threshold = _tuned(kept, true, groups, len(classes), settings)
    fit = _fit(kept, true, len(classes), settings)
    facts = {
        "trained": day.isoformat(), "requests": len(kept), "file": digest,
        "texts": digest_text("\n".join(f"{one.id}\t{one.title}\t{one.text}\t{one.category[0]}" for one in kept)),
        "accuracy": trial.accuracy, "top_3": trial.top, "macro_f1": trial.macro_f1,
        "calibration_error": trial.calibration_error, "cover": trial.withheld.cover,
        "accuracy_of_covered": trial.withheld.accuracy,
    }  # fmt: skip
    suggester = Suggester(classes, fit.vocabulary, fit.weights, fit.bias, temperature, threshold, settings, facts)
    left_out = {name: count for name, count in counts.items() if name not in classes}
    together = [tuple(kept[i].id for i in np.flatnonzero(groups == group)) for group in np.unique(groups)]
    return Learnt(suggester, trial, left_out, tuple(one for one in together if len(one) > 1))


def kept_together(requests: Sequence[Request], settings: Settings) -> Whole:
    """The group of each request: those that are nearly the same share one."""
    texts, counts = pieces_of(requests, 1)
    vectors = vocabulary_of(texts, settings.sizes, 1, counts).vectors(texts, counts)
    alike = sparse.csr_array(vectors @ vectors.T)
    alike.data = (alike.data >= settings.likeness).astype(np.float64)
    alike.eliminate_zeros()
    keys = [("id", one.id.split("#")[0]) for one in requests] + [("title", one.title) for one in requests]
    number: dict[tuple[str, str], int] = {}
    columns = np.array([number.setdefault(key, len(number)) for key in keys])
    rows = np.tile(np.arange(len(requests)), 2)
    shared = sparse.csr_array((np.ones(len(rows)), (rows, columns)), (len(requests), len(number)))
    found = csgraph.connected_components(alike + shared @ shared.T, directed=False)[1]
    return np.asarray(found, np.int64)


def _trial(
    requests: Sequence[Request], true: Whole, groups: Whole, classes: tuple[str, ...], settings: Settings,
    progress: Progress | None,
) -> Trial:  # fmt: skip
    """Everything measured on folds that were not learnt from, temperature and threshold included."""
    chances, thresholds = np.zeros((len(true), len(classes))), np.zeros(len(true))
    for learning, held in steps(_folds(true, groups, settings), "measure", progress):
        part = [requests[i] for i in learning]
        temperature, threshold = _tuned(part, true[learning], groups[learning], len(classes), settings)
        fit = _fit(part, true[learning], len(classes), settings)
        chances[held] = likely(_scores(fit, [requests[i] for i in held], settings), temperature)
        thresholds[held] = threshold
    return measured(classes, true, chances, thresholds)


def _tuned(
    requests: Sequence[Request], true: Whole, groups: Whole, count: int, settings: Settings
) -> tuple[float, float]:
    """Temperature and threshold from scores of held-out parts."""
    scores = np.full((len(true), count), -1.0)
    for learning, held in _folds(true, groups, settings):
        fit = _fit([requests[i] for i in learning], true[learning], count, settings)
        scores[held] = _scores(fit, [requests[i] for i in held], settings)

    def loss(power: float) -> float:
        return -float(log_softmax(scores / np.exp(power), axis=1)[np.arange(len(true)), true].mean())

    temperature = float(np.exp(optimize.minimize_scalar(loss, bounds=TEMPERATURES, method="bounded").x))
    chances = likely(scores, temperature)
    hit = chances.argmax(axis=1) == true
    return temperature, threshold_for(chances.max(axis=1), hit, settings.aim)


def _folds(true: Whole, groups: Whole, settings: Settings) -> list[tuple[Whole, Whole]]:
    cut = StratifiedGroupKFold(settings.folds, shuffle=True, random_state=settings.seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a category with fewer texts than folds stands in some of them
        return list(cut.split(np.zeros(len(true)), true, groups))


def _fit(requests: Sequence[Request], true: Whole, count: int, settings: Settings) -> _Fit:
    texts, counts = pieces_of(requests, settings.title)
    vocabulary = vocabulary_of(texts, settings.sizes, settings.fewest, counts)
    machine = LinearSVC(C=settings.margin, random_state=settings.seed, max_iter=ROUNDS)
    machine.fit(sparse.csr_matrix(vocabulary.vectors(texts, counts)), true)
    weights, bias = np.asarray(machine.coef_, np.float64), np.asarray(machine.intercept_, np.float64)
    if len(bias) == 1:  # two categories: one line tells them apart
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    whole = _Fit(vocabulary, np.zeros((count, weights.shape[1])), np.full(count, UNSEEN))
    whole.weights[machine.classes_], whole.bias[machine.classes_] = weights, bias
    return whole


def _scores(fit: _Fit, requests: Sequence[Request], settings: Settings) -> Floats:
    texts, counts = pieces_of(requests, settings.title)
    return np.asarray(fit.vocabulary.vectors(texts, counts) @ fit.weights.T + fit.bias, np.float64)
