"""Findings about the errors of a numeric target: of all rows, per group, to the rest and to a reference group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures import (
    heavy_tail,
    joined,
    loss_gaps,
    mean_losses,
    moments,
    rates_of_means,
    root_gaps,
    root_means,
)
from auditkit_rates.findings.between import Source, between_groups
from auditkit_rates.findings.by_group import Column, Gap, group_findings
from auditkit_rates.metrics.reported import BETWEEN, METRICS
from auditkit_rates.rows.condition import Condition
from auditkit_rates.rows.counts import clusters_of, weights_of
from auditkit_rates.rows.cuts import Groups, class_by_class, row_cuts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from auditkit import Context, Finding, Predictions, Stats, Subject
    from auditkit.measures import Measured, Moments
    from auditkit_rates.rows.cuts import Cut

TERMS: dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "mean_error": np.positive,
    "mae": np.abs,
    "mse": np.square,
    "rmse": np.square,
}
LARGEST = 1e100
"""Errors larger than this, or all smaller than 1 over it, have squares and third powers that are infinite, or 0."""
ROOTS = frozenset({"rmse"})
"""The metrics that are the root of the mean of their terms."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Errors:
    """Each metric's terms float64 [c, n], whose mean it is or its root, and the rows' weights and clusters, if any."""

    names: tuple[str, ...]
    terms: NDArray[np.float64]
    weights: NDArray[np.float64] | None
    clusters: NDArray[np.int64] | None
    stats: Stats

    def means(self, cut: Cut) -> list[Measured]:
        """Return every metric in each group of a cut."""
        groups, level = slice(len(cut.groups)), self.stats.confidence
        return [
            (root_means if name in ROOTS else mean_losses)(
                cut.codes,
                column,
                n_groups=cut.n_codes,
                weights=self.weights,
                clusters=self.clusters,
                confidence=level,
            )[groups]
            for name, column in zip(self.names, self.terms, strict=True)
        ]

    def gaps(
        self, cuts: Sequence[tuple[NDArray[np.int64], int]], rng: np.random.Generator
    ) -> list[list[Measured]]:
        """Return every metric's gap to the rest in each group of each cut, as (codes, number of groups)."""
        found = loss_gaps(
            cuts,
            self.terms,
            rng=rng,
            weights=self.weights,
            clusters=self.clusters,
            confidence=self.stats.confidence,
        )
        return [
            [
                self._of_roots(cut, column, gap) if name in ROOTS else gap
                for name, column, gap in zip(self.names, self.terms, gaps, strict=True)
            ]
            for cut, gaps in zip(cuts, found, strict=True)
        ]

    def _of_roots(
        self, cut: tuple[NDArray[np.int64], int], squares: NDArray[np.float64], gaps: Measured
    ) -> Measured:
        codes, n_groups = cut
        return root_gaps(
            codes, squares, of_squares=gaps, n_groups=n_groups, weights=self.weights, clusters=self.clusters
        )

    def condition(self, cut: Cut) -> tuple[Condition, Condition]:
        """Return the rows of each group of a cut, and of each one's rest."""
        own = moments(
            cut.codes, self.terms[0], n_groups=cut.n_codes, weights=self.weights, clusters=self.clusters
        )
        groups = slice(len(cut.groups))
        return self._rows(own)[groups], self._rows(own.rest())[groups]

    def _rows(self, found: Moments) -> Condition:
        return Condition(
            words="rows",
            rows=found.rows,
            effective=found.effective,
            clusters=found.effective_clusters,
            min_n=self.stats.min_n,
        )


def error_findings(
    subject: Subject, predictions: Predictions, names: tuple[str, ...], context: Context
) -> Iterator[Finding]:
    """Yield mean errors of all rows and of each group, and the groups' gaps to the rest and to a reference."""
    truth = subject.column(subject.need_target()).to_numpy(dtype=np.float64)
    with np.errstate(over="ignore"):
        error = np.asarray(predictions.pred, dtype=np.float64) - truth
    largest = float(np.abs(error).max(initial=0.0, where=~np.isnan(error)))
    if not (largest == 0.0 or 1.0 / LARGEST < largest < LARGEST):
        why = f"they go up to {largest:.3g}, whose square is no number; give target and predictions in another unit"
        context.skip("errors of predictions", why, n=len(error))
        return
    terms = {name: TERMS[name](error) for name in names}
    yield from loss_findings(subject, terms, list(row_cuts(subject, context.stats)), context)


