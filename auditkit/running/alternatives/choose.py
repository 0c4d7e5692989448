"""Which of the alternatives is recommended, and why: chosen on the rows that decide, never on those held out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.running.alternatives.limit import highest
from auditkit.running.alternatives.outcomes import BEFORE
from auditkit.values.shown.said import points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit.running.alternatives.limit import Limit
    from auditkit.running.alternatives.outcomes import Compared

GAP = "equalized_odds_mean"


@dataclass(frozen=True, eq=False, kw_only=True)
class Choice:
    """What is recommended, None where nothing is, and why."""

    chosen: Compared | None
    why: str


def choose(every: Sequence[Compared], limit: Limit | None) -> Choice:
    """Return the recommended alternative, `before` among them; one that became nearly constant is left out.

    With a limit it is, of those whose upper bound is within it, the one of highest balanced accuracy. Without, it is
    the one whose gap in equalized odds (mean) and whose loss of balanced accuracy are least together: a point of one
    counts as a point of the other.
    """
    standing = [one for one in every if all(failure.kind != "constant" for failure in one.failed)]
    return _cheapest(standing) if limit is None else _within(standing, limit)


def _within(standing: Sequence[Compared], limit: Limit) -> Choice:
    within = [one for one in standing if highest(one.gaps(limit.metric, part="validation")) <= limit.most]
    if not within:
        nearest = min(standing, key=lambda one: highest(one.gaps(limit.metric, part="validation")))
        bound = highest(nearest.gaps(limit.metric, part="validation"))
        whose = "that of the predictions as they are" if nearest.name == BEFORE else f"of {nearest.name}"
        reach = f"{whose}, up to {points(bound, 'up')} points" if bound <= 1 else "not measured"
        why = (
            f"no alternative is shown to keep {limit.name} within {points(limit.most)} points on validation rows; the "
            f"nearest is {reach}"
        )
        return Choice(chosen=None, why=why)
    best = max(within, key=lambda one: one.overall("balanced_accuracy", part="validation"))
    why = (
        f"of {len(within)} shown to keep {limit.name} within {points(limit.most)} points on validation rows, it has "
        "the highest balanced accuracy"
    )
    return Choice(chosen=best, why=why)


def _cheapest(standing: Sequence[Compared]) -> Choice:
    best = min(standing, key=price)
    why = (
        "on validation rows its gap in equalized odds (mean) and its loss of balanced accuracy are least together, a "
        "point of one counting as a point of the other"
    )
    if best.name == BEFORE:
        why = f"no repair is worth its price: {why}"
    return Choice(chosen=best, why=why)


def price(one: Compared) -> float:
    """Return the largest gap of the attributes less balanced accuracy, on validation rows; infinity if unknown."""
    gaps = [gap.value for gap in one.gaps(GAP, part="validation")]
    known = [gap for gap in gaps if gap is not None]
    found = max(known) - one.overall("balanced_accuracy", part="validation") if known else float("inf")
    return found if found == found else float("inf")
