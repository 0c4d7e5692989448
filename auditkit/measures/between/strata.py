"""Two groups' rates compared within strata and pooled over them, so that who applied where is no reason of a gap.

Mantel and Haenszel's weights w_s = n1 n0 / (n1 + n0) give both groups the same mixture of strata: their standardised
rates are Σ w p1 / Σ w and Σ w p0 / Σ w, the pooled difference is that of the two, the pooled ratio their quotient
(Greenland and Robins, Biometrics 41, 1985).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.between.rates import rates_from_counts
from auditkit.measures.bounds.direct import DIRECT
from auditkit.measures.counting.counts import Confusions
from auditkit.measures.counting.design import design
from auditkit.measures.exact.sides import SIDES
from auditkit.values.finding import Interval

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

ADDED = 2.0
"""Rows of the group's own overall rate that each stratum's rate is mixed with before its variance is read."""


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """Standardised rates of the two groups, each worth `cases` of so many `rows`, pooled over strata that have both.

    `difference_error` and `log_ratio_error` are Greenland and Robins's, the latter NaN where a rate is 0. The intervals
    rest on what the rates are worth, which says something without a case too.
    """

    group: float
    other: float
    group_rows: float
    other_rows: float
    difference_error: float
    log_ratio_error: float
    strata: int

    @property
    def difference(self) -> float:
        """The pooled difference group - other."""
        return self.group - self.other

    @property
    def ratio(self) -> float | None:
        """The pooled ratio group / other; None where the other rate is 0."""
        return self.group / self.other if self.other > 0 else None

    def difference_interval(self, confidence: float = 0.95) -> Interval:
        """Return the interval of the pooled difference, as of two rates of so many rows."""
        rows = self.group_rows, self.other_rows
        basis = (self.group * rows[0], rows[0], self.other * rows[1], rows[1])
        return _interval("rate_gap", self.difference, basis, confidence)

    def ratio_interval(self, confidence: float = 0.95) -> Interval | None:
        """Return Fieller's interval of the pooled ratio; None where the other rate might be 0."""
        if self.ratio is None:
            return None
        n = np.array([self.group_rows, self.other_rows])
        rates = rates_from_counts(np.array([self.group, self.other]) * n, n, confidence=confidence)
        (top, over), (top_error, over_error) = rates.value.tolist(), rates.error.tolist()
        found = _interval("rate_ratio", self.ratio, (top, top_error, over, over_error, 1.0), confidence)
        return found if np.isfinite(found.high) else None


def _interval(method: str, value: float, basis: tuple[float, ...], confidence: float) -> Interval:
    low, high = (
        DIRECT[method].bound(np.array([value]), np.array([basis]), np.array([(1.0 - confidence) / 2.0]), side)
        for side in SIDES
    )
    return Interval(float(low[0]), float(high[0]), confidence, method, basis)


@dataclass(frozen=True, eq=False, kw_only=True)
class Arm:
    """One group's rate in each of s strata, float64 [s] each: its weight in rows, cases, and what its rows are worth.

    Without weights `weight` and `worth` are the rows. A stratum without a row of the group has weight 0.
    """

    weight: Floats
    cases: Floats
    worth: Floats

    @classmethod
    def of(cls, cases: ArrayLike, rows: ArrayLike) -> Arm:
        """Return the arm of plain counts."""
        rows = np.asarray(rows, dtype=np.float64)
        return cls(weight=rows, cases=np.asarray(cases, dtype=np.float64), worth=rows)

    @classmethod
    def counted(cls, strata: Confusions) -> Arm:
        """Return the arm of selected rows, counted with the strata as groups; weighted as `design` has it."""
        cases = strata.table[:, :, 1].sum(axis=1)
        return cls(
            weight=strata.table.sum(axis=(1, 2)), cases=cases, worth=design(strata, "selection_rate").n
        )

    @property
    def rate(self) -> Floats:
        """The rate in each stratum; 0 where there is no row."""
        return np.divide(self.cases, self.weight, out=np.zeros_like(self.weight), where=self.weight > 0)

    def __getitem__(self, strata: NDArray[np.bool_]) -> Arm:
        """Return some of the strata."""
        return Arm(weight=self.weight[strata], cases=self.cases[strata], worth=self.worth[strata])

    def rows(self, part: Floats) -> float:
        """Return how many rows of one stratum the mean rate, with shares `part` of the strata, is worth."""
        overall = (self.rate @ self.worth + 1.0) / (self.worth.sum() + 2.0)
        mixed = (self.rate * self.worth + ADDED * overall) / (self.worth + ADDED)
        # What mixing and sampling take off mixed (1 - mixed) on average.
        lost = 1.0 - self.worth / (self.worth + ADDED) ** 2
        variance = part**2 @ (mixed * (1.0 - mixed) / (self.worth * lost))
        mean = float(part @ mixed)
        return mean * (1.0 - mean) / float(variance)


def others_within(cells: Confusions, *, strata: int) -> Confusions:
    """Return, for each cell of group × stratum, the rows of all other groups in the same stratum.

    Cells are ordered by group, then by stratum, and have no clusters.
    """

    def others(part: NDArray[np.number]) -> NDArray[np.float64]:
        of = np.asarray(part, dtype=np.float64).reshape(-1, strata, *part.shape[1:])
        found: Floats = (of.sum(axis=0) - of).reshape(part.shape)
        return found

    counts = others(cells.counts).round().astype(np.int64)
    if cells.unweighted:
        return Confusions(counts=counts, table=counts.astype(np.float64), squares=counts.astype(np.float64))
    # As for the rest of all rows: what float subtraction leaves of nobody must be nothing.
    table, squares = (
        np.where(counts > 0, np.maximum(others(part), 0.0), 0.0) for part in (cells.table, cells.squares)
    )
    return Confusions(counts=counts, table=table, squares=squares)


def mantel_haenszel(group: Arm, other: Arm) -> Pooled | None:
    """Return both groups' rates standardised over the strata that have rows of both; None if there are none."""
    both = (group.weight > 0) & (other.weight > 0) & (group.worth > 0) & (other.worth > 0)
    if not both.any():
        return None
    one, two = group[both], other[both]
    total = one.weight + two.weight
    weight = one.weight * two.weight / total
    part = weight / weight.sum()
    r, s = float(weight @ one.rate), float(weight @ two.rate)
    # Greenland and Robins's formulas are of rows; weighted ones count as those that they are worth.
    scale = (one.worth + two.worth).sum() / total.sum()
    x1, x0, n1, n0, n = (part_ * scale for part_ in (one.cases, two.cases, one.weight, two.weight, total))
    of_difference = ((x1 * (n1 - x1) * n0**3 + x0 * (n0 - x0) * n1**3) / (n1 * n0 * n**2)).sum()
    of_ratio = ((x1 + x0) * n1 * n0 / n**2 - x1 * x0 / n).sum() / scale**2
    return Pooled(
        group=float(part @ one.rate), other=float(part @ two.rate), strata=int(both.sum()),
        group_rows=one.rows(part), other_rows=two.rows(part),
        difference_error=float(np.sqrt(max(of_difference, 0.0)) / (weight.sum() * scale)),
        log_ratio_error=float(np.sqrt(max(of_ratio, 0.0) / (r * s))) if r > 0 and s > 0 else float("nan"),
    )  # fmt: skip
