"""A confidence interval for a largest gap, from bootstrap draws of the reference rows.

A largest gap (a length, a maximum) is biased upward: where nothing is wrong, sampling alone gives a positive
value, and percentiles of resampled values are biased twice. So the interval inverts a test: a true size t is in
it if the value found lies within the central quantiles of |t u + e|, where e are the bootstrapped errors of the
reference means and u is the direction found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.reference.population import Population

STEPS = 30
"""Bisections: the bounds are exact to 1e-9 of the largest draw, far below the draws' own noise."""


def mean_errors(values: Floats, reference: Population, *, draws: int, rng: np.random.Generator) -> Floats:
    """Return the error of the reference mean of each column of `values` [m, r] in bootstrap draws [draws, r].

    Rows are drawn with their shares; with weights, as many as Kish's effective number. Equal rows are drawn as
    one, so a few groups cost as little as a few rows.
    """
    distinct, which = np.unique(values, axis=0, return_inverse=True)
    shares = np.bincount(which.reshape(-1), weights=reference.shares, minlength=len(distinct))
    shares = shares / shares.sum()
    size = max(round(reference.effective), 1)
    errors = np.empty((draws, values.shape[1]))
    step = max(1, 4_000_000 // len(distinct))
    for start in range(0, draws, step):
        counts = rng.multinomial(size, shares, size=min(step, draws - start))
        errors[start : start + step] = (counts / size - shares) @ distinct
    return errors


def length_interval(gap: Floats, errors: Floats, *, confidence: float) -> tuple[float, float]:
    """Return the interval of the length of a gap [r] with errors [draws, r] in the reference means."""
    value = float(np.linalg.norm(gap))
    along = errors @ gap / value if value > 0 else np.zeros(len(errors))
    square = np.einsum("ij,ij->i", errors, errors)
    return _inverted(
        value, lambda size: np.sqrt(np.maximum(size * size + 2 * size * along + square, 0.0)), confidence
    )


def largest_interval(gaps: Floats, errors: Floats, *, confidence: float) -> tuple[float, float]:
    """Return the interval of max |gap| over groups [g] with errors [draws, g] in the reference shares."""
    value = float(np.abs(gaps).max(initial=0.0))
    direction = gaps / value if value > 0 else np.zeros(len(gaps))
    return _inverted(
        value, lambda size: np.abs(size * direction + errors).max(axis=1, initial=0.0), confidence
    )


def _inverted(value: float, sizes: Callable[[float], Floats], confidence: float) -> tuple[float, float]:
    """Return the smallest and largest true size for which the value found is not extreme."""
    tail = (1 - confidence) / 2
    top = value + float(sizes(0.0).max(initial=0.0))
    count = len(sizes(0.0))
    lower, upper = int(np.floor(tail * (count - 1))), int(np.ceil((1 - tail) * (count - 1)))
    low = _first(lambda size: float(np.partition(sizes(size), upper)[upper]) >= value, top)
    high = _first(lambda size: float(np.partition(sizes(size), lower)[lower]) > value, top)
    return min(low, value), max(high, value)


def _first(reached: Callable[[float], bool], top: float) -> float:
    """Return where a condition that grows true with size first holds, in [0, top]."""
    if reached(0.0):
        return 0.0
    low, high = 0.0, top
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high
