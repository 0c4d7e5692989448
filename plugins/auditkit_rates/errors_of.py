"""Findings about the errors of a numeric target, per group and against the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit import Finding, Interval
from auditkit.measures import mean_interval, moments, welch
from auditkit_rates.declare import REGRESSION_METRICS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from auditkit import Stats
    from auditkit_rates.cuts import Cut

TERMS: dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "mean_error": np.positive,
    "mae": np.abs,
    "mse": np.square,
}
META = {metric.name: metric for metric in REGRESSION_METRICS}


def error_findings(
    cut: Cut,
    error: NDArray[np.float64],
    names: tuple[str, ...],
    stats: Stats,
    *,
    weights: NDArray[np.float64] | None,
) -> Iterator[Finding]:
    """Yield mean errors of each group and their gaps to the rest; `error` is prediction - truth, float [n]."""
    for name in names:
        own = moments(cut.codes, TERMS[name](error), n_groups=len(cut.groups), weights=weights)
        rest = own.rest()
        low, high, degrees = mean_interval(own.mean, own.variance, n=own.n, confidence=stats.confidence)
        gap_low, gap_high, gap_degrees = welch(
            own.mean,
            own.variance,
            own.n,
            mean2=rest.mean,
            var2=rest.variance,
            n2=rest.n,
            confidence=stats.confidence,
        )
        for i, group in enumerate(cut.groups):
            blank = Finding(
                metric=name, value=None, n=int(own.rows[i]), group=group, unit=META[name].unit,
                direction=META[name].direction, details={"attribute": cut.name},
            )  # fmt: skip
            if own.rows[i] < stats.min_n or rest.rows[i] < stats.min_n:
                rows = f"{own.rows[i]} rows and {rest.rows[i]} in the rest"
                reason = f"insufficient evidence: {rows}, {stats.min_n} needed"
                blank = replace(blank, reason=reason, rows_needed=stats.min_n)
                yield from (blank, replace(blank, compare="to_rest"))
                continue
            yield replace(
                blank, value=float(own.mean[i]), interval=_interval(low[i], high[i], degrees[i], stats)
            )
            gap = _interval(gap_low[i], gap_high[i], gap_degrees[i], stats)
            yield replace(blank, value=float(own.mean[i] - rest.mean[i]), interval=gap, compare="to_rest")


def _interval(low: float, high: float, degrees: float, stats: Stats) -> Interval:
    return Interval(float(low), float(high), stats.confidence, "welch", (float(degrees),))
