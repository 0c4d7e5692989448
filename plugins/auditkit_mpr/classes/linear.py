"""MPR over linear functions, in closed form (Prop. 4), by whitening in the space of the l attributes.

With the stacked rows X of items and reference, Prop. 4 is the length of the projection of a~ on the columns of
X. A whitening W of X'X, cut to its numerical rank, gives the same length from the l means of the chosen rows:
nothing of the size n + m is ever decomposed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit_mpr.reference.population import BLOCK, Population, gram
from auditkit_mpr.sampling.bounds import sampling_gap

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class LinearClass:
    """Linear functions normalised so that their squares over all n + m rows sum to mk / (m + k) (Prop. 3).

    `items` float64 [n, r] and `target` [r] are the rows and the reference mean in r orthonormal statistics, up
    to the factor `scale(k)`. `directions` [l, r] maps attributes to them; with an intercept its last row is
    the constant's. `unscaled` functions, such as a kernel's, have the factor 1.
    """

    directions: Floats
    items: Floats
    target: Floats
    size: float
    intercept: bool
    unscaled: bool = False

    def __len__(self) -> int:
        return len(self.items)

    def scale(self, k: int) -> float:
        """Return sqrt(mk / (m + k)), or 1."""
        if self.unscaled:
            return 1.0
        return float(np.sqrt(self.size * k / (self.size + k)))

    def gap(self, chosen: NDArray[np.int64]) -> Floats:
        """Return mean over the chosen items minus reference mean of each normalised statistic, [r]."""
        found: Floats = self.scale(len(chosen)) * (self.items[chosen].mean(axis=0) - self.target)
        return found

    def mpr(self, chosen: NDArray[np.int64]) -> float:
        """Return the MPR of the chosen items (indices [k]), in [0, 1]: the length of their gap."""
        return min(float(np.linalg.norm(self.gap(chosen))), 1.0)

    def at(self, k: int) -> tuple[Floats, Floats]:
        """Return rows [n, r] and target [r] at the scale of lists of k: MPR is the distance of the chosen mean."""
        return self.items * self.scale(k), self.target * self.scale(k)

    def ceiling(self, k: int) -> float:
        """Return a proven upper bound of the MPR of any k items, in [0, 1] for linear functions.

        The length of a mean is at most the mean length, so the k items farthest from the target bound it. Reached
        where k items share the farthest row, as with one attribute of two values.
        """
        squares = np.einsum("ij,ij->i", self.items, self.items) - 2 * self.items @ self.target
        distances = np.sqrt(np.maximum(squares + self.target @ self.target, 0.0))
        farthest = np.partition(distances, len(distances) - k)[-k:]
        found = self.scale(k) * float(farthest.mean())
        return found if self.unscaled else min(found, 1.0)

    def sampling_gap(self, reference: Population, k: int, *, delta: float = 0.05) -> float:
        """Return how far sampling of the reference's m rows can move MPR, for the normalised functions held fixed.

        Their Rademacher complexity is at most sqrt(sum |b(y)|^2) / m in whitened coordinates b, and no value is
        larger than the longest b.
        """
        rows = np.asarray(reference.rows, dtype=np.float64)
        matrix = self.directions[:-1] if self.intercept else self.directions
        whitened = self.scale(k) * (rows @ matrix + (self.directions[-1] if self.intercept else 0.0))
        squares = np.einsum("ij,ij->i", whitened, whitened)
        m = reference.effective
        rademacher = math.sqrt(float(reference.shares @ squares) / m)
        return sampling_gap(m, rademacher, width=2 * math.sqrt(float(squares.max())), delta=delta)

    def weights(self, chosen: NDArray[np.int64]) -> Floats:
        """Return the attribute weights [l] of the linear function whose means differ most; zeros if none do."""
        gap = self.gap(chosen)
        length = np.linalg.norm(gap)
        found: Floats = self.directions @ gap * (self.scale(len(chosen)) / length if length > 0 else 0.0)
        return found


def linear_class(items: NDArray[Any], reference: Population, *, intercept: bool = False) -> LinearClass:
    """Return the linear functions of the attributes [n, l] of the items, normalised with the reference.

    Columns that others determine add nothing: eigenvalues of the scaled Gram matrix at rounding level are cut,
    else noise would count as a statistic.
    """
    total = gram(items) + reference.size * reference.second
    mean = reference.mean
    if intercept:
        columns = _column_sums(items) + reference.size * mean
        count = len(items) + reference.size
        total = np.block([[total, columns[:, None]], [columns[None, :], np.array([[count]])]])
        mean = np.append(mean, 1.0)
    directions = whitening(total, rows=len(items) + reference.size)
    return LinearClass(
        directions=directions,
        items=_projected(items, directions, intercept=intercept),
        target=mean @ directions,
        size=reference.size,
        intercept=intercept,
    )


def whitening(total: Floats, *, rows: float) -> Floats:
    """Return W [l, r] with W' total W = I and r the numerical rank of a Gram matrix summed over `rows` rows."""
    lengths = np.sqrt(np.maximum(np.diag(total), 0.0))
    unit = np.where(lengths > 0, lengths, 1.0)
    # Columns of unit length first: else an attribute in small units would be cut as if it were noise.
    values, vectors = np.linalg.eigh(total / np.outer(unit, unit))
    # A sum over n rows carries rounding errors of about sqrt(n) units in the last place.
    floor = (
        np.finfo(np.float64).eps * 10 * max(len(total), float(np.sqrt(rows))) * max(float(values[-1]), 0.0)
    )
    kept = values > floor
    found: Floats = vectors[:, kept] / np.sqrt(values[kept]) / unit[:, None]
    return found


def _projected(items: NDArray[Any], directions: Floats, *, intercept: bool) -> Floats:
    """Return items @ directions, block by block, with the constant's row added if there is one."""
    matrix = directions[:-1] if intercept else directions
    found = np.empty((len(items), directions.shape[1]))
    for start in range(0, len(items), BLOCK):
        found[start : start + BLOCK] = items[start : start + BLOCK].astype(np.float64) @ matrix
    if intercept:
        found += directions[-1]
    return found


def _column_sums(items: NDArray[Any]) -> Floats:
    sums: Floats = items.sum(axis=0, dtype=np.float64)
    return sums
