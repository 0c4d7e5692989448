"""Whether the loss gap of a tail holds on rows that the search did not see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit import Interval
from auditkit.measures import newcombe, p_value, welch

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Standard:
    """What a group must meet: a loss gap of tau, shown with this confidence on at least min_n held-out rows."""

    tau: float = 0.0
    confidence: float = 0.95
    min_n: int = 30

    @property
    def level(self) -> float:
        """The one-sided level: a corrected p-value below it confirms."""
        return (1 - self.confidence) / 2


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """What held-out rows say of a tail: its loss, and gap = loss(tail) - loss(all) with interval and p-value.

    `n` of the `rows` are in the tail. `p` is one-sided, for the hypothesis that the gap is at most tau. Where
    there are too few rows to say, the numbers are None and there is a `reason`.
    """

    n: int
    rows: int
    tail_loss: float | None = None
    gap: float | None = None
    interval: Interval | None = None
    p: float | None = None
    reason: str = ""

    @property
    def share(self) -> float:
        """Share of the held-out rows that are in the tail."""
        return self.n / self.rows if self.rows else 0.0


def held_out_gap(loss: NDArray[np.float64], tail: NDArray[np.bool_], standard: Standard) -> HeldOut:
    """Return what the held-out rows say: loss float64 [n] without NaN, tail bool [n].

    loss(tail) - loss(all) = (1 - share) (loss(tail) - loss(rest)), and tail and rest are independent. So the
    interval of that difference (Welch's, or Newcombe's where every loss is 0 or 1) is scaled by the rest's
    share, and the gap exceeds tau where the difference exceeds tau / (1 - share). For losses of 0 and 1 the
    p-value is at least that of an exact test: Newcombe's is too small, by half, at the levels that are needed
    after a correction.
    """
    inside, rest = loss[tail], loss[~tail]
    fewest, needed = min(len(inside), len(rest)), max(standard.min_n, 2)
    if fewest < needed:
        where = "in" if len(inside) <= len(rest) else "outside"
        reason = f"insufficient evidence: {fewest} held-out rows {where} the tail, {needed} needed"
        return HeldOut(n=len(inside), rows=len(loss), reason=reason)
    scale = len(rest) / len(loss)
    limit = standard.tau / scale
    difference = float(inside.mean() - rest.mean())
    interval = _to_rest(inside, rest, standard.confidence)
    return HeldOut(
        n=len(inside),
        rows=len(loss),
        tail_loss=float(inside.mean()),
        gap=difference * scale,
        interval=_to_all(interval, scale),
        p=max(p_value(difference, interval, limit, "above"), _exact_p(inside, rest, limit)),
    )


def _exact_p(inside: NDArray[np.float64], rest: NDArray[np.float64], limit: float) -> float:
    """Return the exact chance of as many losses of 1 in the tail if its rate is at most `limit` above the rest's.

    For a limit of at most 0, Fisher's: the tail is any of the rows. Above that the rest's rate is taken for known.
    0 where losses are not all 0 or 1: Welch's p-value, for losses with a long upper tail, needs no such floor.
    """
    if not _zero_one(inside, rest):
        return 0.0
    from scipy.stats import binom, hypergeom

    hits, n = int(inside.sum()), len(inside)
    if limit <= 0:
        return float(hypergeom.sf(hits - 1, n + len(rest), hits + int(rest.sum()), n))
    return float(binom.sf(hits - 1, n, min(1.0, float(rest.mean()) + limit)))


def _zero_one(inside: NDArray[np.float64], rest: NDArray[np.float64]) -> bool:
    return bool(np.isin(inside, (0.0, 1.0)).all() and np.isin(rest, (0.0, 1.0)).all())


def _to_rest(inside: NDArray[np.float64], rest: NDArray[np.float64], confidence: float) -> Interval:
    """Return the interval of mean(inside) - mean(rest)."""
    if _zero_one(inside, rest):
        counts = float(inside.sum()), float(len(inside)), float(rest.sum()), float(len(rest))
        low, high = newcombe(*counts[:2], x2=counts[2], n2=counts[3], confidence=confidence)
        return Interval(float(low), float(high), confidence, "newcombe", counts)
    low, high, degrees = welch(
        inside.mean(),
        inside.var(ddof=1),
        len(inside),
        mean2=rest.mean(),
        var2=rest.var(ddof=1),
        n2=len(rest),
        confidence=confidence,
    )
    return Interval(float(low), float(high), confidence, "welch", (float(degrees),))


def _to_all(interval: Interval, scale: float) -> Interval:
    """Return the interval of the gap to all rows.

    Welch's can be moved to other levels by its degrees of freedom as before. The counts of Newcombe's say
    nothing about a scaled gap, so its half-widths are scaled as those of any other interval.
    """
    low, high = interval.low * scale, interval.high * scale
    match interval.method:
        case "welch":
            return Interval(low, high, interval.confidence, "welch", interval.basis)
        case "newcombe":
            return Interval(low, high, interval.confidence, "normal")
    message = f"no way to scale an interval by {interval.method}"
    raise ValueError(message)
