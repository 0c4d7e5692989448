"""The chance of a loss gap as large if losses were dealt out to the rows at random."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.kernels.permuted import count_beyond, studentised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FEWEST_DRAWS, PER_LEVEL = 2_000, 20
"""Draws: at least so many, and so many for each time that the smallest level fits into 1."""


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
    otherwise (Janssen, Statistics and Probability Letters 36, 1997). p = (1 + draws as far out) / (1 + draws), which
    is never too small (Phipson and Smyth, 2010). Tails without a shift share their draws.
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
    observed = np.array([_statistic(values, tail) for tail in tails])
    beyond = np.zeros((2, len(tails)), dtype=np.int64)
    count_beyond(values.copy(), sizes[order], observed[order], draws, seed, beyond[0], beyond[1])
    p = np.empty((len(tails), 2))
    p[order] = (1 + beyond.T) / (1 + draws)
    return [(above, below) for above, below in p.tolist()]


def _statistic(values: NDArray[np.float64], tail: NDArray[np.bool_]) -> float:
    """Return Welch's statistic of the tail against the rest."""
    inside, rest = values[tail], values[~tail]
    sums = float(inside.sum()), float(inside @ inside), float(rest.sum()), float(rest @ rest)
    return float(studentised(sums[0], sums[1], len(inside), sums[2], sums[3], len(rest)))
