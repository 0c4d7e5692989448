"""The rows that a metric is taken over in each group, and whether they are enough to say anything."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from auditkit.measures import condition_effective, condition_rows, effective_clusters, metric_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditkit.measures import Confusions

FEWEST_CLUSTERS = 5
"""Clusters of equal size below which their own spread cannot be told."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Condition:
    """A metric's denominator in each group, [g] each: `rows` int64, and what they are worth by weights and clusters.

    What is enough is decided by these alone, never by what was observed in the rows.
    """

    words: str
    rows: NDArray[np.int64]
    effective: NDArray[np.float64]
    clusters: NDArray[np.float64]
    min_n: int

    @cached_property
    def enough(self) -> NDArray[np.bool_]:
        """Whether each group has enough rows, bool [g]."""
        # What weights that are all alike are worth may miss the rows by a rounding error.
        return (self.effective >= self.min_n - 1e-6) & (self.clusters >= FEWEST_CLUSTERS - 1e-6)

    def __getitem__(self, groups: slice | NDArray[np.int64]) -> Condition:
        """Return the condition of some of the groups."""
        rows, effective, clusters = self.rows[groups], self.effective[groups], self.clusters[groups]
        return replace(self, rows=rows, effective=effective, clusters=clusters)

    def reason(self, i: int, *, of: str = "") -> str:
        """Return why group i cannot be measured, or "" where it can."""
        if self.enough[i]:
            return ""
        rows, effective = int(self.rows[i]), float(self.effective[i])
        what = f"{self.words}{of}"
        if rows and effective == 0.0:
            return f"not measured: the weights of its {rows} {what} are all 0"
        if effective < self.min_n - 1e-6:
            weighed = (
                "" if math.isclose(effective, rows) else f" that are worth {effective:.1f} by their weights"
            )
            return f"insufficient evidence: {rows} {what}{weighed}, {self.min_n} needed"
        clusters = f"{what} of as many as {self.clusters[i]:.1f} clusters"
        return f"insufficient evidence: {rows} {clusters}, {FEWEST_CLUSTERS} needed"

    def reasons(self, *, of: str = "") -> dict[int, str]:
        """Return why groups cannot be measured, by place, of those that cannot."""
        return {i: self.reason(i, of=of) for i in (~self.enough).nonzero()[0].tolist()}

    def rows_needed(self, i: int, group_rows: NDArray[np.int64]) -> int | None:
        """Return the rows that the group needs at its own share of the condition, or at everybody's if it has none.

        None where there are enough, where no number of rows would do, or where clusters are wanting.
        """
        if self.enough[i] or self.effective[i] >= self.min_n - 1e-6:
            return None
        share = (
            self.effective[i] / group_rows[i] if self.rows[i] else self.rows.sum() / max(group_rows.sum(), 1)
        )
        return math.ceil(self.min_n / share - 1e-9) if share > 0 else None


def condition_of(confusions: Confusions, name: str, min_n: int) -> Condition:
    """Return the condition of a metric in each group."""
    return Condition(
        words=metric_of(name).condition,
        rows=condition_rows(confusions, name),
        effective=condition_effective(confusions, name),
        clusters=effective_clusters(confusions, name),
        min_n=min_n,
    )
