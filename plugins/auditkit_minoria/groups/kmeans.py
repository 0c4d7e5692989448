"""The baseline (paper, 7.1.2): k-means clusters, judged as groups on the same footing as tails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.groups.cluster import Cluster, nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROUNDS, RESTARTS, LEARNING_ROWS = 100, 5, 100_000


def centres(points: NDArray[np.float64], k: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return k centres [k, d] (fewer if there are fewer distinct points), the best of some k-means++ starts.

    Lloyd's rounds on the points [n, d], or on LEARNING_ROWS random ones of more.
    """
    if len(points) > LEARNING_ROWS:
        points = points[np.sort(rng.permutation(len(points))[:LEARNING_ROWS])]
    tries = [_lloyd(points, _spread_start(points, k, rng)) for _ in range(RESTARTS)]
    return min(tries, key=lambda found: found[1])[0]


def worst_first(
    points: NDArray[np.float64], loss: NDArray[np.float64] | None, middle: NDArray[np.float64]
) -> tuple[Cluster, ...]:
    """Return the cluster of each centre [k, d], from high mean loss of its points [n, d] to low."""
    clusters = [Cluster(centres=middle, place=place) for place in range(len(middle))]
    if loss is None:
        return tuple(clusters)
    own = nearest(points, middle)
    gaps = [
        float(loss[own == i].mean() - loss.mean()) if (own == i).any() else 0.0 for i in range(len(middle))
    ]
    return tuple(clusters[i] for i in np.argsort(-np.array(gaps), kind="stable").tolist())


def _lloyd(points: NDArray[np.float64], middle: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Return where the centres come to rest, and the mean squared distance to them, without a constant."""
    own = nearest(points, middle)
    for _ in range(ROUNDS):
        counts = np.bincount(own, minlength=len(middle))
        sums = np.stack([np.bincount(own, column, minlength=len(middle)) for column in points.T], axis=1)
        middle = np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], middle)
        moved = nearest(points, middle)
        if np.array_equal(moved, own):
            break
        own = moved
    off = points - middle[own]
    return middle, float(np.einsum("ij,ij->", off, off) / len(points))


def _spread_start(points: NDArray[np.float64], k: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return k of the points, each drawn with chances that grow with the squared distance to those before."""
    chosen = [points[int(rng.integers(len(points)))]]
    distance = np.square(points - chosen[0]).sum(axis=1)
    while len(chosen) < k and distance.max() > 0:
        chosen.append(points[int(rng.choice(len(points), p=distance / distance.sum()))])
        distance = np.minimum(distance, np.square(points - chosen[-1]).sum(axis=1))
    return np.array(chosen)
