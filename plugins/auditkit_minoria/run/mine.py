"""The whole search: directions and under-performing tails on mining rows, confirmation on the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from auditkit.measures import adjust
from auditkit_minoria.confirm.held_out import held_out_gap
from auditkit_minoria.groups.choose import WIDEST, Choice, choose
from auditkit_minoria.groups.clusters import centres, nearest
from auditkit_minoria.groups.sparse import tail_gap
from auditkit_minoria.groups.tails import tail_mask, tail_threshold

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_minoria.confirm.held_out import HeldOut
    from auditkit_minoria.groups.choose import Found
    from auditkit_minoria.groups.tails import Side
    from auditkit_minoria.searches.by_name import Search

NO_LOSS = "no loss: skew only"
NOT_UNDER_PERFORMING = "tail not under-performing"
NO_TAIL = "no tail: all projections are equal"


@dataclass(frozen=True, eq=False, kw_only=True)
class MinedGroup:
    """Rows that a rule finds, and what the mining and the held-out rows say about them.

    `mining_gap` is biased: the rule was chosen on these rows. `held_out` is None where nothing was tested.
    `group` says whether the rows are reported as a group: they under-perform on the mining rows, or there is no
    loss to judge by. `confirmed` is None without a loss.
    """

    mining_n: int
    mining_gap: float | None
    group: bool
    held_out: HeldOut | None = None
    p_corrected: float | None = None
    confirmed: bool | None = None
    reason: str = ""

    def tail(self, features: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which rows of features [n, d] are in the group."""
        raise NotImplementedError


