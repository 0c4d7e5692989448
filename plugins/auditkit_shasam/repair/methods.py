"""Methods beside each other: accuracy against equalized odds, with the spread between training runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit import Chart, Layer, Table
from auditkit_shasam.training.balance import equalized_odds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit import Colour
    from auditkit_shasam.mining import Cells


@dataclass(frozen=True, eq=False, kw_only=True)
class Outcome:
    """A method's accuracy and mean equalized odds difference on held-out rows, float64 [runs] each."""

    name: str
    accuracy: NDArray[np.float64]
    odds: NDArray[np.float64]


def outcome_of(name: str, predicted: NDArray[np.int64], cells: Cells, *, min_n: int) -> Outcome:
    """Return the outcome of class codes [runs, n]; cells of class and group with too few rows are left out of odds."""
    small = (cells.counts < min_n)[cells.target, cells.sensitive] | (cells.sensitive < 0)
    known = replace(cells, sensitive=np.where(small, -1, cells.sensitive))
    return Outcome(
        name=name,
        accuracy=(predicted == cells.target).mean(axis=1),
        odds=np.array([equalized_odds(run, known) for run in predicted]),
    )


def methods_chart(outcomes: Sequence[Outcome]) -> Chart:
    """Return accuracy against equalized odds: a point per method at the mean of its runs, bars from least to most."""
    others: list[Colour] = ["second"] * len(outcomes)
    layers = [
        Layer(
            kind="points",
            name=one.name,
            x=(float(one.accuracy.mean()),),
            y=(float(one.odds.mean()),),
            low=(float(one.odds.min()),),
            high=(float(one.odds.max()),),
            texts=(one.name,),
            colour=colour,
        )
        for one, colour in zip(outcomes, ("faint", "accent", *others), strict=False)
    ]
    return Chart(
        title="Accuracy against equalized odds",
        layers=tuple(layers),
        x_title="accuracy",
        y_title="equalized odds difference (mean)",
        caption="Held-out rows. Better is to the right and down. A point is the mean of a method's training runs, its "
        "bar reaches from the lowest run to the highest.",
    )


def methods_table(outcomes: Sequence[Outcome], *, confidence: float) -> Table:
    """Return the same as a table, with the half-width of the mean's interval over runs (Student's t)."""
    rows = [
        (one.name, len(one.odds), *_mean(one.accuracy, confidence), *_mean(one.odds, confidence))
        for one in outcomes
    ]
    return Table(
        title="Methods compared",
        columns=("method", "runs", "accuracy", "accuracy ±", "equalized odds (mean)", "equalized odds ±"),
        rows=tuple(rows),
        caption="Held-out rows; ± is over training runs, rows being the same. Before has one run if it came with the "
        "data.",
    )


def _mean(values: NDArray[np.float64], confidence: float) -> tuple[float, float | None]:
    """Return the mean and the half-width of its interval, None for one run."""
    runs = len(values)
    if runs < 2:
        return float(values.mean()), None
    from scipy.stats import t  # takes 0.3 s to import

    half = t.ppf((1 + confidence) / 2, runs - 1) * values.std(ddof=1) / np.sqrt(runs)
    return float(values.mean()), float(half)
