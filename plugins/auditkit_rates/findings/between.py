"""Findings about an attribute as a whole: how far apart its groups are, bounded for all pairs at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import Finding
from auditkit.measures import (
    Rates,
    available,
    disparities,
    rates_of,
)
from auditkit_rates.rows.condition import condition_of
from auditkit_rates.rows.cuts import class_of, labelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from auditkit import Stats
    from auditkit.measures import Aggregate, Disparity
    from auditkit_rates.metrics.reported import Between
    from auditkit_rates.rows.condition import Condition
    from auditkit_rates.rows.counts import Counted
    from auditkit_rates.rows.cuts import ByClass, Groups

MADE_OF = {
    "demographic_parity": ("selection_rate",),
    "equal_opportunity": ("tpr",),
    "equalized_odds": ("tpr", "fpr"),
    "equalized_odds_mean": ("tpr", "fpr"),
}
NAMED_OTHERWISE = ("selection_rate", "tpr")
"""Their differences and ratios are demographic parity and equal opportunity: reported under those names only."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Source:
    """What summaries are made of: a metric's rates in the groups with enough rows, and every group's condition.

    Of c classes, rates are [c, g] and conditions [c g]; of one, or none, rates may be [g].
    """

    name: str
    rates: Rates
    condition: Condition

    @cached_property
    def there(self) -> NDArray[np.bool_]:
        """Which groups can be compared, bool [c, g]."""
        return np.isfinite(np.atleast_2d(self.rates.value))

    @cached_property
    def compared(self) -> list[int]:
        """How many groups of each class can be compared."""
        return [int(groups) for groups in np.count_nonzero(self.there, axis=1)]


def source_of(
    part: Counted, name: str, stats: Stats, *, known: Condition | None = None, classes: int | None = None
) -> Source:
    """Return a group metric, perhaps of stacked classes, as comparisons read it; its condition may be known."""
    condition = condition_of(part.own, name, stats.min_n) if known is None else known
    rates = rates_of(part.own, name, confidence=stats.confidence, sets=classes)
    return Source(
        name=name, rates=rates.only(condition.enough.reshape(rates.value.shape)), condition=condition
    )


def sources_of(
    part: Counted, chosen: Sequence[str], stats: Stats, known: Mapping[str, Condition], *, classes: int
) -> dict[str, Source]:
    """Return the group metrics that the chosen ones are made of, as far as there are such for these classes.

    `known` are conditions by metric that need not be found again.
    """
    there = available(part.own.counts.shape[-1])
    names = dict.fromkeys(one for name in chosen for one in MADE_OF.get(name, (name,)) if one in there)
    return {name: source_of(part, name, stats, known=known.get(name), classes=classes) for name in names}


def between_groups(
    groups: Groups,
    chosen: Sequence[str],
    sources: Mapping[str, Source],
    stats: Stats,
    *,
    compares: tuple[Between, ...] = ("difference", "ratio"),
) -> ByClass:
    """Return the difference and the ratio of each chosen metric over the groups of one cut with enough rows."""
    findings: ByClass = [[] for _ in groups.classes]
    for name in chosen:
        names = MADE_OF.get(name, (name,))
        if name in NAMED_OTHERWISE or not all(one in sources for one in names):
            continue
        parts = tuple(sources[one] for one in names)
        agg: Aggregate = "mean" if name == "equalized_odds_mean" else "worst_case"
        rates, level = [one.rates for one in parts], stats.confidence
        spans = [disparities(rates, compare, agg=agg, confidence=level) for compare in compares]
        told = _told(groups, parts)
        for c, (of_class, told_of) in enumerate(zip(findings, told, strict=True)):
            of_class.extend(
                _finding(groups, name, found[c], told_of, compare=compare)
                for found, compare in zip(spans, compares, strict=True)
            )
    return findings


def coverage(groups: Groups, source: Source) -> list[dict[str, Any]]:
    """Return, for each class, how many groups of the cut were compared, out of how many."""
    return [{"groups_compared": compared, "groups": len(groups.cut.groups)} for compared in source.compared]


def left_out(groups: Groups, source: Source) -> list[dict[str, int]]:
    """Return, for each class, the groups that are too small to be compared, and their rows under the condition."""
    few: list[dict[str, int]] = [{} for _ in groups.classes]
    for i in np.flatnonzero(~source.condition.enough).tolist():
        few[i // len(groups.cut.groups)][groups.names[i]] = int(source.condition.rows[i])
    return few


def rows_compared(groups: Groups, sources: Sequence[Source]) -> list[int]:
    """Return, for each class, the rows of the groups that at least one source compares."""
    compared = np.logical_or.reduce([source.there for source in sources])
    return [int(rows) for rows in np.where(compared, groups.rows, 0).sum(axis=1)]


@dataclass(frozen=True, eq=False, kw_only=True)
class _Told:
    """What the difference and the ratio of a metric of one class have in common; `reason` is why there may be none."""

    group: str
    n: int
    parts: tuple[str, ...]
    details: Mapping[str, Any]
    lacking: Mapping[str, int]
    reason: str


def _told(groups: Groups, parts: tuple[Source, ...]) -> Iterator[_Told]:
    """Yield what is told of each class."""
    few, covered = ([of(groups, source) for source in parts] for of in (left_out, coverage))
    for c, (positive, n) in enumerate(zip(groups.classes, rows_compared(groups, parts), strict=True)):
        fewest = min(range(len(parts)), key=lambda i: parts[i].compared[c])
        details = {**covered[fewest][c], **class_of(positive)}
        lacking: dict[str, int] = {}
        for source, small, of_groups in zip(parts, few, covered, strict=True):
            lacking |= {group: min(rows, lacking.get(group, rows)) for group, rows in small[c].items()}
            if len(parts) > 1:
                details[source.name] = {**of_groups[c], "too_small": list(small[c])}
        yield _Told(
            group=labelled(groups.cut.name, positive), n=n, parts=tuple(one.name for one in parts),
            details=details, lacking=lacking, reason=_reason(groups, parts, fewest, c),
        )  # fmt: skip


def _reason(groups: Groups, parts: tuple[Source, ...], fewest: int, c: int) -> str:
    source = parts[fewest]
    of_what = f" for {source.name}" if len(parts) > 1 else ""
    few = f"{source.compared[c]} of {len(groups.cut.groups)} groups have enough rows{of_what}, 2 needed"
    number = "rate" if source.rates.tail is None else "number"
    why = few if source.compared[c] < 2 else f"every group's {number} is 0"
    return f"insufficient evidence: {why}"


def _finding(groups: Groups, name: str, found: Disparity | None, told: _Told, *, compare: Between) -> Finding:
    if found is None:
        value = interval = None
        details, reason = told.details, told.reason
    else:
        value, interval, reason = found.value, found.interval, ""
        of = groups.cut.groups
        details = {**told.details, "lowest": of[found.lowest], "highest": of[found.highest]}
        if len(told.parts) > 1:
            details["furthest_apart"] = told.parts[found.part]
    return Finding(
        metric=name,
        value=value,
        n=told.n,
        group=told.group,
        compare=compare,
        interval=interval,
        reason=reason,
        details=details,
        left_out=told.lacking,
    )
