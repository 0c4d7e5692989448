"""Rows of items and reference merged into cells: a function has one value on equal rows, and is evaluated once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit_mpr.classes.regressors import Sample, row_weights, stacked
from auditkit_mpr.classes.trees import forest_of
from auditkit_mpr.exact.cells import cells_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.classes.trees import Forest
    from auditkit_mpr.reference.population import Population
    from auditkit_mpr.relaxed.priced import Shown


@dataclass(frozen=True, eq=False, kw_only=True)
class Merged:
    """The cells of items and reference: their distinct rows [C, l], sizes [C] and the reference's shares [C].

    `which` [n] is the cell of every item; `forest` is None where not all trees are tried, `size` is m.
    """

    which: NDArray[np.int64]
    rows: Floats
    sizes: Floats
    shares: Floats
    size: float
    forest: Forest | None

    def gaps(self, retrieved: Floats) -> Floats:
        """Return a relaxed list's share of every cell less the reference's, [C]."""
        listed = np.bincount(self.which, weights=retrieved / retrieved.sum(), minlength=len(self.shares))
        found: Floats = listed - self.shares
        return found

    def sample(self, gaps: Floats) -> Sample:
        """Return what regressors fit: the mean of a~ in every cell that has rows, weighted by them."""
        has = self.sizes > 0
        return Sample(rows=self.rows[has], wanted=gaps[has] / self.sizes[has], weight=self.sizes[has])

    def shown(self, values: Floats, gaps: Floats, *, k: float, signs: bool) -> Shown:
        """Return what a function of values [C] shows of a list of k with these gaps [C], in the scale of F'."""
        length = 1.0 if signs else float(np.sqrt(self.sizes @ np.square(values)))
        if not signs and length > np.finfo(np.float64).tiny:
            values = values * (np.sqrt(self.size * k / (self.size + k)) / length)
        gap = float(values @ gaps)
        values = -values if gap < 0 else values
        return abs(gap), values[self.which], float(self.shares @ values)


def merged_of(
    items: NDArray[Any], reference: Population, *, signs: bool, levels: int | None
) -> Merged | None:
    """Return rows of items and reference as cells, None where too many are distinct; `levels` asks for all trees."""
    cells, n = cells_of(stacked(items, reference)), len(items)
    if cells is None:
        return None
    weights = np.bincount(cells.which, weights=row_weights(items, reference), minlength=len(cells))
    shares = np.bincount(cells.which[n:], weights=reference.shares, minlength=len(cells))
    sizes = weights.astype(np.float64)
    return Merged(
        which=cells.which[:n],
        rows=cells.rows,
        sizes=sizes,
        shares=shares.astype(np.float64),
        size=reference.size,
        forest=None if levels is None else forest_of(cells.rows, sizes, signs=signs),
    )
