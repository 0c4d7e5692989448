"""A ranking measure of each group, and what its interval rests on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Ranked:
    """A ranking measure in [0, 1] of each group, float64 [g], NaN where it cannot be measured.

    `error` is its standard error and `safe` the one that its interval has: at least as large, and never 0. `degrees`
    are its degrees of freedom; `positives` and `negatives` are Kish's effective rows of each class, `clusters` those of
    clusters, infinite without any; `rows` int64 are those of the smaller class.
    """

    value: Floats
    error: Floats
    safe: Floats
    degrees: Floats
    positives: Floats
    negatives: Floats
    clusters: Floats
    rows: NDArray[np.int64]

    @cached_property
    def fewest(self) -> Floats:
        """Effective rows of the smaller class [g]."""
        return np.minimum(self.positives, self.negatives)

    @property
    def basis(self) -> Floats:
        """What bounds need, [g, 3]: error on the logit scale, degrees of freedom, rows of the smaller class."""
        inside = (self.value > 0.0) & (self.value < 1.0)
        spread = self.value * (1.0 - self.value)
        error = np.divide(self.safe, spread, out=np.zeros_like(self.safe), where=inside)
        return np.column_stack([error, self.degrees, self.fewest])

    def __getitem__(self, groups: slice | NDArray[np.int64]) -> Ranked:
        """Return some of the groups."""
        names = ("value", "error", "safe", "degrees", "positives", "negatives", "clusters", "rows")
        return replace(self, **{name: getattr(self, name)[groups] for name in names})


def joined_rankings(parts: list[Ranked]) -> Ranked:
    """Return the groups of several parts as one."""
    names = ("value", "error", "safe", "degrees", "positives", "negatives", "clusters", "rows")
    return replace(parts[0], **{name: np.concatenate([getattr(p, name) for p in parts]) for name in names})


def never_zero(value: Floats, error: Floats, fewest: Floats) -> Floats:
    """Return the errors, at the ends of [0, 1] that of a rate of as many rows with one success and failure added."""
    shrunken = (fewest * value + 1.0) / (fewest + 2.0)
    size = np.where(fewest > 0, fewest, np.nan)
    at_end = (value <= 0.0) | (value >= 1.0)
    return np.where(at_end, np.sqrt(shrunken * (1.0 - shrunken) / size), error)


def share(x: Floats, n: Floats) -> Floats:
    """Return x / n, NaN where n is 0."""
    return np.divide(x, n, out=np.full_like(x, np.nan), where=n > 0)


def small(n: Floats) -> Floats:
    """Return n / (n - 1), NaN for fewer than two."""
    enough = n >= 2.0 - 1e-9
    return np.where(enough, n / np.where(enough, n - 1.0, 1.0), np.nan)
