"""Statistics that plugins share: group counts, metrics, intervals, bounds, bootstrap, disparities, power.

Arrays go in and come out; nothing here knows a table or a plugin. Groups are codes 0..g-1, -1 for none; a gap
is signed, group - rest.
"""

from __future__ import annotations

from auditkit.measures.bootstrap import bootstrap_gaps, bootstrap_metrics, percentile_interval, resample
from auditkit.measures.bounds import Side, bound_at, interval_at, p_value
from auditkit.measures.corrections import Correction, adjust, bh_levels, holm_levels, levels
from auditkit.measures.counts import Confusions, count, kish
from auditkit.measures.disparity import (
    Disparity,
    Rates,
    difference,
    equalized_odds_difference,
    equalized_odds_ratio,
    rates_from_counts,
    rates_from_draws,
    ratio,
)
from auditkit.measures.intersections import Intersection, intersections
from auditkit.measures.intervals import hybrid, mean_interval, newcombe, welch, wilson
from auditkit.measures.losses import (
    RegressionErrors,
    absolute,
    log_loss,
    regression_errors,
    squared,
    zero_one,
)
from auditkit.measures.metric_intervals import Measured, measure, measure_gap
from auditkit.measures.metrics import (
    METRICS,
    CountMetric,
    available,
    class_values,
    condition_rows,
    effective_counts,
    many_values,
    metric_of,
    metric_values,
    one_vs_rest,
    proportion_counts,
)
from auditkit.measures.moments import Moments, moments
from auditkit.measures.paired import (
    PairedCounts,
    PairedRate,
    change_interval,
    count_pairs,
    gap_change_interval,
    paired_rate,
)
from auditkit.measures.paired_spans import SpanChange, span_change
from auditkit.measures.power import rows_for_half_width, rows_needed

__all__ = [
    "METRICS",
    "Confusions",
    "Correction",
    "CountMetric",
    "Disparity",
    "Intersection",
    "Measured",
    "Moments",
    "PairedCounts",
    "PairedRate",
    "Rates",
    "RegressionErrors",
    "Side",
    "SpanChange",
    "absolute",
    "adjust",
    "available",
    "bh_levels",
    "bootstrap_gaps",
    "bootstrap_metrics",
    "bound_at",
    "change_interval",
    "class_values",
    "condition_rows",
    "count",
    "count_pairs",
    "difference",
    "effective_counts",
    "equalized_odds_difference",
    "equalized_odds_ratio",
    "gap_change_interval",
    "holm_levels",
    "hybrid",
    "intersections",
    "interval_at",
    "kish",
    "levels",
    "log_loss",
    "many_values",
    "mean_interval",
    "measure",
    "measure_gap",
    "metric_of",
    "metric_values",
    "moments",
    "newcombe",
    "one_vs_rest",
    "p_value",
    "paired_rate",
    "percentile_interval",
    "proportion_counts",
    "rates_from_counts",
    "rates_from_draws",
    "ratio",
    "regression_errors",
    "resample",
    "rows_for_half_width",
    "rows_needed",
    "span_change",
    "squared",
    "welch",
    "wilson",
    "zero_one",
]
