"""The four distributions of the projected feature: overlap, ideal thresholds and gap, normality, Gaussians."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from auditkit_mime.theory.gaussianity import FEWEST_BINS, bins_for, chi_square
from auditkit_mime.theory.overlap import common_edges, histogram, overlap
from auditkit_mime.theory.theorems import TwoClasses
from auditkit_mime.theory.threshold import THRESHOLDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mime.theory.gaussianity import GoodnessOfFit
    from auditkit_mime.theory.threshold import Rule, Threshold

    Floats = NDArray[np.float64]

FAR = 0.01
"""Share of the rows at either end that the edges of the histograms leave outside."""


@dataclass(frozen=True)
class Estimate:
    """A value, the normal interval of its bootstrap standard error, and the rows it rests on."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, eq=False)
class GroupSpace:
    """One group's two classes on the line: histograms [2, bins], their overlap, threshold, fits and Gaussians.

    `drawn` holds the Gaussians of bootstrap draws, `threshold_draws` the thresholds. A fit is None where there are too
    few rows, or equal values, to test.
    """

    values: tuple[Floats, Floats]
    histograms: Floats
    overlap: Estimate
    threshold: float
    threshold_draws: Floats
    fits: tuple[GoodnessOfFit | None, GoodnessOfFit | None]
    gaussians: TwoClasses
    drawn: TwoClasses


@dataclass(frozen=True, eq=False)
class FeatureSpace:
    """Both groups on common bins, majority first, and the distance of their ideal thresholds."""

    edges: Floats
    groups: tuple[GroupSpace, GroupSpace]
    gap: Estimate


def feature_space(
    projected: NDArray[np.float32],
    second: NDArray[np.bool_],
    *,
    threshold: Threshold,
    draws: int,
    confidence: float,
    rng: np.random.Generator,
) -> FeatureSpace:
    """Return the analysis of projected features [2, rows], majority first; `second` [2, rows] marks rows of class 2."""
    values = projected.astype(np.float64)
    classes = [(group[~mask], group[mask]) for group, mask in zip(values, second, strict=True)]
    smallest = min(len(one) for pair in classes for one in pair)
    # A few far rows would stretch the bins of all others; beyond the edges they count in the outermost ones.
    ordinary = np.clip(values, *np.quantile(values, (FAR, 1 - FAR)))
    edges = common_edges(ordinary, max(round(2 * smallest ** (1 / 3)), FEWEST_BINS))  # Rice's rule
    chance = _Chance(draws, confidence, rng)
    groups = [_group(*pair, edges, rule=THRESHOLDS[threshold], chance=chance) for pair in classes]
    apart = groups[0].threshold - groups[1].threshold
    error = float((groups[0].threshold_draws - groups[1].threshold_draws).std())
    low, high = _normal(apart, error, confidence)
    ends = (abs(low), abs(high))
    gap = Estimate(abs(apart), 0.0 if low <= 0 <= high else min(ends), max(ends), values.size)
    return FeatureSpace(edges, (groups[0], groups[1]), gap)


@dataclass(frozen=True, eq=False)
class _Chance:
    """How often rows are drawn again, by which generator, and the confidence of what follows."""

    draws: int
    confidence: float
    rng: np.random.Generator


def _group(first: Floats, second: Floats, edges: Floats, *, rule: Rule, chance: _Chance) -> GroupSpace:
    """Return one group's analysis; draws resample the rows of each class."""
    centres = (edges[1:] + edges[:-1]) / 2
    shown = np.stack([histogram(first, edges), histogram(second, edges)])
    weights = [
        chance.rng.multinomial(len(v), np.full(len(v), 1 / len(v)), size=chance.draws) / len(v)
        for v in (first, second)
    ]
    drawn = [w @ _indicators(v, edges) for v, w in zip((first, second), weights, strict=True)]
    between = (float(first.mean()), float(second.mean()))
    shared = float(overlap(shown[0], shown[1]))
    low, high = _normal(shared, float(overlap(*drawn).std()), chance.confidence)
    return GroupSpace(
        values=(first, second),
        histograms=shown,
        overlap=Estimate(shared, max(low, 0.0), min(high, 1.0), len(first) + len(second)),
        threshold=float(rule(shown[0], shown[1], centres=centres, between=between)),
        threshold_draws=rule(drawn[0], drawn[1], centres=centres, between=between),
        fits=(_fit(first), _fit(second)),
        gaussians=TwoClasses(
            *(np.asarray(x) for x in (first.mean(), first.std(), second.mean(), second.std()))
        ),
        drawn=TwoClasses(*_moments(first, weights[0]), *_moments(second, weights[1])),
    )


def _fit(values: Floats) -> GoodnessOfFit | None:
    """Return the chi-square test, None where there are too few rows for four bins or no spread."""
    bins = bins_for(len(values))
    return chi_square(values, bins) if bins >= FEWEST_BINS and values.std() > 0 else None


def _indicators(values: Floats, edges: Floats) -> Floats:
    """Return which bin holds each value, float64 [n, bins] of 0 and 1."""
    place = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)
    return np.eye(len(edges) - 1)[place]


def _moments(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return mean and standard deviation of each draw, [draws], where row i has the share weights[:, i]."""
    centre = values.mean()
    mean = weights @ (values - centre)
    spread = np.sqrt(np.maximum(weights @ (values - centre) ** 2 - mean**2, np.finfo(np.float64).tiny))
    return mean + centre, spread


def _normal(value: float, error: float, confidence: float) -> tuple[float, float]:
    reach = float(ndtri((1 + confidence) / 2)) * error
    return value - reach, value + reach
