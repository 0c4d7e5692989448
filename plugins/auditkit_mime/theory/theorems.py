"""Theorems 1 to 3 in closed form: how far one row moves the threshold of a 1-D perceptron, on average.

A threshold at d + error, error > 0, lies too near class 2. One row of each class is shown; a row of class 2 below
the threshold moves it down by the learning rate, a row of class 1 above it moves it up. All updates here are in
units of the learning rate and positive when they correct the error. The class means may be arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TwoClasses:
    """One group's two classes as Gaussians: means and standard deviations, each [...]; class 2 lies higher."""

    mean1: Floats
    sd1: Floats
    mean2: Floats
    sd2: Floats

    def mirrored(self) -> TwoClasses:
        """Return the classes seen from the other side: an error below the threshold becomes one above it."""
        return TwoClasses(-self.mean2, self.sd2, -self.mean1, self.sd1)

    def density2(self, x: Floats) -> Floats:
        """Return the density of class 2 at x."""
        z = (x - self.mean2) / self.sd2
        return np.asarray(np.exp(-z * z / 2) / (np.sqrt(2 * np.pi) * self.sd2))


def crossing(classes: TwoClasses) -> Floats:
    """Return where the two densities are equal between the class means, [...] (eq. 5 and 21).

    Where one density is above the other at both means, the nearer mean's end is returned.
    """
    v1, v2 = classes.sd1**2, classes.sd2**2
    # (x - m1)^2 / v1 - (x - m2)^2 / v2 = ln(v2 / v1), written around the middle of the means.
    middle, half = (classes.mean1 + classes.mean2) / 2, (classes.mean2 - classes.mean1) / 2
    a, b = v2 - v1, half * (v1 + v2)
    c = half**2 * (v2 - v1) - v1 * v2 * np.log(v2 / v1)
    root = np.sqrt(np.maximum(b * b - a * c, 0.0))
    # The root near the middle, in the form that does not cancel; for equal variances it is -c / 2b.
    below = b + np.where(b < 0, -root, root)
    x = np.divide(-c, below, out=np.zeros(np.shape(c)), where=below != 0)
    return np.asarray(middle + np.clip(x, -np.abs(half), np.abs(half)))


def update(classes: TwoClasses, x: Floats) -> Floats:
    """Return class 2's mass below a threshold x less class 1's above it: the move by one row of each (eq. 4 and 8)."""
    return 2 * update_with_priors(classes, x, 0.5)


def printed_update(classes: TwoClasses, d: Floats, error: Floats) -> Floats:
    """Return the integral of class 2's density over [d - error, d + error] (eq. 10; eq. 25 with error - gap).

    It is `update` at d + error where the classes are mirror images about d, so that what lies further out cancels
    (eq. 9), and another number where their standard deviations differ.
    """
    upper, lower = ((d + side - classes.mean2) / classes.sd2 for side in (error, -error))
    return np.asarray(ndtr(upper) - ndtr(lower))


def linear_update(classes: TwoClasses, d: Floats, error: Floats) -> Floats:
    """Return 2 p2(d) error: the update to first order in the error (Theorem 1, eq. 26 and 27)."""
    return np.asarray(2 * classes.density2(d) * error)


def update_with_priors(classes: TwoClasses, x: Floats, prior: float) -> Floats:
    """Return T(x): prior times class 2's mass below x, less (1 - prior) times class 1's above it (eq. 38)."""
    below2 = ndtr((x - classes.mean2) / classes.sd2)
    above1 = ndtr((classes.mean1 - x) / classes.sd1)
    return np.asarray(prior * below2 - (1 - prior) * above1)


def theorem_1(majority: TwoClasses, minority: TwoClasses, *, error: Floats) -> Floats:
    """Return the minority's update less the majority's, each `error` above its own threshold; above 0 foretells a gain.

    Without a domain gap the thresholds are one.
    """
    return update(minority, crossing(minority) + error) - update(majority, crossing(majority) + error)


def theorem_2(majority: TwoClasses, minority: TwoClasses, *, error: Floats) -> Floats:
    """Return the same with the domain gap: the threshold lies `error` above the majority's for both (eq. 24)."""
    x = crossing(majority) + error
    return update(minority, x) - update(majority, x)


def printed_1(majority: TwoClasses, minority: TwoClasses, *, error: Floats) -> Floats:
    """Return Theorem 1's margin as printed (eq. 10): right where both groups' classes have equal spreads."""
    return printed_update(minority, crossing(minority), error) - printed_update(
        majority, crossing(majority), error
    )


def printed_2(majority: TwoClasses, minority: TwoClasses, *, error: Floats) -> Floats:
    """Return Theorem 2's margin as printed: the minority corrects error - gap about its own threshold (eq. 25)."""
    d_majority, d_minority = crossing(majority), crossing(minority)
    left = error - (d_minority - d_majority)
    return printed_update(minority, d_minority, left) - printed_update(majority, d_majority, error)


def density_ratio(majority: TwoClasses, minority: TwoClasses) -> Floats:
    """Return p2 of the majority over p2 of the minority, each at its own threshold.

    Theorem 2 holds to first order when it is below 1 - gap / error (eq. 32), for classes of equal spreads.
    """
    return majority.density2(crossing(majority)) / minority.density2(crossing(minority))


def theorem_3(
    majority: TwoClasses, minority: TwoClasses, *, error: Floats, priors: tuple[float, float]
) -> Floats:
    """Return min{T, -T} of the minority minus max{T, -T} of the majority; above 0 the condition of eq. 41 holds.

    T is taken at the majority's threshold + error and - error. `priors` are the shares of class 2 in the
    majority and in the minority.
    """
    d = crossing(majority)
    major, minor = (
        (update_with_priors(group, d + error, prior), -update_with_priors(group, d - error, prior))
        for group, prior in zip((majority, minority), priors, strict=True)
    )
    return np.asarray(np.minimum(*minor) - np.maximum(*major))
