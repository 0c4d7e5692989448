"""The exact search in three dimensions (the paper's Algorithm 2 made exact: its vertices alone are not enough)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.directions.candidates import Candidates
from auditkit_minoria.directions.skew import pearson_skew
from auditkit_minoria.directions.sweep import candidates_of, sweep
from auditkit_minoria.directions.unit import unit
from auditkit_minoria.kernels.compiled import Kernel
from auditkit_minoria.kernels.space import search_tile

if TYPE_CHECKING:
    from numpy.typing import NDArray

TILES = 12
"""Squares along an edge of the cube: 3 x 12 x 12 tiles of 5 to 10 degrees make up one half of all directions."""
FLAT = 1e-7
"""A standard deviation below this share of the largest is none: the points lie in a plane or on a line."""


def peaks_of_points(points: NDArray[np.float64]) -> Candidates:
    """Return the exact peaks of |skew| of points [n, 3] by tile; of points in a plane or on a line, theirs."""
    centred = points - points.mean(axis=0)
    variances, axes = np.linalg.eigh(centred.T @ centred / len(points))
    kept = variances > FLAT**2 * max(float(variances[-1]), np.finfo(np.float64).tiny)
    rank = int(kept.sum())
    scale = np.sqrt(variances[kept])
    white = centred @ (axes[:, kept] / scale)
    if rank == 3:
        turned, skews = peaks_of_space(white)
    elif rank == 2:
        flat = candidates_of(sweep(white))
        turned, skews = flat.directions, flat.skews
    else:
        turned, skews = np.ones((rank, rank)), np.array([pearson_skew(white[:, 0])] if rank else [])
    return Candidates(unit(turned @ (axes[:, kept] / scale).T), skews)


def peaks_of_space(white: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return unit directions [m, 3] and signed skews [m] of the tiles that beat every tile that touches them.

    white [n, 3] has mean 0 and the identity as covariance. The largest |skew| of all is among them, exactly.
    """
    points, weight = np.unique(white + 0.0, axis=0, return_counts=True)
    n = len(white)
    tiles = tiles_of_half_sphere()
    best = np.zeros((len(tiles), 4))
    for tile, record in zip(tiles, best, strict=True):
        search_tile(points, weight, (n - 1) // 2, n // 2, tile, record)
    size = np.abs(best[:, 0])
    beside = _touching(tiles)
    # Of equal tiles (the best lies on their common edge) the first stands for all.
    rank = np.empty(len(size), dtype=np.int64)
    rank[np.argsort(-size, kind="stable")] = np.arange(len(size))
    high = (size > 0) & np.array([(rank[i] < rank[others]).all() for i, others in enumerate(beside)])
    return best[high, 1:], best[high, 0]


def tiles_of_half_sphere() -> NDArray[np.float64]:
    """Return [face, u, v, half] of each tile, [432, 4]."""
    middles = (np.arange(TILES) + 0.5) * (2 / TILES) - 1
    return np.array([[face, u, v, 1 / TILES] for face in range(3) for u in middles for v in middles])


def _touching(tiles: NDArray[np.float64]) -> list[NDArray[np.int64]]:
    """Return for each tile the others that share a corner with it, f and -f being one direction."""
    owners: dict[tuple[float, ...], list[int]] = {}
    for i, (face, u, v, half) in enumerate(tiles.tolist()):
        for cu, cv in (
            (u - half, v - half),
            (u - half, v + half),
            (u + half, v - half),
            (u + half, v + half),
        ):
            corner = np.roll([1.0, cu, cv], int(face))
            corner = corner / np.linalg.norm(corner)
            first = corner[np.flatnonzero(np.abs(corner) > 1e-9)[0]]
            key = tuple((np.round(corner * np.sign(first), 9) + 0.0).tolist())
            owners.setdefault(key, []).append(i)
    beside: list[set[int]] = [set() for _ in tiles]
    for shared in owners.values():
        for i in shared:
            beside[i].update(shared)
    return [np.array(sorted(others - {i}), dtype=np.int64) for i, others in enumerate(beside)]


def space_kernel() -> Kernel:
    """Return the machine code of the search, and a small call that makes it."""
    return Kernel(search_tile, lambda: peaks_of_points(np.random.default_rng(0).normal(size=(30, 3))))