def loss_findings(
    subject: Subject, terms: Mapping[str, NDArray[np.float64]], cuts: Sequence[Cut], context: Context
) -> Iterator[Finding]:
    """Yield the mean of each metric's terms [n] in all rows and in each group, and the groups' gaps."""
    if not terms:
        return
    errors = Errors(
        names=tuple(terms),
        terms=np.stack(list(terms.values())),
        weights=weights_of(subject),
        clusters=clusters_of(subject),
        stats=context.stats,
    )
    compared = [cut for cut in cuts if cut.kind != "everybody"]
    gaps = errors.gaps([(cut.codes, cut.n_codes) for cut in compared], context.rng("gaps of errors"))
    found = {id(cut): gap for cut, gap in zip(compared, gaps, strict=True)}
    for cut in cuts:
        columns = _columns(cut, errors, found.get(id(cut), []), context)
        if cut.kind == "everybody":
            _tell_of_heavy_tails(columns, context)
        groups = Groups(cut=cut, rows=columns[0].condition.rows)
        yield from class_by_class(group_findings(groups, columns))
        if cut.kind == "attribute":
            yield from _between(groups, columns, context.stats)


def _between(groups: Groups, columns: Sequence[Column], stats: Stats) -> Iterator[Finding]:
    """Yield how far apart an attribute's groups are, of the metrics that are compared so."""
    for column in columns:
        compares = tuple(c for c in BETWEEN if c in METRICS[column.name].compares)
        rates = rates_of_means(column.own, confidence=stats.confidence).only(column.condition.enough)
        source = Source(name=column.name, rates=rates, condition=column.condition)
        found = between_groups(groups, (column.name,), {column.name: source}, stats, compares=compares)
        yield from class_by_class(found)


def _tell_of_heavy_tails(columns: Sequence[Column], context: Context) -> None:
    """Say of which metrics a few rows hold so much that only the sign of a gap can be shown."""
    known = [column for column in columns if column.condition.enough[0]]
    shares = {column.name: heavy_tail(column.own.interval(0)) for column in known}
    light = [name for name, share in shares.items() if share is None]
    better = f" {' and '.join(light)} can be bounded." if light else ""
    for name, share in shares.items():
        if share is not None:
            context.say(
                f"{name} has a heavy tail: the largest 1 % of the rows hold {share:.0%} of its sum. "
                f"Only the sign of its gaps can be shown, no size.{better}"
            )


def _columns(cut: Cut, errors: Errors, to_rest: Sequence[Measured], context: Context) -> list[Column]:
    """Return every metric of a cut's groups, with its gaps."""
    groups = slice(len(cut.groups))
    own, rest = errors.condition(cut)
    gaps: list[list[Gap]] = [[] for _ in errors.names]
    for column, measured in zip(gaps, to_rest, strict=False):  # all rows have none
        column.append(Gap(compare="to_rest", measured=measured[groups], other=rest, of=" of the rest"))
    if cut.reference is not None:
        place = cut.reference
        other = own[np.full(len(cut.groups), place)]
        for column, measured in zip(gaps, _to_reference(cut, place, errors, context), strict=True):
            of = f" of {cut.groups[place]}"
            column.append(Gap(compare="to_reference", measured=measured, other=other, of=of))
    return [
        Column(name=name, condition=own, own=mean, gaps=tuple(gap))
        for name, mean, gap in zip(errors.names, errors.means(cut), gaps, strict=True)
    ]


def _to_reference(cut: Cut, reference: int, errors: Errors, context: Context) -> list[Measured]:
    """Return every metric's gap of each group to the reference group: that to the rest if there were no others."""
    pairs = [
        (np.select([cut.codes == group, cut.codes == reference], [0, 1], -1), 2)
        for group in range(len(cut.groups))
    ]
    found = errors.gaps(pairs, context.rng(f"gaps of errors to the reference of {cut.name}"))
    return [joined([gaps[i][:1] for gaps in found]) for i in range(len(errors.names))]
