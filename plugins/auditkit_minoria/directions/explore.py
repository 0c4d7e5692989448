"""Explore and exploit (paper, 6.2): random directions, and random ones near the best so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.directions.candidates import Candidates, Ranking
from auditkit_minoria.directions.unit import unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALLEST_GUESS, LARGEST_GUESS = 8, 256
"""Iterations scored at once, on the guess that none of them beats the best so far."""


@dataclass(frozen=True, eq=False)
class Draws:
    """Everything random of the iterations: normal vectors [m, d], whether each explores, cosines of its cap [m]."""

    normal: NDArray[np.float64]
    explores: NDArray[np.bool_]
    cosine: NDArray[np.float64]

    def directions(self, rows: slice, best: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the unit directions of some iterations while `best` is the best."""
        free = unit(self.normal[rows])
        across = unit(free - (free @ best)[:, None] * best)
        cosine = self.cosine[rows, None]
        near = cosine * best + np.sqrt(1 - cosine * cosine) * across
        return np.where(self.explores[rows, None], free, near)


def explore(
    points: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    iterations: int = 10_000,
    starts: int = 6,
    epsilon: float = 0.4,
    near: float = 0.9,
) -> Candidates:
    """Return all directions tried by `starts` random ones and `iterations` epsilon-greedy steps.

    With probability epsilon a step explores, uniformly over all directions; else it is uniform over the cap
    cos(f, best) >= near around the best so far. (The paper's text has <=, which would be everything but.)
    """
    d = points.shape[1]
    ranking = Ranking.of(points, rng)
    tried = unit(rng.normal(size=(starts, d)))
    scores = ranking.skews(tried)
    draws = Draws(
        rng.normal(size=(iterations, d)),
        rng.random(iterations) < epsilon if d > 1 else np.ones(iterations, dtype=np.bool_),
        cap_cosines(rng.random(iterations), d=max(d, 2), near=near),
    )
    later, later_scores = _steps(
        ranking, draws, best=tried[np.abs(scores).argmax()], size=np.abs(scores).max()
    )
    return Candidates(np.concatenate([tried, later]), np.concatenate([scores, later_scores]))


def _steps(
    ranking: Ranking, draws: Draws, *, best: NDArray[np.float64], size: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each iteration's direction [m, d] and its skew [m], the same as one by one.

    Many are scored at once as if the best stayed the best. Up to the first that beats it they are right; the
    rest is made again. The best seldom changes, so little is made twice.
    """
    m = len(draws.normal)
    directions, scores = np.empty_like(draws.normal), np.empty(m)
    done, guess = 0, SMALLEST_GUESS
    while done < m:
        rows = slice(done, min(done + guess, m))
        tried = draws.directions(rows, best)
        found = ranking.skews(tried)
        better = np.flatnonzero(np.abs(found) > size)
        kept = int(better[0]) + 1 if len(better) else len(tried)
        directions[done : done + kept], scores[done : done + kept] = tried[:kept], found[:kept]
        if len(better):
            best, size = tried[kept - 1], float(abs(found[kept - 1]))
        guess = max(SMALLEST_GUESS, guess // 2) if len(better) else min(LARGEST_GUESS, 2 * guess)
        done += kept
    return directions, scores


def cap_cosines(uniform: NDArray[np.float64], *, d: int, near: float) -> NDArray[np.float64]:
    """Return cosines to the centre of directions uniform over the cap cos >= near of the sphere in d dimensions.

    The squared sine of such a direction has a Beta((d - 1) / 2, 1/2) distribution, cut off at 1 - near^2.
    """
    from scipy.special import betainc, betaincinv

    half = (d - 1) / 2
    squared = betaincinv(half, 0.5, uniform * betainc(half, 0.5, 1 - near * near))
    return np.sqrt(np.clip(1 - squared, near * near, 1.0))
