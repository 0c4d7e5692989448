"""Focused exploration (paper, Algorithm 3): directions from ordinary rows towards rows of high loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit_minoria.directions import SEPARATION, apart
from auditkit_minoria.skew import pearson_skew, skews
from auditkit_minoria.sparse import sparsified, tail_gap
from auditkit_minoria.start import unit, whitened_difference

if TYPE_CHECKING:
    from numpy.typing import NDArray

Found: TypeAlias = "tuple[NDArray[np.float64], float, float]"
"""A unit direction with skew >= 0, its skew, and the loss gap of its tail."""

RANKING_ROWS = 10_000
"""Rows that rank all candidates; the SHORTLIST best are scored again on every row."""
SHORTLIST = 256
PATIENCE = 60
"""Directions whose tails are tested before the search gives up on finding more."""


@dataclass(frozen=True, kw_only=True)
class FocusOptions:
    """`error_share` is the paper's K; `hardest` its K', the share of a tail's rows, worst first, to test."""

    candidates: int = 2000
    error_share: float = 0.1
    hardest: float = 1.0


DEFAULTS = FocusOptions()


@dataclass(frozen=True, eq=False)
class Explored:
    """Unit directions [m, d] with skew >= 0, their skews [m] and tail loss gaps [m] (NaN without a loss)."""

    directions: NDArray[np.float64]
    skews: NDArray[np.float64]
    gaps: NDArray[np.float64]


def explore(
    points: NDArray[np.float64],
    loss: NDArray[np.float64] | None,
    *,
    rng: np.random.Generator,
    top: int = 5,
    tail: float = 0.05,
    tau: float = 0.0,
    separation: float = SEPARATION,
    options: FocusOptions = DEFAULTS,
) -> Explored:
    """Return at most `top` separated directions of the points [n, d], from high skew to low.

    Those whose tail under-performs (gap >= tau, on these very rows, so biased) come before the others are
    let in. The whitened difference of means is tried first, then the candidates from high |skew| to low.
    Without a loss, candidates join random rows, and high skew alone counts.
    """
    worst = worst_rows(len(points), loss, share=options.error_share, rng=rng)
    candidates = differences(points, worst, count=options.candidates, rng=rng)
    shortlist, scores = _shortlist(points, candidates, rng)
    ordered = [shortlist[place] for place in np.argsort(-np.abs(scores), kind="stable")]
    if loss is not None:
        ordered.insert(0, whitened_difference(points, worst))
    good: list[Found] = []
    poor: list[Found] = []
    tests = 0
    for candidate in ordered:
        if len(good) == top or tests == PATIENCE:
            break
        if not candidate.any() or not _free(candidate, good + poor, separation):
            continue
        tests += 1
        found, passes = _tested(points, candidate, loss, tail=tail, tau=tau, hardest=options.hardest)
        if _free(found[0], good if passes else good + poor, separation):
            (good if passes else poor).append(found)
    chosen = good + [one for one in poor if _free(one[0], good, separation)][: top - len(good)]
    chosen.sort(key=lambda found: -found[1])
    return Explored(
        np.array([found[0] for found in chosen]).reshape(len(chosen), points.shape[1]),
        np.array([found[1] for found in chosen]),
        np.array([found[2] for found in chosen]),
    )


def _tested(
    points: NDArray[np.float64],
    candidate: NDArray[np.float64],
    loss: NDArray[np.float64] | None,
    *,
    tail: float,
    tau: float,
    hardest: float,
) -> tuple[Found, bool]:
    """Return the candidate, its skew and tail loss gap, and whether its tail under-performs.

    Only a candidate whose tail does is made sparse, and stays so if its tail still does.
    """

    def judged(direction: NDArray[np.float64]) -> tuple[Found, bool]:
        projection = points @ direction
        skew = pearson_skew(projection)
        facing = -direction if skew < 0 else direction
        if loss is None:
            return (facing, abs(skew), float("nan")), True
        gap = tail_gap(projection, skew, loss, tail=tail)
        worst = gap if hardest == 1 else tail_gap(projection, skew, loss, tail=tail, hardest=hardest)
        return (facing, abs(skew), gap), worst >= tau

    whole, passes = judged(candidate)
    if not passes:
        return whole, False
    sparse, still = judged(sparsified(points, candidate, loss, tail=tail)[0])
    return (sparse if still else whole), True


def worst_rows(
    n: int, loss: NDArray[np.float64] | None, *, share: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Return which rows are the share of highest loss, ties in random order; random rows without a loss."""
    order = rng.permutation(n)
    if loss is not None:
        order = order[np.argsort(-loss[order], kind="stable")]
    worst = np.zeros(n, dtype=np.bool_)
    worst[order[: max(1, int(np.ceil(share * n)))]] = True
    return worst


def differences(
    points: NDArray[np.float64], worst: NDArray[np.bool_], *, count: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return unit vectors s - t [<= count, d], s from a sample of the worst rows, t of the others."""
    side = max(1, int(np.sqrt(count)))
    inside, outside = (rng.permutation(np.flatnonzero(rows))[:side] for rows in (worst, ~worst))
    vectors = (points[inside][:, None, :] - points[outside][None, :, :]).reshape(-1, points.shape[1])
    return unit(vectors[np.any(vectors != 0, axis=1)])


def _shortlist(
    points: NDArray[np.float64], candidates: NDArray[np.float64], rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the candidates of largest |skew| on a sample of rows, with their skews on all rows."""
    if len(points) > RANKING_ROWS and len(candidates) > SHORTLIST:
        sample = points[np.sort(rng.permutation(len(points))[:RANKING_ROWS])]
        rough = np.abs(skews(sample, candidates))
        candidates = candidates[np.argsort(-rough, kind="stable")[:SHORTLIST]]
    return candidates, skews(points, candidates)


def _free(direction: NDArray[np.float64], found: list[Found], separation: float) -> bool:
    """Return whether the direction is apart from all that were found."""
    others = np.array([one[0] for one in found]).reshape(len(found), len(direction))
    return apart(direction, others, separation=separation)
