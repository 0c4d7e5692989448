"""Findings about an attribute as a whole: how far apart its groups are, bounded for all pairs at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit import Finding
from auditkit.measures import (
    Rates,
    bootstrap_metrics,
    condition_rows,
    difference,
    effective_counts,
    equalized_odds_difference,
    equalized_odds_ratio,
    metric_of,
    metric_values,
    rates_from_counts,
    rates_from_draws,
    ratio,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit import Compare, Context, Stats
    from auditkit.measures import Confusions, Disparity
    from auditkit_rates.counts import Counted

MADE_OF = {
    "demographic_parity": ("selection_rate",),
    "equal_opportunity": ("tpr",),
    "equalized_odds": ("tpr", "fpr"),
    "equalized_odds_mean": ("tpr", "fpr"),
}
NAMED_OTHERWISE = ("selection_rate", "tpr")
"""Their differences and ratios are demographic parity and equal opportunity: reported under those names only."""


def between_groups(part: Counted, chosen: Sequence[str], context: Context) -> Iterator[Finding]:
    """Yield the difference and the ratio of each chosen metric over the groups of one cut with enough rows."""
    stats = context.stats
    rates = {name: _rates(part.own, name, context, part.cut.name) for name in _sources(chosen)}
    for name in chosen:
        if name in MADE_OF:
            yield from _both(part, name, tuple(rates[source] for source in MADE_OF[name]), stats)
        elif name not in NAMED_OTHERWISE and name in rates:
            yield from _both(part, name, (rates[name],), stats)


def _sources(chosen: Sequence[str]) -> list[str]:
    """Return the group metrics that the chosen summaries are made of, each once."""
    sources = [source for name in chosen for source in MADE_OF.get(name, (name,))]
    return list(dict.fromkeys(sources))


def _rates(confusions: Confusions, name: str, context: Context, cut: str) -> Rates:
    """Return each group's rate and its standard error, unmeasurable where too few rows stand behind it."""
    stats = context.stats
    enough = condition_rows(confusions, name) >= stats.min_n
    if metric_of(name).proportion:
        rates = rates_from_counts(*effective_counts(confusions, name), confidence=stats.confidence)
    else:
        draws = bootstrap_metrics(
            confusions.table,
            (name,),
            context.rng(f"{cut}/{name}"),
            stats.bootstrap,
            effective=confusions.effective,
        )[name]
        rows = condition_rows(confusions, name)
        rates = rates_from_draws(
            metric_values(confusions.table, name), draws, n=rows, confidence=stats.confidence
        )
    return replace(
        rates, value=np.where(enough, rates.value, np.nan), error=np.where(enough, rates.error, np.nan)
    )


def _both(part: Counted, name: str, rates: tuple[Rates, ...], stats: Stats) -> Iterator[Finding]:
    """Yield the difference, which is worse when it is high, and the ratio, which is worse when it is low."""
    yield _finding(part, name, _difference(name, rates, stats), rates, compare="difference")
    yield _finding(part, name, _ratio(name, rates, stats), rates, compare="ratio")


def _difference(name: str, rates: tuple[Rates, ...], stats: Stats) -> Disparity | None:
    if len(rates) == 2:
        agg = "mean" if name == "equalized_odds_mean" else "worst_case"
        return equalized_odds_difference(*rates, agg=agg, confidence=stats.confidence)  # type: ignore[arg-type]  # mypy widens agg
    return difference(rates[0], confidence=stats.confidence)


def _ratio(name: str, rates: tuple[Rates, ...], stats: Stats) -> Disparity | None:
    if len(rates) == 2:
        agg = "mean" if name == "equalized_odds_mean" else "worst_case"
        return equalized_odds_ratio(*rates, agg=agg, confidence=stats.confidence)  # type: ignore[arg-type]
    return ratio(rates[0], confidence=stats.confidence)


def _finding(
    part: Counted,
    name: str,
    found: Disparity | None,
    rates: tuple[Rates, ...],
    *,
    compare: Compare,
) -> Finding:
    compared = int(np.min([np.isfinite(r.value).sum() for r in rates]))
    blank = Finding(
        metric=name, value=None, n=int(part.own.rows.sum()), group=part.label(part.cut.name), compare=compare,
        details={"groups_compared": compared, "groups": len(part.cut.groups), **part.details},
    )  # fmt: skip
    groups = part.cut.groups
    if found is None:
        few = f"{compared} of {len(groups)} groups have enough rows, 2 needed"
        why = few if compared < 2 else "every group's rate is 0"
        return replace(blank, reason=f"insufficient evidence: {why}")
    extremes = {"lowest": groups[found.lowest], "highest": groups[found.highest]}
    return replace(blank, value=found.value, interval=found.interval, details={**blank.details, **extremes})
