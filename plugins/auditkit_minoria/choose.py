"""From a search's candidates to the directions that are reported: separated, readable, tails tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit_minoria.candidates import scored_on_all
from auditkit_minoria.directions import SEPARATION, apart, separated
from auditkit_minoria.skew import pearson_skew
from auditkit_minoria.sparse import sparsified, tail_gap, tail_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from auditkit_minoria.candidates import Candidates

Found: TypeAlias = "tuple[NDArray[np.float64], float, float]"
"""A unit direction, its signed skew, and the loss gap of its tail (NaN without a loss)."""

PATIENCE = 60
"""Candidates of a batch whose tails are tested before the search gives up on finding more."""
WIDEST = 2.0
"""Ties may make a tail larger than asked for; from this many times on its rows are no minority."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What to report: at most `top` directions, `separation` radians apart, tails of the share `tail`.

    A tail under-performs from a loss gap of `tau` on, of which only its `hardest` share of rows, worst first, is
    looked at. `sparse` drops weights that change little; exact searches keep their directions as they are.
    """

    top: int = 5
    tail: float = 0.05
    tau: float = 0.0
    hardest: float = 1.0
    separation: float = SEPARATION
    sparse: bool = True


@dataclass(frozen=True, eq=False)
class Chosen:
    """Unit directions [m, d], their signed skews [m], from large |skew| to small, and tail loss gaps [m]."""

    directions: NDArray[np.float64]
    skews: NDArray[np.float64]
    gaps: NDArray[np.float64]


def choose(
    points: NDArray[np.float64],
    loss: NDArray[np.float64] | None,
    batches: Iterable[Candidates],
    *,
    choice: Choice,
) -> Chosen:
    """Return the directions to report of the points [n, d].

    Directions whose tail under-performs (on these very rows, so biased) come before others are let in; more
    batches are asked for only while they are too few. Without a loss, high |skew| alone counts.
    """
    good: list[Found] = []
    poor: list[Found] = []
    for batch in batches:
        for candidate in _in_order(points, batch, choice):
            if len(good) == choice.top:
                break
            if not candidate.any() or not _free(candidate, good + poor, choice):
                continue
            found, passes = _tested(points, candidate, loss, choice)
            if _free(found[0], good if passes else good + poor, choice):
                (good if passes else poor).append(found)
        if len(good) == choice.top:
            break
    poor.sort(key=lambda found: -abs(found[1]))
    chosen = good + [one for one in poor if _free(one[0], good, choice)][: choice.top - len(good)]
    chosen.sort(key=lambda found: -abs(found[1]))
    return Chosen(
        np.array([found[0] for found in chosen]).reshape(len(chosen), points.shape[1]),
        np.array([found[1] for found in chosen]),
        np.array([found[2] for found in chosen]),
    )


def _in_order(points: NDArray[np.float64], batch: Candidates, choice: Choice) -> list[NDArray[np.float64]]:
    """Return the batch's separated directions, its first one and then from large |skew| on all rows to small."""
    places = separated(batch.directions, np.abs(batch.skews), top=PATIENCE, separation=choice.separation)
    shortlist = batch.directions[places]
    scores = scored_on_all(points, shortlist, batch.skews[places])
    ordered = list(shortlist[np.argsort(-np.abs(scores), kind="stable")])
    return ordered if batch.first is None else [batch.first, *ordered]


def _tested(
    points: NDArray[np.float64],
    candidate: NDArray[np.float64],
    loss: NDArray[np.float64] | None,
    choice: Choice,
) -> tuple[Found, bool]:
    """Return the candidate, its skew and tail loss gap, and whether its tail is small and under-performs.

    Only a candidate whose tail does is made sparse, and stays so if its tail still does.
    """
    whole, passes = _judged(points, candidate, loss, choice)
    if not passes or not choice.sparse:
        return whole, passes
    few = sparsified(points, whole[0], loss, tail=choice.tail)[0]
    sparse, still = _judged(points, few, loss, choice)
    return (sparse if still else whole), True


def _judged(
    points: NDArray[np.float64],
    direction: NDArray[np.float64],
    loss: NDArray[np.float64] | None,
    choice: Choice,
) -> tuple[Found, bool]:
    """Return the direction with its skew, turned so that this is positive unless it is to stay as it is."""
    projection = points @ direction
    skew = pearson_skew(projection)
    if skew < 0 and choice.sparse:
        direction, skew, projection = -direction, -skew, -projection
    members = tail_rows(projection, skew, tail=choice.tail)
    few = bool(members.mean() <= WIDEST * choice.tail)
    if loss is None:
        return (direction, skew, float("nan")), few
    gap = tail_gap(loss, members)
    worst = gap if choice.hardest == 1 else tail_gap(loss, members, hardest=choice.hardest)
    return (direction, skew, gap), few and worst >= choice.tau


def _free(direction: NDArray[np.float64], found: list[Found], choice: Choice) -> bool:
    """Return whether the direction is apart from all that were found."""
    others = np.array([one[0] for one in found]).reshape(len(found), len(direction))
    return apart(direction, others, separation=choice.separation)
