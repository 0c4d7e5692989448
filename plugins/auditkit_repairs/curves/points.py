"""Each group's curve: how many of either class lie at or above each of its scores."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Aim = Literal["equalized_odds", "equal_opportunity", "demographic_parity"]
Keep = Literal["accuracy", "balanced_accuracy"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Curve:
    """A group's cuts, float64 [m + 1] each: `cut` descending from infinity, and what lies at or above each.

    `tp` and `fp` are the weights of rows of class 1 and 0, from 0 to `positives` and `negatives`.
    """

    cut: Floats
    tp: Floats
    fp: Floats

    @property
    def positives(self) -> float:
        """Weight of the group's rows of class 1."""
        return float(self.tp[-1])

    @property
    def negatives(self) -> float:
        """Weight of the group's rows of class 0."""
        return float(self.fp[-1])

    def rates(self, aim: Aim) -> tuple[Floats, ...]:
        """Return the rates that an aim brings together, each ascending [m + 1]; a class without rows has NaN."""
        tpr, fpr = (_share(part, float(part[-1])) for part in (self.tp, self.fp))
        match aim:
            case "equalized_odds":
                return tpr, fpr
            case "equal_opportunity":
                return (tpr,)
            case "demographic_parity":
                return (_share(self.tp + self.fp, self.positives + self.negatives),)

    def take(self, places: NDArray[np.intp]) -> Curve:
        """Return some of the cuts."""
        return Curve(cut=self.cut[places], tp=self.tp[places], fp=self.fp[places])


def curves_of(
    score: Floats,
    positive: NDArray[np.bool_],
    *,
    codes: NDArray[np.int64],
    n_groups: int,
    weights: Floats | None = None,
) -> tuple[Curve, ...]:
    """Return the curve of each group from scores [n], classes [n] and group codes [n]; code -1 is left out."""
    weight = np.ones(len(score)) if weights is None else weights
    order = np.lexsort((-score, codes))
    ends = np.searchsorted(codes[order], np.arange(n_groups + 1))
    return tuple(
        _curve(score[rows], np.where(positive[rows], weight[rows], 0.0), weight[rows])
        for rows in (order[low:high] for low, high in pairwise(ends))
    )


def values(curves: tuple[Curve, ...], keep: Keep) -> tuple[Floats, ...]:
    """Return what each cut is worth, [m + 1] for each group: rows right, or the shares of either class right.

    The sum over groups is the number of rows right, or twice the balanced accuracy.
    """
    positives, negatives = (
        sum(getattr(curve, part) for curve in curves) for part in ("positives", "negatives")
    )
    a, b = (1.0, 1.0) if keep == "accuracy" else (1 / max(positives, 1e-300), 1 / max(negatives, 1e-300))
    return tuple(a * curve.tp + b * (curve.negatives - curve.fp) for curve in curves)


def _curve(score: Floats, positive: Floats, weight: Floats) -> Curve:
    """Return the curve of scores that descend."""
    last = np.append(score[1:] != score[:-1], True) if len(score) else np.zeros(0, dtype=np.bool_)
    tp, fp = np.cumsum(positive)[last], np.cumsum(weight - positive)[last]
    return Curve(cut=np.append(np.inf, score[last]), tp=np.append(0.0, tp), fp=np.append(0.0, fp))


def _share(part: Floats, whole: float) -> Floats:
    return part / whole if whole > 0 else np.full(len(part), np.nan)
