"""Intervals whose p-values and bounds are worked out from their basis at once, many findings in one call.

A basis is a row of counts: x and n of a rate; those of the group and of the rest for a gap; of each class in turn for a
balanced accuracy or an f1 (of whose Jaccard index they are); the rows that changed of a paired rate. Losses bring a
`MeanBasis` or a `GapBasis`, scores what their functions say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit.measures.closed_forms.gap_to_all import counts_bound, counts_p
from auditkit.measures.closed_forms.paired_changes import ONE, paired_bound, paired_p
from auditkit.measures.exact.difference import difference_bound, difference_p
from auditkit.measures.exact.f1 import f1_bound, f1_gap_bound, f1_gap_p, f1_p
from auditkit.measures.exact.proportion import proportion_bound, proportion_p
from auditkit.measures.exact.rate_ratio import rate_ratio_bound, rate_ratio_p
from auditkit.measures.exact.recalls import recalls_bound, recalls_gap_bound, recalls_gap_p, recalls_p
from auditkit.measures.losses.bounds import GapBasis, MeanBasis, gap_bound, gap_p, mean_bound, mean_p
from auditkit.measures.losses.roots import RootBasis, RootGapBasis
from auditkit.measures.scores.calibration_error import error_bound, error_p
from auditkit.measures.scores.in_the_large import large_bound, large_gap_bound, large_gap_p, large_p
from auditkit.measures.scores.logit import logit_bound, logit_gap_bound, logit_gap_p, logit_p

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from auditkit.measures.exact.sides import Side
    from auditkit.values.finding import Interval

Floats: TypeAlias = "NDArray[np.float64]"
Solver: TypeAlias = "Callable[[Floats, Floats, Floats, Side], Floats]"
"""From values [m], bases [m, b], thresholds or levels [m] and a side to p-values or bounds [m]."""


@dataclass(frozen=True)
class Direct:
    """How p-values and bounds follow from a basis; `fits` says whether a basis has so many numbers."""

    p: Solver
    bound: Solver
    fits: Callable[[int], bool]


def _rate(basis: Floats) -> tuple[Floats, ...]:
    return tuple(basis.T)


def _classes(basis: Floats) -> tuple[Floats, Floats]:
    """Return x and n [m, k] of a basis that alternates them."""
    return basis[:, 0::2], basis[:, 1::2]


def _two_sides(basis: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    half = basis.shape[1] // 2
    return *_classes(basis[:, :half]), *_classes(basis[:, half:])


def _one_by_one(solve: Callable[[float, tuple[float, ...], float, Side], float]) -> Solver:
    def solved(values: Floats, basis: Floats, at: Floats, side: Side) -> Floats:
        rows = zip(values.tolist(), basis.tolist(), at.tolist(), strict=True)
        return np.array([solve(value, tuple(row), where, side) for value, row, where in rows])

    return solved


DIRECT: Mapping[str, Direct] = {
    "rate": Direct(
        lambda _, basis, t, side: proportion_p(*_rate(basis), threshold=t, side=side),
        lambda _, basis, level, side: proportion_bound(*_rate(basis), level=level, side=side),
        lambda size: size == 2,
    ),
    "rate_gap": Direct(
        lambda _, basis, t, side: difference_p(*_rate(basis), threshold=t, side=side),
        lambda _, basis, level, side: difference_bound(*_rate(basis), level=level, side=side),
        lambda size: size == 4,
    ),
    "f1": Direct(
        lambda _, basis, t, side: f1_p(*_classes(basis), threshold=t, side=side),
        lambda _, basis, level, side: f1_bound(*_classes(basis), level=level, side=side),
        lambda size: size >= 2 and size % 2 == 0,
    ),
    "f1_gap": Direct(
        lambda _, basis, t, side: f1_gap_p(*_two_sides(basis), threshold=t, side=side),
        lambda _, basis, level, side: f1_gap_bound(*_two_sides(basis), level=level, side=side),
        lambda size: size >= 4 and size % 4 == 0,
    ),
    "recalls": Direct(
        lambda _, basis, t, side: recalls_p(*_classes(basis), threshold=t, side=side),
        lambda _, basis, level, side: recalls_bound(*_classes(basis), level=level, side=side),
        lambda size: size >= 4 and size % 2 == 0,
    ),
    "recalls_gap": Direct(
        lambda _, basis, t, side: recalls_gap_p(*_two_sides(basis), threshold=t, side=side),
        lambda _, basis, level, side: recalls_gap_bound(*_two_sides(basis), level=level, side=side),
        lambda size: size >= 8 and size % 4 == 0,
    ),
    "gap_of_counts": Direct(
        lambda _, basis, t, side: counts_p(basis, threshold=t, side=side),
        lambda _, basis, level, side: counts_bound(basis, level=level, side=side),
        lambda size: size == 5,
    ),
    "paired_rows": Direct(
        lambda _, basis, t, side: paired_p(basis, threshold=t, side=side),
        lambda _, basis, level, side: paired_bound(basis, level=level, side=side),
        lambda size: size in {ONE, 2 * ONE},
    ),
    "student": Direct(
        _one_by_one(lambda value, row, t, side: mean_p(value, MeanBasis(*row), threshold=t, side=side)),
        _one_by_one(
            lambda value, row, level, side: mean_bound(value, MeanBasis(*row), level=level, side=side)
        ),
        lambda size: size == 4,
    ),
    "permutation": Direct(
        _one_by_one(lambda value, row, t, side: gap_p(value, GapBasis(*row), threshold=t, side=side)),
        _one_by_one(lambda value, row, level, side: gap_bound(value, GapBasis(*row), level=level, side=side)),
        lambda size: size == 6,
    ),
    "rate_ratio": Direct(rate_ratio_p, rate_ratio_bound, lambda size: size == 5),
    "logit": Direct(logit_p, logit_bound, lambda size: size == 3),
    "logit_gap": Direct(logit_gap_p, logit_gap_bound, lambda size: size == 8),
    "in_the_large": Direct(large_p, large_bound, lambda size: size == 5),
    "in_the_large_gap": Direct(large_gap_p, large_gap_bound, lambda size: size == 7),
    "calibration_error": Direct(error_p, error_bound, lambda size: size == 3),
}
"""Every such method by the name that an interval gives."""


def heavy_tail(interval: Interval) -> float | None:
    """Return the share of the sum in the largest 1 % of rows where a tail is too heavy for bounds, else None."""
    match interval.method:
        case "permutation":
            basis: GapBasis | MeanBasis = GapBasis(*interval.basis)
        case "student":
            basis = MeanBasis(*interval.basis)
        case "gap_of_means":
            heavy, top_share = interval.basis[2:4]
            return top_share if heavy else None
        case "root_mean":
            root = RootBasis(*interval.basis)
            return root.top_share if root.heavy else None
        case "root_mean_gap":
            gap = RootGapBasis(*interval.basis)
            return gap.top_share if gap.heavy else None
        case "difference_of_means" | "ratio_of_means":
            return interval.basis[0] if interval.basis[0] >= 0.0 else None
        case _:
            return None
    return basis.top_share if basis.heavy else None
