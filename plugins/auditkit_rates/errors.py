"""Findings about the errors of a numeric target: of all rows, per group, to the rest and to a reference group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures import Measured, gap_interval, loss_gaps, mean_interval, mean_losses, moments
from auditkit_rates.by_group import Column, Gap, group_findings
from auditkit_rates.condition import Condition
from auditkit_rates.counts import clusters_of, weights_of
from auditkit_rates.cuts import Groups, attribute_cuts, everybody, named_cut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from auditkit import Context, Finding, Predictions, Stats, Subject
    from auditkit.measures import Moments
    from auditkit_rates.cuts import Cut

TERMS: dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "mean_error": np.positive,
    "mae": np.abs,
    "mse": np.square,
}


@dataclass(frozen=True, eq=False, kw_only=True)
class Rows:
    """How the rows are averaged: prediction - truth of each, float64 [n], and their weights and clusters, if any."""

    error: NDArray[np.float64]
    weights: NDArray[np.float64] | None
    clusters: NDArray[np.int64] | None

    def moments(self, name: str, cut: Cut) -> Moments:
        """Return the moments of a metric in every group of a cut."""
        return moments(
            cut.codes, TERMS[name](self.error), n_groups=cut.n_codes, weights=self.weights, clusters=self.clusters,
            reference=cut.reference,
        )  # fmt: skip

    def tested(
        self, cuts: Sequence[Cut], names: tuple[str, ...], context: Context
    ) -> dict[tuple[int, str], tuple[Measured, Measured | None]]:
        """Return each cut's means and gaps to the rest with what tests of heavy tails and permutations say of them.

        Rows that belong together cannot be shuffled: with clusters there is nothing.
        """
        if self.clusters is not None:
            return {}
        confidence, values = context.stats.confidence, np.stack([TERMS[name](self.error) for name in names])
        parts = [place for place, cut in enumerate(cuts) if cut.kind != "everybody"]
        gaps = loss_gaps(
            [(cuts[place].codes, cuts[place].n_codes) for place in parts],
            values,
            rng=context.rng("errors"),
            weights=self.weights,
            confidence=confidence,
        )
        by_cut = dict(zip(parts, gaps, strict=True))
        return {
            (place, name): (
                mean_losses(
                    cut.codes, values[i], n_groups=cut.n_codes, weights=self.weights, confidence=confidence
                ),
                by_cut[place][i] if place in by_cut else None,
            )
            for place, cut in enumerate(cuts)
            for i, name in enumerate(names)
        }


def error_findings(
    subject: Subject, predictions: Predictions, names: tuple[str, ...], context: Context
) -> Iterator[Finding]:
    """Yield mean errors of all rows and of each group, and the groups' gaps to the rest and to a reference."""
    truth = subject.column(subject.need_target()).to_numpy(dtype=np.float64)
    error = np.asarray(predictions.pred, dtype=np.float64) - truth
    rows = Rows(error=error, weights=weights_of(subject), clusters=clusters_of(subject))
    cuts = list(_cuts(subject, context.stats))
    tested = rows.tested(cuts, names, context)
    for place, cut in enumerate(cuts):
        for name in names:
            found = rows.moments(name, cut)
            groups = Groups(cut=cut, rows=found.rows[: len(cut.groups)])
            column = _column(cut, name, found, context.stats)
            yield from group_findings(groups, [_as_tested(column, tested.get((place, name)))])


def _cuts(subject: Subject, stats: Stats) -> Iterator[Cut]:
    """Yield all rows, then every attribute and intersection, then every named group, as codes of rows."""
    n = len(subject)
    yield everybody(n)
    codes = np.column_stack([np.empty((n, 0), dtype=np.int64), *(g.codes for g in subject.groupings)])
    yield from attribute_cuts(subject.groupings, codes, stats, rows=np.ones(n, dtype=np.int64))
    yield from map(named_cut, subject.groups)


def _column(cut: Cut, name: str, found: Moments, stats: Stats) -> Column:
    """Return one metric of a cut's groups, with its gaps."""
    groups = slice(len(cut.groups))
    own, gaps = found[groups], []
    if cut.kind != "everybody":
        shared = None if found.clusters is None else found.clusters.shared_with_rest[groups]
        rest = found.rest()[groups]
        gap = _gap(own, rest, shared, stats)
        gaps.append(Gap(compare="to_rest", measured=gap, other=_condition(rest, stats), of=" of the rest"))
    if cut.reference is not None:
        reference = own[np.full(len(cut.groups), cut.reference)]
        shared = None if own.clusters is None else own.clusters.reference
        gap = _gap(own, reference, shared, stats)
        of = f" of {cut.groups[cut.reference]}"
        gaps.append(Gap(compare="to_reference", measured=gap, other=_condition(reference, stats), of=of))
    low, high, degrees = mean_interval(own.mean, own.error, own.degrees, stats.confidence)
    alone = _measured(own.mean, low, high, degrees=degrees, stats=stats)
    return Column(name=name, condition=_condition(own, stats), own=alone, gaps=tuple(gaps))


def _as_tested(column: Column, tested: tuple[Measured, Measured | None] | None) -> Column:
    """Return the column with tested means, and tested gaps to the rest, in place of Welch's."""
    if tested is None:
        return column
    means, gaps = tested
    size = len(column.own.value)
    changed = tuple(
        replace(gap, measured=_first(gaps, size)) if gap.compare == "to_rest" and gaps is not None else gap
        for gap in column.gaps
    )
    return replace(column, own=_first(means, size), gaps=changed)


def _first(measured: Measured, size: int) -> Measured:
    """Return the first groups: a cut's codes may go on to rows that are no group of it."""
    parts = {name: getattr(measured, name)[:size] for name in ("value", "low", "high", "basis")}
    return replace(measured, **parts)


def _gap(own: Moments, other: Moments, shared: NDArray[np.float64] | None, stats: Stats) -> Measured:
    """Return the gap of each group, by clusters no surer than of rows on their own."""
    value, error = own.mean - other.mean, own.error + other.error
    if shared is not None:
        by_cluster = error - 2.0 * own.covariance(other, shared)
        error = np.maximum(by_cluster, own.error_of_rows + other.error_of_rows)
    low, high, degrees = gap_interval(
        value, (own.error, other.error), (own.degrees, other.degrees), stats.confidence, error=error
    )
    return _measured(value, low, high, degrees=degrees, stats=stats)


def _condition(found: Moments, stats: Stats) -> Condition:
    return Condition(
        words="rows",
        rows=found.rows,
        effective=found.effective,
        clusters=found.effective_clusters,
        min_n=stats.min_n,
    )


def _measured(
    value: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    *,
    degrees: NDArray[np.float64],
    stats: Stats,
) -> Measured:
    return Measured(
        value=value, low=low, high=high, confidence=stats.confidence, method="welch", basis=degrees[:, None]
    )
