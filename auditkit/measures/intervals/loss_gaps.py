"""The mean of a loss in each group, and its gap to the rest, with what a gate needs to decide on them later."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit.measures.closed_forms.means import gap_interval, mean_interval
from auditkit.measures.counting.moments import moments
from auditkit.measures.counting.weights import checked_weights
from auditkit.measures.intervals.per_metric import Measured
from auditkit.measures.losses.heavy_tail import Tails, tails
from auditkit.measures.losses.permutation import permutation_p
from auditkit.measures.special import stdtr, stdtrit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Codes: TypeAlias = NDArray[np.int64]

ASKED = 0.1
"""No permutation is drawn where Welch's p-value is at least this: the larger of the two decides nothing then."""

NEARLY_NORMAL = 0.01
"""Nor where the gap's skewness is below this: Welch's p-value is right within a seventh at three and a half errors."""


def mean_losses(
    codes: Codes,
    values: Floats,
    *,
    n_groups: int,
    weights: Floats | None = None,
    clusters: Codes | None = None,
    confidence: float = 0.95,
) -> Measured:
    """Return the mean of `values` float [n] in each group with Student's interval; its basis is a MeanBasis.

    Rows with code -1 or no finite value are left out. NaN for a group with less than two effective rows, or clusters.
    """
    weights = None if weights is None else checked_weights(weights)
    own = moments(codes, values, n_groups=n_groups, weights=weights, clusters=clusters)
    tail = tails(codes, values, n_groups=n_groups, weights=weights)
    low, high, degrees = mean_interval(own.mean, own.error, own.degrees, confidence)
    basis = np.column_stack([np.sqrt(own.error), degrees, tail.heavy_mean, tail.top_share])
    return Measured(value=own.mean, low=low, high=high, confidence=confidence, method="student", basis=basis)


def loss_gaps(
    cuts: Sequence[tuple[Codes, int]],
    values: Floats,
    *,
    rng: np.random.Generator,
    weights: Floats | None = None,
    clusters: Codes | None = None,
    confidence: float = 0.95,
) -> list[list[Measured]]:
    """Return the gaps to the rest of each cut's groups, for each of c losses: found[cut][loss], bases GapBasis.

    `cuts` are (codes int [n], number of groups), `values` float [c, n]. Rows with code -1, or without a finite
    value of every loss, are left out of their cut. Cuts that leave out the same rows share their shuffles. Rows of
    `clusters` int [n] cannot be shuffled one by one: their gaps are decided by Welch's test with the clusters' errors.
    """
    finite = np.isfinite(values).all(axis=0)
    heavy = np.ones(values.shape[1]) if weights is None else checked_weights(weights)
    kept = [(np.where(finite, codes, -1), groups) for codes, groups in cuts]
    gaps = [
        [_gaps(codes, column, n_groups=groups, weights=heavy, clusters=clusters) for column in values]
        for codes, groups in kept
    ]
    if clusters is not None:
        return [[one.measured(confidence) for one in columns] for columns in gaps]
    alike: dict[bytes, list[int]] = {}
    for cut, (codes, _) in enumerate(kept):
        alike.setdefault((codes >= 0).tobytes(), []).append(cut)
    for same in alike.values():
        rows = kept[same[0]][0] >= 0
        _permute([gaps[cut] for cut in same], values[:, rows], heavy[rows], rng)
    return [[one.measured(confidence) for one in columns] for columns in gaps]


@dataclass(frozen=True, eq=False, kw_only=True)
class _Gaps:
    """Welch's test of each group against its rest, each [g]; `above` and `below` are filled in by permutation."""

    gap: Floats
    error: Floats
    degrees: Floats
    rows: NDArray[np.int64]
    tail: Tails
    above: Floats
    below: Floats

    @property
    def statistic(self) -> Floats:
        """Welch's t: infinite where both groups are constant and differ, 0 where they do not."""
        constant = np.where(self.gap == 0.0, 0.0, np.copysign(np.inf, self.gap))
        return np.divide(self.gap, self.error, out=constant, where=self.error > 0.0)

    @property
    def asked(self) -> NDArray[np.bool_]:
        """Where a permutation can change a decision."""
        likely = np.minimum(self.above, self.below) < ASKED
        return likely & (self.tail.gap_skewness > NEARLY_NORMAL)

    def measured(self, confidence: float) -> Measured:
        """Return the gaps with the bounds that their bases give."""
        level, t = (1.0 - confidence) / 2.0, stdtrit(self.degrees, (1.0 + confidence) / 2.0)
        low, high = self.gap - t * self.error, self.gap + t * self.error
        low = np.where((low > 0.0) & (self.above >= level), 0.0, low)
        high = np.where((high < 0.0) & (self.below >= level), 0.0, high)
        heavy = np.where(np.isnan(self.degrees), np.nan, self.tail.heavy_gap)
        columns = [self.error, self.degrees, self.above, self.below, heavy, self.tail.top_share]
        return Measured(
            value=self.gap,
            low=low,
            high=high,
            confidence=confidence,
            method="permutation",
            basis=np.column_stack(columns),
        )


def _gaps(codes: Codes, values: Floats, *, n_groups: int, weights: Floats, clusters: Codes | None) -> _Gaps:
    """Return Welch's test of each group; NaN throughout where a side has less than two effective rows.

    What clusters have in common on both sides makes a gap surer, but no surer than of rows on their own.
    """
    own = moments(codes, values, n_groups=n_groups, weights=weights, clusters=clusters)
    rest = own.rest()
    total = own.error + rest.error
    if own.clusters is not None:
        total = total - 2.0 * own.covariance(rest, own.clusters.shared_with_rest)
        total = np.maximum(total, own.error_of_rows + rest.error_of_rows)
    *_, degrees = gap_interval(own.mean - rest.mean, (own.error, rest.error), (own.degrees, rest.degrees))
    known = np.isfinite(total)
    gap, error = (np.where(known, one, np.nan) for one in (own.mean - rest.mean, np.sqrt(total)))
    blank = _Gaps(
        gap=gap,
        error=error,
        degrees=np.where(known, degrees, np.nan),
        rows=own.rows,
        tail=tails(codes, values, n_groups=n_groups, weights=weights),
        above=gap,
        below=gap,
    )
    t = blank.statistic
    return replace(blank, above=stdtr(blank.degrees, -t), below=stdtr(blank.degrees, t))


def _permute(
    cuts: Sequence[Sequence[_Gaps]], values: Floats, weights: Floats, rng: np.random.Generator
) -> None:
    """Raise the p-values of the asked gaps to those of permutations of the same rows, in place."""
    asked = [(one, column, np.flatnonzero(one.asked)) for cut in cuts for column, one in enumerate(cut)]
    asked = [(one, column, groups) for one, column, groups in asked if len(groups)]
    if not asked:
        return
    p = permutation_p(
        values,
        weights,
        column=np.concatenate([np.full(len(groups), column) for _, column, groups in asked]),
        rows=np.concatenate([one.rows[groups] for one, _, groups in asked]),
        statistic=np.concatenate([one.statistic[groups] for one, _, groups in asked]),
        rng=rng,
    )
    stops = np.cumsum([len(groups) for _, _, groups in asked])[:-1]
    for (one, _, groups), found in zip(asked, np.split(p, stops), strict=True):
        for side, lies in ((one.above, one.gap[groups] > 0.0), (one.below, one.gap[groups] < 0.0)):
            side[groups] = np.where(lies, np.maximum(side[groups], found), side[groups])
