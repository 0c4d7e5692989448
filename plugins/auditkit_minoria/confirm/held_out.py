"""Whether the loss gaps of tails hold on rows that the search did not see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures import gap_of_counts, gap_of_means, p_value, welch
from auditkit.measures import tails as loss_tails
from auditkit_minoria.confirm.permutation import draws_needed, permutation_p
from auditkit_minoria.confirm.weighted import of_weighted_counts, of_weighted_means, share_of
from auditkit_minoria.features.weights import worth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit import Interval
    from auditkit_minoria.confirm.standard import Standard

    Loss = NDArray[np.float64]
    Rows = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """What held-out rows say of a tail: its loss, and gap = loss(tail) - loss(all) with interval and p-value.

    `n` of the `rows` are in the tail. `p` is one-sided, for the hypothesis that the gap is at most tau: the lowest
    level at which the interval lies above tau. Where there are too few rows to say, the numbers are None and there
    is a `reason`. `weighs` is the tail's share of all weight, where rows have weights.
    """

    n: int
    rows: int
    tail_loss: float | None = None
    gap: float | None = None
    interval: Interval | None = None
    p: float | None = None
    reason: str = ""
    weighs: float | None = None

    @property
    def share(self) -> float:
        """Share of the held-out rows that are in the tail, by their weights if they have any."""
        if self.weighs is not None:
            return self.weighs
        return self.n / self.rows if self.rows else 0.0


def held_out_gaps(
    loss: Loss,
    tails: Sequence[Rows],
    standard: Standard,
    *,
    known: Loss,
    rng: np.random.Generator,
    weight: Loss | None = None,
) -> list[HeldOut]:
    """Return what the held-out rows say of each tail: loss float64 [n] without NaN, tails bool [n].

    Losses of two values are counted and tested exactly; others by the larger of Welch's p-value and that of a
    studentised permutation test, as Welch's is too small for losses with a long lower tail. `known` are the losses of
    all rows: they tell how far apart two values are where the held-out rows have one of them alone. `weight` [n], above
    0, are the rows' weights, if any.
    """
    found = [_counted(tail, standard, weight) for tail in tails]
    testable = [i for i, one in enumerate(found) if not one.reason]
    if not testable:
        return found
    values, some = two_values(loss, known), [tails[i] for i in testable]
    if weight is not None and values is not None:
        tested = of_weighted_counts(loss, some, values, standard, weight=weight)
    elif weight is not None:
        tested = of_weighted_means(loss, some, standard, rng, weight=weight)
    elif values is None:
        tested = _of_means(loss, some, standard, rng)
    else:
        tested = [_of_counts(loss, tail, values, standard) for tail in some]
    for i, (gap, interval) in zip(testable, tested, strict=True):
        found[i] = replace(
            found[i],
            tail_loss=float(np.average(loss[tails[i]], weights=None if weight is None else weight[tails[i]])),
            gap=gap,
            interval=interval,
            p=p_value(gap, interval, standard.tau, "above"),
        )
    return found


def two_values(loss: Loss, known: Loss) -> tuple[float, float] | None:
    """Return the lower and the higher of two values that are all the losses [n] there are, None for any others.

    One value alone is one of the two of all known losses, or of 0 and 1.
    """
    low, high = float(loss.min()), float(loss.max())
    if not bool(((loss == low) | (loss == high)).all()):
        return None
    if low < high:
        return low, high
    least, largest = float(known.min()), float(known.max())
    if least < largest and bool(((known == least) | (known == largest)).all()):
        return least, largest
    return (0.0, 1.0) if low in {0.0, 1.0} else None


def _counted(tail: Rows, standard: Standard, weight: Loss | None) -> HeldOut:
    """Return how many rows are in the tail, and the reason if they, or the others, are too few or worth too few."""
    inside, rows = int(tail.sum()), len(tail)
    here, there = (worth(None if weight is None else weight[part], int(part.sum())) for part in (tail, ~tail))
    fewest, needed = min(here, there), max(standard.min_n, 2)
    found = HeldOut(n=inside, rows=rows, weighs=None if weight is None else share_of(tail, weight))
    if fewest >= needed:
        return found
    where = "in" if here <= there else "outside"
    held_out = "held-out rows" if weight is None else "held-out rows' worth of weight"
    reason = f"insufficient evidence: {int(fewest)} {held_out} {where} the tail, {needed} needed"
    return replace(found, reason=reason)


def _of_counts(
    loss: Loss, tail: Rows, values: tuple[float, float], standard: Standard
) -> tuple[float, Interval]:
    """Return the gap to all rows and its interval, of losses that are one of two values."""
    low, high = values
    hits = loss == high
    counts = int(hits[tail].sum()), int(tail.sum()), int(hits[~tail].sum()), int((~tail).sum())
    interval = gap_of_counts(*counts, width=high - low, confidence=standard.confidence)
    return float(loss[tail].mean() - loss.mean()), interval


def _of_means(
    loss: Loss, tails: Sequence[Rows], standard: Standard, rng: np.random.Generator
) -> list[tuple[float, Interval]]:
    """Return each tail's gap to all rows and its interval, of losses of any values.

    Permutations test a gap of 0, where gates look, and one of tau, where the verdict does. Where losses have a heavy
    tail, nothing is shown at any other threshold.
    """
    scales = [1 - float(tail.mean()) for tail in tails]
    draws = draws_needed(standard.level, len(tails))
    thresholds = list(dict.fromkeys((0.0, standard.tau)))
    by_threshold = [
        permutation_p(loss, tails, shifts=[threshold / scale for scale in scales], draws=draws, rng=rng)
        for threshold in thresholds
    ]
    return [
        _of_one(loss, tail, [(t, *p[i]) for t, p in zip(thresholds, by_threshold, strict=True)], standard)
        for i, tail in enumerate(tails)
    ]


def _of_one(
    loss: Loss, tail: Rows, tested: Sequence[tuple[float, float, float]], standard: Standard
) -> tuple[float, Interval]:
    inside, rest = loss[tail], loss[~tail]
    variances = inside.var(ddof=1), rest.var(ddof=1)
    _, _, degrees = welch(
        inside.mean(), variances[0], len(inside), mean2=rest.mean(), var2=variances[1], n2=len(rest)
    )
    scale = len(rest) / len(loss)
    gap = float(inside.mean() - rest.mean()) * scale
    error = scale * float(np.sqrt(variances[0] / len(inside) + variances[1] / len(rest)))
    found = loss_tails((~tail).astype(np.int64), loss, n_groups=2)
    heavy = float(found.heavy_gap[0]), float(found.top_share[0])
    interval = gap_of_means(gap, float(degrees), error, tested, tail=heavy, confidence=standard.confidence)
    return gap, interval
