"""What one query's list may hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit_mpr.reference.table import unseen_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Codes, Floats
    from auditkit_mpr.reference.table import Reference


@dataclass(frozen=True, eq=False, kw_only=True)
class Candidates:
    """What one query's list may hold: `items` (indices into the table, ascending) [c], similarities [c], rows [c, l].

    `vector` [d] is the query's own, of unit length. `shared` is true where every query has the same items and
    reference, so that work on them can be kept.
    """

    query: str
    items: NDArray[np.int64]
    similarities: Floats
    rows: NDArray[Any]
    codes: tuple[Codes, ...]
    reference: Reference
    shared: bool
    vector: NDArray[np.float32] | None = None

    def positions(self, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where items of the table, all among the candidates, stand in the candidates' arrays."""
        order = np.searchsorted(self.items, chosen)
        return np.asarray(order, dtype=np.int64)

    def unseen(self, values: Floats) -> Floats:
        """Return the mean [u, r] of `values` [c, r] over the candidates of every group that the reference lacks."""
        return unseen_rows(values, self.codes, self.reference.codes)
