"""What is said about a change, and only where its interval excludes 0 after correction for all that might be said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.between.corrections import levels
from auditkit.measures.bounds.at_level import bound_at, p_value
from auditkit.measures.exact.sides import SIDES
from auditkit.values.shown.answer import Answer
from auditkit.values.shown.said import percent, points

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from auditkit.measures.between.paired_spans import SpanChange
    from auditkit.measures.repairs.change import Changed, RateChange
    from auditkit.values.finding import Finding

NOTICEABLE = 0.005
"""A change of a rate below half a percentage point is not worth a warning."""
HEADLINE = "equalized_odds_mean"
GAPS = {
    HEADLINE: "gap in true and false positive rates",
    "demographic_parity": "gap in selection rates",
    "equal_opportunity": "gap in true positive rates",
    "fpr_difference": "gap in false positive rates",
    "accuracy_difference": "gap in accuracy",
}
"""Differences between groups whose change is spoken of, each corrected for all of them."""
SPOKEN = {
    "tpr": "true positive rate",
    "fpr": "false positive rate",
    "selection_rate": "selection rate",
    "accuracy": "accuracy",
}
"""What a group's own rate is called."""
PAID = {"accuracy_cost": "accuracy", "balanced_accuracy_cost": "balanced accuracy"}
"""What a cost is told of, by its metric."""
LEVELLED = {
    "equal_opportunity": ("tpr", 1.0),
    "fpr_difference": ("fpr", -1.0),
    "accuracy_difference": ("accuracy", 1.0),
}
"""Differences that may close by levelling down, the rate each is of, and 1 where more of it is better, else -1."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Judged:
    """A difference between groups whose change may be spoken of: corrected bounds, and whether they exclude 0."""

    changed: Changed
    name: str
    span: SpanChange
    low: float
    high: float

    @property
    def shown(self) -> bool:
        """Whether a change is shown."""
        return self.low > 0 or self.high < 0


def claims(changes: Sequence[Changed], *, confidence: float) -> Iterator[str]:
    """Yield the sentences about a repair: improved or worsened, levelled down, reversed.

    Of a repair that changes nothing, any such claim is made with a chance of at most 1 - confidence (Holm, over all
    attributes, classes and differences that are read here).
    """
    told = judged(changes, confidence=confidence)
    for one in told:
        if one.name == HEADLINE:
            yield _headline(one, comparisons=len(told))
    yield from levelled_down(told)
    yield from reversals(changes)


def levelled_down(told: Sequence[Judged]) -> Iterator[str]:
    """Yield a sentence for every gap that closed because the best group got worse."""
    for one in told:
        if one.name in LEVELLED and one.high < 0:
            yield from _levelling_down(one)


def reversals(changes: Sequence[Changed]) -> Iterator[str]:
    """Yield a sentence for every group that changed sides."""
    for changed in changes:
        for metric, found in changed.rates.items():
            yield from _reversed(changed, metric, found)


def judged(changes: Sequence[Changed], *, confidence: float) -> list[Judged]:
    """Return the differences whose change may be spoken of, with bounds corrected for all of them (Holm)."""
    read = [
        (changed, name, span)
        for changed in changes
        for name, span in changed.spans.items()
        if span is not None and name in GAPS
    ]
    p_values = [
        min(1.0, 2 * min(p_value(span.value, span.interval, 0.0, side) for side in ("above", "below")))
        for _, _, span in read
    ]
    made = []
    for (changed, name, span), level in zip(read, levels(p_values, 1 - confidence), strict=True):
        low, high = (bound_at(span.value, span.interval, float(level) / 2, side) for side in SIDES)
        made.append(Judged(changed=changed, name=name, span=span, low=low, high=high))
    return made


def _headline(one: Judged, *, comparisons: int) -> str:
    what, span = f"Equalized odds (mean) by {one.changed.name}", one.span
    corrected = f", corrected for {comparisons} comparisons" if comparisons > 1 else ""
    bounds = f"[{one.low:+.3f}, {one.high:+.3f}]{corrected}"
    change = f"{span.before:.3f} to {span.after:.3f}, change {span.value:+.3f} {bounds}"
    if not one.shown:
        return f"{what}: no change is shown ({change})."
    return f"{what} {'improved' if one.high < 0 else 'worsened'}: {change}."


def _levelling_down(one: Judged) -> Iterator[str]:
    """Yield a sentence if a gap closed because the best group got worse and the worst did not gain."""
    metric, better = LEVELLED[one.name]
    found, span, groups = one.changed.rates[metric], one.span, one.changed.groups
    best, worst = span.extremes_before[::-1] if better > 0 else span.extremes_before
    # The low end of a change of the true negative rate is the high end of the false positive rate's, turned.
    fell = found.own.bounds[1][best] < 0 if better > 0 else found.own.bounds[0][best] > 0
    gained = better * found.rate.change[worst] > 0
    if fell and not gained and -span.value > NOTICEABLE and abs(found.rate.change[best]) > NOTICEABLE:
        before, after = found.own.before, found.own.after
        lost, stayed = (f"{percent(before[i])} to {percent(after[i])}" for i in (best, worst))
        yield (
            f"Levelling down: the {GAPS[one.name]} between groups of {one.changed.name} closed from "
            f"{points(span.before)} to {points(span.after)} points because '{groups[best]}' got worse ({lost}) while "
            f"'{groups[worst]}' did not gain ({stayed})."
        )


def _reversed(changed: Changed, metric: str, found: RateChange) -> Iterator[str]:
    """Yield a sentence for every group whose gap to the rest is shown on one side before and on the other after."""
    before, after, (low, high) = found.gap.before, found.gap.after, found.gap.bounds
    measured = np.flatnonzero(found.gap.enough)
    for i in measured:
        rose = found.gap_before[1][i] < 0 < found.gap_after[0][i] and low[i] > 0
        fell = found.gap_after[1][i] < 0 < found.gap_before[0][i] and high[i] < 0
        if rose or (fell and len(measured) != 2):  # of two groups, one mirrors the other
            was, now = ("below", "above") if rose else ("above", "below")
            yield (
                f"Reversed: the {SPOKEN[metric]} of '{changed.groups[i]}' was {points(before[i])} points {was} the "
                f"rest's and is now {points(after[i])} points {now} it."
            )


def answers(changes: Sequence[Changed], costs: Iterable[Finding], *, confidence: float) -> Iterator[Answer]:
    """Yield a sentence for each attribute's equalized odds difference, then what was paid."""
    told = judged(changes, confidence=confidence)
    for one in told:
        if one.name == HEADLINE:
            yield _change(one, confidence=confidence, comparisons=len(told))
    yield from (_cost(cost) for cost in costs if cost.value is not None)


