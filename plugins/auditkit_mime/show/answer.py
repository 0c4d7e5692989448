"""What a sweep answers: whether rows of the minority help the majority, and what that share costs the minority."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import Answer, percent, points

if TYPE_CHECKING:
    from auditkit_mime.design.plan import Pair, Plan
    from auditkit_mime.effect.effect import Effect


def answer(effect: Effect, plan: Plan, pair: Pair, *, confidence: float) -> Answer:
    """Return the answer of one pair of groups; `confidence` is that of two sides."""
    found, sides = effect.majority, pair.sides
    low, high = points(found.low, "down"), points(found.high, "up")
    one_sided = percent((1 + confidence) / 2, "down")
    basis = f"{len(effect.curves['majority'])} trials, p = {found.p_value:.2g}, corrected for the choice of the share"
    exhibit = f"Gain of {sides.majority} over beta = 0{pair.label}"
    if not found.shown:
        return Answer(
            f"No effect shown: with {one_sided} confidence, rows of {sides.minority} in training raise the accuracy on "
            f"{sides.majority} by at most {high} points{pair.label}.",
            basis=basis,
            sure="not_shown",
            exhibit=exhibit,
        )
    share = percent(plan.betas[found.best])
    return Answer(
        f"With {share} of the training rows from {sides.minority}, accuracy on {sides.majority} is "
        f"{points(found.value)} points higher than with none, between {low} and {high}{pair.label}.",
        basis=basis,
        sure="shown",
        exhibit=exhibit,
    )
