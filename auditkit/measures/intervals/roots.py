"""The root of a mean square in each group, and its gap to the rest, with what a gate needs to decide on them later."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit.measures.counting.moments import moments
from auditkit.measures.counting.weights import checked_weights
from auditkit.measures.intervals.per_metric import Measured
from auditkit.measures.losses.heavy_tail import tails
from auditkit.measures.losses.roots import LAPLACE, Roots, gap_reach
from auditkit.measures.special import stdtrit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit.measures.counting.moments import Moments

    Floats: TypeAlias = NDArray[np.float64]
    Codes: TypeAlias = NDArray[np.int64]


def root_means(
    codes: Codes,
    squares: Floats,
    *,
    n_groups: int,
    weights: Floats | None = None,
    clusters: Codes | None = None,
    confidence: float = 0.95,
) -> Measured:
    """Return the root of the mean of `squares` float [n] in each group with its interval; its basis is a RootBasis.

    Rows and groups without a number are those of `mean_losses`.
    """
    weights = None if weights is None else checked_weights(weights)
    own = moments(codes, squares, n_groups=n_groups, weights=weights, clusters=clusters)
    tail = tails(codes, squares, n_groups=n_groups, weights=weights)
    roots = _roots(own, tail.mean_skewness, lacking=_lacking(codes, squares, weights, clusters))
    t = _quantile(roots, (1.0 + confidence) / 2.0)
    return Measured(
        value=roots.root,
        low=roots.low(t),
        high=roots.high(t),
        confidence=confidence,
        method="root_mean",
        basis=np.column_stack([roots.error, roots.degrees, roots.skewness, tail.top_share, roots.lacking]),
    )


def root_gaps(
    codes: Codes,
    squares: Floats,
    *,
    of_squares: Measured,
    n_groups: int,
    weights: Floats | None = None,
    clusters: Codes | None = None,
) -> Measured:
    """Return the gap of each group's root to that of its rest; `of_squares` are the gaps of the means by `loss_gaps`.

    The basis is a RootGapBasis. What clusters have in common on both sides scales both errors, so that the gap of the
    means has the error that it has by clusters.
    """
    weights = None if weights is None else checked_weights(weights)
    own = moments(codes, squares, n_groups=n_groups, weights=weights, clusters=clusters)
    rest, tail = own.rest(), tails(codes, squares, n_groups=n_groups, weights=weights)
    error, _, above, below, _, top_share = of_squares.basis.T
    apart = own.error + rest.error
    scale = np.sqrt(np.divide(error**2, apart, out=np.ones_like(apart), where=apart > 0.0))
    lacking = _lacking(codes, squares, weights, clusters)
    sides = (
        _roots(own, tail.mean_skewness, lacking=lacking, scale=scale),
        _roots(rest, tail.rest_skewness, lacking=lacking, scale=scale),
    )
    level = (1.0 - of_squares.confidence) / 2.0
    t = _quantile(sides[0], 1.0 - level), _quantile(sides[1], 1.0 - level)
    reach, gap = gap_reach(*sides, t), sides[0].root - sides[1].root
    low, high = gap - reach[0], gap + reach[1]
    columns = [column for side in sides for column in (side.root, side.error, side.degrees, side.skewness)]
    return Measured(
        value=gap,
        low=np.where((low > 0.0) & (above >= level), 0.0, low),
        high=np.where((high < 0.0) & (below >= level), 0.0, high),
        confidence=of_squares.confidence,
        method="root_mean_gap",
        basis=np.column_stack([*columns, above, below, top_share, sides[0].lacking]),
    )


def _quantile(roots: Roots, level: float) -> Floats:
    return np.asarray(stdtrit(roots.degrees, level), dtype=np.float64)


def _lacking(codes: Codes, squares: Floats, weights: Floats | None, clusters: Codes | None) -> Floats:
    """Return by how much the squared relative error of all groups' rows falls short of that of Laplace's errors [1]."""
    everybody = np.where(codes >= 0, 0, -1)
    found = moments(everybody, squares, n_groups=1, weights=weights, clusters=clusters)
    short = LAPLACE / (found.degrees + 1.0) - np.square(_relative_error(found))
    return np.nan_to_num(np.maximum(short, 0.0))


def _roots(found: Moments, skewness: Floats, *, lacking: Floats, scale: Floats | float = 1.0) -> Roots:
    """Return roots with their mean squares' relative errors; NaN for less than one degree of freedom.

    The skewness of a mean of clusters is that of as many rows.
    """
    degrees = np.where(found.degrees >= 1.0, found.degrees, np.nan)
    rows = np.sqrt(np.maximum(found.effective / (degrees + 1.0), 1.0))
    return Roots(
        root=np.sqrt(np.maximum(found.mean, 0.0)), error=_relative_error(found) * scale, degrees=degrees,
        skewness=skewness * rows, lacking=np.broadcast_to(lacking, degrees.shape),
    )  # fmt: skip


def _relative_error(found: Moments) -> Floats:
    """Return the standard error of each mean square over it, 0 where it is 0."""
    mean = np.maximum(found.mean, 0.0)  # a rounding below 0 has no root
    return np.divide(np.sqrt(found.error), mean, out=np.zeros_like(mean), where=mean > 0.0)
