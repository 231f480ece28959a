"""Leaks by pressure: where would a leak make sensors fall as they did?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
RIDGE = 1e-9
"""Share of the mean variance added to each, so that sensors that move alike can still be weighed."""


def likelihood(drop: Array, sensitivity: Array, spread: Array) -> tuple[Array, Array]:
    """How well does a leak at each place explain the drop of pressure, and how large would it be?

    ``L_j = ½ (sᵀ C⁻¹ x)² / (sᵀ C⁻¹ s)`` is by how much a leak at j of the best size raises the log-likelihood of the
    drop x when sensors scatter with covariance C; 0 where only a negative leak would explain it.

    Args:
        drop: Fall of pressure at each sensor, m, shape (sensors,); NaN where unknown.
        sensitivity: Fall at each sensor by a leak of one m³/h at each place, shape (places, sensors).
        spread: Covariance of the sensors when all is normal, m².

    Returns:
        Log-likelihood and size, m³/h, of each place.

    Source: Quevedo et al. (2011); Casillas et al. (2013), with the scatter of the sensors as weights.
    """
    known = np.isfinite(drop)
    scatter = spread[np.ix_(known, known)]
    mean = float(np.trace(scatter)) / max(len(scatter), 1)
    # Sensors that never scattered are weighed alike.
    scatter = scatter + np.eye(len(scatter)) * (RIDGE * mean if mean > 0 else 1.0)
    weighed = np.linalg.solve(scatter, sensitivity[:, known].T)
    across, own = weighed.T @ drop[known], np.einsum("ij,ji->i", sensitivity[:, known], weighed)
    size = np.divide(across, own, out=np.zeros(len(own)), where=own > 0)
    return np.where(size > 0, 0.5 * across * size, 0.0), np.maximum(size, 0.0)


def updated_belief(belief: Array, log_likelihood: Array) -> Array:
    """How likely is each place after one more observation? Bayes' rule, with sums kept at 1.

    Args:
        belief: Likely so far, shape (places,).
        log_likelihood: Of the observation, were the leak at each place.
    """
    found = belief * np.exp(log_likelihood - log_likelihood.max())
    return np.asarray(found / found.sum())
