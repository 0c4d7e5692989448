"""The best list there is (eq. 9): a mixed-integer program on the few items that a proof does not settle.

A known list and the relaxed bound fix most items: one whose reduced cost exceeds the gap cannot change sides.
Where attributes are zero-one columns the gaps that are left are enumerated (`exact.ball`). Else, on the rest, HiGHS
solves a linear program in whole numbers, and the cone is cut off by tangents until its answer lies inside. Tiny
problems are simply enumerated.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.exact.ball import best_in_ball
from auditkit_mpr.relaxed.answer import Answer, Limited
from auditkit_mpr.relaxed.certificate import TOLERANCE
from auditkit_mpr.relaxed.cone import ConeProblem, Relaxed, relaxed_optimum
from auditkit_mpr.relaxed.mopr import mopr
from auditkit_mpr.relaxed.swaps import Pool

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.exact.reach import Reach
    from auditkit_mpr.relaxed.floor import Floor

ENUMERATED = 200_000
"""So many lists are tried one by one, which also gives the least MPR exactly."""


def integer_optimum(
    similarities: Floats, reach: Reach, *, rho: float, gap: float = 1e-9, seconds: float = 60.0
) -> Answer:
    """Return the list of the largest similarity that keeps the limit, or proof that there is none.

    The certificate's bound is the program's own: equal to the similarity up to `gap` (relative) if the time
    sufficed, and valid if not.
    """
    floor = reach.floor
    whole = Pool(similarities=similarities, rows=floor.rows, target=floor.target)
    if reach.space is None and math.comb(len(similarities), floor.k) <= ENUMERATED:
        return _enumerated(Limited(whole, floor, rho, "integer"))
    started = perf_counter()
    known = mopr(similarities, floor, rho=rho, method="integer")
    proof = known.certificate
    if proof.infeasible or (proof.meets and (proof.gap or 0.0) <= gap * abs(proof.similarity)):
        return known
    limited = Limited(whole, reach.proven, rho, "integer")
    if not limited.kept(limited.floor.lower_bound):
        return limited.answer(known.chosen, bound=None, infeasible=True)
    problem = ConeProblem(similarities, floor.rows, floor.target, floor.k, rho)
    relaxed = relaxed_optimum(problem, start=floor.columns, price=known.price)
    if reach.space is not None:
        best = proof.similarity if proof.meets else -np.inf
        left = seconds - (perf_counter() - started)
        better, proven = best_in_ball(reach.space, similarities, relaxed, rho=rho, known=best, seconds=left)
        if better is not None:
            known = limited.answer(better, bound=relaxed.bound)
        if proven:
            meets = known.certificate.meets
            bound = known.certificate.similarity if meets else None
            return limited.answer(known.chosen, bound=bound, infeasible=not meets)
    left = seconds - (perf_counter() - started)
    return _branched(limited, known, relaxed, gap=gap, seconds=left)


def _enumerated(limited: Limited) -> Answer:
    """Return the best of all lists, or the most similar of least MPR; the floor becomes exact."""
    whole, floor = limited.whole, limited.floor
    lists = np.array(list(combinations(range(len(whole.similarities)), floor.k)))
    lengths = np.linalg.norm(whole.rows[lists].mean(axis=1) - whole.target, axis=1)
    reached = float(lengths.min())
    # The least MPR is proven by enumeration; a hair is left for the rounding of the two ways to compute it.
    proven = max(reached - TOLERANCE / 2, 0.0)
    infeasible = not limited.kept(reached)
    sums = np.where(
        lengths <= max(limited.rho, reached) + TOLERANCE, whole.similarities[lists].sum(axis=1), -np.inf
    )
    best = int(np.argmax(sums))
    exact = replace(
        floor, lower_bound=proven, chosen=lists[best] if infeasible else floor.chosen, reached=reached
    )
    return replace(limited, floor=exact).answer(
        lists[best], bound=None if infeasible else float(sums[best]), infeasible=infeasible, least="proven"
    )


def _branched(limited: Limited, known: Answer, relaxed: Relaxed, *, gap: float, seconds: float) -> Answer:
    whole, started = limited.whole, perf_counter()
    best = known.certificate.similarity if known.certificate.meets else -np.inf
    free, fixed = _unsettled(whole, relaxed, k=limited.floor.k, best=best)
    cuts = _first_cuts(limited.floor, relaxed)
    bound = relaxed.bound
    while (left := seconds - (perf_counter() - started)) > 0:
        entries, proven, status = _program(limited, free, fixed, cuts, gap=gap, seconds=left)
        if status == "infeasible":
            # Nothing better than the known list: it is optimal, or, if there is none, the limit cannot be kept.
            if np.isfinite(best):
                return limited.answer(known.chosen, bound=best)
            return limited.answer(known.chosen, bound=None, infeasible=True)
        bound = min(bound, max(proven, best))
        if entries is None:
            break
        chosen = np.concatenate([fixed, free[entries]])
        offset = whole.rows[chosen].mean(axis=0) - whole.target
        length = float(np.linalg.norm(offset))
        if limited.kept(length):
            if whole.similarity(chosen) < best:
                chosen = known.chosen
            return limited.answer(chosen, bound=max(bound, whole.similarity(chosen)))
        cuts = np.vstack([cuts, offset / length])
    return limited.answer(known.chosen, bound=bound)


def _unsettled(
    whole: Pool, relaxed: Relaxed, *, k: int, best: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the items that an optimal list may or may not hold, and those that it must hold."""
    reduced = whole.similarities - whole.rows @ (relaxed.price / k)
    order = np.partition(reduced, (len(reduced) - k - 1, len(reduced) - k))
    last_in, first_out = order[len(reduced) - k], order[len(reduced) - k - 1]
    slack = relaxed.bound - best + 1e-9 * max(1.0, abs(relaxed.bound)) if np.isfinite(best) else np.inf
    must = reduced - first_out > slack
    may = (last_in - reduced <= slack) & ~must
    return np.flatnonzero(may), np.flatnonzero(must)


