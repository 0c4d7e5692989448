"""All that rates need of the rows: how many lie in each combination of attributes, true and predicted class.

One pass over the rows makes it. Every cut, intersection, rest and class against the rest is a sum of its entries.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.counting.clusters import Clustered, clustered
from auditkit.measures.counting.compress import compress
from auditkit.measures.counting.counts import Confusions, check_codes
from auditkit.measures.counting.weights import summed
from auditkit.values.grouping import Cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit.measures.counting.weights import Weights


@dataclass(frozen=True, eq=False, kw_only=True)
class Counts:
    """Rows counted in the c cells of a full cross of a attributes, by true and predicted class.

    `cells` int64 [c, a] holds the attributes' codes in each observed cell, -1 for missing; `rows` int64 [c] counts
    all its rows. Sparse beside them, one entry for each cell and pair of classes that some row has: `cell` int64 [e],
    `classes` int64 [e] as true × k + predicted, and what `Confusions` holds of them, `counts`, `table` and `squares`
    [e]. Rows whose true or predicted class is missing are in `rows` only. `cluster` int64 [e], where rows belong
    together, is that of the entry; rows of different clusters then share none.
    """

    n_classes: int
    cells: NDArray[np.int64]
    rows: NDArray[np.int64]
    cell: NDArray[np.int64]
    classes: NDArray[np.int64]
    counts: NDArray[np.int64]
    table: NDArray[np.float64]
    squares: NDArray[np.float64]
    cluster: NDArray[np.int64] | None = None

    def confusions(
        self, codes: NDArray[np.int64], *, n_groups: int, reference: int | None = None
    ) -> Confusions:
        """Return the counts of groups of cells: `codes` int64 [c] is each cell's group, -1 for none.

        `reference` is the group that others are compared with, if there is one.
        """
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
        clusters = None
        if self.cluster is not None:
            clusters = self._clustered(group, kept, n_groups=n_groups, reference=reference)
        return Confusions(counts=counts.astype(np.int64), table=table, squares=squares, clusters=clusters)

    def _clustered(
        self, group: NDArray[np.int64], kept: NDArray[np.bool_], *, n_groups: int, reference: int | None
    ) -> Clustered:
        """Return the sums per cluster of the kept entries' cells, and of each class against the rest."""
        assert self.cluster is not None  # noqa: S101  for mypy: the caller looked
        group, cluster, weight = group[kept], self.cluster[kept], self.table[kept]
        truth, predicted = np.divmod(self.classes[kept], self.n_classes)

        def summed(block: NDArray[np.int64], blocks: int) -> Clustered:
            return clustered(group, cluster, block, weight, sizes=(n_groups, blocks), reference=reference)

        if self.n_classes == 2:
            return summed(truth * 2 + predicted, 4)
        classes = [summed((truth == one) * 2 + (predicted == one) * 1, 4) for one in range(self.n_classes)]
        return replace(summed((truth == predicted).astype(np.int64), 2), classes=tuple(classes))


def cross(
    attributes: Sequence[NDArray[np.int64]],
    truth: NDArray[np.int64],
    predicted: NDArray[np.int64],
    *,
    n_classes: int,
    weights: Weights = None,
    clusters: NDArray[np.int64] | None = None,
) -> Counts:
    """Return the counts of all combinations of the attributes' codes int [n], -1 for missing.

    `truth` and `predicted` int [n] are class codes, -1 for missing. `weights` float [n] are finite and not negative,
    or DataError is raised; or each row is a cell of rows, and they say what it stands for. `clusters` int [n] are codes
    from 0, equal for rows that belong together. Without attributes there is one cell. Time and memory are O(n), but
    for a sort where there are clusters.
    """
    check_codes("true class", truth, n_classes)
    check_codes("predicted class", predicted, n_classes)
    cells, cell = _cells(attributes, len(truth))
    known = (truth >= 0) & (predicted >= 0)
    pairs = n_classes**2
    key, size = (cell * n_classes + truth) * n_classes + predicted, len(cells) * pairs
    n_clusters = 1
    if clusters is not None:
        n_clusters = int(clusters.max(initial=-1)) + 1
        key, size = key * n_clusters + clusters, size * n_clusters
    every = known.all()
    observed, entry = compress(key if every else key[known], size=size)
    counts, table, squares = summed(entry, weights, kept=known, size=len(observed))
    each = weights.rows if isinstance(weights, Cells) else None
    place = observed // max(n_clusters, 1)
    return Counts(
        n_classes=n_classes,
        cells=cells,
        rows=np.bincount(cell, weights=each, minlength=len(cells)).astype(np.int64),
        cell=place // pairs,
        classes=place % pairs,
        counts=counts,
        table=table,
        squares=squares,
        cluster=None if clusters is None else observed % max(n_clusters, 1),
    )


def _cells(attributes: Sequence[NDArray[np.int64]], n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the observed combinations of codes int64 [c, a] in order, and each row's place among them [n]."""
    cells, place = np.empty((1, 0), dtype=np.int64), np.zeros(n, dtype=np.int64)
    for codes in attributes:
        width = int(codes.max(initial=-1)) + 2  # a code of its own for missing
        observed, place = compress(place * width + codes + 1, size=len(cells) * width)
        cells = np.column_stack([cells[observed // width], observed % width - 1])
    return cells, place
