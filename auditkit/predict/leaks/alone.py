"""How right one feature is by itself, whatever a model makes of it: in its order, and by its levels.

A level is scored by the outcomes of other rows that have it: rows are dealt into folds, and none is scored by its own.
Classes weigh alike, so that it makes no difference how rare one is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]

MOST, ROWS = 100, 20
"""A number of more values than this is cut into so many levels, of so many rows at least."""
FOLDS = 5


def class_alone(values: pd.Series[Any], codes: Codes, k: int) -> float:
    """Return AUC (two classes) or balanced accuracy, the larger, of one feature; `codes` int [n] from 0 to k - 1."""
    levels, numbers = _levels(values)
    by_class = (codes[:, None] == np.arange(k)) / np.bincount(codes, minlength=k)
    found = _of_other_rows(levels, by_class, order=codes)
    by_level, _ = how_right(codes, found / np.maximum(found.sum(axis=1, keepdims=True), np.finfo(float).tiny))
    if numbers is None:
        return by_level
    if k > 2:
        return max(by_level, how_right(codes, by_class[_neighbours(numbers)])[0])
    ordered = area(numbers, codes == 1)
    return max(by_level, ordered, 1.0 - ordered)


def number_alone(values: pd.Series[Any], truth: Floats) -> float:
    """Return the share of pairs of rows, apart in `truth` float64 [n], that one feature has in the right order."""
    levels, numbers = _levels(values)
    sums = _of_other_rows(levels, np.column_stack([truth - truth.mean(), np.ones(len(truth))]), order=truth)
    by_level = in_order(sums[:, 0] / np.maximum(sums[:, 1], 1.0), truth)
    if numbers is None:
        return by_level
    ordered = in_order(numbers, truth)
    return max(by_level, ordered, 1.0 - ordered)


def how_right(codes: Codes, score: Floats) -> tuple[float, str]:
    """Return how right scores [n, k] are of the classes, and in which measure: AUC or balanced accuracy."""
    k = score.shape[1]
    rows = np.bincount(codes, minlength=k)
    right = np.bincount(codes[codes == score.argmax(axis=1)], minlength=k)
    balanced = float((right[rows > 0] / rows[rows > 0]).mean())
    if k == 2 and (ranked := area(score[:, 1], codes == 1)) > balanced:
        return ranked, "AUC"
    return balanced, "balanced accuracy"


def area(scores: Floats, positive: NDArray[np.bool_]) -> float:
    """Return the area under the ROC curve by midranks."""
    _, place, sizes = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(sizes) - (sizes - 1) / 2)[place]
    m, n = int(positive.sum()), len(scores)
    return float((ranks[positive].sum() - m * (m + 1) / 2) / (m * (n - m)))


def in_order(scores: Floats, truth: Floats) -> float:
    """Return the share of pairs with different truths that scores order alike, ties counted half."""
    above = truth[:, None] > truth
    right = (scores[:, None] > scores)[above].sum() + 0.5 * (scores[:, None] == scores)[above].sum()
    return float(right / max(above.sum(), 1))


def _levels(values: pd.Series[Any]) -> tuple[Codes, Floats | None]:
    """Return each row's level int [n], a missing value being one, and the value where it is a number or a date.

    Numbers are None too where some are missing: nothing orders those.
    """
    whole = pd.api.types.is_datetime64_any_dtype(values) or pd.api.types.is_numeric_dtype(values)
    if not whole or pd.api.types.is_bool_dtype(values) or pd.api.types.is_complex_dtype(values):
        try:
            return pd.factorize(values, use_na_sentinel=False)[0].astype(np.int64), None
        except TypeError:  # lists and records are no levels
            return np.zeros(len(values), dtype=np.int64), None
    there = values.notna().to_numpy()
    numbers = pd.factorize(values, sort=True)[0].astype(np.float64)
    levels, most = numbers.astype(np.int64), min(MOST, int(there.sum()) // ROWS)
    if numbers.max(initial=0.0) >= MOST:
        edges = np.unique(np.quantile(numbers[there], np.arange(1, most) / max(most, 1)))
        levels = np.searchsorted(edges, numbers, side="right")
    return np.where(there, levels, MOST), numbers if there.all() else None


def _neighbours(numbers: Floats) -> Codes:
    """Return each row's neighbour int [n], the next smaller number; the smallest one's is the next larger."""
    order = np.random.default_rng(0).permutation(len(numbers))
    order = order[np.argsort(numbers[order], kind="stable")]
    beside = np.empty(len(numbers), dtype=np.int64)
    beside[order[1:]], beside[order[0]] = order[:-1], order[1]
    return beside


def _of_other_rows(levels: Codes, terms: Floats, *, order: NDArray[Any]) -> Floats:
    """Return for each row the sums of `terms` [n, t] over the rows of its level in the other folds.

    Rows are dealt into folds in this order, so that each fold has its part of every class.
    """
    shuffled = np.random.default_rng(0).permutation(len(levels))
    dealt = shuffled[np.argsort(order[shuffled], kind="stable")]
    fold = np.empty(len(levels), dtype=np.int64)
    fold[dealt] = np.arange(len(levels)) % FOLDS
    sums = np.zeros((int(levels.max(initial=0)) + 1, FOLDS, terms.shape[1]))
    np.add.at(sums, (levels, fold), terms)
    found: Floats = sums.sum(axis=1)[levels] - sums[levels, fold]
    return found