def _first_cuts(floor: Floor, relaxed: Relaxed) -> Floats:
    """Return unit vectors [j, r] whose half-spaces hold the cone: its price and every axis, both ways."""
    width = len(floor.target)
    length = float(np.linalg.norm(relaxed.price))
    axes = np.concatenate([np.eye(width), -np.eye(width)])
    return np.vstack([axes, relaxed.price / length]) if length > 0 else axes


def _program(
    limited: Limited,
    free: NDArray[np.int64],
    fixed: NDArray[np.int64],
    cuts: Floats,
    *,
    gap: float,
    seconds: float,
) -> tuple[NDArray[np.int64] | None, float, str]:
    """Solve over the free items within the cuts: their positions, a bound on the whole list, and the status."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    whole, k = limited.whole, limited.floor.k
    already = whole.rows[fixed].sum(axis=0) / k - whole.target
    rows = np.vstack([cuts @ whole.rows[free].T / k, np.ones(len(free))])
    upper = np.append(limited.rho + TOLERANCE / 2 - cuts @ already, k - len(fixed))
    lower = np.append(np.full(len(cuts), -np.inf), k - len(fixed))
    solved = milp(
        -whole.similarities[free],
        integrality=np.ones(len(free), dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(rows, lower, upper),
        options={"time_limit": seconds, "mip_rel_gap": gap},
    )
    if solved.status == 2:
        return None, -np.inf, "infeasible"
    held = whole.similarity(fixed)
    bound = held - float(solved.mip_dual_bound) if solved.mip_dual_bound is not None else np.inf
    entries = None if solved.x is None else np.flatnonzero(solved.x > 0.5)
    return entries, bound, "solved" if solved.status == 0 else "stopped"
