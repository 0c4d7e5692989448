"""Ranking and calibration of each group, and how far they differ from another set of rows, as findings carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.bounds.direct import DIRECT
from auditkit.measures.closed_forms.means import gap_interval
from auditkit.measures.closed_forms.quantiles import student_quantile
from auditkit.measures.counting.design import Design, design
from auditkit.measures.exact.sides import SIDES
from auditkit.measures.intervals.per_metric import Measured
from auditkit.measures.scores.calibration_error import calibration_error
from auditkit.measures.scores.smd import smd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit.measures.counting.counts import Confusions
    from auditkit.measures.counting.moments import Moments
    from auditkit.measures.scores.calibration_error import Bins
    from auditkit.measures.scores.ranked import Ranked
    from auditkit.measures.scores.smd import Powers

    Floats = NDArray[np.float64]


def measured_ranking(ranked: Ranked, *, confidence: float = 0.95) -> Measured:
    """Return a ranking measure of each group with its interval on the logit scale."""
    return _direct(ranked.value, "logit", ranked.basis, confidence)


def ranking_gap(group: Ranked, other: Ranked, *, confidence: float = 0.95) -> Measured:
    """Return the signed gap group - other of each group; the two have no row in common."""
    basis = np.column_stack([group.value, group.basis, other.value, other.basis])
    return _direct(group.value - other.value, "logit_gap", basis, confidence)


def measured_in_the_large(cases: Confusions, off: Moments, *, confidence: float = 0.95) -> Measured:
    """Return mean score - share of cases of each group; `cases` counts the classes, `off` are moments of the gap.

    Of `cases` only the base rate is read, so that its predictions may be anything.
    """
    worth = design(cases, "base_rate")
    rate, known = _rate(worth), _known(off, worth)
    value = np.where(known, off.mean, np.nan)
    basis = np.column_stack([value + rate, worth.x, worth.n, np.sqrt(off.error), off.degrees])
    return _direct(value, "in_the_large", basis, confidence)


def in_the_large_gap(
    cases: tuple[Confusions, Confusions], off: tuple[Moments, Moments], *, confidence: float = 0.95
) -> Measured:
    """Return how much larger mean score - share of cases is in each group than in what it is compared with."""
    mine, theirs = (design(side, "base_rate") for side in cases)
    own, other = off
    known = _known(own, mine) & _known(other, theirs)
    value = np.where(known, own.mean - other.mean, np.nan)
    degrees = gap_interval(value, (own.error, other.error), (own.degrees, other.degrees))[2]
    basis = np.column_stack(
        [
            value + _rate(mine) - _rate(theirs),
            *(mine.x, mine.n, theirs.x, theirs.n),
            np.sqrt(own.error + other.error),
            degrees,
        ]
    )
    return _direct(value, "in_the_large_gap", basis, confidence)


def measured_smd(group: Powers, other: Powers, *, confidence: float = 0.95) -> Measured:
    """Return the standardised mean difference of each group, with Student's interval."""
    value, error, degrees = smd(group, other)
    reach = (
        student_quantile(confidence, np.where(np.isfinite(degrees), np.maximum(degrees, 1.0), 1.0)) * error
    )
    return Measured(
        value=value, low=value - reach, high=value + reach, confidence=confidence, method="normal",
        basis=degrees[:, None],
    )  # fmt: skip


def measured_calibration_error(bins: Bins, *, n_groups: int, confidence: float = 0.95) -> Measured:
    """Return the corrected calibration error of each group."""
    value, basis = calibration_error(bins, n_groups=n_groups)
    value = np.where(np.isfinite(basis).all(axis=1), value, np.nan)
    return _direct(value, "calibration_error", basis, confidence)


def _rate(worth: Design) -> Floats:
    return np.divide(worth.x, worth.n, out=np.full_like(worth.n, np.nan), where=worth.n > 0)


def _known(off: Moments, worth: Design) -> NDArray[np.bool_]:
    known: NDArray[np.bool_] = np.isfinite(off.error) & (worth.n > 0) & (off.degrees > 0)
    return known


def _direct(value: Floats, method: str, basis: Floats, confidence: float) -> Measured:
    """Return the bounds of the groups that have a value; the others have none."""
    level = np.full(len(value), (1.0 - confidence) / 2.0)
    known = np.isfinite(value) & np.isfinite(basis).all(axis=1)
    low, high = np.full((2, len(value)), np.nan)
    if known.any():
        for end, side in ((low, SIDES[0]), (high, SIDES[1])):
            end[known] = DIRECT[method].bound(value[known], basis[known], level[known], side)
    return Measured(
        value=np.where(known, value, np.nan), low=low, high=high, confidence=confidence, method=method,
        basis=basis,
    )  # fmt: skip
