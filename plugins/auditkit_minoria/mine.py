"""The whole search: directions and under-performing tails on mining rows, confirmation on the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from auditkit.measures import adjust
from auditkit_minoria.confirm import held_out_gap
from auditkit_minoria.directions import SEPARATION, top_of_sweep
from auditkit_minoria.focus import DEFAULTS, explore
from auditkit_minoria.sparse import tail_gap
from auditkit_minoria.tails import long_side, tail_mask, tail_threshold

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_minoria.confirm import HeldOut
    from auditkit_minoria.focus import FocusOptions
    from auditkit_minoria.tails import Side

NO_LOSS = "no loss: skew only"
NOT_UNDER_PERFORMING = "tail not under-performing"
NO_TAIL = "no tail: all projections are equal"


@dataclass(frozen=True, eq=False, kw_only=True)
class MinedDirection:
    """A direction, the rule of its tail, and what the mining and the held-out rows say about it.

    `direction` is a unit vector [d]; the tail is projection >= threshold (side "upper") or <= ("lower").
    `mining_gap` is biased: the direction was chosen on these rows. `held_out` is None where nothing was
    tested. `group` says whether the tail is reported as a group: it under-performs on the mining rows, or
    there is no loss to judge by. `confirmed` is None without a loss.
    """

    direction: NDArray[np.float64]
    skew: float
    angle_degrees: float | None
    threshold: float
    side: Side
    mining_n: int
    mining_gap: float | None
    group: bool
    held_out: HeldOut | None = None
    p_corrected: float | None = None
    confirmed: bool | None = None
    reason: str = ""

    def tail(self, features: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which rows of features [n, d] are in the tail."""
        return tail_mask(features @ self.direction, self.threshold, self.side)


def mine(
    features: NDArray[np.float64],
    loss: NDArray[np.float64] | None,
    mining: NDArray[np.bool_],
    *,
    rng: np.random.Generator,
    search: Literal["sweep", "focus"] = "focus",
    top: int = 5,
    tail: float = 0.05,
    tau: float = 0.0,
    separation: float = SEPARATION,
    confidence: float = 0.95,
    min_n: int = 30,
    options: FocusOptions = DEFAULTS,
) -> tuple[MinedDirection, ...]:
    """Return at most `top` directions of features [n, d], from high |skew| on the mining rows [n] to low.

    Rows whose loss [n] is NaN are left out. A tail whose loss gap is at least tau on the mining rows is
    tested on the others; it is confirmed if its one-sided p-value for a gap of at most tau, Holm-corrected
    for all that were tested, is below (1 - confidence) / 2. Without a loss all rows are mined and none is
    tested.
    """
    seen = np.ones(len(features), dtype=np.bool_) if loss is None else mining & ~np.isnan(loss)
    points, losses = features[seen], None if loss is None else loss[seen]
    directions = _search(
        points, losses, search, rng=rng, top=top, tail=tail, tau=tau, separation=separation, options=options
    )
    found = tuple(
        _described(points, losses, direction, skew, tail=tail, tau=tau) for direction, skew in directions
    )
    if loss is None:
        return found
    other = ~mining & ~np.isnan(loss)
    return _confirmed(found, features[other], loss[other], tau=tau, confidence=confidence, min_n=min_n)


def _search(
    points: NDArray[np.float64],
    loss: NDArray[np.float64] | None,
    search: Literal["sweep", "focus"],
    *,
    rng: np.random.Generator,
    top: int,
    tail: float,
    tau: float,
    separation: float,
    options: FocusOptions,
) -> list[tuple[NDArray[np.float64], float]]:
    """Return unit directions and their skews; none for an empty set of points."""
    if len(points) == 0:
        return []
    if search == "sweep":
        from auditkit_minoria.sweep import sweep

        angles, skews = top_of_sweep(sweep(points), top=top, separation=separation)
        return list(zip(np.stack([np.cos(angles), np.sin(angles)], axis=1), skews.tolist(), strict=True))
    explored = explore(
        points, loss, rng=rng, top=top, tail=tail, tau=tau, separation=separation, options=options
    )
    return list(zip(explored.directions, explored.skews.tolist(), strict=True))


def _described(
    points: NDArray[np.float64],
    loss: NDArray[np.float64] | None,
    direction: NDArray[np.float64],
    skew: float,
    *,
    tail: float,
    tau: float,
) -> MinedDirection:
    """Return the direction with its rule, and its loss gap on the points it was found on."""
    side = long_side(skew)
    projection = points @ direction
    threshold = tail_threshold(projection, share=tail, side=side)
    angle = None
    if len(direction) == 2:
        angle = float(np.degrees(np.arctan2(direction[1], direction[0]))) % 180.0
    gap = None if loss is None else tail_gap(projection, skew, loss, tail=tail)
    group, reason = True, NO_LOSS if gap is None else ""
    if np.isinf(threshold):
        group, reason = False, NO_TAIL
    elif gap is not None and gap < tau:
        group, reason = False, NOT_UNDER_PERFORMING
    return MinedDirection(
        direction=direction, skew=float(skew), angle_degrees=angle, threshold=threshold, side=side,
        mining_n=len(points), mining_gap=gap, group=group, reason=reason,
        confirmed=None if gap is None else False,
    )  # fmt: skip


def _confirmed(
    found: tuple[MinedDirection, ...],
    features: NDArray[np.float64],
    loss: NDArray[np.float64],
    *,
    tau: float,
    confidence: float,
    min_n: int,
) -> tuple[MinedDirection, ...]:
    """Return the directions with what the held-out rows say about those that are groups."""
    held = [
        held_out_gap(loss, one.tail(features), tau=tau, confidence=confidence, min_n=min_n)
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


def _judged(
    one: MinedDirection, held_out: HeldOut | None, p_corrected: float | None, confidence: float
) -> MinedDirection:
    """Return the direction with its verdict: confirmed, or the reason why not."""
    if held_out is None:
        return one
    if p_corrected is None:
        return replace(one, held_out=held_out, reason=held_out.reason)
    confirmed = p_corrected < (1 - confidence) / 2
    reason = "" if confirmed else "the gap did not hold up on the held-out rows"
    return replace(one, held_out=held_out, p_corrected=p_corrected, confirmed=confirmed, reason=reason)
