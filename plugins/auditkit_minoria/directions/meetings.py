"""The warm-up (paper, Algorithm 1): walk along the median from meeting to meeting, and score each one naively."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.directions.candidates import Candidates
from auditkit_minoria.directions.skew import pearson_skew

if TYPE_CHECKING:
    from numpy.typing import NDArray

NUDGE = 1e-9
"""Radians. The order just after a meeting is read this much later, so that rounding cannot undo the meeting."""


def peaks_of_meetings(points: NDArray[np.float64]) -> Candidates:
    """Return the peaks of |skew| over the vertices of the median level of points [n, 2]."""
    angles = median_meetings(points)
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    scores = np.array([pearson_skew(points @ direction) for direction in directions])
    size = np.abs(scores)
    high = (size >= np.roll(size, 1)) & (size >= np.roll(size, -1)) & (size > 0)
    return Candidates(directions[high], scores[high])


def median_meetings(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the angles in [0, pi) at which a median of the projected points [n, 2] meets another point.

    For even n there are two medians; both are followed. In the paper's dual these are the vertices of the median
    level of the arrangement. Points that fall together count as one place. Meetings closer than NUDGE are one.
    """
    n = len(points)
    scale = np.abs(points - points.mean(axis=0)).max(axis=0)
    x, y = ((points - points.mean(axis=0)) / np.where(scale > 0, scale, 1.0)).T
    stretch = scale / max(float(scale.max()), np.finfo(np.float64).tiny)
    x, y = x * stretch[0], y * stretch[1]
    middle = [(n - 1) // 2, n // 2] if n % 2 == 0 else [n // 2]
    angle, found = 0.0, [0.0]
    while True:
        turned = angle + NUDGE
        value, slope = x * np.cos(turned) + y * np.sin(turned), y * np.cos(turned) - x * np.sin(turned)
        order = np.argsort(value, kind="stable")
        step = min(_next_meeting(value, slope, int(order[rank])) for rank in middle)
        angle = turned + step
        if angle >= np.pi:
            return np.array(found)
        found.append(angle)


def _next_meeting(value: NDArray[np.float64], slope: NDArray[np.float64], median: int) -> float:
    """Return by how many radians more the points turn until another one meets the median point."""
    apart, rise = value - value[median], slope - slope[median]
    moving = (np.abs(apart) > np.finfo(np.float64).eps) & (rise != 0)
    if not moving.any():
        return np.pi
    turns = np.arctan(-apart[moving] / rise[moving]) % np.pi
    return float(turns.min())
