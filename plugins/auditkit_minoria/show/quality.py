"""How a model fares on some rows: accuracy, F1 and loss, from the rows that nothing was chosen on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit import Cells
from auditkit.measures import count, gap_of_means, measure, moments

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit import Interval
    from auditkit_minoria.features.material import Material

    Estimate: TypeAlias = tuple[float, Interval]

PERCENTILES = (1.0, 0.5, 0.2, 0.1, 0.08, 0.01, 0.001, 0.0001)
"""Shares of the rows in a tail that the paper's tables report."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Judged:
    """Known losses [n] (None without any) and, of a classification with predictions, class codes [n].

    `rows` bool [n] are those to judge by; `chance` [n] is the probability of the positive one of two classes, `weight`
    [n] what a row weighs, None where all weigh alike; or what each stands for, where rows are cells of rows.
    """

    rows: NDArray[np.bool_]
    loss: NDArray[np.float64] | None
    unit: str
    truth: NDArray[np.int64] | None = None
    predicted: NDArray[np.int64] | None = None
    classes: int = 0
    chance: NDArray[np.float64] | None = None
    weight: NDArray[np.float64] | Cells | None = None

    @property
    def weighted(self) -> bool:
        """Whether some rows weigh more than others."""
        return (
            self.weight.squares is not self.weight.weights
            if isinstance(self.weight, Cells)
            else self.weight is not None
        )

    def number(self, members: NDArray[np.bool_]) -> int:
        """Return how many of the members [n] are judged by."""
        inside = members & self.rows
        return int(self.weight.rows[inside].sum()) if isinstance(self.weight, Cells) else int(inside.sum())

    def mean_loss(self, members: NDArray[np.bool_]) -> float | None:
        """Return the mean loss of the members [n] that are judged by, None if there is none."""
        inside = members & self.rows
        if self.loss is None or not inside.any():
            return None
        return float(np.average(self.loss[inside], weights=self._of(inside)))

    def share(self, members: NDArray[np.bool_]) -> float:
        """Return the members' share of the rows to judge by, by their weights if they have any; 0 of no rows."""
        return float(np.average(members[self.rows], weights=self._of(self.rows))) if self.rows.any() else 0.0

    def _of(self, rows: NDArray[np.bool_]) -> NDArray[np.float64] | None:
        if self.weight is None:
            return None
        return self.weight.weights[rows] if isinstance(self.weight, Cells) else self.weight[rows]

    def metric(self, name: str, members: NDArray[np.bool_], *, confidence: float) -> Estimate | None:
        """Return accuracy, f1 (the classes' mean for more than two), or fnr or fpr of two, with its interval.

        None where it cannot be measured.
        """
        if self.truth is None or self.predicted is None or (name in {"fnr", "fpr"} and self.classes != 2):
            return None
        codes = np.where(members & self.rows, 0, -1)
        counts = count(
            codes, self.truth, self.predicted, n_groups=1, n_classes=self.classes, weights=self.weight
        )
        measured = measure(
            counts, "macro_f1" if name == "f1" and self.classes > 2 else name, confidence=confidence
        )
        value = float(measured.value[0])
        return None if np.isnan(value) else (value, measured.interval(0))

    def rows_of(self, name: str, members: NDArray[np.bool_]) -> int:
        """Return the rows of the denominator of accuracy, fnr or fpr."""
        if self.truth is None or name == "accuracy":
            return self.number(members)
        return self.number(members & (self.truth == {"fnr": 1, "fpr": 0}[name]))

    def miscalibration(self, members: NDArray[np.bool_], *, confidence: float) -> Estimate | None:
        """Return mean score minus share observed, with Student's interval; None without scores of two classes."""
        inside = members & self.rows
        n = int(inside.sum())
        if self.chance is None or self.truth is None or n < 2:
            return None
        off = self.chance[inside] - (self.truth[inside] == 1)
        known = moments(np.zeros(n, dtype=np.int64), off, n_groups=1, weights=self._of(inside))
        value, degrees = float(known.mean[0]), float(known.degrees[0])
        if degrees < 1:
            return None
        return value, gap_of_means(value, degrees, float(np.sqrt(known.error[0])), confidence=confidence)


def judged(material: Material) -> Judged:
    """Return what rows are judged by: the held-out ones that have a loss, or all rows without any loss."""
    subject, predictions = material.subject, material.predictions
    rows, loss, unit = material.judges, material.loss, material.unit
    if predictions is None or subject.target is None or subject.task == "regression":
        return Judged(rows=rows, loss=loss, unit=unit, weight=material.weight)
    two = predictions.score is not None and len(subject.classes) == 2
    return Judged(
        rows=rows,
        loss=loss,
        unit=unit,
        truth=subject.truth,
        predicted=predictions.codes_in(subject.classes),
        classes=len(subject.classes),
        chance=predictions.score[:, 1] if predictions.score is not None and two else None,
        weight=material.weight,
    )
