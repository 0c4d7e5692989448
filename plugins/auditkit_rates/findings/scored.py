"""Rows with a score, and what calibration reads of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures import (
    auc,
    bins_of,
    bins_of_hundredths,
    count,
    moments,
    scored,
    scored_rows,
)
from auditkit_rates.rows.condition import Condition
from auditkit_rates.rows.counts import clusters_of, weights_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit import Cells, Stats, Subject
    from auditkit.measures import Bins, Confusions, Moments, Ranked, Scored
    from auditkit_rates.params import CalibrationBins
    from auditkit_rates.rows.counts import Labels
    from auditkit_rates.rows.cuts import Cut

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]

ROWS_OF_SMALLER = "rows of the smaller class"


class Calibrated(ABC):
    """Scores of the counted class beside what occurred."""

    stats: Stats

    @property
    @abstractmethod
    def probabilities(self) -> bool:
        """Whether all scores lie in [0, 1]."""

    @abstractmethod
    def cases(self, cut: Cut) -> Confusions:
        """Return the counts of the classes in each group, and in a named group's rest."""

    @abstractmethod
    def moments(self, cut: Cut) -> Moments:
        """Return the moments of score minus class of each group."""

    @abstractmethod
    def bins(self, cut: Cut) -> Bins:
        """Return the bins of calibration of each group."""

    @abstractmethod
    def smaller(self, cut: Cut) -> Condition:
        """Return the rows of the smaller class of each group, and of a named group's rest."""

    @abstractmethod
    def rows(self, cut: Cut) -> Codes:
        """Return each group's rows that have a class and a score, int64 [g]."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Scores(Calibrated):
    """The rows' classes int [n], 1 for the counted one, and its score float64 [n], with weights and clusters."""

    truth: Codes
    score: Floats
    weights: Floats | None
    clusters: Codes | None
    stats: Stats
    made_of: CalibrationBins = "equal_weight"

    @cached_property
    def sorted(self) -> Scored:
        """The rows by ascending score."""
        return scored(self.truth, self.score, weights=self.weights, clusters=self.clusters)

    @cached_property
    def off(self) -> Floats:
        """Score minus class of each row [n], NaN where the class is missing."""
        return np.where(self.truth >= 0, self.score - self.truth, np.nan)

    @cached_property
    def log_loss(self) -> Floats:
        """-log of the score of the class that occurred [n], NaN where it is missing."""
        given = np.where(self.truth == 1, self.score, 1.0 - self.score)
        loss = -np.log(np.clip(given, np.finfo(np.float64).eps, 1.0))
        return np.where(self.truth >= 0, loss, np.nan)

    @property
    def probabilities(self) -> bool:
        """Whether all scores lie in [0, 1]."""
        return bool(np.nanmin(self.score, initial=0.0) >= 0.0 and np.nanmax(self.score, initial=1.0) <= 1.0)

    def cases(self, cut: Cut) -> Confusions:
        """Return the counts of the classes in each group, and in a named group's rest."""
        return count(
            cut.codes, self.truth, self.truth, n_groups=cut.n_codes, n_classes=2, weights=self.weights
        )

    def moments(self, cut: Cut) -> Moments:
        """Return the moments of score minus class of each group."""
        return moments(
            cut.codes, self.off, n_groups=cut.n_codes, weights=self.weights, clusters=self.clusters
        )

    @cached_property
    def units(self) -> Cells:
        """The rows as units of one row each; those without a score have no class either."""
        return scored_rows(np.nan_to_num(self.score), weights=self.weights)

    def bins(self, cut: Cut) -> Bins:
        """Return the bins of each group: of equal weight, or made of hundredths of the score."""
        if self.made_of == "hundredths":
            known = np.where(np.isnan(self.score), -1, self.truth)
            return bins_of_hundredths(cut.codes, known, self.units, n_groups=cut.n_codes)
        return bins_of(self.sorted.blocks(cut.codes, n_groups=cut.n_codes))

    def smaller(self, cut: Cut) -> Condition:
        """Return the rows of the smaller class of each group, and of a named group's rest."""
        return smaller_class(auc(self.sorted.blocks(cut.codes, n_groups=cut.n_codes)), self.stats)

    def rows(self, cut: Cut) -> Codes:
        """Return each group's rows that have a class and a score, int64 [g]."""
        known = (self.truth >= 0) & ~np.isnan(self.score) & (cut.codes >= 0)
        return np.bincount(cut.codes[known], minlength=cut.n_codes)[: len(cut.groups)]


def scores_of(
    subject: Subject, labels: Labels, score: Floats, stats: Stats, *, made_of: CalibrationBins
) -> Scores:
    """Return the scores [n] of the counted class beside the labels."""
    return Scores(
        truth=labels.truth, score=score, weights=weights_of(subject), clusters=clusters_of(subject), stats=stats,
        made_of=made_of,
    )  # fmt: skip


def smaller_class(ranked: Ranked, stats: Stats) -> Condition:
    """Return the rows of the smaller class, of which a ranking needs as many as any rate."""
    return Condition(
        words=ROWS_OF_SMALLER, rows=ranked.rows, effective=ranked.fewest, clusters=ranked.clusters, min_n=stats.min_n
    )  # fmt: skip


def all_rows(found: Moments, stats: Stats) -> Condition:
    """Return all rows of a group."""
    return Condition(
        words="rows", rows=found.rows, effective=found.effective, clusters=found.effective_clusters, min_n=stats.min_n
    )  # fmt: skip
