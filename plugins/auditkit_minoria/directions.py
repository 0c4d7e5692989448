"""Which directions to report: local optima, far enough from each other; f and -f are one direction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_minoria.sweep import Sweep

SEPARATION = np.pi / 12


def separated(
    candidates: NDArray[np.float64],
    scores: NDArray[np.float64],
    *,
    top: int,
    separation: float = SEPARATION,
) -> NDArray[np.int64]:
    """Return the places of at most `top` of the unit vectors [m, d], from high score [m] to low.

    Each is more than `separation` radians from all before it; of equal scores the first wins.
    """
    chosen: list[int] = []
    for place in np.argsort(-scores, kind="stable").tolist():
        if len(chosen) == top:
            break
        if apart(candidates[place], candidates[chosen], separation=separation):
            chosen.append(place)
    return np.array(chosen, dtype=np.int64)


def apart(
    direction: NDArray[np.float64], others: NDArray[np.float64], *, separation: float = SEPARATION
) -> bool:
    """Return whether |cos| of the unit vector [d] to each of the others [k, d] is below cos(separation)."""
    return bool((np.abs(others @ direction) < np.cos(separation)).all())


def peaks(sweep: Sweep) -> NDArray[np.int64]:
    """Return the bins that beat both neighbours in |skew|, the half circle being closed.

    A run of equal bins counts once, by its first; where all are equal (points on a line) the best bin stands
    for all. Bins of skew 0 are no peaks.
    """
    size = np.abs(sweep.skews)
    starts = np.flatnonzero(size != np.roll(size, 1))
    if len(starts) == 0:
        return np.array([sweep.best] if size.any() else [], dtype=np.int64)
    runs = size[starts]
    high = (runs > np.roll(runs, 1)) & (runs > np.roll(runs, -1))
    return starts[high]


def top_of_sweep(
    sweep: Sweep, *, top: int, separation: float = SEPARATION
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return angles and signed skews of the separated peaks, at most `top`, from high |skew| to low."""
    found = peaks(sweep)
    angles, skews = sweep.angles[found], sweep.skews[found]
    units = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    chosen = separated(units, np.abs(skews), top=top, separation=separation)
    return angles[chosen], skews[chosen]
