"""What changed on the same rows: rates before and after, by the rows that one of the two predictions alone counts.

Two predictions of one row agree mostly, so the difference of two rates has a far smaller error than either rate:
only discordant rows tell. A change is after - before; of a gap, (group - rest) after less that before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit.errors import DataError, UsageError
from auditkit.measures.closed_forms.paired_changes import paired_bounds
from auditkit.measures.closed_forms.quantiles import normal_quantile
from auditkit.measures.counting.counts import Confusions
from auditkit.measures.counting.metrics import metric_of
from auditkit.measures.counting.values import proportion_counts
from auditkit.measures.counting.weights import kish

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit.measures.closed_forms.mover import Bounds
    from auditkit.measures.counting.metrics import CountMetric

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class PairedCounts:
    """Counts of g groups over k classes, each array [g, k, k, k]: true class × predicted before × predicted after.

    `counts` int64 counts rows, `table` float64 sums their weights, `squares` float64 their squared weights, in units of
    the heaviest row's weight.
    """

    counts: NDArray[np.int64]
    table: Floats
    squares: Floats

    @property
    def before(self) -> Confusions:
        """The counts of the prediction before, [g, k, k]."""
        return self._seen(axis=3)

    @property
    def after(self) -> Confusions:
        """The counts of the prediction after, [g, k, k]."""
        return self._seen(axis=2)

    def rest(self) -> PairedCounts:
        """Return, for each group, the counted rows of all the other groups."""
        counts = self.counts.sum(axis=0) - self.counts
        # Subtracting float sums leaves crumbs where no row is left.
        table, squares = (
            np.where(counts > 0, np.maximum(part.sum(axis=0) - part, 0.0), 0.0)
            for part in (self.table, self.squares)
        )
        return PairedCounts(counts=counts, table=table, squares=squares)

    def against_rest(self, positive: int) -> PairedCounts:
        """Return the counts [g, 2, 2, 2] in which class `positive` is class 1 and all others are class 0."""
        of = np.zeros((self.counts.shape[-1], 2), dtype=np.int64)
        of[:, 0], of[positive] = 1, (0, 1)
        counts, table, squares = (
            np.einsum("gtba,tx,by,az->gxyz", part, of, of, of)
            for part in (self.counts, self.table, self.squares)
        )
        return PairedCounts(counts=counts, table=table, squares=squares)

    def _seen(self, *, axis: int) -> Confusions:
        counts, table, squares = (part.sum(axis=axis) for part in (self.counts, self.table, self.squares))
        return Confusions(counts=counts, table=table, squares=squares)


def count_pairs(
    codes: NDArray[np.int64],
    truth: NDArray[np.int64],
    predicted: tuple[NDArray[np.int64], NDArray[np.int64]],
    *,
    n_groups: int,
    n_classes: int,
    weights: Floats | None = None,
) -> PairedCounts:
    """Return the counts of each group; `predicted` are the codes before and after, int [n] each.

    Rows with -1 in any code are left out. `weights` is float [n], finite and not negative, or DataError is raised.
    """
    kept = (codes >= 0) & (truth >= 0) & (predicted[0] >= 0) & (predicted[1] >= 0)
    cell = codes.astype(np.int64)
    for one in (truth, *predicted):
        cell = cell * n_classes + one
    shape = (n_groups, n_classes, n_classes, n_classes)
    size = int(np.prod(shape))
    counts = np.bincount(cell[kept], minlength=size).reshape(shape).astype(np.int64)
    if weights is None:
        table = counts.astype(np.float64)
        return PairedCounts(counts=counts, table=table, squares=table)
    heavy = np.asarray(weights, dtype=np.float64)[kept]
    if not (np.isfinite(heavy).all() and (heavy >= 0).all()):
        message = "row weights must be finite and not negative"
        raise DataError(message)
    # Squares of tiny or huge weights would leave the range of floating point; no rate depends on their unit.
    heavy = heavy / max(heavy.max(initial=0.0), np.finfo(np.float64).tiny)
    table, squares = (
        np.bincount(cell[kept], weights=terms, minlength=size).reshape(shape).astype(np.float64)
        for terms in (heavy, heavy**2)
    )
    return PairedCounts(counts=counts, table=table, squares=squares)


@dataclass(frozen=True, eq=False, kw_only=True)
class PairedRate:
    """A proportion before and after on the same rows, float64 [...]: how many of them it counts when.

    `lost` are counted before only, `gained` after only, in effective rows; `rows` int64 counts rows without weights.
    `spread` are standard errors that each rate has before and after besides that of its rows, such as between training
    runs.
    """

    neither: Floats
    lost: Floats
    gained: Floats
    both: Floats
    rows: NDArray[np.int64]
    spread: tuple[float, float] = (0.0, 0.0)

    @property
    def n(self) -> Floats:
        """Effective rows of the denominator, float64 [...]."""
        return self.neither + self.lost + self.gained + self.both

    @property
    def numbers(self) -> Floats:
        """What a change's interval rests on, float64 [..., 6]: neither, lost, gained, both, and the two spreads."""
        cells = (self.neither, self.lost, self.gained, self.both)
        return np.stack(np.broadcast_arrays(*cells, *self.spread), axis=-1).astype(np.float64)

    @property
    def before(self) -> Floats:
        """The rate before, float64 [...], NaN without rows."""
        return _share(self.lost + self.both, self.n)

    @property
    def after(self) -> Floats:
        """The rate after, float64 [...], NaN without rows."""
        return _share(self.gained + self.both, self.n)

    @property
    def change(self) -> Floats:
        """After - before, float64 [...], NaN without rows."""
        return _share(self.gained - self.lost, self.n)


