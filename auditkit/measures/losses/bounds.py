"""The p-value and the bounds of a mean loss, or of a gap of means, from what a finding stores.

H0 'gap <= 0' has the larger of Welch's p-value and a permutation's. Another threshold has Welch's, from 0 upwards
raised to that, so that p only ever grows with the threshold. Where the tail is heavy only the sign of a gap
can be shown, and nothing of a mean: no interval covers what the sample cannot know.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from auditkit.measures.special import stdtr, stdtrit

if TYPE_CHECKING:
    from auditkit.measures.exact.sides import Side


@dataclass(frozen=True)
class GapBasis:
    """What decides any claim about a gap of means: the numbers of `Interval.basis`, in this order.

    `error` is the standard error in the loss's unit, with its `degrees` of freedom; `above` and `below` are the
    p-values of 'gap > 0' and 'gap < 0', the larger of Welch's and a permutation's each; `heavy` is 1 for a
    heavy tail, else 0; `top_share` is the share of the sum that the largest 1 % of rows hold.
    """

    error: float
    degrees: float
    above: float
    below: float
    heavy: float
    top_share: float

    @property
    def numbers(self) -> tuple[float, ...]:
        """What `Interval.basis` holds."""
        return astuple(self)

    @property
    def turned(self) -> GapBasis:
        """The basis of the gap the other way round, whose value is the negative."""
        return GapBasis(
            error=self.error,
            degrees=self.degrees,
            above=self.below,
            below=self.above,
            heavy=self.heavy,
            top_share=self.top_share,
        )

    def scaled(self, factor: float) -> GapBasis:
        """Return the basis of a gap that is `factor` > 0 times this one, as that to all rows instead of the rest."""
        return GapBasis(
            error=self.error * factor,
            degrees=self.degrees,
            above=self.above,
            below=self.below,
            heavy=self.heavy,
            top_share=self.top_share,
        )


@dataclass(frozen=True)
class MeanBasis:
    """What decides any claim about a mean: as those of GapBasis."""

    error: float
    degrees: float
    heavy: float
    top_share: float

    @property
    def numbers(self) -> tuple[float, ...]:
        """What `Interval.basis` holds."""
        return astuple(self)


def gap_p(gap: float, basis: GapBasis, *, threshold: float, side: Side) -> float:
    """Return the p-value of H0 'gap <= threshold' ('above') or 'gap >= threshold' ('below').

    p < level exactly when gap_bound(level) lies strictly beyond the threshold. 1 where a heavy tail says nothing.
    """
    if side == "below":
        return gap_p(-gap, basis.turned, threshold=-threshold, side="above")
    if basis.heavy and threshold > 0.0:
        return 1.0
    p = _student_p(gap, basis, 0.0 if basis.heavy else threshold)
    return max(p, basis.above) if basis.heavy or threshold >= 0.0 else p


def gap_bound(gap: float, basis: GapBasis, *, level: float, side: Side) -> float:
    """Return the one-sided bound at a level in (0, 1): the low one for 'above', the high one for 'below'.

    Under a heavy tail it is the number next to 0 on the claim's side where the gap's sign is shown, else infinite.
    """
    if side == "below":
        return -gap_bound(-gap, basis.turned, level=level, side="above")
    if basis.heavy:
        shown = gap_p(gap, basis, threshold=0.0, side="above") < level
        return math.nextafter(0.0, 1.0) if shown else -math.inf
    bound = _student_bound(gap, basis, level)
    return 0.0 if bound > 0.0 and basis.above >= level else bound


def mean_p(mean: float, basis: MeanBasis, *, threshold: float, side: Side) -> float:
    """Return Student's p-value of H0 'mean <= threshold' ('above') or '>= threshold'; 1 under a heavy tail."""
    if side == "below":
        return mean_p(-mean, basis, threshold=-threshold, side="above")
    return 1.0 if basis.heavy else _student_p(mean, basis, threshold)


def mean_bound(mean: float, basis: MeanBasis, *, level: float, side: Side) -> float:
    """Return Student's one-sided bound at a level in (0, 1); infinite, on the safe side, under a heavy tail."""
    if side == "below":
        return -mean_bound(-mean, basis, level=level, side="above")
    return -math.inf if basis.heavy else _student_bound(mean, basis, level)


def _student_p(value: float, basis: GapBasis | MeanBasis, threshold: float) -> float:
    if basis.error == 0.0:
        return 0.0 if value > threshold else 1.0
    return float(stdtr(basis.degrees, (threshold - value) / basis.error))


def _student_bound(value: float, basis: GapBasis | MeanBasis, level: float) -> float:
    return value + float(stdtrit(basis.degrees, level)) * basis.error
