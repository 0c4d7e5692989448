"""What sampling theory says about an MPR value: how far it can go, and how far the reference may mislead it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from auditkit_mpr.classes.linear import LinearClass
    from auditkit_mpr.reference.population import Floats, Population


def ceiling(linear: LinearClass, k: int) -> float:
    """Return a proven upper bound of the linear MPR of any k items, in [0, 1].

    The length of a mean is at most the mean length, so the k items farthest from the target bound it. Reached
    where k items share the farthest row, as with one attribute of two values.
    """
    distances = distances_from(linear.items, linear.target)
    farthest = np.partition(distances, len(distances) - k)[-k:]
    return min(linear.scale(k) * float(farthest.mean()), 1.0)


def distances_from(rows: Floats, point: Floats) -> Floats:
    """Return the Euclidean distance of each row [n, r] from a point [r]."""
    squares = np.einsum("ij,ij->i", rows, rows) - 2 * rows @ point + point @ point
    found: Floats = np.sqrt(np.maximum(squares, 0.0))
    return found


def printed_gap(m: float, rademacher: float, *, delta: float = 0.05) -> float:
    """Return Prop. 1 as printed: Rademacher complexity + sqrt(log(2 / delta) / (8 m)), for -1/+1 functions.

    Its proof applies the bound for functions of range 1 to c / 2 and then drops the factor 2 that leads back to
    c: both terms are too small. `sampling_gap` is what the argument proves.
    """
    return rademacher + math.sqrt(math.log(2 / delta) / (8 * m))


def sampling_gap(m: float, rademacher: float, *, width: float = 2.0, delta: float = 0.05) -> float:
    """Return what holds with probability 1 - delta: |MPR on m rows - MPR on their population| is at most this.

    2 Rademacher + width sqrt(log(2 / delta) / (2 m)) for functions whose values lie in an interval of `width`
    (symmetrisation and bounded differences; Mohri, Rostamizadeh & Talwalkar 2018, Thm 3.3).
    """
    return 2 * rademacher + width * math.sqrt(math.log(2 / delta) / (2 * m))


def linear_sampling_gap(linear: LinearClass, reference: Population, k: int, *, delta: float = 0.05) -> float:
    """Return `sampling_gap` for the normalised linear functions, held fixed.

    Their Rademacher complexity is at most sqrt(sum |b(y)|^2) / m in whitened coordinates b, and no value is
    larger than the longest b.
    """
    rows = np.asarray(reference.rows, dtype=np.float64)
    matrix = linear.directions[:-1] if linear.intercept else linear.directions
    whitened = linear.scale(k) * (rows @ matrix + (linear.directions[-1] if linear.intercept else 0.0))
    squares = np.einsum("ij,ij->i", whitened, whitened)
    m = reference.effective
    rademacher = math.sqrt(float(reference.shares @ squares) / m)
    return sampling_gap(m, rademacher, width=2 * math.sqrt(float(squares.max())), delta=delta)


def finite_sampling_gap(m: float, count: int, *, delta: float = 0.05) -> float:
    """Return how far the shares of `count` groups among m rows can be off, all at once (Hoeffding)."""
    return math.sqrt(math.log(2 * count / delta) / (2 * m))


def rows_needed(vc: float, *, gap: float, queries: int = 1, delta: float = 0.05) -> int:
    """Return the reference rows of Prop. 2: 32 VC / gap^2 + 2 log(2 queries / delta) / (2 gap^2), rounded up."""
    return math.ceil(32 * vc / gap**2 + 2 * math.log(2 * queries / delta) / (2 * gap**2))
