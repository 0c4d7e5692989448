"""The chance of a loss gap as large if losses were dealt out to the rows at random."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.kernels.permuted import draw_statistics, studentised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FEWEST_DRAWS, PER_LEVEL = 2_000, 20
"""Draws: at least so many, and so many for each time that the smallest level fits into 1."""
TIE = 1e-9
"""Statistics closer than this, relative to the one observed, are equal: the sums of the same rows may differ so."""
COUNTED, TAIL = 10, 250
"""Draws as far out that a p-value is counted from; with fewer it is read off the tail of the TAIL largest."""
WILD = 1e6
"""Statistics beyond this are those of parts without spread: they have no tail to go by."""


def draws_needed(level: float, comparisons: int) -> int:
    """Return how many draws tell p-values apart at the level that Holm asks of the first of the comparisons."""
    return max(FEWEST_DRAWS, int(np.ceil(PER_LEVEL * comparisons / level)))


def permutation_p(
    loss: NDArray[np.float64],
    tails: Sequence[NDArray[np.bool_]],
    *,
    shifts: Sequence[float],
    draws: int,
    rng: np.random.Generator,
) -> list[tuple[float, float]]:
    """Return, per tail, the p-values of mean(tail) - mean(rest) above, and below, the tail's shift.

    loss is float64 [n], each tail bool [n] with at least two rows in it and two outside. The statistic is Welch's, of
    losses from which the tail's shift has been taken; the reference are random parts of the rows of the tail's size.
    So the test is exact where tail and rest differ by a shift alone, and right for many rows where they differ
    otherwise (Janssen, Statistics and Probability Letters 36, 1997). Tails without a shift share their draws.
    """
    if not any(shifts):
        return _p_values(loss, tails, draws, int(rng.integers(2**63)))
    moved = (loss - shift * tail for shift, tail in zip(shifts, tails, strict=True))
    return [
        _p_values(values, [tail], draws, int(rng.integers(2**63)))[0]
        for values, tail in zip(moved, tails, strict=True)
    ]


def _p_values(
    loss: NDArray[np.float64], tails: Sequence[NDArray[np.bool_]], draws: int, seed: int
) -> list[tuple[float, float]]:
    """Return the p-values of no difference above, and below, per tail."""
    centred = loss - loss.mean()
    values = centred / max(float(np.abs(centred).max()), np.finfo(np.float64).tiny)
    sizes = np.array([int(tail.sum()) for tail in tails], dtype=np.int64)
    order = np.argsort(sizes, kind="stable")
    drawn = np.empty((draws, len(tails)))
    draw_statistics(values.copy(), sizes[order], seed, drawn)
    found = [(1.0, 1.0)] * len(tails)
    for place, statistics in zip(order.tolist(), drawn.T, strict=True):
        observed = _statistic(values, tails[place])
        found[place] = upper_p(statistics, observed), upper_p(-statistics, -observed)
    return found


def upper_p(drawn: NDArray[np.float64], observed: float) -> float:
    """Return the p-value of a statistic at least as large as the observed one, from those drawn [draws].

    (1 + draws as large) / (1 + draws), which is never too small (Phipson and Smyth, Statistical Applications in
    Genetics 9, 2010). Where fewer than COUNTED are as large, the smaller p-value of a generalised Pareto tail through
    the largest draws (Knijnenburg et al., Bioinformatics 25, 2009), for levels that no number of draws would reach. Its
    shape is at least 0, an exponential tail: the tails of such statistics fall faster.
    """
    draws, slack = len(drawn), TIE * (1 + abs(observed))
    as_large = int((drawn >= observed - slack).sum())
    counted = (1 + as_large) / (1 + draws)
    if as_large >= COUNTED or draws <= 2 * TAIL:
        return counted
    largest = np.partition(drawn, draws - TAIL - 1)[draws - TAIL - 1 :]
    start, excess = float(largest[0]), largest[1:] - largest[0]
    if max(observed, float(excess.max())) > WILD:
        return counted
    mean, variance = float(excess.mean()), float(excess.var())
    if variance == 0:
        return counted
    shape = max(0.0, (1 - mean * mean / variance) / 2)
    scale = mean * (1 - shape)
    beyond = (observed - slack - start) / scale
    tail = np.exp(-beyond) if shape == 0 else (1 + shape * beyond) ** (-1 / shape)
    return min(counted, TAIL / draws * float(tail))


def _statistic(values: NDArray[np.float64], tail: NDArray[np.bool_]) -> float:
    """Return Welch's statistic of the tail against the rest."""
    inside, rest = values[tail], values[~tail]
    sums = float(inside.sum()), float(inside @ inside), float(rest.sum()), float(rest @ rest)
    return float(studentised(sums[0], sums[1], len(inside), sums[2], sums[3], len(rest)))