def _change(one: Judged, *, confidence: float, comparisons: int) -> Answer:
    span = one.span
    moved = f"from {points(span.before)} to {points(span.after)} points"
    basis = f"mean gap in true and false positive rates; {percent(confidence)} confidence, corrected for {comparisons}"
    if not one.shown:
        low, high = _signed(one.low), _signed(one.high)
        return Answer(
            f"No change is shown in the {GAPS[one.name]} between groups of {one.changed.name}: {moved}, a change of "
            f"{low} to {high}.",
            basis=basis,
            sure="not_shown",
        )
    worsened = one.low > 0
    ends = (one.low, one.high) if worsened else (-one.high, -one.low)
    least, most = points(ends[0], "down"), points(ends[1], "up")
    verb = "grew" if worsened else "shrank"
    return Answer(
        f"The {GAPS[one.name]} between groups of {one.changed.name} {verb} {moved}, by {least} to {most}.",
        basis=basis,
        sure="shown",
        harm=worsened,
    )


def _cost(cost: Finding) -> Answer:
    what = PAID[cost.metric]
    value, interval, basis = cost.value or 0.0, cost.interval, f"{cost.n:,} rows, paired"
    low, high = (value, value) if interval is None else (interval.low, interval.high)
    if low <= 0 <= high:
        span = f"{_signed(value)} points, {_signed(low)} to {_signed(high)}"
        return Answer(f"No cost in {what} is shown: {span}.", basis=basis, sure="not_shown")
    verb = "cost" if value > 0 else "gained"
    least, most = sorted((abs(low), abs(high)))
    text = f"It {verb} {points(value)} points of {what}, between {points(least, 'down')} and {points(most, 'up')}."
    return Answer(text, basis=basis, sure="shown", harm=value > 0)


def _signed(value: float) -> str:
    text = points(value)
    return text if text == "0" else f"{'−' if value < 0 else '+'}{text}"
