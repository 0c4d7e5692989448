"""What Theorems 1 to 3 foretell from the Gaussians fitted to the projected features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from auditkit_mime.theory.theorems import density_ratio, theorem_1, theorem_2, theorem_3

if TYPE_CHECKING:
    from auditkit_mime.theory.feature_space import FeatureSpace
    from auditkit_mime.theory.theorems import Floats, TwoClasses


@dataclass(frozen=True)
class Margin:
    """A theorem's margin in learning rates, with the normal interval of its bootstrap standard error."""

    value: float
    low: float
    high: float

    @property
    def foretells(self) -> str:
        """What the interval says: a gain, none, or that the test rows do not tell."""
        return "gain" if self.low > 0 else "no gain" if self.high < 0 else "undecided"


@dataclass(frozen=True)
class Foretold:
    """The margins of the three theorems.

    `error` is D, in units of the projected feature. `least_error` is the D from which on Theorem 2 holds, up to half
    the distance of the majority's class means, None if it does not hold there.
    """

    margins: tuple[Margin, ...]
    error: float
    density_ratio: float
    least_error: float | None


def foretell(space: FeatureSpace, *, error_share: float, prior: float, confidence: float) -> Foretold | None:
    """Return the predictions, or None where class 2 does not lie above class 1 in both groups.

    D is `error_share` of half the distance of the majority's class means. The error may lie on either side of the
    ideal threshold, so the smaller margin of both sides counts. `prior` is the share of class 2 in both groups.
    """
    majority, minority = (group.gaussians for group in space.groups)
    if not all(float(g.mean1) < float(g.mean2) and min(g.sd1, g.sd2) > 0 for g in (majority, minority)):
        return None
    error = np.asarray(error_share * (majority.mean2 - majority.mean1) / 2)
    points = _margins(majority, minority, error=error, prior=prior)
    drawn = _margins(space.groups[0].drawn, space.groups[1].drawn, error=error, prior=prior)
    reach = float(ndtri((1 + confidence) / 2))
    margins = tuple(
        Margin(float(point), float(point - reach * draws.std()), float(point + reach * draws.std()))
        for point, draws in zip(points, drawn, strict=True)
    )
    ratio = float(density_ratio(majority, minority))
    return Foretold(margins, float(error), ratio, _least_error(majority, minority))


def _least_error(majority: TwoClasses, minority: TwoClasses) -> float | None:
    """Return the smallest of 500 errors from which on Theorem 2's margin is above 0 on both sides."""
    errors = np.linspace(0, float(majority.mean2 - majority.mean1) / 2, 501)[1:]
    holds = _second(majority, minority, error=errors) > 0
    if not holds[-1]:
        return None
    return float(errors[0 if holds.all() else int(np.flatnonzero(~holds)[-1]) + 1])


def _second(majority: TwoClasses, minority: TwoClasses, *, error: Floats) -> Floats:
    """Return Theorem 2's margin for the worse side of the error."""
    across = theorem_2(majority.mirrored(), minority.mirrored(), error=error)
    return np.minimum(theorem_2(majority, minority, error=error), across)


def _margins(
    majority: TwoClasses, minority: TwoClasses, *, error: Floats, prior: float
) -> tuple[Floats, Floats, Floats]:
    """Return the margins of the three theorems, the first two for the worse side of the error."""
    across = (majority.mirrored(), minority.mirrored())
    return (
        np.minimum(theorem_1(majority, minority, error=error), theorem_1(*across, error=error)),
        _second(majority, minority, error=error),
        theorem_3(majority, minority, error=error, priors=(prior, prior)),
    )
