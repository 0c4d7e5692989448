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
    difference,
    equalized_odds_difference,
    equalized_odds_ratio,
    rates_of,
    ratio,
)
from auditkit_rates.rows.condition import condition_of
from auditkit_rates.rows.cuts import class_of, labelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from auditkit import Compare, Stats
    from auditkit.measures import Disparity
    from auditkit_rates.rows.condition import Condition
    from auditkit_rates.rows.counts import Counted
    from auditkit_rates.rows.cuts import Part

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
    """What summaries are made of: a metric's rates in the groups with enough rows, and every group's condition."""

    name: str
    rates: Rates
    condition: Condition

    @cached_property
    def compared(self) -> int:
        """How many groups can be compared."""
        return int(np.isfinite(self.rates.value).sum())


def source_of(part: Counted, name: str, stats: Stats, known: Condition | None = None) -> Source:
    """Return a group metric as comparisons of groups read it; its condition may be known."""
    condition = condition_of(part.own, name, stats.min_n) if known is None else known
    rates = rates_of(part.own, name, confidence=stats.confidence).only(condition.enough)
    return Source(name=name, rates=rates, condition=condition)


def sources_of(
    part: Counted, chosen: Sequence[str], stats: Stats, known: Mapping[str, Condition]
) -> dict[str, Source]:
    """Return the group metrics that the chosen ones are made of, as far as there are such for these classes.

    `known` are conditions by metric that need not be found again.
    """
    there = available(part.own.counts.shape[-1])
    names = dict.fromkeys(one for name in chosen for one in MADE_OF.get(name, (name,)) if one in there)
    return {name: source_of(part, name, stats, known.get(name)) for name in names}


def between_groups(
    part: Part,
    chosen: Sequence[str],
    sources: Mapping[str, Source],
    stats: Stats,
    *,
    compares: tuple[Compare, ...] = ("difference", "ratio"),
) -> Iterator[Finding]:
    """Yield the difference and the ratio of each chosen metric over the groups of one cut with enough rows."""
    for name in chosen:
        names = MADE_OF.get(name, (name,))
        if name in NAMED_OTHERWISE or not all(one in sources for one in names):
            continue
        parts = tuple(sources[one] for one in names)
        for compare in compares:
            found = {"difference": _difference, "ratio": _ratio}[compare](name, parts, stats)
            yield _finding(part, name, found, parts, compare=compare)


def coverage(part: Part, source: Source) -> dict[str, Any]:
    """Return how many groups of the cut were compared, out of how many."""
    return {"groups_compared": source.compared, "groups": len(part.cut.groups)}


def left_out(part: Part, source: Source) -> dict[str, int]:
    """Return the rows, under the metric's condition, of the groups that are too small to be compared, by name."""
    few = np.flatnonzero(~source.condition.enough).tolist()
    return {labelled(part.cut.groups[i], part.positive): int(source.condition.rows[i]) for i in few}


def rows_compared(part: Part, sources: Sequence[Source]) -> int:
    """Return the rows of the groups that at least one source compares."""
    compared = np.any([np.isfinite(source.rates.value) for source in sources], axis=0)
    return int(part.rows[compared].sum())


def _difference(name: str, parts: tuple[Source, ...], stats: Stats) -> Disparity | None:
    rates = [one.rates for one in parts]
    if len(rates) == 2:
        agg = "mean" if name == "equalized_odds_mean" else "worst_case"
        return equalized_odds_difference(*rates, agg=agg, confidence=stats.confidence)  # type: ignore[arg-type]  # mypy widens agg
    return difference(rates[0], confidence=stats.confidence)


def _ratio(name: str, parts: tuple[Source, ...], stats: Stats) -> Disparity | None:
    rates = [one.rates for one in parts]
    if len(rates) == 2:
        agg = "mean" if name == "equalized_odds_mean" else "worst_case"
        return equalized_odds_ratio(*rates, agg=agg, confidence=stats.confidence)  # type: ignore[arg-type]
    return ratio(rates[0], confidence=stats.confidence)


def _finding(
    part: Part, name: str, found: Disparity | None, sources: tuple[Source, ...], *, compare: Compare
) -> Finding:
    fewest = min(sources, key=lambda source: source.compared)
    details = {**coverage(part, fewest), **class_of(part.positive)}
    lacking: dict[str, int] = {}
    for source in sources:
        few = left_out(part, source)
        lacking |= {group: min(n, lacking.get(group, n)) for group, n in few.items()}
        if len(sources) > 1:
            details[source.name] = {**coverage(part, source), "too_small": list(few)}
    reason = ""
    if found is None:
        of_what = f" for {fewest.name}" if len(sources) > 1 else ""
        few_groups = f"{fewest.compared} of {len(part.cut.groups)} groups have enough rows{of_what}, 2 needed"
        number = "rate" if fewest.rates.tail is None else "number"
        why = few_groups if fewest.compared < 2 else f"every group's {number} is 0"
        reason = f"insufficient evidence: {why}"
    else:
        groups = part.cut.groups
        details |= {"lowest": groups[found.lowest], "highest": groups[found.highest]}
        if len(sources) > 1:
            details |= {"furthest_apart": sources[found.part].name}
    return Finding(
        metric=name,
        value=None if found is None else found.value,
        n=rows_compared(part, sources),
        group=labelled(part.cut.name, part.positive),
        compare=compare,
        interval=None if found is None else found.interval,
        reason=reason,
        details=details,
        left_out=lacking,
    )
