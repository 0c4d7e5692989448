"""The loss gaps of tails on held-out rows that have weights: weighted means, with errors by linearisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri, stdtrit

from auditkit import Cells
from auditkit.measures import count, design, gap_of_counts, gap_of_means, loss_gaps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit import Interval
    from auditkit_minoria.confirm.standard import Standard

    Floats = NDArray[np.float64]
    Rows = NDArray[np.bool_]


def of_weighted_counts(
    loss: Floats,
    tails: Sequence[Rows],
    values: tuple[float, float],
    standard: Standard,
    *,
    weight: Floats | Cells,
) -> list[tuple[float, Interval]]:
    """Return each tail's gap to all rows and its interval, of losses [n] that are one of two values.

    `weight` [n] is that of each row, or what each stands for, where rows are cells of rows.

    The rates of tail and rest count as those of as many rows as they are worth by their linearised variance (Korn and
    Graubard, Survey Methodology 24, 1998), less what Student's t asks for in place of the normal distribution at the
    level of the strictest of these tests: weights leave that variance in doubt.
    """
    low, high = values
    hit, level = (loss == high).astype(np.int64), standard.level / len(tails)
    own = weight.weights if isinstance(weight, Cells) else weight
    found = []
    for tail in tails:
        rest = (~tail).astype(np.int64)
        known = design(count(rest, hit, hit, n_groups=2, n_classes=2, weights=weight), "selection_rate")
        fewer = (ndtri(level) / stdtrit(known.degrees, level)) ** 2
        x, n = known.x * fewer, known.n * fewer
        left = 1 - share_of(tail, own)
        # The gap is the difference of the rates times the weight outside, of which these rows' number says nothing.
        width = (high - low) * left * float(n.sum() / n[1])
        interval = gap_of_counts(*_pairs(x, n), width=width, confidence=standard.confidence)
        found.append((gap_to_all(loss, tail, own), interval))
    return found


def of_weighted_means(
    loss: Floats, tails: Sequence[Rows], standard: Standard, rng: np.random.Generator, *, weight: Floats
) -> list[tuple[float, Interval]]:
    """Return the same of losses of any values: the larger of Welch's p-value and that of a permutation test.

    Losses are dealt out with their weights; Welch's errors are linearised, with Kish's rows for degrees of freedom.
    """
    left = [1 - share_of(tail, weight) for tail in tails]
    cuts = [((~tail).astype(np.int64), 2) for tail in tails]
    at_zero = [one[0] for one in loss_gaps(cuts, loss[None], rng=rng, weights=weight)]
    known = [[(0.0, *one.basis[0, 2:4].tolist())] for one in at_zero]
    if standard.tau != 0:
        for place, (cut, scale) in enumerate(zip(cuts, left, strict=True)):
            moved = loss - standard.tau / scale * tails[place]
            ((one,),) = loss_gaps([cut], moved[None], rng=rng, weights=weight)
            known[place].append((standard.tau, *one.basis[0, 2:4].tolist()))
    found = []
    for tail, one, scale, tested in zip(tails, at_zero, left, known, strict=True):
        error, degrees, _, _, heavy, top = one.basis[0].tolist()
        gap = gap_to_all(loss, tail, weight)
        interval = gap_of_means(
            gap, degrees, error * scale, tested, tail=(heavy, top), confidence=standard.confidence
        )
        found.append((gap, interval))
    return found


def gap_to_all(loss: Floats, members: Rows, weight: Floats | None) -> float:
    """Return mean(members) - mean(all) of losses [n], weighted if rows have weights; 0 for no members."""
    if not members.any():
        return 0.0
    own = None if weight is None else weight[members]
    return float(np.average(loss[members], weights=own) - np.average(loss, weights=weight))


def share_of(members: Rows, weight: Floats | None) -> float:
    """Return the members' [n] share of all weight, or of the rows where these have none."""
    return float(np.average(members, weights=weight)) if len(members) else 0.0


def _pairs(x: Floats, n: Floats) -> tuple[float, float, float, float]:
    return float(x[0]), float(n[0]), float(x[1]), float(n[1])
