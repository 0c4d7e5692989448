"""Rows that belong together, such as those of one person: what their sums per cluster add up to, group by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.counting.compress import compress

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Outer = NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Clustered:
    """Sums over clusters of outer products of weighted sums, float64 [g, c, c], of g groups and c blocks of cells.

    A group's sums in one cluster are s [c], those of all groups t, those of the cut's reference group r: `own` adds up
    s sᵀ, `crossed` s tᵀ, `every` t tᵀ (the same for each group), and `reference` s rᵀ, if there is one. Over two
    classes the blocks are tn, fp, fn, tp; over more they are wrong and right, and `classes` has the sums of each class
    against the rest.
    """

    own: Outer
    crossed: Outer
    every: Outer
    reference: Outer | None = None
    classes: tuple[Clustered, ...] = ()

    def __getitem__(self, groups: slice | NDArray[np.int64]) -> Clustered:
        """Return the sums of some of the groups."""
        return Clustered(
            own=self.own[groups],
            crossed=self.crossed[groups],
            every=self.every[groups],
            reference=None if self.reference is None else self.reference[groups],
            classes=tuple(one[groups] for one in self.classes),
        )

    def each_class(self) -> Clustered:
        """Return the sums of all groups of class 0 against the rest, then of class 1, ..., [k g, 4, 4]."""
        classes = self.classes or (self._turned(), self)
        own, crossed, every = (
            np.concatenate([getattr(one, name) for one in classes]) for name in ("own", "crossed", "every")
        )
        references = [one.reference for one in classes if one.reference is not None]
        return Clustered(
            own=own,
            crossed=crossed,
            every=every,
            reference=np.concatenate(references) if references else None,
        )

    def _turned(self) -> Clustered:
        """Return the sums over two classes with the other one as positive, which turns the cells around."""
        own, crossed, every = (part[:, ::-1, ::-1] for part in (self.own, self.crossed, self.every))
        reference = None if self.reference is None else self.reference[:, ::-1, ::-1]
        return Clustered(own=own, crossed=crossed, every=every, reference=reference)

    def rest(self) -> Clustered:
        """Return, for each group, the sums of the rows of all the other groups."""
        turned = np.swapaxes(self.crossed, -1, -2)
        return Clustered(
            own=self.every - self.crossed - turned + self.own,
            crossed=self.every - self.crossed,
            every=self.every,
            classes=tuple(one.rest() for one in self.classes),
        )

    @property
    def shared_with_rest(self) -> Outer:
        """Sums of s (t - s)ᵀ: what a group's rows and all others have in common, [g, c, c]."""
        return self.crossed - self.own


def clustered(
    group: NDArray[np.int64],
    cluster: NDArray[np.int64],
    block: NDArray[np.int64],
    weight: NDArray[np.float64],
    *,
    sizes: tuple[int, int],
    reference: int | None = None,
) -> Clustered:
    """Return the sums of entries int64 [e] of weight float64 [e]; `sizes` are the numbers of groups and of blocks.

    Memory is O(e c).
    """
    g, c = sizes
    n_clusters = int(cluster.max(initial=-1)) + 1
    pairs, place = compress(group * n_clusters + cluster, size=g * n_clusters)
    sums = np.bincount(place * c + block, weights=weight, minlength=len(pairs) * c).astype(np.float64)
    sums = sums.reshape(-1, c)
    of_group, of_cluster = pairs // max(n_clusters, 1), pairs % max(n_clusters, 1)

    def by_cluster(chosen: NDArray[np.bool_] | slice) -> NDArray[np.float64]:
        """Return the sums [p, c] that each pair's cluster has in the chosen pairs."""
        rows = of_cluster[chosen]
        total = [np.bincount(rows, weights=sums[chosen, b], minlength=n_clusters) for b in range(c)]
        return np.stack(total, axis=1).astype(np.float64)[of_cluster]

    def products(others: NDArray[np.float64]) -> Outer:
        found = np.empty((g, c, c))
        for i in range(c):
            for j in range(c):
                found[:, i, j] = np.bincount(of_group, weights=sums[:, i] * others[:, j], minlength=g)
        return found

    crossed = products(by_cluster(slice(None)))
    return Clustered(
        own=products(sums),
        crossed=crossed,
        every=np.broadcast_to(crossed.sum(axis=0), (g, c, c)),
        reference=None if reference is None else products(by_cluster(of_group == reference)),
    )
