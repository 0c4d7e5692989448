"""Findings about scores: how they rank the rows of each group, and whether they say what happens there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit import Finding
from auditkit.measures import (
    Measured,
    Moments,
    auc,
    average_precision,
    in_the_large_gap,
    joined_rankings,
    measured_calibration_error,
    measured_in_the_large,
    measured_ranking,
    ranking_gap,
    rates_of_ranking,
)
from auditkit_rates.findings.between import Source, between_groups
from auditkit_rates.findings.by_group import Column, Gap, group_findings
from auditkit_rates.findings.curve import show_curve
from auditkit_rates.findings.errors import loss_findings
from auditkit_rates.findings.scored import Calibrated, Scores, all_rows, smaller_class
from auditkit_rates.findings.to_best import to_best
from auditkit_rates.metrics.scores import CALIBRATION, LOSSES, RANKING
from auditkit_rates.rows.cuts import Cut, Groups, class_by_class, row_cuts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from auditkit import Compare, Context, Stats, Subject
    from auditkit.measures import Confusions, Ranked


def score_findings(
    subject: Subject, scores: Calibrated, names: Sequence[str], context: Context
) -> Iterator[Finding]:
    """Yield each named metric of all rows, of each group, and their gaps."""
    if not names:
        return
    cuts = list(row_cuts(subject, context.stats))
    for cut in cuts:
        if isinstance(scores, Scores):
            yield from _rankings(cut, scores, names)
        if scores.probabilities:
            yield from _calibration(cut, scores, names, context)
    losses = tuple(metric.name for metric in LOSSES if metric.name in names)
    if scores.probabilities and isinstance(scores, Scores):
        terms = {name: scores.log_loss if name == "log_loss" else np.square(scores.off) for name in losses}
        yield from loss_findings(subject, terms, cuts, context)
    if not scores.probabilities:
        yield from _unmeasured(subject, names)


def _unmeasured(subject: Subject, names: Sequence[str]) -> Iterator[Finding]:
    """Yield that what is of probabilities is not measured."""
    reason = "not measured: the scores are no probabilities; some lie outside 0 to 1"
    for metric in (*CALIBRATION, *LOSSES):
        if metric.name in names:
            yield Finding(metric=metric.name, value=None, n=subject.n_rows, reason=reason)


def _rankings(cut: Cut, scores: Scores, names: Sequence[str]) -> Iterator[Finding]:
    """Yield the named measures of ranking."""
    for metric in RANKING:
        if metric.name in names:
            yield from _ranking(cut, scores, metric.name)


def _calibration(cut: Cut, scores: Calibrated, names: Sequence[str], context: Context) -> Iterator[Finding]:
    """Yield the named measures of calibration, and show the curves of an attribute whose error was asked for."""
    for metric in CALIBRATION:
        if metric.name in names:
            yield from _by_name[metric.name](cut, scores)
    if cut.kind == "attribute" and "calibration_error" in names:
        show_curve(cut, scores.bins(cut), context)


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
    groups = Groups(cut=cut, rows=scores.rows(cut))
    column = Column(
        name=name, condition=smaller_class(own, stats), gaps=tuple(gaps),
        own=measured_ranking(own, confidence=stats.confidence),
    )  # fmt: skip
    kinds = [group_findings(groups, [column])]
    if name == "auc" and cut.kind == "attribute":
        rates = rates_of_ranking(own, confidence=stats.confidence).only(column.condition.enough)
        sources = {name: Source(name=name, rates=rates, condition=column.condition)}
        kinds += [
            to_best(groups, [name], sources, stats, outcome=None),
            between_groups(groups, [name], sources, stats, compares=("difference",)),
        ]
    yield from class_by_class(*kinds)


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


def _gap(compare: Compare, own: Ranked, other: Ranked, of: str, stats: Stats) -> Gap:
    measured = ranking_gap(own, other, confidence=stats.confidence)
    return Gap(compare=compare, measured=measured, other=smaller_class(other, stats), of=of)


def _in_the_large(cut: Cut, scores: Calibrated) -> Iterator[Finding]:
    """Yield mean score minus share of cases of a cut's groups, with its gaps."""
    cases, off, level = scores.cases(cut), scores.moments(cut), scores.stats.confidence
    groups = slice(len(cut.groups))
    own = cases[groups], off[groups]
    gaps: list[Gap] = []

    def against(others: tuple[Confusions, Moments], compare: Compare, of: str) -> None:
        pairs = (own[0], others[0]), (own[1], others[1])
        measured: Measured = in_the_large_gap(*pairs, confidence=level)
        gaps.append(Gap(compare=compare, measured=measured, other=all_rows(others[1], scores.stats), of=of))

    if cut.kind != "everybody":
        against((cases.rest()[groups], off.rest()[groups]), "to_rest", " of the rest")
        if cut.reference is not None:
            place = np.full(len(cut.groups), cut.reference)
            against((own[0][place], own[1][place]), "to_reference", f" of {cut.groups[cut.reference]}")
    column = Column(
        name="calibration_gap", condition=all_rows(own[1], scores.stats), gaps=tuple(gaps),
        own=measured_in_the_large(*own, confidence=level),
    )  # fmt: skip
    yield from class_by_class(group_findings(Groups(cut=cut, rows=scores.rows(cut)), [column]))


def _calibration_error(cut: Cut, scores: Calibrated) -> Iterator[Finding]:
    """Yield the corrected calibration error of a cut's groups."""
    groups, level = slice(len(cut.groups)), scores.stats.confidence
    error = measured_calibration_error(scores.bins(cut), n_groups=cut.n_codes, confidence=level)[groups]
    column = Column(name="calibration_error", condition=scores.smaller(cut)[groups], own=error, gaps=())
    yield from class_by_class(group_findings(Groups(cut=cut, rows=scores.rows(cut)), [column]))


_by_name: dict[str, Callable[[Cut, Calibrated], Iterator[Finding]]] = {
    "calibration_gap": _in_the_large,
    "calibration_error": _calibration_error,
}
