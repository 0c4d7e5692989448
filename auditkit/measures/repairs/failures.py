"""How a repair failed, where that is shown: nearly constant predictions, a wider gap, a reversal, levelling down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from auditkit.measures.closed_forms.proportions import wilson
from auditkit.measures.repairs.claims import GAPS, judged, levelled_down, reversals
from auditkit.values.shown.said import percent, points

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit.measures.repairs.change import Changed
    from auditkit.measures.repairs.claims import Judged
    from auditkit.measures.repairs.measure import HeldOut, Stage
    from auditkit.spec.stats import Stats
    from auditkit.values.finding import Finding

NEARLY_ALL, SHOWN_ABOVE = 0.95, 0.9
"""Share of rows that are given one class from which on predictions are nearly constant, and what it must be shown to
exceed."""
Kind = Literal["constant", "wider", "reversed", "levelled_down"]


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A way in which a repair is shown to have failed, in a sentence."""

    kind: Kind
    text: str


def failures_of(
    changes: Sequence[Changed],
    stages: tuple[Stage, Stage],
    *,
    rows: HeldOut,
    costs: Sequence[Finding],
    stats: Stats,
) -> Iterator[Failure]:
    """Yield every way in which a repair is shown to have failed on held-out rows, the worst first.

    Of a repair that changes nothing, any is said with a chance of at most 1 - confidence: gaps are corrected for all
    that are read (Holm), and predictions count as nearly constant only where they are shown to be paid for.
    """
    told = judged(changes, confidence=stats.confidence)
    found: tuple[tuple[Kind, Iterator[str]], ...] = (
        ("constant", _nearly_constant(changes, stages, rows=rows, costs=costs, stats=stats)),
        ("wider", (_worsened(one) for one in told if one.low > 0)),
        ("reversed", reversals(changes)),
        ("levelled_down", levelled_down(told)),
    )
    for kind, texts in found:
        yield from (Failure(kind=kind, text=text) for text in texts)


def _nearly_constant(
    changes: Sequence[Changed],
    stages: tuple[Stage, Stage],
    *,
    rows: HeldOut,
    costs: Sequence[Finding],
    stats: Stats,
) -> Iterator[str]:
    """Yield a sentence where nearly all rows, or all of a group, are given one class, at a shown cost."""
    paid = next((one for one in costs if one.metric == "balanced_accuracy_cost"), None)
    if paid is None or paid.value is None or paid.interval is None or paid.interval.low <= 0:
        return
    cost = f"balanced accuracy fell by {points(paid.value)} points"
    weights = np.ones(len(rows.truth)) if rows.weights is None else rows.weights
    k = len(rows.classes)
    was, now = (
        np.bincount(stage.predicted[0], weights=weights, minlength=k) / weights.sum() for stage in stages
    )
    most = int(now.argmax())
    share = float(now[most])
    if _halved(float(was[most]), share) and _shown(share, len(rows.truth), stats.confidence):
        yield (
            f"The predictions are nearly constant: {percent(share)} of held-out rows are given "
            f"{rows.classes[most]}, and {cost}."
        )
        return
    yield from _constant_groups(changes, rows=rows, cost=cost, stats=stats)


def _constant_groups(changes: Sequence[Changed], *, rows: HeldOut, cost: str, stats: Stats) -> Iterator[str]:
    """Yield a sentence for every group of which nearly all rows came to be given one class."""
    for changed in changes:
        found = changed.rates.get("selection_rate")
        if found is None or len(rows.classes) != 2:
            continue
        low, high = found.own.bounds
        for i in np.flatnonzero(found.own.enough):
            selected = float(found.own.after[i])
            toward, share = (1, selected) if selected > 0.5 else (0, 1 - selected)
            was = float(found.own.before[i])
            moved = low[i] > 0 if toward else high[i] < 0
            less = _halved(was if toward else 1 - was, share)
            if moved and less and _shown(share, int(changed.sizes[i]), stats.confidence):
                yield (
                    f"The predictions for '{changed.groups[i]}' are nearly constant: {percent(share)} are given "
                    f"{rows.classes[toward]}, and {cost}."
                )


def _halved(was: float, now: float) -> bool:
    """Whether at most half as many rows as before are given anything else: some predictions were so all along."""
    return 1 - now <= (1 - was) / 2


def _shown(share: float, n: int, confidence: float) -> bool:
    """Whether a share of n rows is shown to lie above nearly all."""
    low, _ = wilson(np.array([share * n]), np.array([float(n)]), confidence)
    return bool(low[0] > SHOWN_ABOVE) and share >= NEARLY_ALL


def _worsened(one: Judged) -> str:
    span = one.span
    return (
        f"The {GAPS[one.name]} between groups of {one.changed.name} grew from {points(span.before)} to "
        f"{points(span.after)} points, by {points(one.low, 'down')} to {points(one.high, 'up')}."
    )
