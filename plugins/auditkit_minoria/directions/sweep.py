"""The exact skew of points in the plane over all directions (paper, 4.3), whatever their ties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.directions.candidates import Candidates
from auditkit_minoria.directions.skew import pearson_skew
from auditkit_minoria.directions.unit import SEPARATION, separated
from auditkit_minoria.kernels.compiled import Kernel
from auditkit_minoria.kernels.plane import sweep_bins

if TYPE_CHECKING:
    from numpy.typing import NDArray

BINS = 720
FLAT = 1e-13
"""Points whose distance to a line is this share of their spread, or less, lie on it."""


@dataclass(frozen=True, eq=False)
class Sweep:
    """Per equal bin of the half circle [0, pi): the skew of largest size in it, signed, and its exact angle.

    `angles` and `skews` are float64 [bins], angles in radians. `regions` counts the stretches of directions
    over which the median stays with the same points, cut at the bins. `best` is the bin with the global
    maximum of |skew|; for points on a line, where all bins have it, the bin of the line itself.
    """

    angles: NDArray[np.float64]
    skews: NDArray[np.float64]
    regions: int
    best: int


def sweep(points: NDArray[np.float64], *, bins: int = BINS) -> Sweep:
    """Return the exact extremes of the skew of the points [n, 2] over the half circle, n >= 1.

    For even n the median is the mean of the two middle order statistics. |skew| can only be largest where a
    median point meets another point, or at Theorem 3's closed form in between; all are evaluated.
    """
    edges = np.linspace(0.0, np.pi, bins + 1)
    white, root, rank = _whitened(points)
    if rank < 2:
        return _sweep_of_a_line(white[:, 0], root, edges)
    white_edges = np.arctan2(
        root[1, 1] * np.sin(edges), root[0, 0] * np.cos(edges) + root[0, 1] * np.sin(edges)
    )
    white_edges[0], white_edges[-1] = 0.0, np.pi
    _, rows, weight = np.unique(_bytes(points), return_index=True, return_counts=True)
    n, best, angle = len(points), np.zeros(bins), (white_edges[:-1] + white_edges[1:]) / 2
    regions = sweep_bins(
        white[rows, 0],
        white[rows, 1],
        weight,
        (n - 1) // 2,
        n // 2,
        np.maximum.accumulate(white_edges),
        best,
        angle,
    )
    sine = np.sin(angle) / root[1, 1]
    raw = np.arctan2(sine, (np.cos(angle) - root[0, 1] * sine) / root[0, 0])
    return Sweep(
        np.clip(raw, edges[:-1], np.nextafter(edges[1:], 0.0)), best, int(regions), int(np.abs(best).argmax())
    )


def _whitened(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    """Return white [n, 2], upper triangular root [2, 2] and the rank: centred points = white @ root.

    White columns have mean 0, variance 1 and covariance 0 (an orthogonalisation done twice, so to the last
    digit). Being triangular with a positive diagonal, root keeps angle 0 at 0 and the sense of turning.
    With rank 1 the first white column holds the points' places along their line, and root[0] its direction.
    """
    shifted = points - points[0]
    size = np.abs(shifted).max(axis=0)
    scale = np.where(size > 0, size, 1.0)
    x, y = (shifted / scale).T
    x, y = (column - column.mean() for column in (x, y))
    noise = FLAT + 8 * np.finfo(np.float64).eps * float(np.max(np.abs(points[0]) / scale))
    first, second = (float(np.sqrt(np.mean(column * column))) for column in (x, y))
    if max(first, second) == 0.0:
        return np.zeros((len(points), 2)), np.zeros((2, 2)), 0
    if first <= noise * second:
        return np.stack([y / second, x], axis=1), np.array([[0.0, second * scale[1]], [0.0, 0.0]]), 1
    unit, along, rest = x / first, 0.0, y
    for _ in range(2):
        part = float(np.mean(unit * rest))
        rest = rest - part * unit
        rest = rest - rest.mean()
        along += part
    width = float(np.sqrt(np.mean(rest * rest)))
    root = np.array([[first * scale[0], along * scale[1]], [0.0, width * scale[1]]])
    if width <= noise * second:
        return np.stack([unit, rest], axis=1), root, 1
    return np.stack([unit, rest / width], axis=1), root, 2


def _sweep_of_a_line(
    places: NDArray[np.float64], root: NDArray[np.float64], edges: NDArray[np.float64]
) -> Sweep:
    """Return the sweep of collinear points: one size of skew, with the sign of the cosine to the line."""
    tilt = float(np.arctan2(root[0, 1], root[0, 0]))
    angles = (edges[:-1] + edges[1:]) / 2
    across = np.abs(np.cos(angles - tilt)) < FLAT  # the only direction with skew 0; a bin reports its largest
    angles[across] = edges[:-1][across]
    own = min(int(np.searchsorted(edges, tilt % np.pi, side="right")) - 1, len(angles) - 1)
    angles[own] = tilt % np.pi
    forward = np.cos(angles - tilt)
    skew = pearson_skew(places)
    return Sweep(angles, np.where(forward < 0, -skew, skew), 1, own)


def _bytes(points: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Return each row [n, 2] as one sortable value, with -0 as 0."""
    return np.ascontiguousarray(points + 0.0).view(np.complex128)[:, 0]


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


def candidates_of(found: Sweep) -> Candidates:
    """Return the peaks of a sweep as directions."""
    high = peaks(found)
    angles = found.angles[high]
    return Candidates(np.stack([np.cos(angles), np.sin(angles)], axis=1), found.skews[high])


def sweep_kernel() -> Kernel:
    """Return the machine code of the sweep, and a small call that makes it."""
    return Kernel(sweep_bins, lambda: sweep(np.random.default_rng(0).normal(size=(30, 2))))
