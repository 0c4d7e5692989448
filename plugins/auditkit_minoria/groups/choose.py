"""From a search's candidates to the directions that are reported: separated, readable, tails tested."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit_minoria.directions.candidates import scored_on_all
from auditkit_minoria.directions.skew import long_side, pearson_skew
from auditkit_minoria.directions.unit import SEPARATION, apart, separated, without_dust
from auditkit_minoria.groups.sparse import sparsified, tail_gap, tail_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from auditkit_minoria.directions.candidates import Candidates
    from auditkit_minoria.directions.skew import Side
    from auditkit_minoria.params import CommonParams

Vectors: TypeAlias = "NDArray[np.float64]"

PATIENCE = 60
"""Candidates of a batch whose tails are tested before the search gives up on finding more."""
WIDEST, NARROWEST = 2.0, 0.1
"""Ties may make a tail larger or smaller than asked for: in between these many times it is taken for good. Rows of
larger ones are no minority, and of smaller ones too few to confirm anything on."""
SYMMETRIC = 2 * 2.27
"""Over the square root of the rows: two standard errors of the skew of normal rows, within which no side is long."""
CHANCE = 1.645
"""Standard errors of a loss gap that chance alone exceeds in one of twenty tails."""


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

    @classmethod
    def of(cls, params: CommonParams, *, sparse: bool) -> Choice:
        """Return what these parameters ask for."""
        return cls(
            top=params.top,
            tail=params.tail,
            tau=params.tau,
            separation=float(np.deg2rad(params.separation_degrees)),
            sparse=sparse,
        )


@dataclass(frozen=True, eq=False)
class Found:
    """A unit direction [d], its signed skew, the side of its tail, and that tail's loss gap (NaN without a loss).

    `passes` says whether the tail is small enough and, given a loss, under-performs.
    """

    direction: Vectors
    skew: float
    side: Side
    gap: float
    passes: bool


def choose(
    points: Vectors, loss: Vectors | None, batches: Iterable[Candidates], *, choice: Choice
) -> tuple[Found, ...]:
    """Return the directions to report of the points [n, d], from large |skew| to small.

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
            found = _tested(points, candidate, loss, choice)
            if _free(found.direction, good if found.passes else good + poor, choice):
                (good if found.passes else poor).append(found)
        if len(good) == choice.top:
            break
    poor.sort(key=lambda found: -abs(found.skew))
    rest = [one for one in poor if _free(one.direction, good, choice)]
    chosen = [*good, *rest[: choice.top - len(good)]]
    return tuple(sorted(chosen, key=lambda found: -abs(found.skew)))


def _in_order(points: Vectors, batch: Candidates, choice: Choice) -> list[Vectors]:
    """Return the batch's separated directions, its first one and then from large |skew| on all rows to small."""
    places = separated(batch.directions, np.abs(batch.skews), top=PATIENCE, separation=choice.separation)
    shortlist = batch.directions[places]
    scores = scored_on_all(points, shortlist, batch.skews[places])
    ordered = list(shortlist[np.argsort(-np.abs(scores), kind="stable")])
    return ordered if batch.first is None else [batch.first, *ordered]


def _tested(points: Vectors, candidate: Vectors, loss: Vectors | None, choice: Choice) -> Found:
    """Return the candidate as it would be reported.

    Where weights may be dropped, a direction is turned so that its tail is the upper one. Only one whose tail
    passes is made sparse, and stays so if its tail still does.
    """
    whole = _judged(points, without_dust(candidate), loss, choice)
    if not choice.sparse:
        return whole
    if whole.side == "lower":
        whole = replace(whole, direction=-whole.direction, skew=-whole.skew, side="upper")
    if not whole.passes:
        return whole
    few = sparsified(points, whole.direction, loss, tail=choice.tail)[0]
    sparse = _judged(points, few, loss, choice)
    return sparse if sparse.passes and sparse.side == "upper" else whole


def _judged(points: Vectors, direction: Vectors, loss: Vectors | None, choice: Choice) -> Found:
    """Return the direction with its tail: on the long side, or where neither is long, on the side of more loss."""
    projection = points @ direction
    skew = pearson_skew(projection)
    sides: tuple[Side, ...] = (long_side(skew),)
    if loss is not None and abs(skew) * np.sqrt(len(points)) <= SYMMETRIC:
        sides = ("upper", "lower")
    tails = [tail_rows(projection, side, tail=choice.tail) for side in sides]
    gaps = [float("nan") if loss is None else tail_gap(loss, members) for members in tails]
    worse = int(np.argmax(gaps)) if len(gaps) > 1 else 0
    passes = bool(NARROWEST <= tails[worse].mean() / choice.tail <= WIDEST)
    if loss is not None:
        passes = passes and _under_performs(loss, tails[worse], gaps[worse], choice)
    return Found(direction, skew, sides[worse], gaps[worse], passes)


def _under_performs(loss: Vectors, members: NDArray[np.bool_], gap: float, choice: Choice) -> bool:
    """Return whether the gap of a tail's hardest rows is at least tau, and that of all its rows beyond chance."""
    worst = gap if choice.hardest == 1 else tail_gap(loss, members, hardest=choice.hardest)
    error = float(loss.std()) / np.sqrt(max(int(members.sum()), 1))
    return worst >= choice.tau and gap >= CHANCE * error


def _free(direction: Vectors, found: list[Found], choice: Choice) -> bool:
    """Return whether the direction is apart from all that were found."""
    others = np.array([one.direction for one in found]).reshape(len(found), len(direction))
    return apart(direction, others, separation=choice.separation)
