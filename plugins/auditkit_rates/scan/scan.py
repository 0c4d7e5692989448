"""Counts every cut by group, and measures how far apart the groups are there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit import Finding, UsageError
from auditkit.measures import difference, measure, ratio
from auditkit_rates.findings.between import coverage, left_out, rows_compared, source_of
from auditkit_rates.metrics.reported import named
from auditkit_rates.rows.counts import Labels, clusters_of, counted, weights_of
from auditkit_rates.rows.cuts import Groups
from auditkit_rates.scan.limits import show_limits
from auditkit_rates.scan.metrics import BY_DEFAULT, WITHOUT_LABELS
from auditkit_rates.scan.places import places_of, score_of, truth_of
from auditkit_rates.scan.scanned import AtPlace, Scanned
from auditkit_rates.scan.shown import show_scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from auditkit import Compare, Context, Stats, Subject
    from auditkit.measures import Disparity
    from auditkit_rates.findings.between import Source
    from auditkit_rates.rows.counts import Counted
    from auditkit_rates.scan.params import ScanParams

    Floats = NDArray[np.float64]


def scan(subject: Subject, params: ScanParams, context: Context) -> tuple[Finding, ...]:
    """Return the differences and ratios at each place; show a table and a chart by attribute and metric, and limits."""
    score, truth = score_of(subject, context), truth_of(subject)
    names = _names(params, labelled=truth is not None)
    places = places_of(score, params.at)
    findings: list[Finding] = []
    found: dict[tuple[str, str], Scanned] = {}
    for place in context.track(places.tolist(), "cuts"):
        labels = _labels(subject, truth, score, place)
        for part in counted(subject, labels, context.stats):
            if part.cut.kind != "attribute":
                continue
            for name in names:
                at, source = _at(part, name, place, len(places), context.stats)
                findings += _findings(part, source, at)
                key = part.cut.name, name
                before = found[key].places if key in found else ()
                found[key] = Scanned(cut=part.cut, rows=part.rows, metric=name, places=(*before, at))
    scanned = [found[key] for key in sorted(found, key=lambda key: key[0])]
    show_limits(scanned, params, context)
    for one in scanned:
        show_scan(one, params, context)
    return tuple(findings)


def _names(params: ScanParams, *, labelled: bool) -> tuple[str, ...]:
    asked = tuple(dict.fromkeys(map(named, params.metrics)))
    if labelled:
        return asked or BY_DEFAULT
    for name in asked:
        if name not in WITHOUT_LABELS:
            message = f"metric '{name}' asks for true labels, which --target names; without: selection_rate"
            raise UsageError(message)
    return WITHOUT_LABELS


def _labels(subject: Subject, truth: NDArray[np.int64] | None, score: Floats, place: float) -> Labels:
    """Return the rows as cut at a place; those without a score are in no group's count."""
    chosen = np.where(np.isfinite(score), score >= place, -1).astype(np.int64)
    return Labels(
        truth=chosen if truth is None else truth, predicted=chosen, classes=("below", "chosen"),
        weights=weights_of(subject), clusters=clusters_of(subject),
    )  # fmt: skip


def _at(part: Counted, name: str, place: float, places: int, stats: Stats) -> tuple[AtPlace, Source]:
    strict = replace(stats, confidence=1.0 - (1.0 - stats.confidence) / places)
    source, surer = (source_of(part, name, one) for one in (stats, strict))
    sure, sure_ratio = (of(surer.rates, confidence=strict.confidence) for of in (difference, ratio))
    at = AtPlace(
        place=place, own=measure(part.own, name, confidence=stats.confidence), enough=source.condition.enough,
        apart=difference(source.rates, confidence=stats.confidence),
        ratio=ratio(source.rates, confidence=stats.confidence),
        sure=None if sure is None else sure.interval, sure_ratio=None if sure_ratio is None else sure_ratio.interval,
    )  # fmt: skip
    return at, source


def _findings(part: Counted, source: Source, at: AtPlace) -> Iterator[Finding]:
    """Yield how far apart the groups are at a place, as a difference and as a ratio."""
    groups = Groups(cut=part.cut, rows=part.rows)
    (covered,), (small,), (rows,) = (
        coverage(groups, source),
        left_out(groups, source),
        rows_compared(groups, [source]),
    )
    shared = {"cut": at.place, **covered}
    kinds: tuple[tuple[Compare, Disparity | None], ...] = (("difference", at.apart), ("ratio", at.ratio))
    for compare, found in kinds:
        reason, details = "", shared
        if found is None:
            few = f"{source.compared[0]} of {len(part.cut.groups)} groups have enough rows, 2 needed"
            why = few if source.compared[0] < 2 else "every group's rate is 0"
            reason = f"insufficient evidence: {why}"
        else:
            names = part.cut.groups
            details = shared | {"lowest": names[found.lowest], "highest": names[found.highest]}
        yield Finding(
            metric=source.name, group=part.cut.name, compare=compare, n=rows, reason=reason,
            value=None if found is None else found.value, interval=None if found is None else found.interval,
            details=details, left_out=small,
        )  # fmt: skip
