"""How much sets of rows stand out by their losses: the square of their score statistic."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.kernels.cubes import strength

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Evidence:
    """The excess float64 [n] of each row's loss over the mean, or what is left of it; `variance` that of the losses.

    Evidence for a set of rows is z^2 - 2 log(M): z^2 = excess^2 / (variance rows (1 - rows / n)) is the square of
    the score statistic against the other rows, and M counts the rules of the same shape (these columns' kinds of
    condition, any columns). As P(|z| > x) is about exp(-x^2 / 2), evidence of 0 is what the best of M rules without
    any effect reaches (Bonferroni). Where rows have a `weight` [n], means and sums are weighted, and rows count as much
    as they weigh: as many in all as they are worth (Kish), if the weights are scaled so. Where what is told apart are
    cells of rows, `rows` int64 [n] says how many each stands for, and its weight is that of all of them.
    """

    excess: NDArray[np.float64]
    variance: float
    weight: NDArray[np.float64] | None = None
    rows: NDArray[np.int64] | None = None

    @classmethod
    def of(
        cls,
        loss: NDArray[np.float64],
        weight: NDArray[np.float64] | None = None,
        rows: NDArray[np.int64] | None = None,
    ) -> Evidence:
        """Return the evidence of losses [n]; without spread nothing stands out."""
        excess = loss - np.average(loss, weights=weight)
        variance = loss.var() if weight is None else np.average(excess**2, weights=weight)
        return cls(excess, max(float(variance), np.finfo(np.float64).tiny), weight, rows)

    @cached_property
    def whole(self) -> float:
        """What all rows weigh: their number, where they have no weights."""
        return float(len(self.excess) if self.weight is None else self.weight.sum())

    @cached_property
    def terms(self) -> NDArray[np.float64]:
        """Each row's excess times its weight [n]."""
        return self.excess if self.weight is None else self.excess * self.weight

    def rows_of(self, members: NDArray[np.bool_]) -> int:
        """Return how many rows the members [n] are."""
        return int(members.sum() if self.rows is None else self.rows[members].sum())

    @property
    def n(self) -> int:
        """How many rows there are."""
        return len(self.excess) if self.rows is None else int(self.rows.sum())

    def mass(self, members: NDArray[np.bool_]) -> float:
        """Return what the members [n] weigh."""
        return float(members.sum() if self.weight is None else self.weight[members].sum())

    def by_level(
        self, codes: NDArray[np.int32], members: NDArray[np.bool_], levels: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
        """Return the members' [n] rows, mass and excess at each level [levels], by the rows' codes [n]."""
        inside = codes[members]
        each = None if self.rows is None else self.rows[members]
        rows = np.bincount(inside, each, minlength=levels).astype(np.int64)
        weight = None if self.weight is None else self.weight[members]
        mass, sums = (np.bincount(inside, one, minlength=levels) for one in (weight, self.terms[members]))
        return rows, mass.astype(np.float64), sums.astype(np.float64)

    @cached_property
    def flat(self) -> bool:
        """Whether no row's loss differs from another's."""
        return bool((self.excess == self.excess[:1]).all())

    def z2(self, members: NDArray[np.bool_]) -> float:
        """Return the square of the score statistic of the members [n], 0 where they fare no worse."""
        return (
            float(strength(self.mass(members), float(self.terms[members].sum()), self.whole)) / self.variance
        )

    def without(self, members: NDArray[np.bool_]) -> Evidence:
        """Return what is left once the members' mean excess is explained."""
        left = self.excess.copy()
        if members.any():
            weight = None if self.weight is None else self.weight[members]
            left[members] -= np.average(left[members], weights=weight)
        return Evidence(left, self.variance, self.weight, self.rows)

    def among(self, rows: NDArray[np.bool_]) -> Evidence | None:
        """Return the evidence for parting these rows [n] alone; None where their excess does not vary."""
        excess, weight = self.excess[rows], None if self.weight is None else self.weight[rows]
        found = Evidence.of(excess, weight, None if self.rows is None else self.rows[rows])
        return None if float(excess.var()) == 0 else found
