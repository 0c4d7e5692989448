"""Rows in the order of their score, group by group, with equal scores as one block: what every ranking is read from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit.errors import DataError
from auditkit.measures.counting.weights import checked_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Scored:
    """Rows by ascending score: `positive` bool [n], `score`, `weight` and `square` (its square) float64 [n].

    `rows` int64 [n] are their places among the rows that were given; `clusters` int64 [n] codes, or None. Rows without
    a class or a score are left out.
    """

    positive: NDArray[np.bool_]
    score: Floats
    weight: Floats
    square: Floats
    rows: Codes
    clusters: Codes | None = None

    @property
    def weighted(self) -> bool:
        """Whether rows were given weights; without, each weighs 1."""
        return self.square is not self.weight

    def blocks(self, codes: Codes, *, n_groups: int) -> Blocks:
        """Return the blocks of groups `codes` int [all rows], -1 for none."""
        # Of 16 bits NumPy sorts by digits, in linear time.
        group: NDArray[Any] = codes.astype(np.int16 if n_groups < 2**15 else np.int64)[self.rows]
        if n_groups == 1:
            order = np.flatnonzero(group == 0)
        else:
            order = np.argsort(group, kind="stable")
            order = order[np.count_nonzero(group < 0) :]
        sizes = np.bincount(group[group >= 0] if len(order) < len(group) else group, minlength=n_groups)
        return Blocks(
            scored=self, order=order, group=np.repeat(np.arange(n_groups), sizes), n_groups=n_groups
        )


def scored(
    truth: Codes, score: Floats, *, weights: Floats | None = None, clusters: Codes | None = None
) -> Scored:
    """Return the rows sorted by score; `truth` int [n] is 1 for the counted class, 0 for the other, -1 for unknown.

    Scores may be of any unit; NaN is none. Raises DataError for infinite scores and weights that are not finite or
    negative.
    """
    if np.isinf(score).any():
        message = f"{int(np.isinf(score).sum()):,} scores are infinite"
        raise DataError(message)
    known = (truth >= 0) & ~np.isnan(score)
    # Equal scores are one block, whatever their order: an unstable sort of floats is several times faster.
    if known.all():
        rows = np.argsort(score)
    else:
        kept = np.flatnonzero(known)
        rows = kept[np.argsort(score[kept])]
    weight = np.ones(len(rows)) if weights is None else checked_weights(weights)[rows]
    return Scored(
        positive=truth[rows] == 1, score=score[rows].astype(np.float64), weight=weight,
        square=weight if weights is None else weight**2, rows=rows,
        clusters=None if clusters is None else clusters[rows],
    )  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class Blocks:
    """The b blocks of equal score of each group, ascending; `order` int64 [m] are the rows, `group` [m] their groups.

    Sums over blocks are float64 [b]: `positives` and `negatives` of weights, `_squares` of their squares.
    """

    scored: Scored
    order: Codes
    group: Codes
    n_groups: int

    @cached_property
    def first(self) -> Codes:
        """Where each block starts among the rows [b]."""
        score = self.scored.score[self.order]
        new = np.ones(len(score), dtype=bool)
        new[1:] = (score[1:] != score[:-1]) | (self.group[1:] != self.group[:-1])
        return np.arange(len(new)) if new.all() else np.flatnonzero(new)

    @property
    def distinct(self) -> bool:
        """Whether no two scores of a group are equal, so that a block is a row."""
        return len(self.first) == len(self.order)

    @cached_property
    def of(self) -> Codes:
        """The group of each block [b]."""
        return self.group if self.distinct else self.group[self.first]

    @cached_property
    def sizes(self) -> Codes:
        """Rows of each block [b]."""
        return np.diff(self.first, append=len(self.order))

    @cached_property
    def positive(self) -> NDArray[np.bool_]:
        """Whether each row is of the counted class [m]."""
        return self.scored.positive[self.order]

    @cached_property
    def weight(self) -> Floats:
        """The weight of each row [m]."""
        if self.scored.weighted:
            return self.scored.weight[self.order]
        return np.ones(len(self.order))

    def summed(self, terms: Floats) -> Floats:
        """Return the sum of terms [m] in each block [b]."""
        return terms if self.distinct else np.add.reduceat(terms, self.first)

    def by_group(self, terms: Floats) -> Floats:
        """Return the sum of terms [b] in each group [g]."""
        found = np.zeros(self.n_groups)
        filled = np.flatnonzero(np.diff(self._starts))
        if len(filled):
            found[filled] = np.add.reduceat(terms, self._starts[filled])
        return found

    def spread(self, numbers: Floats) -> Floats:
        """Return each block's group's number [b], from those of the groups [g]."""
        return np.repeat(numbers, np.diff(self._starts))

    def before(self, terms: Floats) -> Floats:
        """Return the sum of terms [b] in the blocks of the same group with a lower score [b]."""
        ends = np.zeros(len(terms) + 1)
        np.cumsum(terms, out=ends[1:])
        found: Floats = ends[:-1] - self.spread(ends[self._starts[:-1]])
        return found

    @cached_property
    def _starts(self) -> Codes:
        """The first block of each group, and the number of blocks [g + 1]."""
        return np.searchsorted(self.of, np.arange(self.n_groups + 1))

    @cached_property
    def positives_before(self) -> Floats:
        """Weight of the counted class in the blocks of the same group with a lower score."""
        return self.before(self.positives)

    @cached_property
    def negatives_before(self) -> Floats:
        """Weight of the other class in the blocks of the same group with a lower score."""
        return self.before(self.negatives)

    @cached_property
    def positives(self) -> Floats:
        """Weight of the counted class in each block."""
        return self.summed(self.positive * self.weight)

    @cached_property
    def negatives(self) -> Floats:
        """Weight of the other class in each block."""
        return self.summed(~self.positive * self.weight)

    @cached_property
    def squares(self) -> tuple[Floats, Floats]:
        """Squared weights of the counted class and of the other one in each block."""
        if not self.scored.weighted:
            return self.positives, self.negatives
        square = self.scored.square[self.order]
        return self.summed(np.where(self.positive, square, 0.0)), self.summed(
            np.where(self.positive, 0.0, square)
        )

    @cached_property
    def totals(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Weights of both classes, and their squares, of each group: positives, negatives, squares of each [g]."""
        return tuple(map(self.by_group, (self.positives, self.negatives, *self.squares)))  # type: ignore[return-value]

    def clustered(self, terms: Floats) -> Floats:
        """Return Σ over clusters of (Σ terms [m] of its rows)² in each group [g]."""
        assert self.scored.clusters is not None  # noqa: S101  for mypy: the caller looked
        cluster = self.scored.clusters[self.order]
        width = int(cluster.max(initial=0)) + 1
        keys, place = np.unique(self.group * width + cluster, return_inverse=True)
        sums = np.bincount(place, weights=terms, minlength=len(keys))
        return np.bincount(keys // width, weights=sums**2, minlength=self.n_groups).astype(np.float64)
