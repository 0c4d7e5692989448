"""Unit vectors: at length 1, and far enough from each other; f and -f are one direction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEPARATION = np.pi / 12
DUST = 1e-6


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the vectors [..., d] at length 1; those that are zero stay zero."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: NDArray[np.float64] = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
    return scaled


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


def without_dust(direction: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the unit vector [d] without weights below DUST of the largest.

    They change no projection that a reader could tell apart, but would decide who is in a tail where the others tie.
    """
    kept = np.abs(direction) >= DUST * np.abs(direction).max()
    return direction if kept.all() else unit(np.where(kept, direction, 0.0))


def angle_degrees(direction: NDArray[np.float64]) -> float | None:
    """Return the angle in [0, 180) of a direction of the plane; None in other dimensions."""
    if len(direction) != 2:
        return None
    return float(np.degrees(np.arctan2(direction[1], direction[0]))) % 180.0


def apart(
    direction: NDArray[np.float64], others: NDArray[np.float64], *, separation: float = SEPARATION
) -> bool:
    """Return whether |cos| of the unit vector [d] to each of the others [k, d] is below cos(separation)."""
    return bool((np.abs(others @ direction) < np.cos(separation)).all())
