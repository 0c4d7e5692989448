"""P-values of differences of means by permutation: how often a group drawn from all rows differs as much.

The statistic is Welch's t, so that the test is exact for equal distributions, whatever their shape, and holds
for equal means of many rows (Janssen, Statistics and Probability Letters 36, 1997). Every group is drawn from
the front of the same shuffled order: one shuffle serves all groups of all attributes, and all losses.

Draws are few where they decide nothing. A p-value that they cannot resolve is read off a Pareto tail of the
largest draws (Hill, Annals of Statistics 3, 1975), which falls more slowly than any tail with moments: it errs
on the side of saying less.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit.measures.compiled.kernels import machine_code
from auditkit.measures.losses.shuffles import shuffled_statistics

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Counts: TypeAlias = NDArray[np.int64]

CHUNK = 1_000
"""Draws at a time: what every comparison gets."""

CHUNKS = 100
"""Chunks that a comparison gets at most."""

ROWS_DRAWN = 100_000_000
"""Rows drawn after the first chunk at most, a second or so: large groups get fewer chunks."""

SETTLED = 30
"""So many draws beyond the observed statistic settle a p-value (Besag and Clifford, Biometrika 78, 1991)."""

RESOLVED = 10
"""With fewer draws beyond it, the p-value is the Pareto tail's."""

LARGEST = 100
"""Draws that the Pareto tail is fitted to: these, or the largest 1 % if those are fewer."""

CERTAIN = 1e-6
"""A p-value that a full Pareto tail puts below this is settled too: hardly a correction asks for less."""


@dataclass(frozen=True, eq=False)
class _Tail:
    """What the draws so far say of each of m observed statistics; filled in place.

    `size` float64 [m] is the observed statistic's; of `draws` int64 [m], `beyond` [m] are at least as large.
    `largest` float64 [LARGEST, m] holds the largest draws.
    """

    size: Floats
    draws: Counts
    beyond: Counts
    largest: Floats

    @classmethod
    def of(cls, size: Floats) -> _Tail:
        draws, beyond = np.zeros((2, len(size)), dtype=np.int64)
        return cls(size, draws, beyond, np.full((LARGEST, len(size)), -np.inf))

    def add(self, which: Counts, found: Floats) -> None:
        """Count draws float64 [b, a] of the comparisons `which` [a]; one that is no number counts as beyond."""
        # Equal groups have statistics that differ in the order of their sums.
        near = self.size[which] * (1.0 - 1e-9) - 1e-12
        self.draws[which] += len(found)
        self.beyond[which] += (~(found < near)).sum(axis=0)
        known = np.concatenate([self.largest[:, which], np.where(np.isnan(found), np.inf, found)])
        self.largest[:, which] = np.partition(known, len(known) - LARGEST, axis=0)[-LARGEST:]

    def settled(self) -> NDArray[np.bool_]:
        """Return whether more draws of a comparison would decide nothing."""
        certain = (self.draws >= 100 * LARGEST) & (self.p_values() < CERTAIN)
        return (self.beyond >= SETTLED) | certain

    def p_values(self) -> Floats:
        """Return the p-value of each comparison."""
        counted = (self.beyond + 1.0) / (self.draws + 1.0)
        fewest = np.minimum(self.draws // 100, LARGEST)
        ranked = np.sort(self.largest, axis=0)[::-1]
        start = np.take_along_axis(ranked, fewest[None] - 1, axis=0)[0]
        fitted = np.arange(LARGEST)[:, None] < fewest
        with np.errstate(all="ignore"):
            index = fewest / np.where(fitted, np.log(ranked / start), 0.0).sum(axis=0)
            pareto = fewest / self.draws * (start / self.size) ** index
        # Where draws do not vary, or the observed is infinite, their number alone speaks.
        told = (self.beyond < RESOLVED) & (start > 0.0) & (pareto > 0.0)
        return np.where(told, np.fmin(counted, pareto), counted)


def permutation_p(
    values: Floats,
    weights: Floats,
    *,
    column: Counts,
    rows: Counts,
    statistic: Floats,
    rng: np.random.Generator,
) -> Floats:
    """Return the one-sided p-value of each of m observed statistics, on the side of 0 that it lies on.

    `values` float64 [c, n] holds c losses of all rows, without NaN, and `weights` [n] their weights.
    Comparison j is Welch's t `statistic[j]` of `rows[j]` of the rows against the others, 0 < rows < n, for the
    loss `column[j]`. float64 [m] in (0, 1]; the same generator gives the same numbers.
    """
    n, shuffled = values.shape[1], machine_code(shuffled_statistics)
    drawn = np.minimum(rows, n - rows)
    # The others of a large group are drawn in its place; they lie on the other side of it.
    side = np.sign(statistic) * np.where(drawn < rows, -1.0, 1.0)
    off = values - np.average(values, axis=1, weights=weights)[:, None]
    off /= np.maximum(np.abs(off).max(axis=1, keepdims=True), np.finfo(np.float64).tiny)
    table, order = np.column_stack([weights, off.T]), np.arange(n)
    tail, active, budget = _Tail.of(np.abs(statistic)), np.argsort(drawn, kind="stable"), ROWS_DRAWN
    for _ in range(CHUNKS):
        found = np.empty((CHUNK, len(active)))
        shuffled(table, order, drawn[active], column[active], found, rng)
        found *= side[active]
        tail.add(active, found)
        active = active[~tail.settled()[active]]
        budget -= CHUNK * int(drawn[active].max(initial=0))
        if not len(active) or budget < 0:
            break
    return tail.p_values()
