"""Statistics that plugins share: group counts, metrics, intervals, bounds, bootstrap, disparities, power.

Arrays go in and come out; nothing here knows a table or a plugin. Groups are codes 0..g-1, -1 for none; a gap
is signed, group - rest.
"""

from __future__ import annotations

from auditkit.measures.between.best import ToBest, gaps_to_best, gaps_to_best_of
from auditkit.measures.between.certain import certain_gaps
from auditkit.measures.between.corrections import adjust, levels
from auditkit.measures.between.disparity import (
    Aggregate,
    Disparity,
    difference,
    disparities,
    equalized_odds_difference,
    equalized_odds_ratio,
    ratio,
)
from auditkit.measures.between.impact import Impact, impact_of, impact_of_highest
from auditkit.measures.between.paired import (
    PairedCounts,
    PairedRate,
    change_interval,
    count_pairs,
    gap_change_interval,
    paired_rate,
)
from auditkit.measures.between.paired_spans import SpanChange, span_change
from auditkit.measures.between.power import rows_needed
from auditkit.measures.between.rates import Rates, rates_of, rates_of_means, rates_of_ranking
from auditkit.measures.between.strata import Arm, Pooled, mantel_haenszel, others_within
from auditkit.measures.bounds.at_level import bound_at, p_value
from auditkit.measures.bounds.direct import heavy_tail
from auditkit.measures.bounds.many import bounds_at, p_values
from auditkit.measures.bounds.tabulated import tabulated_interval
from auditkit.measures.changes.clustered import ClusteredChange, clustered_change
from auditkit.measures.changes.independent import independent_change
from auditkit.measures.changes.ratios import dependent_change, ratio_correlation
from auditkit.measures.closed_forms.gap_to_all import gap_of_counts, gap_of_means
from auditkit.measures.closed_forms.means import welch
from auditkit.measures.closed_forms.proportions import newcombe, wilson
from auditkit.measures.compiled.kernels import machine_code
from auditkit.measures.compiled.pace import expect_bounds
from auditkit.measures.counting.counts import Confusions, count, one_vs_rest
from auditkit.measures.counting.cross import Counts, cross
from auditkit.measures.counting.design import design, effective_clusters
from auditkit.measures.counting.intersections import intersections
from auditkit.measures.counting.metrics import METRICS, CountMetric, available, metric_of
from auditkit.measures.counting.moments import Moments, moments
from auditkit.measures.counting.values import condition_effective, condition_rows, metric_values
from auditkit.measures.exact.sides import SIDES, Side
from auditkit.measures.intervals.bootstrap import bootstrap_metrics
from auditkit.measures.intervals.loss_gaps import loss_gaps, mean_losses
from auditkit.measures.intervals.of_scores import (
    in_the_large_gap,
    measured_calibration_error,
    measured_in_the_large,
    measured_ranking,
    measured_smd,
    ranking_gap,
)
from auditkit.measures.intervals.order import points_away, points_away_by_score
from auditkit.measures.intervals.per_metric import Measured, joined, measure, measure_gap
from auditkit.measures.intervals.roots import root_gaps, root_means
from auditkit.measures.losses.bounds import MeanBasis
from auditkit.measures.losses.heavy_tail import tails
from auditkit.measures.repairs.change import Changed, change_findings, changes_of
from auditkit.measures.repairs.claims import claims
from auditkit.measures.repairs.cost import accuracy_cost, balanced_accuracy_cost
from auditkit.measures.repairs.failures import failures_of
from auditkit.measures.repairs.measure import HeldOut, Stage, findings_of, seed_error
from auditkit.measures.repairs.told import MeasuredRepair, measured_repair
from auditkit.measures.scores.auc import auc
from auditkit.measures.scores.average_precision import average_precision
from auditkit.measures.scores.blocks import Blocks, Scored, scored
from auditkit.measures.scores.calibration_error import Bins, bins_of
from auditkit.measures.scores.hundredths import bins_of_hundredths, moments_of_sums, scored_rows
from auditkit.measures.scores.ranked import Ranked, joined_rankings
from auditkit.measures.scores.smd import Powers, powers, smd

__all__ = [
    "METRICS",
    "SIDES",
    "Aggregate",
    "Arm",
    "Bins",
    "Blocks",
    "Changed",
    "ClusteredChange",
    "Confusions",
    "CountMetric",
    "Counts",
    "Disparity",
    "HeldOut",
    "Impact",
    "MeanBasis",
    "Measured",
    "MeasuredRepair",
    "Moments",
    "PairedCounts",
    "PairedRate",
    "Pooled",
    "Powers",
    "Ranked",
    "Rates",
    "Scored",
    "Side",
    "SpanChange",
    "Stage",
    "ToBest",
    "accuracy_cost",
    "adjust",
    "auc",
    "available",
    "average_precision",
    "balanced_accuracy_cost",
    "bins_of",
    "bins_of_hundredths",
    "bootstrap_metrics",
    "bound_at",
    "bounds_at",
    "certain_gaps",
    "change_findings",
    "change_interval",
    "changes_of",
    "claims",
    "clustered_change",
    "condition_effective",
    "condition_rows",
    "count",
    "count_pairs",
    "cross",
    "dependent_change",
    "design",
    "difference",
    "disparities",
    "effective_clusters",
    "equalized_odds_difference",
    "equalized_odds_ratio",
    "expect_bounds",
    "failures_of",
    "findings_of",
    "gap_change_interval",
    "gap_of_counts",
    "gap_of_means",
    "gaps_to_best",
    "gaps_to_best_of",
    "heavy_tail",
    "impact_of",
    "impact_of_highest",
    "in_the_large_gap",
    "independent_change",
    "intersections",
    "joined",
    "joined_rankings",
    "levels",
    "loss_gaps",
    "machine_code",
    "mantel_haenszel",
    "mean_losses",
    "measure",
    "measure_gap",
    "measured_calibration_error",
    "measured_in_the_large",
    "measured_ranking",
    "measured_repair",
    "measured_smd",
    "metric_of",
    "metric_values",
    "moments",
    "moments_of_sums",
    "newcombe",
    "one_vs_rest",
    "others_within",
    "p_value",
    "p_values",
    "paired_rate",
    "points_away",
    "points_away_by_score",
    "powers",
    "ranking_gap",
    "rates_of",
    "rates_of_means",
    "rates_of_ranking",
    "ratio",
    "ratio_correlation",
    "root_gaps",
    "root_means",
    "rows_needed",
    "scored",
    "scored_rows",
    "seed_error",
    "smd",
    "span_change",
    "tabulated_interval",
    "tails",
    "welch",
    "wilson",
]
