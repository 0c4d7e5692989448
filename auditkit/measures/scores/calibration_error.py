"""How far a score is from what happens, bin by bin, without what chance adds to such a distance.

The binned squared error Q = Σ share_b (mean score - share of cases)²_b is too large by the variance of each bin's
difference, however well a score is calibrated: 50 rows in 10 bins of a calibrated score have √Q near .14. Here that
variance is taken off, which leaves an unbiased estimate of the squared error (Bröcker, Climate Dynamics 39, 2012;
Kumar, Liang and Ma, Verified Uncertainty Calibration, 2019, section 4). Its root is reported, 0 where it is negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.counting.weights import kish
from auditkit.measures.scores.ranked import share, small
from auditkit.measures.special import chndtr, chndtrinc

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit.measures.exact.sides import Side
    from auditkit.measures.scores.blocks import Blocks

    Floats = NDArray[np.float64]

MOST_BINS = 10
ROWS_OF_EACH_CLASS = 5.0
"""A bin has on average this many rows of the rarer class, or a normal distribution does not describe it."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Bins:
    """Bins of equal weight along the score, float64 [c] each, and which group each is of: `group` int64 [c].

    `weight` Σ w, `score` and `cases` means, `gap` their difference with squared error `variance`; `rows` int64 [c].
    """

    group: NDArray[np.int64]
    rows: NDArray[np.int64]
    weight: Floats
    effective: Floats
    score: Floats
    cases: Floats
    gap: Floats
    variance: Floats


def bins_of(blocks: Blocks, *, most: int = MOST_BINS) -> Bins:
    """Return each group's bins: equal weight, equal scores together, as many as its rarer class allows."""
    weight_pos, weight_neg, square_pos, square_neg = blocks.totals
    fewest = np.minimum(kish(weight_pos, square_pos), kish(weight_neg, square_neg))
    count = np.clip(np.floor(fewest / ROWS_OF_EACH_CLASS), 1, most).astype(np.int64)
    total = blocks.spread(weight_pos + weight_neg)
    of_block = blocks.positives + blocks.negatives
    middle = np.nan_to_num(share(blocks.positives_before + blocks.negatives_before + of_block / 2.0, total))
    bins = blocks.spread(count.astype(np.float64))
    place = np.minimum(np.floor(middle * bins), bins - 1.0)
    # Rows lie by group and score, so that those of a bin are neighbours.
    new = np.ones(len(place), dtype=bool)
    new[1:] = (place[1:] != place[:-1]) | (blocks.of[1:] != blocks.of[:-1])
    first = np.flatnonzero(new)
    starts = blocks.first[first]
    sizes = np.diff(starts, append=len(blocks.order))

    def summed(terms: Floats) -> Floats:
        return np.add.reduceat(terms, starts) if len(starts) else np.zeros(0)

    score, weight, positive = blocks.scored.score[blocks.order], blocks.weight, blocks.positive
    heavy = summed(weight)
    squared = blocks.scored.square[blocks.order] if blocks.scored.weighted else weight
    n = kish(heavy, summed(squared))
    off = score - positive
    gap = share(summed(weight * off), heavy)
    spread = summed(squared * np.square(off - np.repeat(gap, sizes)))
    found = Bins(
        group=blocks.of[first], rows=sizes, weight=heavy, effective=n, gap=gap,
        score=share(summed(weight * score), heavy), cases=share(summed(weight * positive), heavy),
        variance=share(spread, heavy**2) * small(n),
    )  # fmt: skip
    kept = heavy > 0
    return Bins(**{name: part[kept] for name, part in vars(found).items()})


def calibration_error(bins: Bins, *, n_groups: int) -> tuple[Floats, Floats]:
    """Return the corrected root mean square of the bins' gaps, float64 [g], and the basis of its bounds [g, 3].

    The basis: Q, and scale c and degrees f of the χ² that Q is like, c = Σ λ² / Σ λ and f = (Σ λ)² / Σ λ² of
    λ = share × variance (Satterthwaite). NaN where a bin has one row only.
    """

    def by_group(terms: Floats) -> Floats:
        return np.bincount(bins.group, weights=terms, minlength=n_groups).astype(np.float64)

    total = by_group(bins.weight)
    part = share(bins.weight, total[bins.group])
    plain = by_group(part * bins.gap**2)
    noise = part * bins.variance
    first = by_group(noise)
    second = by_group(noise**2)
    value = np.sqrt(np.maximum(plain - first, 0.0))
    return value, np.column_stack([plain, share(second, first), share(first**2, second)])


def error_p(value: Floats, basis: Floats, threshold: Floats, side: Side) -> Floats:  # noqa: ARG001  one signature for all
    """Return the p-value of H0 'error <= threshold' ('above') or '>= threshold' ('below'), float64 [m].

    Q / c is like a noncentral χ² with f degrees and noncentrality error² / c.
    """
    plain, scale, degrees = basis.T
    centre = np.square(np.maximum(threshold, 0.0)) / scale
    below = chndtr(plain / scale, degrees, centre)
    p = 1.0 - below if side == "above" else below
    return np.where(threshold < 0.0, 0.0 if side == "above" else 1.0, p)


def error_bound(value: Floats, basis: Floats, level: Floats, side: Side) -> Floats:  # noqa: ARG001
    """Return the one-sided bound at a level in (0, 1), at least 0."""
    plain, scale, degrees = basis.T
    chance = 1.0 - level if side == "above" else level
    reached = chndtr(plain / scale, degrees, 0.0) > chance
    centre = chndtrinc(plain / scale, degrees, np.where(reached, chance, 0.5))
    return np.where(reached, np.sqrt(np.maximum(centre, 0.0) * scale), 0.0)
