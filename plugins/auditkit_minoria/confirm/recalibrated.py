"""A group's score recalibrated on its mined rows: what of its loss on other rows a fitting score would not have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from scipy.special import expit

from auditkit_minoria.features.weights import as_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Rows: TypeAlias = NDArray[np.bool_]
    Codes: TypeAlias = NDArray[np.int64]

NEWTON_STEPS, SMALL, RIDGE = 30, 1e-8, 1.0
"""Steps at most, one that is the last, and the weight of "as it is" beside the rows: as of one row of even odds."""
CLIP = 1e-9
"""Probabilities are kept this far from 0 and 1: one confident miss must not be worth more than twenty odd."""
SCALINGS = 30


@dataclass(frozen=True, eq=False)
class Excess:
    """Per judged row of a group, how much its loss falls by recalibration, float64 [m]; and that for each class.

    `falls` [m, k] is what it would fall by if the row were of class c, which has probability `chances` [m, k] by the
    score; both None where there are no probabilities. `weight` [m] are the rows' weights, if any.
    """

    fall: Floats
    falls: Floats | None = None
    chances: Floats | None = None
    weight: Floats | None = None


def of_scores(
    score: Floats, truth: Codes, mined: Rows, judged: Rows, *, weight: Floats | None = None
) -> Excess:
    """Return the excess log loss of probabilities [n, k] for classes [n], of the group's judged rows.

    Recalibrated, two classes have the log odds a + b logit(p), fitted on the group's mined rows (Platt); of more, each
    class has its probability times a weight, such that expected and true counts agree. `weight` [n] are the rows'
    weights, if any, here and below.
    """
    learn = as_rows(None if weight is None else weight[mined])
    p = np.clip(score, CLIP, 1.0)
    p = p / p.sum(axis=1, keepdims=True)
    before = p[judged]
    fitted = _platt if p.shape[1] == 2 else _scaled
    after = fitted(p, truth, mined, judged, np.ones(int(mined.sum())) if learn is None else learn)
    falls = np.log(after) - np.log(before)
    own = truth[judged]
    return Excess(falls[np.arange(len(own)), own], falls, before, _judging(weight, judged))


def of_labels(
    predicted: Codes, truth: Codes, mined: Rows, judged: Rows, *, classes: int, weight: Floats | None = None
) -> Excess:
    """Return the excess error of predicted labels [n]: each is replaced by the class that it most often is."""
    counts = np.zeros((classes, classes))
    np.add.at(counts, (predicted[mined], truth[mined]), 1.0 if weight is None else weight[mined])
    # Where two classes are as frequent, the label stays.
    own = np.diagonal(counts)
    better = np.where(counts.max(axis=1) > own, counts.argmax(axis=1), np.arange(classes))
    wrong, still = predicted[judged] != truth[judged], better[predicted[judged]] != truth[judged]
    fall = wrong.astype(np.float64) - still.astype(np.float64)
    return Excess(fall, weight=_judging(weight, judged))


def of_numbers(
    predicted: Floats, truth: Floats, mined: Rows, judged: Rows, *, weight: Floats | None = None
) -> Excess:
    """Return the excess squared error of predicted numbers [n], recalibrated to a + b times the prediction."""
    slope, level = _line(predicted[mined], truth[mined], None if weight is None else weight[mined])
    off = truth[judged] - predicted[judged]
    still = truth[judged] - level - slope * predicted[judged]
    return Excess(off**2 - still**2, weight=_judging(weight, judged))


def _judging(weight: Floats | None, judged: Rows) -> Floats | None:
    return None if weight is None else weight[judged]


def _platt(p: Floats, truth: Codes, mined: Rows, judged: Rows, weight: Floats) -> Floats:
    """Return recalibrated probabilities [m, 2] of the judged rows; `weight` is that of each mined row."""
    odds = np.log(p[:, 1]) - np.log(p[:, 0])
    level, slope = _of_least_loss(odds[mined], truth[mined] == 1, weight)
    after = np.clip(expit(level + slope * odds[judged]), CLIP, 1 - CLIP)
    return np.column_stack([1 - after, after])


def _of_least_loss(odds: Floats, true: Rows, weight: Floats) -> Floats:
    """Return a and b [2] of least weighted log loss of a + b odds, plus RIDGE / 8 of (a, b - 1) squared."""
    start = np.array([0.0, 1.0])
    design = np.column_stack([np.ones(len(odds)), odds])

    def loss(beta: Floats) -> float:
        of_rows = np.logaddexp(0.0, np.where(true, -1.0, 1.0) * (design @ beta))
        return float(weight @ of_rows + RIDGE / 8 * np.square(beta - start).sum())

    beta, least = start, loss(start)
    for _ in range(NEWTON_STEPS):
        chance = expit(design @ beta)
        slope = design.T @ (weight * (true - chance)) - RIDGE / 4 * (beta - start)
        bend = (design * (weight * chance * (1 - chance))[:, None]).T @ design + RIDGE / 4 * np.eye(2)
        step = np.linalg.solve(bend, slope)
        # Scores of 0 and 1 have no curvature to go by: a whole step may lead from one wrong end to the other.
        while (reached := loss(beta + step)) > least and np.abs(step).max() >= SMALL:
            step = step / 2
        beta, least = beta + step, reached
        if np.abs(step).max() < SMALL:
            break
    return beta


def _scaled(p: Floats, truth: Codes, mined: Rows, judged: Rows, weight: Floats) -> Floats:
    """Return probabilities [m, k] of the judged rows, each class scaled so that counts agree on the mined rows."""
    k = p.shape[1]
    wanted = np.bincount(truth[mined], weight, minlength=k) + 1.0 / k
    factors = np.ones(k)
    for _ in range(SCALINGS):
        scaled = p[mined] * factors
        expected = (weight[:, None] * scaled / scaled.sum(axis=1, keepdims=True)).sum(axis=0) + 1.0 / k
        factors = factors * wanted / expected
    scaled = np.clip(p[judged] * factors, CLIP, None)
    after: Floats = scaled / scaled.sum(axis=1, keepdims=True)
    return after


def _line(x: Floats, y: Floats, weight: Floats | None) -> tuple[float, float]:
    """Return slope and level of the least squares line; without spread in x, slope 1."""
    mid_x, mid_y = (float(np.average(one, weights=weight)) for one in (x, y))
    off = x - mid_x if weight is None else (x - mid_x) * weight
    spread = float(off @ (x - mid_x))
    slope = float(off @ (y - mid_y)) / spread if spread > 0 else 1.0
    return slope, mid_y - slope * mid_x
