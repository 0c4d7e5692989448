"""Scores of rows that an engine counted: calibration by sums over their hundredths, and nothing that needs the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit import UsageError
from auditkit.measures import bins_of_hundredths, condition_effective, condition_rows, count, moments_of_sums
from auditkit_rates.findings.scored import ROWS_OF_SMALLER, Calibrated
from auditkit_rates.metrics.scores import COUNTED, SCORE_METRICS
from auditkit_rates.rows.condition import Condition

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit import Cells, Context, Stats, Subject
    from auditkit.measures import Bins, Confusions, Moments
    from auditkit_rates.params import RatesParams
    from auditkit_rates.rows.counts import Labels
    from auditkit_rates.rows.cuts import Cut

    Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False, kw_only=True)
class CountedScores(Calibrated):
    """The classes int [c] of cells of rows, 1 for the counted one, and what the cells' scores sum to."""

    truth: Codes
    cells: Cells
    stats: Stats

    @property
    def probabilities(self) -> bool:
        """Whether all scores lie in [0, 1]."""
        scores = self.cells.scores
        return scores is not None and bool((scores.least >= 0.0).all() and (scores.most <= 1.0).all())

    def cases(self, cut: Cut) -> Confusions:
        """Return the counts of the classes in each group, and in a named group's rest."""
        return count(cut.codes, self.truth, self.truth, n_groups=cut.n_codes, n_classes=2, weights=self.cells)

    def moments(self, cut: Cut) -> Moments:
        """Return the moments of score minus class of each group."""
        return moments_of_sums(cut.codes, self.truth, self.cells, n_groups=cut.n_codes)

    def bins(self, cut: Cut) -> Bins:
        """Return the bins of each group, made of hundredths of the score."""
        return bins_of_hundredths(cut.codes, self.truth, self.cells, n_groups=cut.n_codes)

    def smaller(self, cut: Cut) -> Condition:
        """Return the rows of the smaller class of each group, and of a named group's rest."""
        cases = self.cases(cut)
        sides = [
            (condition_rows(cases, name), condition_effective(cases, name)) for name in ("tpr", "fpr")
        ]  # rows of the class, and of the other one
        return Condition(
            words=ROWS_OF_SMALLER, rows=np.minimum(sides[0][0], sides[1][0]),
            effective=np.minimum(sides[0][1], sides[1][1]), clusters=np.full(cut.n_codes, np.inf),
            min_n=self.stats.min_n,
        )  # fmt: skip

    def rows(self, cut: Cut) -> Codes:
        """Return each group's rows, int64 [g]."""
        return self.cases(cut).rows[: len(cut.groups)]


def counted_scores(
    subject: Subject, labels: Labels, params: RatesParams, context: Context, *, asked: tuple[str, ...]
) -> CountedScores | None:
    """Return what an engine summed of scores, if any; raise UsageError for a metric that sums do not give."""
    cells = subject.cells
    of_scores = [name for name in asked if name in (*(metric.name for metric in SCORE_METRICS), "smd")]
    if wrong := [name for name in of_scores if name not in COUNTED]:
        message = (
            f"metric '{wrong[0]}' needs each row's score, and an engine only counts: of scores it serves "
            f"{' and '.join(COUNTED)}"
        )
        raise UsageError(message)
    if cells is None or cells.scores is None:
        if of_scores:
            message = f"metric '{of_scores[0]}' is of a score: name its column with --score"
            raise UsageError(message)
        return None
    if "calibration_error" in asked and params.calibration_bins == "equal_weight":
        message = (
            "bins of equal weight rank rows by their score, and an engine only counts: "
            "--calibration-bins hundredths makes them of whole hundredths"
        )
        raise UsageError(message)
    if not asked:
        why = "rows are ranked by their score one by one, and an engine only counts"
        context.skip("AUC", why, n=subject.n_rows)
    return CountedScores(truth=labels.truth, cells=cells, stats=context.stats)