@dataclass(frozen=True, eq=False, kw_only=True)
class MinedDirection(MinedGroup):
    """The tail of a direction: projection >= threshold (side "upper") or <= ("lower") on the unit vector [d]."""

    direction: NDArray[np.float64]
    skew: float
    angle_degrees: float | None
    threshold: float
    side: Side

    def tail(self, features: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which rows of features [n, d] are in the tail."""
        return tail_mask(features @ self.direction, self.threshold, self.side)


@dataclass(frozen=True, eq=False, kw_only=True)
class MinedCluster(MinedGroup):
    """The rows that are nearer to one centre than to any other: the one at `place` of the centres [k, d]."""

    centres: NDArray[np.float64]
    place: int

    def tail(self, features: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which rows of features [n, d] are in the cluster."""
        members: NDArray[np.bool_] = nearest(features, self.centres) == self.place
        return members


Mined = TypeVar("Mined", MinedDirection, MinedCluster)


def mine(
    features: NDArray[np.float64],
    loss: NDArray[np.float64] | None,
    mining: NDArray[np.bool_],
    *,
    rng: np.random.Generator,
    search: Search,
    choice: Choice,
    confidence: float = 0.95,
    min_n: int = 30,
) -> tuple[MinedDirection, ...]:
    """Return at most `choice.top` directions of features [n, d], from high |skew| on the mining rows to low.

    Rows whose loss [n] is NaN are left out. A tail whose loss gap is at least tau on the mining rows, bool [n],
    is tested on the others; it is confirmed if its one-sided p-value for a gap of at most tau, Holm-corrected
    for all that were tested, is below (1 - confidence) / 2. Without a loss all rows are mined and none is tested.
    """
    points, losses = _mining_part(features, loss, mining)
    if len(points) == 0:
        return ()
    chosen = choose(points, losses, search(points, losses, rng), choice=choice)
    found = tuple(_described(points, losses, one, choice) for one in chosen)
    return _confirmed(found, features, loss, mining, tau=choice.tau, confidence=confidence, min_n=min_n)


def mine_clusters(
    features: NDArray[np.float64],
    loss: NDArray[np.float64] | None,
    mining: NDArray[np.bool_],
    *,
    rng: np.random.Generator,
    k: int,
    tau: float,
    confidence: float = 0.95,
    min_n: int = 30,
) -> tuple[MinedCluster, ...]:
    """Return k clusters of the features [n, d], from high mining loss to low, judged in the same way as tails."""
    points, losses = _mining_part(features, loss, mining)
    if len(points) == 0:
        return ()
    middle = centres(points, k, rng)
    own = nearest(points, middle)
    found = []
    for place in range(len(middle)):
        inside = own == place
        gap = None if losses is None or not inside.any() else float(losses[inside].mean() - losses.mean())
        worse = losses is None or (gap is not None and gap >= tau)
        reason = NO_LOSS if losses is None else "" if worse else "cluster not under-performing"
        found.append(
            MinedCluster(
                centres=middle,
                place=place,
                mining_n=len(points),
                mining_gap=gap,
                group=worse,
                reason=reason,
                confirmed=None if losses is None else False,
            )
        )
    found.sort(key=lambda one: -(one.mining_gap or 0.0))
    return _confirmed(tuple(found), features, loss, mining, tau=tau, confidence=confidence, min_n=min_n)


def _mining_part(
    features: NDArray[np.float64], loss: NDArray[np.float64] | None, mining: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """Return the rows to mine and their losses: those marked that have a loss, or all without any loss."""
    if loss is None:
        return features, None
    seen = mining & ~np.isnan(loss)
    return features[seen], loss[seen]


def _described(
    points: NDArray[np.float64], loss: NDArray[np.float64] | None, one: Found, choice: Choice
) -> MinedDirection:
    """Return the direction with its rule, and its loss gap on the points it was found on."""
    direction, side = one.direction, one.side
    projection = points @ direction
    threshold = tail_threshold(projection, share=choice.tail, side=side)
    angle = None
    if len(direction) == 2:
        angle = float(np.degrees(np.arctan2(direction[1], direction[0]))) % 180.0
    members = tail_mask(projection, threshold, side)
    gap = None if loss is None else tail_gap(loss, members)
    group, reason = True, NO_LOSS if gap is None else ""
    if np.isinf(threshold):
        group, reason = False, NO_TAIL
    elif members.mean() > WIDEST * choice.tail:
        group, reason = False, f"no minority: ties put {members.mean():.0%} of the rows in the tail"
    elif gap is not None and gap < choice.tau:
        group, reason = False, NOT_UNDER_PERFORMING
    return MinedDirection(
        direction=direction, skew=one.skew, angle_degrees=angle, threshold=threshold, side=side,
        mining_n=len(points), mining_gap=gap, group=group, reason=reason,
        confirmed=None if gap is None else False,
    )  # fmt: skip


def _confirmed(
    found: tuple[Mined, ...],
    features: NDArray[np.float64],
    loss: NDArray[np.float64] | None,
    mining: NDArray[np.bool_],
    *,
    tau: float,
    confidence: float,
    min_n: int,
) -> tuple[Mined, ...]:
    """Return the rules with what the held-out rows say about those that are groups."""
    if loss is None:
        return found
    other = ~mining & ~np.isnan(loss)
    losses, rows = loss[other], features[other]
    held = [
        held_out_gap(losses, one.tail(rows), tau=tau, confidence=confidence, min_n=min_n)
        if one.group
        else None
        for one in found
    ]
    tested = [i for i, result in enumerate(held) if result is not None and result.p is not None]
    p_values = np.array([result.p for result in held if result is not None and result.p is not None])
    corrected = dict(zip(tested, adjust(p_values, "holm").tolist() if tested else [], strict=True))
    return tuple(
        _judged(one, result, corrected.get(i), confidence)
        for i, (one, result) in enumerate(zip(found, held, strict=True))
    )


def _judged(one: Mined, held_out: HeldOut | None, p_corrected: float | None, confidence: float) -> Mined:
    """Return the rule with its verdict: confirmed, or the reason why not."""
    if held_out is None:
        return one
    if p_corrected is None:
        return replace(one, held_out=held_out, reason=held_out.reason)
    confirmed = p_corrected < (1 - confidence) / 2
    reason = "" if confirmed else "the gap did not hold up on the held-out rows"
    return replace(one, held_out=held_out, p_corrected=p_corrected, confirmed=confirmed, reason=reason)
