"""Findings about scores: how they rank the rows of each group, and whether they say what happens there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from auditkit import Finding
from auditkit.measures import (
    Measured,
    Moments,
    auc,
    average_precision,
    bins_of,
    count,
    in_the_large_gap,
    joined_rankings,
    measured_calibration_error,
    measured_in_the_large,
    measured_ranking,
    moments,
    ranking_gap,
    rates_of_ranking,
    scored,
)
from auditkit_rates.findings.between import Source, between_groups
from auditkit_rates.findings.by_group import Column, Gap, group_findings
from auditkit_rates.findings.curve import show_curve
from auditkit_rates.findings.errors import loss_findings
from auditkit_rates.findings.to_best import to_best
from auditkit_rates.metrics.scores import CALIBRATION, LOSSES, RANKING
from auditkit_rates.rows.condition import Condition
from auditkit_rates.rows.counts import clusters_of, weights_of
from auditkit_rates.rows.cuts import Cut, Groups, row_cuts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from auditkit import Context, Stats, Subject
    from auditkit.measures import Confusions, Ranked, Scored
    from auditkit_rates.rows.counts import Labels

    Floats = NDArray[np.float64]

ROWS_OF_SMALLER = "rows of the smaller class"


@dataclass(frozen=True, eq=False, kw_only=True)
class Scores:
    """The rows' classes int [n], 1 for the counted one, and its score float64 [n], with weights and clusters."""

    truth: NDArray[np.int64]
    score: Floats
    weights: Floats | None
    clusters: NDArray[np.int64] | None
    stats: Stats

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


def scores_of(subject: Subject, labels: Labels, score: Floats, stats: Stats) -> Scores:
    """Return the scores [n] of the counted class beside the labels."""
    return Scores(
        truth=labels.truth, score=score, weights=weights_of(subject), clusters=clusters_of(subject), stats=stats
    )  # fmt: skip


def score_findings(
    subject: Subject, scores: Scores, names: Sequence[str], context: Context
) -> Iterator[Finding]:
    """Yield each named metric of all rows, of each group, and their gaps."""
    if not names:
        return
    cuts = list(row_cuts(subject, context.stats))
    for cut in cuts:
        for metric in RANKING:
            if metric.name in names:
                yield from _ranking(cut, scores, metric.name)
        for metric in CALIBRATION:
            if metric.name in names and scores.probabilities:
                yield from _by_name[metric.name](cut, scores)
        if cut.kind == "attribute" and "calibration_error" in names and scores.probabilities:
            show_curve(cut, bins_of(scores.sorted.blocks(cut.codes, n_groups=cut.n_codes)), context)
    losses = tuple(metric.name for metric in LOSSES if metric.name in names)
    if scores.probabilities:
        terms = {name: scores.log_loss if name == "log_loss" else np.square(scores.off) for name in losses}
        yield from loss_findings(subject, terms, cuts, context)
        return
    unmeasured = [m.name for m in (*CALIBRATION, *LOSSES) if m.name in names]
    reason = "not measured: the scores are no probabilities; some lie outside 0 to 1"
    for name in unmeasured:
        yield Finding(metric=name, value=None, n=len(subject), reason=reason)


def _ranking(cut: Cut, scores: Scores, name: str) -> Iterator[Finding]:
    """Yield a ranking measure of a cut's groups, with its gaps and how far apart an attribute's groups are."""
    measure = {"auc": auc, "average_precision": average_precision}[name]
    every = measure(scores.sorted.blocks(cut.codes, n_groups=cut.n_codes))
    own, stats = every[slice(len(cut.groups))], scores.stats
    gaps: list[Gap] = []
    if name == "auc" and cut.kind != "everybody":
        rest = _rest(cut, scores, every)
        gaps.append(_gap("to_rest", own, rest, " of the rest", stats))
        if cut.reference is not None:
            reference = own[np.full(len(cut.groups), cut.reference)]
            gaps.append(_gap("to_reference", own, reference, f" of {cut.groups[cut.reference]}", stats))
    groups = Groups(cut=cut, rows=_rows(cut, scores))
    column = Column(
        name=name, condition=_smaller(own, stats), gaps=tuple(gaps),
        own=measured_ranking(own, confidence=stats.confidence),
    )  # fmt: skip
    yield from group_findings(groups, [column])
    if name == "auc" and cut.kind == "attribute":
        rates = rates_of_ranking(own, confidence=stats.confidence).only(column.condition.enough)
        sources = {name: Source(name=name, rates=rates, condition=column.condition)}
        yield from to_best(groups, [name], sources, stats, outcome=None)
        yield from between_groups(groups, [name], sources, stats, compares=("difference",))


