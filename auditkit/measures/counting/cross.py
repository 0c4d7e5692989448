"""All that rates need of the rows: how many lie in each combination of attributes, true and predicted class.

One pass over the rows makes it. Every cut, intersection, rest and class against the rest is a sum of its entries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.counting.compress import compress
from auditkit.measures.counting.counts import Confusions, check_codes, check_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, kw_only=True)
class Counts:
    """Rows counted in the c cells of a full cross of a attributes, by true and predicted class.

    `cells` int64 [c, a] holds the attributes' codes in each observed cell, -1 for missing; `rows` int64 [c] counts
    all its rows. Sparse beside them, one entry for each cell and pair of classes that some row has: `cell` int64 [e],
    `classes` int64 [e] as true × k + predicted, and what `Confusions` holds of them, `counts`, `table` and `squares`
    [e]. Rows whose true or predicted class is missing are in `rows` only.
    """

    n_classes: int
    cells: NDArray[np.int64]
    rows: NDArray[np.int64]
    cell: NDArray[np.int64]
    classes: NDArray[np.int64]
    counts: NDArray[np.int64]
    table: NDArray[np.float64]
    squares: NDArray[np.float64]

    def confusions(self, codes: NDArray[np.int64], *, n_groups: int) -> Confusions:
        """Return the counts of groups of cells: `codes` int64 [c] is each cell's group, -1 for none."""
        group = codes[self.cell]
        kept = group >= 0
        k = self.n_classes
        place, size, shape = group * k**2 + self.classes, n_groups * k**2, (n_groups, k, k)
        if not kept.all():
            place = place[kept]

        def summed(terms: NDArray[np.number]) -> NDArray[np.float64]:
            terms = terms if len(terms) == len(place) else terms[kept]
            return np.bincount(place, weights=terms, minlength=size).reshape(shape).astype(np.float64)

        counts = summed(self.counts)
        weighted = self.table is not self.squares
        table = summed(self.table) if weighted else counts
        squares = summed(self.squares) if weighted else counts
        return Confusions(counts=counts.astype(np.int64), table=table, squares=squares)


def cross(
    attributes: Sequence[NDArray[np.int64]],
    truth: NDArray[np.int64],
    predicted: NDArray[np.int64],
    *,
    n_classes: int,
    weights: NDArray[np.float64] | None = None,
) -> Counts:
    """Return the counts of all combinations of the attributes' codes int [n], -1 for missing.

    `truth` and `predicted` int [n] are class codes, -1 for missing. `weights` float [n] are finite and not negative,
    or DataError is raised. Without attributes there is one cell. Time and memory are O(n).
    """
    check_codes("true class", truth, n_classes)
    check_codes("predicted class", predicted, n_classes)
    cells, cell = _cells(attributes, len(truth))
    known = (truth >= 0) & (predicted >= 0)
    pairs = n_classes**2
    key = (cell * n_classes + truth) * n_classes + predicted
    cell_rows = np.bincount(cell, minlength=len(cells))
    heavy = None if weights is None else np.asarray(weights, dtype=np.float64)
    if not known.all():
        key = key[known]
        heavy = None if heavy is None else heavy[known]
    if heavy is not None:
        check_weights(heavy)
    observed, entry = compress(key, size=len(cells) * pairs)
    counts = np.bincount(entry, minlength=len(observed))
    table = squares = counts.astype(np.float64)
    if heavy is not None:
        table, squares = (
            np.bincount(entry, weights=terms, minlength=len(observed)).astype(np.float64)
            for terms in (heavy, heavy**2)
        )
    return Counts(
        n_classes=n_classes, cells=cells, rows=cell_rows, cell=observed // pairs, classes=observed % pairs,
        counts=counts, table=table, squares=squares,
    )  # fmt: skip


def _cells(attributes: Sequence[NDArray[np.int64]], n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the observed combinations of codes int64 [c, a] in order, and each row's place among them [n]."""
    cells, place = np.empty((1, 0), dtype=np.int64), np.zeros(n, dtype=np.int64)
    for codes in attributes:
        width = int(codes.max(initial=-1)) + 2  # a code of its own for missing
        observed, place = compress(place * width + codes + 1, size=len(cells) * width)
        cells = np.column_stack([cells[observed // width], observed % width - 1])
    return cells, place