def paired_rate(pairs: PairedCounts, metric: str | CountMetric) -> PairedRate:
    """Return a proportion of each group [g], its denominator being the same rows before and after.

    Raises UsageError for a metric that is no proportion of such rows, as precision, whose denominator is predicted.
    With weights, the effective rows are those of equal weight whose change has the linearised variance
    Σ w² (d - change)² / (Σ w)², d = 1 where a row is gained and -1 where it is lost.
    """
    counted, within = cells_of(metric_of(metric), pairs.counts.shape[-1])
    kinds = {
        "neither": within[:, :, None] & ~counted[:, :, None] & ~counted[:, None, :],
        "lost": counted[:, :, None] & ~counted[:, None, :],
        "gained": ~counted[:, :, None] & counted[:, None, :],
        "both": counted[:, :, None] & counted[:, None, :],
    }
    sums, squares = (
        {name: part[:, kind & within[:, :, None]].sum(axis=1) for name, kind in kinds.items()}
        for part in (pairs.table, pairs.squares)
    )
    rows = pairs.counts[:, within[:, :, None] & np.ones_like(kinds["both"])].sum(axis=1)
    scale = _effective_share(sums, squares, rows)
    return PairedRate(rows=rows, **{name: part * scale for name, part in sums.items()})


def change_interval(rate: PairedRate, confidence: float = 0.95) -> Bounds:
    """Return the interval of each change, float64 [...] within [-1, 1]; [-1, 1] without rows. See `paired_changes`."""
    return paired_bounds(rate.numbers, normal_quantile(confidence))


def gap_change_interval(rate: PairedRate, rest: PairedRate, confidence: float = 0.95) -> Bounds:
    """Return the interval of each change of a gap, rate - rest, float64 [...] within [-2, 2]; NaN without rows."""
    return paired_bounds(np.concatenate([rate.numbers, rest.numbers], axis=-1), normal_quantile(confidence))


def cells_of(metric: CountMetric, k: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which cells [k, k] (true × predicted) the metric counts, and which make up its denominator."""
    if metric.proportion:
        each = np.eye(k * k).reshape(k * k, k, k)
        counted, within = (part.reshape(k, k) > 0 for part in proportion_counts(each, metric))
        if (within == within[:, :1]).all():
            return counted, within
    message = (
        f"'{metric.name}' is no share of rows that are the same before and after, so it has no paired change"
    )
    raise UsageError(message)


def _effective_share(sums: dict[str, Floats], squares: dict[str, Floats], rows: NDArray[np.int64]) -> Floats:
    """Return how many effective rows a unit of weight stands for, float64 [g]; 0 where nothing weighs."""
    total = sum(sums.values(), start=np.zeros(len(rows)))
    change = _share(sums["gained"] - sums["lost"], total)
    spread = _share(sums["gained"] + sums["lost"], total) - change**2
    unchanged = squares["neither"] + squares["both"]
    variance = squares["gained"] * (1 - change) ** 2 + squares["lost"] * (1 + change) ** 2
    variance = _share(variance + unchanged * change**2, total**2)
    effective = kish(total, sum(squares.values(), start=np.zeros(len(rows))))
    # Where no row changed, or all did, the formula is 0 / 0.
    told = (variance > 0) & (spread > 0)
    effective = np.where(told, np.divide(spread, variance, out=np.ones(len(rows)), where=told), effective)
    # Rows of one weight are whole rows, not whole but for a rounding error.
    effective = np.where(effective > (1 - 1e-9) * rows, rows, effective)
    return np.divide(effective, total, out=np.zeros(len(rows)), where=total > 0)


def _share(x: Floats, n: Floats) -> Floats:
    share: Floats = np.divide(x, n, out=np.full(np.shape(n), np.nan), where=n > 0)
    return share