def _rest(cut: Cut, scores: Scores, every: Ranked) -> Ranked:
    """Return the area of everybody outside each group: of two groups the other one's, else from a pass for each."""
    if cut.n_codes == 2:
        return every[np.array([1, 0])][slice(len(cut.groups))]
    inside = cut.codes >= 0
    return joined_rankings(
        [
            auc(scores.sorted.blocks(np.where(inside & (cut.codes != group), 0, -1), n_groups=1))
            for group in range(len(cut.groups))
        ]
    )


def _gap(compare: str, own: Ranked, other: Ranked, of: str, stats: Stats) -> Gap:
    measured = ranking_gap(own, other, confidence=stats.confidence)
    return Gap(compare=compare, measured=measured, other=_smaller(other, stats), of=of)  # type: ignore[arg-type]


def _smaller(ranked: Ranked, stats: Stats) -> Condition:
    """Return the rows of the smaller class, of which a ranking needs as many as any rate."""
    return Condition(
        words=ROWS_OF_SMALLER, rows=ranked.rows, effective=ranked.fewest, clusters=ranked.clusters, min_n=stats.min_n
    )  # fmt: skip


def _in_the_large(cut: Cut, scores: Scores) -> Iterator[Finding]:
    """Yield mean score minus share of cases of a cut's groups, with its gaps."""
    cases, off, level = scores.cases(cut), scores.moments(cut), scores.stats.confidence
    groups = slice(len(cut.groups))
    own = cases[groups], off[groups]
    gaps: list[Gap] = []

    def against(others: tuple[Confusions, Moments], compare: str, of: str) -> None:
        pairs = (own[0], others[0]), (own[1], others[1])
        measured: Measured = in_the_large_gap(*pairs, confidence=level)
        gaps.append(Gap(compare=compare, measured=measured, other=_all(others[1], scores.stats), of=of))  # type: ignore[arg-type]

    if cut.kind != "everybody":
        against((cases.rest()[groups], off.rest()[groups]), "to_rest", " of the rest")
        if cut.reference is not None:
            place = np.full(len(cut.groups), cut.reference)
            against((own[0][place], own[1][place]), "to_reference", f" of {cut.groups[cut.reference]}")
    column = Column(
        name="calibration_gap", condition=_all(own[1], scores.stats), gaps=tuple(gaps),
        own=measured_in_the_large(*own, confidence=level),
    )  # fmt: skip
    yield from group_findings(Groups(cut=cut, rows=_rows(cut, scores)), [column])


def _calibration_error(cut: Cut, scores: Scores) -> Iterator[Finding]:
    """Yield the corrected calibration error of a cut's groups."""
    blocks = scores.sorted.blocks(cut.codes, n_groups=cut.n_codes)
    groups, level = slice(len(cut.groups)), scores.stats.confidence
    error = measured_calibration_error(bins_of(blocks), n_groups=cut.n_codes, confidence=level)[groups]
    condition = _smaller(auc(blocks)[groups], scores.stats)
    column = Column(name="calibration_error", condition=condition, own=error, gaps=())
    yield from group_findings(Groups(cut=cut, rows=_rows(cut, scores)), [column])


def _all(found: Moments, stats: Stats) -> Condition:
    return Condition(
        words="rows", rows=found.rows, effective=found.effective, clusters=found.effective_clusters, min_n=stats.min_n
    )  # fmt: skip


def _rows(cut: Cut, scores: Scores) -> NDArray[np.int64]:
    """Return each group's rows that have a class and a score, int64 [g]."""
    known = (scores.truth >= 0) & ~np.isnan(scores.score) & (cut.codes >= 0)
    return np.bincount(cut.codes[known], minlength=cut.n_codes)[: len(cut.groups)]


_by_name: dict[str, Callable[[Cut, Scores], Iterator[Finding]]] = {
    "calibration_gap": _in_the_large,
    "calibration_error": _calibration_error,
}
