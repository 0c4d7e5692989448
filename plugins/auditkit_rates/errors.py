"""Findings about the errors of a numeric target, per group and against the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit import Finding, Interval
from auditkit.measures import mean_interval, moments, welch
from auditkit_rates.counts import weights_of
from auditkit_rates.cuts import attribute_cuts, everybody, named_cut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from auditkit import Predictions, Stats, Subject
    from auditkit.measures import Moments
    from auditkit_rates.cuts import Cut

TERMS: dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "mean_error": np.positive,
    "mae": np.abs,
    "mse": np.square,
}


def error_findings(
    subject: Subject, predictions: Predictions, names: tuple[str, ...], stats: Stats
) -> Iterator[Finding]:
    """Yield mean errors, prediction - truth, of all rows and of each group, and the groups' gaps to the rest."""
    truth = subject.column(subject.need_target()).to_numpy(dtype=np.float64)
    error = np.asarray(predictions.pred, dtype=np.float64) - truth
    weights = weights_of(subject)
    for cut in _cuts(subject, stats):
        for name in names:
            own = moments(cut.codes, TERMS[name](error), n_groups=cut.n_codes, weights=weights)
            yield from _of_cut(cut, name, own, stats)


def _cuts(subject: Subject, stats: Stats) -> Iterator[Cut]:
    """Yield all rows, then every attribute and intersection, then every named group, as codes of rows."""
    n = len(subject)
    yield everybody(n)
    codes = np.column_stack([np.empty((n, 0), dtype=np.int64), *(g.codes for g in subject.groupings)])
    yield from attribute_cuts(subject.groupings, codes, stats, rows=np.ones(n, dtype=np.int64))
    yield from map(named_cut, subject.groups)


def _of_cut(cut: Cut, name: str, own: Moments, stats: Stats) -> Iterator[Finding]:
    rest = own.rest()
    low, high, degrees = mean_interval(own.mean, own.variance, n=own.n, confidence=stats.confidence)
    gap_low, gap_high, gap_degrees = welch(
        own.mean, own.variance, own.n, mean2=rest.mean, var2=rest.variance, n2=rest.n, confidence=stats.confidence
    )  # fmt: skip
    for i, group in enumerate(cut.groups):
        blank = Finding(
            metric=name, value=None, n=int(own.rows[i]), group=group, details={"attribute": cut.name},
        )  # fmt: skip
        if own.rows[i] < stats.min_n or rest.rows[i] < stats.min_n:
            rows = f"{own.rows[i]} rows and {rest.rows[i]} in the rest"
            reason = f"insufficient evidence: {rows}, {stats.min_n} needed"
            blank = replace(blank, reason=reason, rows_needed=stats.min_n)
            yield blank
            if cut.kind != "everybody":
                yield replace(blank, compare="to_rest")
            continue
        yield replace(blank, value=float(own.mean[i]), interval=_interval(low[i], high[i], degrees[i], stats))
        gap = _interval(gap_low[i], gap_high[i], gap_degrees[i], stats)
        yield replace(blank, value=float(own.mean[i] - rest.mean[i]), interval=gap, compare="to_rest")


def _interval(low: float, high: float, degrees: float, stats: Stats) -> Interval:
    return Interval(float(low), float(high), stats.confidence, "welch", (float(degrees),))
